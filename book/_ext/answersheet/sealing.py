"""From a key to a learner's sheet: who may see what is decided here.

The seed follows from a secret key; without it neither token nor sheet leads back to it. A key for practice
and one for the instructor's own rehearsal are public.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from coursefacts.errors import InputFault
from courselab import sheets, tokens
from numpy.typing import NDArray

from answersheet import EXERCISES

PRACTICE = b"practice"
REHEARSAL = b"rehearsal"


@dataclass(frozen=True)
class Drawn:
    """One variant.

    data, numbers: what the learner may see. answers: plain data for the examiner alone.
    literal: code of a right notebook's solution cells, by grade_id, with the answers of this variant alone;
    the published solution has that of the rehearsal.
    """

    data: dict[str, Any]
    answers: dict[str, Any] = field(repr=False)
    numbers: Mapping[str, NDArray[Any]] = field(repr=False, default_factory=dict)
    literal: Mapping[str, str] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Sealed:
    """A sheet as it is handed out, its answers, and what a right notebook writes down for them."""

    sheet: sheets.Sheet
    answers: dict[str, Any] = field(repr=False)
    literal: dict[str, str] = field(repr=False)

    def files(self) -> dict[str, bytes]:
        """Give the files that lie beside the notebook."""
        made = {sheets.FILE: json.dumps(self.sheet.written(), ensure_ascii=False, indent=1).encode() + b"\n"}
        if self.sheet.numbers:
            stream = io.BytesIO()
            arrays: dict[str, Any] = dict(self.sheet.numbers)
            np.savez_compressed(stream, allow_pickle=False, **arrays)
            made[sheets.NUMBERS] = stream.getvalue()
        return made

    def plain(self) -> dict[str, Any]:
        """Give all of it as plain data."""
        packed = {name: base64.b64encode(data).decode("ascii") for name, data in self.files().items()}
        return {"files": packed, "answers": self.answers, "literal": self.literal, **self._names()}

    def _names(self) -> dict[str, str]:
        return {"token": self.sheet.token, "digest": self.sheet.written()["digest"]}


def seed(key: bytes, exercise: str, token: str) -> bytes:
    """Give 32 bytes to draw from. A course's token stands for one learner, and its key for one period."""
    return hmac.new(key, f"sheet\n{exercise}\n{token}".encode(), hashlib.sha256).digest()


def seal(exercise: str, token: str, drawn_from: bytes, *, practice: bool = False) -> Sealed:
    """Draw the sheet of a token from a seed; raise InputFault for an exercise that has none."""
    if exercise not in EXERCISES:
        raise InputFault(f"no sheets for '{exercise}'", remedy=f"use one of {', '.join(EXERCISES)}")
    drawer = importlib.import_module(f"answersheet.{exercise.replace('-', '_')}")
    drawn: Drawn = drawer.draw(drawn_from)
    # What a file keeps is what everybody works on: tuples are lists from here on, and keys are texts.
    data, answers = (json.loads(json.dumps(part, allow_nan=False)) for part in (drawn.data, drawn.answers))
    return Sealed(sheets.Sheet(exercise, token, practice, data, drawn.numbers), answers, dict(drawn.literal))


def for_practice(exercise: str, token: str) -> Sealed:
    """Draw the sheet of a practice token; anybody can."""
    return seal(exercise, token, seed(PRACTICE, exercise, token), practice=True)


def for_rehearsal(exercise: str) -> Sealed:
    """Draw the one sheet on which the instructor's own solution runs; what it says is of use on no other."""
    token = tokens.write(seed(REHEARSAL, exercise, "")[: tokens.SEED_BYTES])
    return seal(exercise, token, seed(REHEARSAL, exercise, token), practice=True)
