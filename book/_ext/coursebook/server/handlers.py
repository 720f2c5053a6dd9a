"""The addresses under /course/, and the book at the server's root."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
from coursefacts.errors import InputFault
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated, stream_request_body

from coursebook.server import exercises, transcripts
from coursebook.server.handout import Outcome, hand_out_folder, hand_out_notebook
from coursebook.server.pages import BookHandler, BookPages
from coursebook.server.places import DOCNAME, NAME, Places
from coursebook.server.progress import ProgressHandler

FRONT_ENDS = {"lab": "lab/tree", "notebook": "notebooks"}


class StatusHandler(APIHandler):  # type: ignore[misc]  # Jupyter's server ships no types
    """Tell a page that it is served by the course."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    def get(self) -> None:
        """Say whether labs can be opened and cases saved; asking also gives the XSRF cookie for that.

        The mark tells start.py, which can read the token's file, that this server is its own clone's. Nobody
        can work out the token from it, and no folder is named.
        """
        signed_in = self.current_user is not None
        if signed_in:
            _ = self.xsrf_token
        self.set_header("Cache-Control", "no-store")
        mark = hashlib.sha256(f"course server {self.identity_provider.token}".encode()).hexdigest()
        self.finish({"course": True, "signed_in": signed_in, "mark": mark})


class OpenHandler(JupyterHandler):  # type: ignore[misc]  # see above
    """Hand out a lab or an exercise and show it in JupyterLab."""

    def initialize(self, places: Places, exercise: bool) -> None:
        """Take the folders, and whether exercises are meant."""
        self.places, self.exercise = places, exercise

    @authenticated  # type: ignore[untyped-decorator]
    def get(self, name: str) -> None:
        """Copy what is missing or unchanged (never more, so a GET may do it), then go there."""
        front_end = FRONT_ENDS.get(self.get_query_argument("in", "lab"))
        if front_end is None:
            raise HTTPError(400, "`in` must be lab or notebook")
        file = self._exercise(name) if self.exercise else self._lab(name)
        self.set_header("Cache-Control", "no-store")
        self.redirect(url_path_join(self.base_url, front_end, file.as_posix()))

    def _lab(self, docname: str) -> Path:
        source = self.places.live / f"{docname}.ipynb"
        if not source.is_file():
            raise HTTPError(404, "The book has no such lab. Build it anew: make book")
        file = self.places.lab(docname)
        self._trust(file, hand_out_notebook(source, self.places.workspace, file, self.base_url))
        return file

    def _exercise(self, name: str) -> Path:
        source = self.places.release / name
        notebooks = sorted(source.glob("*.ipynb"))
        if not notebooks:
            raise HTTPError(404, "There is no such exercise here. Release it: autograder release")
        folder = self.places.exercise(name)
        outcomes = hand_out_folder(source, self.places.workspace, folder, self.base_url)
        file = folder / notebooks[0].name
        self._trust(file, outcomes[file.name])
        return file

    def _trust(self, file: Path, outcome: Outcome) -> None:
        """Sign a copy that is the course's own, so that JupyterLab does not call it untrusted."""
        if outcome in (Outcome.NEW, Outcome.RENEWED):
            content = nbformat.reads((self.places.workspace / file).read_text(encoding="utf-8"), as_version=4)
            self.contents_manager.notary.sign(content)


@stream_request_body  # so that a body too large is never held
class TranscriptHandler(APIHandler):  # type: ignore[misc]  # see above
    """Keep a finished case or quiz for the hand-in."""

    def initialize(self, places: Places) -> None:
        """Take the folders."""
        self.places, self.body, self.too_large = places, bytearray(), False

    def data_received(self, chunk: bytes) -> None:
        """Collect the body; what is too large is read to its end and thrown away, then refused."""
        self.too_large = self.too_large or len(self.body) + len(chunk) > transcripts.LARGEST
        if not self.too_large:
            self.body += chunk

    @authenticated  # type: ignore[untyped-decorator]
    def put(self, case: str) -> None:
        """Check and save."""
        if self.too_large:
            raise HTTPError(413, "the transcript is too large")
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise HTTPError(415, "send application/json")
        try:
            saved = transcripts.save(transcripts.parse(bytes(self.body), case), self.places.workspace)
        except InputFault as fault:
            self.set_status(400)
            self.finish(json.dumps({"message": str(fault)}))
            return
        self.finish({"saved": saved.as_posix()})


def add_to(app: Any) -> None:
    """Add the book and the course's addresses to Jupyter's; the book first, by the files it has."""
    places = Places(Path(app.config["CourseServer"]["root"]))
    places.prepare()

    def at(pattern: str) -> str:
        return str(url_path_join(app.base_url, "course", pattern))

    book = {"path": str(places.html)}
    app.web_app.add_handlers(
        ".*$",
        [
            (BookPages(places.html, app.base_url), BookHandler, book),
            (at("status"), StatusHandler),
            (at(f"open/exercises/({NAME.pattern})"), OpenHandler, {"places": places, "exercise": True}),
            (at(f"open/({DOCNAME.pattern})"), OpenHandler, {"places": places, "exercise": False}),
            (at(f"transcripts/({NAME.pattern})"), TranscriptHandler, {"places": places}),
            (at("progress"), ProgressHandler, {"places": places}),
            *((at(pattern), handler, words) for pattern, handler, words in exercises.routes(places)),
        ],
    )
