"""The marking page as a server of its own: this machine alone, one sign-in, no script but ours.

It shares nothing with a Jupyter server, because whatever got out of a letter there could start kernels and
terminals. Here nothing can be started at all.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from coursefacts.errors import InputFault
from tornado.web import Application, HTTPError, RequestHandler

from autograder.marking import pages
from autograder.marking.desk import Desk, View
from autograder.marking.letters import Letter
from autograder.marking.save import Given, Stale, save, save_sample
from autograder.marking.signin import SignIn
from autograder.marking.store import Role, digest

__all__ = ["POLICY", "make_app"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ROLES: dict[str, Role] = {"letter": "first", "second": "second", "settle": "settled"}
_OUTSIDE = (
    "This page is for whoever opened the address that the terminal printed. That address signs in once. "
    "Stop autograder mark with Ctrl-C and start it again for a new one; what you gave and did not save is "
    "kept in the browser that you used."
)


class Handler(RequestHandler):  # type: ignore[misc]  # Tornado is not followed by the type checker
    """What every address has in common: our names, our headers, the sign-in, and faults told in words."""

    def initialize(self, desk: Desk, door: SignIn) -> None:
        """Take what the server works with."""
        self.desk, self.door = desk, door

    def set_default_headers(self) -> None:
        """Send the policy with everything, faults included."""
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Answer under our own names alone, and only who has signed in."""
        if self.request.host not in self.door.hosts:
            raise HTTPError(403)
        if self.door.knows(self.get_cookie(self.door.cookie)):
            return
        once = self.get_query_argument("once", "")
        session = self.door.redeem(once) if self.request.method == "GET" and once else None
        if session is None:
            self.refuse(403, _OUTSIDE)
            return
        self.set_cookie(self.door.cookie, session, httponly=True, samesite="Strict", path="/")
        self.redirect("/")

    def refuse(self, status: int, said: str, **more: str) -> None:
        """Say why not, as the asker can read it."""
        self.set_status(status)
        if "application/json" in self.request.headers.get("Accept", ""):
            self.finish(json.dumps({"message": said, **more}))
        else:
            self.finish(pages.message("Marking", said, "/" if status != 403 else None))

    def write_error(self, status_code: int, **more: Any) -> None:
        """Tell a fault without a traceback."""
        fault = (more.get("exc_info") or (None, None, None))[1]
        if isinstance(fault, InputFault):
            remedy = f": {fault.remedy}" if fault.remedy else ""
            self.refuse(503, f"{fault.what}{remedy}.")
            return
        said = {403: "This server answers this machine alone.", 404: "There is no such page here."}
        self.refuse(status_code, said.get(status_code, "That did not work; please report it."))

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        """Keep faults that are told in words out of the terminal."""
        if not isinstance(value, InputFault | HTTPError):
            super().log_exception(kind, value, trace)

    def send(self, page: str | None) -> None:
        """Send a page, or say that there is none."""
        if page is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)

    def done(self, place: str) -> None:
        """Lead on after a save."""
        if "application/json" in self.request.headers.get("Accept", ""):
            self.finish(json.dumps({"next": place}))
        else:
            self.redirect(place, status=303)

    def changes(self) -> None:
        """Let a change through only from a page of ours."""
        if not self.door.allows(self.get_body_argument("word", ""), self.request.headers.get("Origin")):
            raise HTTPError(403)

    def points(self, count: int) -> list[float | None]:
        """Read the points of the form; what is no number counts as not given."""
        return [_number(self.get_body_argument(f"p{at}", "")) for at in range(count)]


class Overview(Handler):
    """Everything at a glance."""

    def get(self) -> None:
        """Show it; a used sign-in word is taken out of the address."""
        if self.request.query:
            self.redirect("/")
            return
        self.send(pages.overview(self.desk, self.desk.look()))


class Next(Handler):
    """Lead to what comes next."""

    def get(self, role: str) -> None:
        """Find the first of the queue."""
        queue = self.desk.queue(self.desk.look(), role)
        self.redirect(f"/{role}/{self.desk.ident(queue[0])}" if queue else "/")


class OneLetter(Handler):
    """Show a letter, and take its mark."""

    def get(self, role: str, ident: str) -> None:
        """Show it."""
        view, letter = self.found(role, ident)
        self.send(pages.letter_page(self.desk, view, letter, role, self.door.word))

    def post(self, role: str, ident: str) -> None:
        """Write the mark, or say why not; nothing that was given is lost."""
        self.changes()
        _, letter = self.found(role, ident)
        rubric = self.desk.rubric(letter)
        settings = self.desk.settings
        given = Given(
            letter.key, _ROLES[role], settings.marker, self.points(len(rubric.parts)),
            self.get_body_argument("comment", ""), self.get_body_argument("answer", ""),
            self.get_body_argument("version", ""),
        )  # fmt: skip
        try:
            if given.answer != letter.answer:
                raise Stale
            save(self.desk.course, settings.exercise, rubric, given, settings.apart)
        except Stale:
            self.stale(role, ident, given)
            return
        except InputFault as fault:
            if fault.path is not None:
                raise
            self.refuse(400, f"{fault.what}; {fault.remedy}.")
            return
        self.done(f"/compare/{ident}" if role == "second" else f"/next/{role}")

    def found(self, role: str, ident: str) -> tuple[View, Letter]:
        """Find the letter; who may not mark it a second time gets none."""
        view = self.desk.look()
        letter = self.desk.find(view, ident)
        if letter is None or letter.words is None:
            raise HTTPError(404)
        if role == "settle" and not (letter.first and letter.second):
            raise HTTPError(404)
        if role == "second" and letter.first and letter.first.marker == self.desk.settings.marker:
            raise HTTPError(404)
        return view, letter

    def stale(self, role: str, ident: str, given: Given) -> None:
        """Say what has happened to the letter since it was shown."""
        _, letter = self.found(role, ident)
        if given.answer != letter.answer:
            self.refuse(
                409, "Not saved: the learner's answer has changed since you opened it. Load the page again."
            )
            return
        said = "Not saved: this letter was marked meanwhile"
        if letter.first and role != "second":
            said += f" by {letter.first.marker}, {letter.first.score:g} points"
        self.refuse(409, f"{said}. Yours is kept here: save it over theirs, or look at what is there now.",
                    version=letter.version)  # fmt: skip


class Compare(Handler):
    """Both marks of one letter."""

    def get(self, ident: str) -> None:
        """Show them to who has given theirs."""
        view = self.desk.look()
        letter = self.desk.find(view, ident)
        mine = self.desk.settings.marker
        if (
            letter is None
            or not letter.second
            or mine not in {letter.second.marker, letter.first and letter.first.marker}
        ):
            raise HTTPError(404)
        self.send(pages.compared(self.desk, letter))


class Sample(Handler):
    """A sample answer: mark it, then see what the authors gave."""

    def get(self, number: str, marked: str) -> None:
        """Show it."""
        view = self.desk.look()
        self.there(view, int(number))
        if marked:
            self.send(pages.sample_compared(self.desk, view, int(number)))
        else:
            self.send(pages.sample_page(self.desk, view, int(number), self.door.word))

    def post(self, number: str, marked: str) -> None:
        """Write down how it was marked."""
        self.changes()
        view = self.desk.look()
        key, rubric = self.there(view, int(number))
        # A sample has no learner; its number stands where a letter's notebook stands.
        answer = digest(rubric.samples[int(number) - 1].text)
        points = self.points(len(rubric.parts))
        given = Given(("", number, key[2]), "sample", self.desk.settings.marker, points, "", answer, "")
        try:
            save_sample(self.desk.course, self.desk.settings.exercise, rubric, given)
        except InputFault as fault:
            if fault.path is not None:
                raise
            self.refuse(400, f"{fault.what}; {fault.remedy}.")
            return
        self.done(f"/sample/{number}/marked")

    def there(self, view: View, number: int) -> Any:
        """Find the rubric whose sample this is."""
        found = self.desk.samples(view)
        if found is None or not 1 <= number <= len(found[1].samples):
            raise HTTPError(404)
        return found


class Front(Handler):
    """Our own script and style, for whoever is told why there is nothing else."""

    def prepare(self) -> None:
        """Answer under our own names alone."""
        if self.request.host not in self.door.hosts:
            raise HTTPError(403)

    def get(self, name: str) -> None:
        """Send one."""
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(resources.files("autograder.marking").joinpath("front", name).read_text(encoding="utf-8"))


class Nowhere(Handler):
    """Every other address."""

    def get(self) -> None:
        """Say so."""
        raise HTTPError(404)


def make_app(desk: Desk, door: SignIn) -> Application:
    """Make the server's addresses."""
    words = {"desk": desk, "door": door}
    return Application(
        [
            (r"/", Overview, words),
            (r"/next/(letter|second|settle)", Next, words),
            (r"/(letter|second|settle)/([0-9a-f]{16})", OneLetter, words),
            (r"/compare/([0-9a-f]{16})", Compare, words),
            (r"/sample/([1-9])(/marked|)", Sample, words),
            (r"/front/(mark\.js|mark\.css)", Front, words),
            (r".*", Nowhere, words),
        ],
        log_function=lambda handler: None,
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
