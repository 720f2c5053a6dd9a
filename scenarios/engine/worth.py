"""Whether a play counts towards an award: what was asked was answered, at a pace at which a person reads.

A transcript is the learner's own word, so none of this shows who played, nor that nobody helped.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from scenarios.engine.model import Case
from scenarios.engine.transcript import FIRST, Transcript

__all__ = ["FASTEST", "SENTENCES", "why_not_case", "why_not_quiz"]

FASTEST = 10
"""Words a second: more than three times as fast as careful reading; nobody reads and decides so fast."""

SENTENCES = 2
_SENTENCE = re.compile(r"[^.!?…。！？]*\w[^.!?…。！？]*[.!?…。！？]+")
_SHORTEST = 12  # letters of one

_EARLIER = (
    "the transcript was saved by an earlier version of the player, which kept neither a note nor what was "
    "answered again: open the page once more, finish it there and save the transcript anew"
)


def why_not_case(transcript: Transcript, case: Case, visited: Iterable[str]) -> str | None:
    """Say why a case that was played to an ending does not count yet, or None.

    visited: the scenes of the walk.
    """
    if transcript.schema == FIRST:
        return _EARLIER
    least = _words(case, visited) // FASTEST
    took = _seconds(transcript)
    if took < least:
        return f"it was played in {took} s, and takes {least} s at least to read: play it at your own pace"
    if _sentences(transcript.note) < SENTENCES:
        return "it was not discussed: write a note of two sentences below the ending, and save it again"
    return None


def why_not_quiz(transcript: Transcript, asked: Sequence[str], first: Sequence[bool]) -> str | None:
    """Say why a quiz that was answered to its end does not count yet, or None.

    asked: the titles of its items. first: whether the first answer to each was right, or is not graded.
    """
    wrong = [at for at, right in enumerate(first, 1) if not right and at not in transcript.mended]
    if not wrong:
        return None
    if transcript.schema == FIRST:
        return _EARLIER
    others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return (
        f"'{asked[wrong[0] - 1]}'{others} was never answered rightly: answer again what comes back at the end"
    )


def _words(case: Case, visited: Iterable[str]) -> int:
    """The words that every walk through these scenes shows."""
    proses = [*case.intro, *(prose for one in set(visited) for prose in case.scene(one).prose)]
    return sum(len(prose.source.split()) for prose in proses if prose.when is None)


def _seconds(transcript: Transcript) -> int:
    if transcript.finished is None:
        return 0
    began, ended = (datetime.datetime.fromisoformat(one) for one in (transcript.started, transcript.finished))
    return int((ended - began).total_seconds())


def _sentences(note: str) -> int:
    """How many different sentences a note has; what is shorter than a few words is none."""
    found = {one.strip() for one in _SENTENCE.findall(note)}
    return sum(len(re.sub(r"\W", "", one)) >= _SHORTEST for one in found)
