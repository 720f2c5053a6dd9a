"""Transcripts: what a learner chose, from a page, a notebook or the terminal.

Only the choices count; whatever else the file claims is not read.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from scenarios.engine.answers import LONGEST, Answer
from scenarios.engine.model import Case
from scenarios.engine.order import SEED
from scenarios.engine.walks import MAX_STEPS

SCHEMA = "transcript/2"
FIRST = "transcript/1"
"""The form before notes and second answers; it is still read, and says less."""
MOST_NOTE = 2000
MAX_BYTES = 64_000
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"[0-9a-f]{12}")
MOST_PARTS = 200


@dataclass(frozen=True)
class Transcript:
    """What is read from a transcript."""

    case: str
    digest: str
    choices: tuple[Answer, ...]
    started: str
    finished: str | None
    parts: Mapping[str, str] = field(default_factory=dict)
    """Short digests of the version that was played, by scene: they only help to say what has changed."""
    seed: str | None = None
    """The order in which the choices were shown; None is the order of the file."""
    revised: int = 0
    """How often the learner says to have gone back."""
    schema: str = SCHEMA
    mended: frozenset[int] = frozenset()
    """Items of a quiz, from 1, that were answered rightly when they came back."""
    note: str = ""
    """What the learner wrote about the play."""


def read(path: Path) -> Transcript:
    """Read a transcript; raise InputFault when the file is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            remedy = "a transcript has a few kilobytes: export it from the player again"
            raise InputFault(f"larger than {MAX_BYTES // 1000} kB", path=path, remedy=remedy)
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputFault("no such transcript", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputFault(f"cannot be read ({error})", path=path, remedy="export it again") from None
    return parse(text, path)


def parse(text: str, path: Path | None = None) -> Transcript:
    """Read the text of a transcript."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise InputFault(
            "not JSON", path=path, line=line, remedy="export the transcript from the player again"
        ) from None
    return _Reader(data, path).transcript()


class _Reader:
    """Takes the keys that count out of a transcript."""

    def __init__(self, data: Any, path: Path | None) -> None:
        self.path = path
        if not isinstance(data, dict) or data.get("schema") not in {SCHEMA, FIRST}:
            raise self._fault(f"not a transcript of schema '{SCHEMA}'")
        self.data: Mapping[str, Any] = data

    def _fault(self, what: str) -> InputFault:
        return InputFault(what, path=self.path, remedy="export the transcript from the player again")

    def transcript(self) -> Transcript:
        case, digest = self._match("case", _ID), self._match("case_digest", _DIGEST)
        choices = self.data.get("choices")
        if not isinstance(choices, list) or len(choices) > MAX_STEPS:
            raise self._fault(f"'choices' is not a list of at most {MAX_STEPS} numbers")
        started, finished = self._time("started"), self._time("finished")
        if started is None:
            raise self._fault("'started' is missing")
        if finished is not None and _moment(finished) < _moment(started):
            raise self._fault("'finished' is before 'started'")
        answers = tuple(self._answer(each) for each in choices)
        more = (self._parts(), self._seed(), self._revised())
        if self.data["schema"] == FIRST:
            return Transcript(case, digest, answers, started, finished, *more, FIRST)
        return Transcript(
            case, digest, answers, started, finished, *more, SCHEMA, self._mended(), self._note()
        )

    def _mended(self) -> frozenset[int]:
        value = self.data.get("mended", [])
        if not isinstance(value, list) or len(value) > MAX_STEPS or not all(_is_number(one) for one in value):
            raise self._fault("'mended' is malformed")
        return frozenset(value)

    def _note(self) -> str:
        value = self.data.get("note", "")
        if not isinstance(value, str) or len(value) > MOST_NOTE:
            raise self._fault(f"'note' is not a text of at most {MOST_NOTE} letters")
        return value

    def _parts(self) -> dict[str, str]:
        value = self.data.get("parts", {})
        if not isinstance(value, dict) or len(value) > MOST_PARTS:
            raise self._fault("'parts' is malformed")
        for name, part in value.items():
            if not isinstance(part, str) or not _PART.fullmatch(part) or len(name) > 200:
                raise self._fault("'parts' is malformed")
        return dict(value)

    def _seed(self) -> str | None:
        value = self.data.get("seed")
        if value is not None and (not isinstance(value, str) or not SEED.fullmatch(value)):
            raise self._fault("'seed' is malformed")
        return value

    def _revised(self) -> int:
        value = self.data.get("revised", [])
        if not isinstance(value, list) or len(value) > MAX_STEPS:
            raise self._fault("'revised' is malformed")
        return len(value)

    def _match(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or len(value) > 80 or not pattern.fullmatch(value):
            raise self._fault(f"'{key}' is missing or malformed")
        return value

    def _answer(self, value: Any) -> Answer:
        if _is_number(value):
            return int(value)
        if isinstance(value, list) and 0 < len(value) <= 50 and all(_is_number(each) for each in value):
            return tuple(value)
        if isinstance(value, str) and value.strip() and len(value) <= LONGEST:
            return value
        raise self._fault("'choices' holds something that is no number, no list of numbers and no short text")

    def _time(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > 40 or _moment(value) is None:
            raise self._fault(f"'{key}' is not a time with a zone, such as 2026-11-22T10:00:00Z")
        return value


def _is_number(value: Any) -> bool:
    # A bool is an int in Python, but no choice; numbers are bounded so that none is expensive to show.
    return type(value) is int and 0 < value < 1000


def _moment(text: str) -> Any:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def now() -> str:
    """Give the time as transcripts write it."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def make(
    case: Case,
    choices: Sequence[Answer],
    started: str,
    finished: str | None,
    seed: str | None = None,
    *,
    mended: Sequence[int] = (),
    note: str = "",
) -> dict[str, Any]:
    """Make the transcript of a play; what is empty is left out."""
    more = {"seed": seed, "mended": list(mended), "note": note[:MOST_NOTE]}
    plain = [list(each) if isinstance(each, tuple) else each for each in choices]
    return {name: value for name, value in more.items() if value} | {
        "schema": SCHEMA,
        "case": case.id,
        "case_digest": case.digest,
        "choices": plain,
        "started": started,
        "finished": finished,
        "parts": dict(case.parts),
    }
