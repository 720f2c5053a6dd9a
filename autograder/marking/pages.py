"""What the pages say; the templates in `front/` say how, and escape whatever they are given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.feedback import safe
from autograder.marking.desk import Desk, View
from autograder.marking.letters import Letter, Words
from autograder.marking.rubric import Rubric
from autograder.marking.store import Key, Mark, digest

__all__ = ["compared", "letter_page", "message", "overview", "sample_compared", "sample_page"]

Points = Sequence[float | None]
_STATES = {
    "open": "to mark",
    "changed": "to mark again: the letter has changed",
    "marked": "marked",
    "differs": "two marks differ",
    "blank": "nothing written",
    "gone": "not graded; grade again",
}
_ASKED = {
    "letter": "Your marks",
    "second": "Your marks, a second time",
    "settle": "The marks that you agree on",
    "sample": "Your marks, for practice",
}


@cache
def _front() -> Environment:
    found = Environment(
        loader=PackageLoader("autograder.marking", "front"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters["points"] = lambda number: f"{number:g}"
    return found


def _page(template: str, /, **words: Any) -> str:
    return _front().get_template(template).render(words)


def message(title: str, said: str, back: str | None = None) -> str:
    """Say one thing."""
    return _page("message.html", title=title, message=said, back=back)


def overview(desk: Desk, view: View) -> str:
    """List all letters and what is left to do; what others gave stays hidden from who may mark again."""
    settings = desk.settings
    others = [name for name in settings.among if name != settings.marker]
    samples = desk.samples(view)
    rows = [_row(desk, key, view.letters[key]) for key in view.ordered]
    return _page(
        "overview.html",
        title=desk.title(),
        marker=settings.marker,
        shared=", ".join(sorted(settings.among)) if others else "",
        done=sum(letter.state in {"marked", "blank"} for letter in view.letters.values()),
        left=len(desk.queue(view, "letter")),
        seconds=len(desk.queue(view, "second")),
        settles=len(desk.queue(view, "settle")),
        apart=f"{settings.apart:g}",
        sample=desk.next_sample(view),
        samples=range(1, len(samples[1].samples) + 1) if samples else [],
        names=settings.names,
        rows=rows,
    )


def _row(desk: Desk, key: Key, letter: Letter) -> dict[str, Any]:
    by = letter.first.marker if letter.first else ("formgrader" if letter.manual is not None else "")
    known = (
        letter.state in {"differs", "blank"} or by in {"formgrader", desk.settings.marker} or letter.second
    )
    seen = known and letter.state not in {"open", "changed"}
    given = letter.manual if letter.manual is not None else letter.auto
    when = f", {_day(letter.first)}" if letter.first else ""
    return {
        "link": f"/{'settle' if letter.state == 'differs' else 'letter'}/{desk.ident(key)}",
        "gone": letter.words is None,
        "who": desk.who(key),
        "state": _STATES[letter.state] + (", twice" if letter.second and letter.state == "marked" else ""),
        "points": f"{given:g}"
        if seen and given is not None and letter.state not in {"open", "changed"}
        else "",
        "by": f"{by}{when}" if by and letter.state != "open" else "",
    }


def letter_page(desk: Desk, view: View, letter: Letter, role: str, word: str, told: str = "") -> str:
    """Show a letter with the form beside it.

    role: letter, second or settle, as in the address.
    told: what went wrong with the last try, for a browser without our script.
    """
    rubric = desk.rubric(letter)
    queue = desk.queue(view, role)
    at = view.ordered.index(letter.key)
    first = letter.first if letter.first and letter.first.answer == letter.answer else None
    shown = first if role != "second" else letter.second
    comment = shown.comment if shown else ("" if role == "second" else letter.comment)
    return _page(
        "letter.html",
        title=desk.title(),
        name=f"Letter {at + 1} of {len(view.ordered)}",
        place=" ".join([f"{len(queue)} left for you", desk.who(letter.key)]).strip(),
        notes=_notes(letter, role),
        heading="The answer" if letter.key[2] == "report" else f"The answer to “{letter.key[2]}”",
        letter=_shown(letter.words),
        both=_both(rubric, letter.first, letter.second) if role == "settle" else None,
        asked=_ASKED[role],
        action=f"/{role}/{desk.ident(letter.key)}",
        ident=desk.ident(letter.key),
        role=role,
        word=word,
        version=letter.version,
        answer=letter.answer,
        parts=rubric.parts,
        points=_points(rubric, shown, letter, role),
        most=rubric.points,
        comment=comment,
        comments=desk.comments(view, letter.key[2]),
        told=told,
        previous=f"/letter/{desk.ident(view.ordered[at - 1])}" if at else "",
        skip=_skip(desk, queue, letter.key, role),
    )


def _skip(desk: Desk, queue: list[Key], key: Key, role: str) -> str:
    """The next one of the queue after this letter, round and round."""
    later = queue[queue.index(key) + 1 :] + queue[: queue.index(key)] if key in queue else queue
    return f"/{role}/{desk.ident(later[0])}" if later else ""


def _points(rubric: Rubric, mark: Mark | None, letter: Letter, role: str) -> list[float | None] | None:
    if role == "settle" or (mark is None and role == "second"):
        return None
    if mark is not None and mark.parts is not None:
        return [mark.parts.get(part.name) for part in rubric.parts]
    given = mark.score if mark else letter.manual
    return None if rubric.own or given is None else [given]


def _notes(letter: Letter, role: str) -> list[str]:
    notes = []
    first = letter.first
    if letter.state == "changed" and first:
        notes.append(
            f"This letter was marked on {_day(first)} and has changed since. "
            "Its old points stand until you save."
        )
    elif role == "letter" and letter.manual is not None and letter.state != "open":
        by = f"by {first.marker} on {_day(first)}" if first else "in formgrader"
        notes.append(
            f"Marked {by}: {letter.manual:g} of {letter.most:g} points. Saving puts yours in their place."
        )
    if letter.state == "blank":
        notes.append("Nothing was written here; the program gave 0.")
    return notes


def _shown(words: Words | None) -> Markup:
    """The learner's words as HTML that only shows: no tag, address or script of theirs survives `safe`."""
    if words is None:
        return Markup("")
    if words.code:
        return Markup(safe.code(words.source) + safe.outputs(words.outputs))
    inner = safe.markdown(words.source, links=False)
    for name, bundle in words.pictures.items():
        inner += "".join(safe.figure(kind, data, name) for kind, data in bundle.items())
    return Markup(inner)


def compared(desk: Desk, letter: Letter) -> str | None:
    """Show both marks of a letter; None where there are not two."""
    if letter.first is None or letter.second is None:
        return None
    apart = abs(letter.first.score - letter.second.score)
    settled = letter.state != "differs"
    most = f"{desk.settings.apart:g}"
    verdict = (
        f"You are {apart:g} points apart, not more than {most}: the first mark stands."
        if settled
        else f"You are {apart:g} points apart, more than {most}: the letter waits until somebody settles it."
    )
    return _page(
        "compare.html",
        title=desk.title(),
        name="Both marks",
        verdict=verdict,
        both=_both(desk.rubric(letter), letter.first, letter.second),
        why="",
        next="/next/second",
        settle="" if settled else f"/settle/{desk.ident(letter.key)}",
    )


def sample_page(desk: Desk, view: View, number: int, word: str, told: str = "") -> str:
    """Show a sample answer to be marked before the letters; the authors' marks come afterwards."""
    key, rubric = desk.samples(view) or (("", "", ""), None)
    if rubric is None:
        raise KeyError(number)
    sample = rubric.samples[number - 1]
    return _page(
        "letter.html",
        title=desk.title(),
        name=f"Sample {number} of {len(rubric.samples)}",
        place="for practice: no learner's",
        notes=[],
        heading="A sample answer",
        letter=Markup(safe.markdown(sample.text, links=False)),
        both=None,
        asked=_ASKED["sample"],
        action=f"/sample/{number}",
        ident=f"sample{number} {key[2]}",
        role="sample",
        word=word,
        version="",
        answer=digest(sample.text),
        parts=rubric.parts,
        points=None,
        most=rubric.points,
        comment="",
        comments=[],
        told=told,
        previous="",
        skip="/next/letter",
    )


def sample_compared(desk: Desk, view: View, number: int) -> str | None:
    """Show a marker's points for a sample beside those of the authors."""
    found = desk.samples(view)
    own = [
        one
        for one in view.marks
        if one.role == "sample" and one.marker == desk.settings.marker and one.notebook == str(number)
    ]
    if found is None or not own:
        return None
    rubric, sample = found[1], found[1].samples[number - 1]
    mine = _parts(rubric, own[-1])
    apart = abs(own[-1].score - sum(sample.marks))
    given = f"give {sum(sample.marks):g} of {rubric.points:g}; you gave {own[-1].score:g}"
    verdict = f"The authors call it {sample.label} and {given}."
    verdict += " More than two points apart: read the anchors again." if apart > 2 else ""
    more = number < len(rubric.samples)
    return _page(
        "compare.html",
        title=desk.title(),
        name=f"Sample {number}",
        verdict=verdict,
        both=_table("Your points and the authors'", rubric, ("you", mine), ("authors", list(sample.marks))),
        why=sample.why,
        next=f"/sample/{number + 1}" if more else "/next/letter",
        settle="",
    )


def _both(rubric: Rubric, first: Mark | None, second: Mark | None) -> dict[str, Any] | None:
    if first is None or second is None:
        return None
    sides = [(mark.marker, _parts(rubric, mark)) for mark in (first, second)]
    made = _table("The first mark and the second", rubric, sides[0], sides[1])
    return made | {"comments": [(first.marker, first.comment), (second.marker, second.comment)]}


def _parts(rubric: Rubric, mark: Mark) -> Points:
    return [(mark.parts or {}).get(part.name) for part in rubric.parts] if rubric.own else [mark.score]


def _table(
    caption: str, rubric: Rubric, left: tuple[str, Points], right: tuple[str, Points]
) -> dict[str, Any]:
    lines = list(zip([part.name for part in rubric.parts], left[1], right[1], strict=True))
    if len(lines) > 1:
        lines.append(("All", sum(one or 0 for one in left[1]), sum(one or 0 for one in right[1])))
    rows = [
        {
            "name": name,
            "left": "" if one is None else f"{one:g}",
            "right": "" if two is None else f"{two:g}",
            "apart": f"{two - one:+g}" if one is not None and two is not None and one != two else "",
        }
        for name, one, two in lines
    ]
    return {"caption": caption, "left": left[0], "right": right[0], "rows": rows, "comments": []}


def _day(mark: Mark) -> str:
    return mark.marked_at.replace("T", " ").removesuffix("Z")[:16] + " UTC"
