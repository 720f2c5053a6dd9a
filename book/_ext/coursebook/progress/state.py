"""The shape of `course-progress/1`: the file that a learner saves and loads, and `workspace/progress.json`.

The browser knows the same shape and the same rule for two states (`front/state.js`): the later one counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from coursefacts.errors import InputFault
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from coursebook.server.places import DOCNAME, NAME
from coursebook.server.transcripts import Choice, Moment, Revision, Typed, strict_json

LARGEST = 1_000_000
MOST = 500
FORM: Literal["course-progress/1"] = "course-progress/1"
T = TypeVar("T")


def _utc(text: str) -> str:
    """Accept a moment in the world's time alone, as browsers write it; others compare it as text."""
    if not text.endswith("Z"):
        raise ValueError("not a date and time that ends in Z")
    return text


At = Annotated[Moment, AfterValidator(_utc)]
Page = Annotated[str, Field(pattern=f"^{DOCNAME.pattern}$", max_length=199)]
Slug = Annotated[str, Field(pattern=f"^{NAME.pattern}$", max_length=199)]
Points = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False, strict=False)]
Count = Annotated[int, Field(ge=0, le=1000)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]


class Shape(BaseModel):
    """Nothing more than its fields, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PageMark(Shape):
    """Whether a page counts as read, since when, and who said so: its foot or the learner's hand."""

    read: bool
    at: At
    by: Literal["foot", "hand"]


class Finished(Shape):
    """A case or quiz that was played to an end; a quiz with its score where that is known."""

    at: At
    right: Count | None = None
    of: Count | None = None
    ending: Slug | None = None


class Practised(Shape):
    """What a practice notebook earned here; `pending` points wait for a person."""

    at: At
    score: Points
    max_score: Points
    pending: Points | None = None


class Last(Shape):
    """Where the learner left off."""

    page: Page
    at: At


class Play(Shape):
    """A case or quiz as its player keeps it: `progress/1`. The player itself proves that it is possible."""

    form: Annotated[Literal["progress/1"], Field(alias="schema")]
    case: Slug
    case_digest: Annotated[str, Field(max_length=199)]
    text_digest: Annotated[str, Field(max_length=199)] | None = None
    choices: Annotated[
        list[Choice | Typed | Annotated[list[Choice], Field(max_length=50)]], Field(max_length=1000)
    ]
    started: At | None
    finished: At | None
    mended: Annotated[list[Choice], Field(max_length=1000)] | None = None
    revised: Annotated[list[Revision], Field(max_length=200)] | None = None
    endings: Annotated[list[Slug], Field(max_length=100)] | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    seed: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None


class Card(Shape):
    """When a question of the review comes back."""

    due: Day
    last: Day
    good: bool


class ReviewState(Shape):
    """The review as its page keeps it."""

    form: Annotated[Literal["review/1"], Field(alias="schema")]
    every: Literal[3, 7, 14, 30]
    cards: Annotated[dict[Annotated[str, Field(max_length=240)], Card], Field(max_length=5000)]


class Progress(Shape):
    """All of a learner's progress."""

    form: Annotated[Literal["course-progress/1"], Field(alias="schema")] = FORM
    pages: Annotated[dict[Page, PageMark], Field(max_length=MOST)] = {}
    opened: Annotated[dict[Page, At], Field(max_length=MOST)] = {}
    finished: Annotated[dict[Slug, Finished], Field(max_length=MOST)] = {}
    practice: Annotated[dict[Slug, Practised], Field(max_length=MOST)] = {}
    handin: Annotated[dict[Slug, At], Field(max_length=MOST)] = {}
    last: Last | None = None
    cases: Annotated[dict[Slug, Play], Field(max_length=MOST)] = {}
    review: ReviewState | None = None

    def plain(self) -> dict[str, Any]:
        """Give it as data for JSON; what is not known is left out, but `last` always stands."""
        data = self.model_dump(by_alias=True, exclude_none=True)
        for play in data["cases"].values():
            play.setdefault("started", None)
            play.setdefault("finished", None)
        return data | {"last": data.get("last")}


KEYS = frozenset(field.alias or name for name, field in Progress.model_fields.items())


def blank() -> Progress:
    """Begin anew."""
    return Progress.model_validate({"schema": FORM})


def parse(body: bytes) -> Progress:
    """Read what a page or a file says; an InputFault says what is wrong and quotes none of it."""
    if len(body) > LARGEST:
        raise InputFault("the progress is too large", remedy=f"at most {LARGEST} bytes are taken")
    try:
        progress = Progress.model_validate(strict_json(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        raise InputFault(f"{key if key in KEYS else 'progress'}: {first['msg']}") from None
    if any(play.case != name for name, play in progress.cases.items()):
        raise InputFault("cases: one stands under another's name")
    return progress


def read(path: Path) -> Progress:
    """Read a file of progress; raise InputFault with its place when it is none."""
    try:
        return parse(path.read_bytes() if path.stat().st_size <= LARGEST else b" " * (LARGEST + 1))
    except OSError:
        raise InputFault("cannot be read", path=path) from None
    except InputFault as fault:
        raise InputFault(fault.what, path=path, remedy=fault.remedy) from None


def write(progress: Progress) -> bytes:
    """Write it as a file."""
    return (json.dumps(progress.plain(), ensure_ascii=False, indent=1) + "\n").encode()


def moment(at: str) -> datetime:
    """Read a moment, to compare it with another."""
    return datetime.fromisoformat(at).astimezone(UTC)


def iso(at: datetime) -> str:
    """Write a moment in the world's time."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def merge(mine: Progress, yours: Progress) -> Progress:
    """Make two states one. A case and the review are taken from `yours`, which is what a page just sent."""
    last = yours.last if not mine.last or (yours.last and _later(yours.last, mine.last)) else mine.last
    return Progress.model_construct(
        form=FORM,
        pages=_choose(mine.pages, yours.pages, _later),
        opened=_choose(mine.opened, yours.opened, lambda one, kept: moment(one) < moment(kept)),
        finished=_choose(mine.finished, yours.finished, _fuller),
        practice=_choose(mine.practice, yours.practice, _later),
        handin=_choose(mine.handin, yours.handin, lambda one, kept: moment(one) > moment(kept)),
        last=last,
        cases={**mine.cases, **yours.cases},
        review=yours.review or mine.review,
    )


def _later(one: Any, kept: Any) -> bool:
    return moment(one.at) > moment(kept.at)


def _fuller(one: Finished, kept: Finished) -> bool:
    """Prefer the later end, and of one end the copy that knows its score."""
    known = len(one.model_dump(exclude_none=True)) > len(kept.model_dump(exclude_none=True))
    return _later(one, kept) or (moment(one.at) == moment(kept.at) and known)


def _choose(mine: Mapping[str, T], yours: Mapping[str, T], better: Callable[[T, T], bool]) -> dict[str, T]:
    kept = dict(mine)
    for key, one in yours.items():
        if key not in kept or better(one, kept[key]):
            kept[key] = one
    return kept
