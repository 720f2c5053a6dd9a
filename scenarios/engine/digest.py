"""Digests that name a version of a case."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scenarios.engine.model import Logic

PART = 12
FRAME = "#frame"
"""The part that holds what belongs to no scene."""


def of_logic(logic: Logic) -> str:
    """Digest what decides the play, so that a corrected typo does not throw progress away."""
    return _digest(logic.plain())


def of_parts(logic: Logic) -> dict[str, str]:
    """Digest each scene or question by itself, and all else as '#frame', so that a change can be located."""
    plain = logic.plain()
    parts = {each["id"]: _digest(each)[:PART] for each in (*plain.pop("scenes"), *plain.pop("items"))}
    return {FRAME: _digest(plain)[:PART], **parts}


def of_text(logic: Logic, words: dict[str, Any]) -> str:
    """Digest logic and words; line numbers stay out, since moving a paragraph changes no meaning."""
    return _digest([logic.plain(), _without_lines(words)])


def _digest(data: Any) -> str:
    # Sorted keys and no blanks: the same bytes from any JSON library that keeps integers as they are.
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_lines(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_lines(value) for key, value in data.items() if key != "line"}
    if isinstance(data, list):
        return [_without_lines(value) for value in data]
    return data
