"""The front matter of a case: who, how long, what is scored, what is remembered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coursefacts.errors import InputFault
from coursefacts.yamltext import Document, Key

from scenarios.engine.conditions import RESERVED, Vocabulary
from scenarios.engine.model import Axis, Flag, Minutes, Role, Unit
from scenarios.engine.names import did_you_mean

UNITS: Mapping[str, Unit] = {
    "min": "min",
    "minute": "min",
    "minutes": "min",
    "h": "h",
    "hour": "h",
    "hours": "h",
    "d": "d",
    "day": "d",
    "days": "d",
}
KEYS = ("schema", "kind", "id", "title", "module", "minutes", "roles", "outcomes")
CASE_KEYS = (*KEYS, "axes", "flags", "clock", "best")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Clock:
    """The clock as declared, with the line of the scene that it leads to."""

    unit: Unit
    deadline: int
    late: str
    line: int | None


@dataclass(frozen=True)
class Header:
    """Front matter, checked."""

    id: str
    kind: str
    title: str
    module: str
    minutes: Minutes
    outcomes: tuple[str, ...]
    roles: tuple[Role, ...]
    axes: tuple[Axis, ...]
    flags: tuple[Flag, ...]
    clock: Clock | None
    best: str | None
    best_line: int | None
    document: Document

    @property
    def words(self) -> Vocabulary:
        """The names that conditions and marks may use."""
        axes = tuple(axis.name for axis in self.axes)
        return Vocabulary(axes, tuple(flag.name for flag in self.flags), self.clock is not None)


class _Reader:
    """Takes keys out of the front matter and points at the line of a bad one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data

    def fault(self, what: str, *where: Key, remedy: str) -> InputFault:
        return self.document.fault(what, where, remedy)

    def text(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"'{key}' is missing or not text", key, remedy=f"write {key}: … in front matter")
        return value.strip()

    def mapping(self, key: str, example: str) -> dict[str, Any]:
        value = self.data.get(key) or {}
        if not isinstance(value, dict):
            raise self.fault(f"'{key}' is not a mapping", key, remedy=f"write {example}")
        return {str(name): entry for name, entry in value.items()}


def read(document: Document) -> Header:
    """Check front matter; raise InputFault at the first key that is wrong."""
    if not isinstance(document.data, dict):
        raise document.fault("the front matter is not a list of keys", (), "write lines such as: title: …")
    source = _Reader(document)
    kind = source.data.get("kind", "case")
    if kind not in ("case", "quiz"):
        raise source.fault(f"unknown kind '{kind}'", "kind", remedy="write kind: case, or kind: quiz")
    _known_keys(source, CASE_KEYS if kind == "case" else KEYS, str(kind))
    if source.data.get("schema") != "case/1":
        raise source.fault("'schema' is not case/1", "schema", remedy="write schema: case/1")
    best = source.text("best") if kind == "case" else None
    return Header(
        id=_identifier(source),
        kind=str(kind),
        title=source.text("title"),
        module=source.text("module"),
        minutes=_minutes(source),
        outcomes=_outcomes(source),
        roles=_roles(source),
        axes=_axes(source) if kind == "case" else (),
        flags=_flags(source),
        clock=_clock(source),
        best=best,
        best_line=document.line(("best",)),
        document=document,
    )


def _known_keys(source: _Reader, known: tuple[str, ...], kind: str) -> None:
    for key in source.data:
        if key not in known:
            remedy = did_you_mean(str(key), known, otherwise=f"a {kind} has the keys {', '.join(known)}")
            raise source.fault(f"unknown key '{key}'", str(key), remedy=remedy)


def _identifier(source: _Reader) -> str:
    value = source.text("id")
    if not _ID.fullmatch(value):
        raise source.fault(
            f"'{value}' is not an id", "id", remedy="use small letters, digits and single hyphens"
        )
    return value


def _minutes(source: _Reader) -> Minutes:
    value = source.data.get("minutes")
    span: list[Any] = value if isinstance(value, list) else [value, value]
    if len(span) != 2 or not all(type(each) is int for each in span) or not 1 <= span[0] <= span[1]:
        raise source.fault("'minutes' is not a span", "minutes", remedy="write minutes: [10, 20]")
    return Minutes(low=span[0], high=span[1])


def _outcomes(source: _Reader) -> tuple[str, ...]:
    value = source.data.get("outcomes")
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise source.fault("'outcomes' is not a list", "outcomes", remedy="write outcomes: [E1, E3]")
    return tuple(value)


def _roles(source: _Reader) -> tuple[Role, ...]:
    entries = source.mapping("roles", "roles: {Name: who that is}")
    for name, label in entries.items():
        if not isinstance(label, str):
            raise source.fault(
                f"'{name}' has no description", "roles", name, remedy=f"write {name}: who it is"
            )
    return tuple(Role(name=name, label=label.strip()) for name, label in entries.items())


def _name(source: _Reader, key: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise source.fault(
            f"'{name}' is not a name", key, name, remedy="use small letters, digits and underscores"
        )
    taken: Mapping[str, Any] = source.mapping("axes", "") if key == "flags" else {}
    if name in RESERVED or name in taken:
        raise source.fault(f"the name '{name}' is taken", key, name, remedy="choose another name")


def _axes(source: _Reader) -> tuple[Axis, ...]:
    entries = source.mapping("axes", "axes: {security: {from: -4, to: 6}}")
    if not entries:
        raise source.fault("no axes", "axes", remedy="write axes: {security: {from: -4, to: 6}}")
    return tuple(_axis(source, name, entry) for name, entry in entries.items())


def _axis(source: _Reader, name: str, entry: Any) -> Axis:
    _name(source, "axes", name)
    bounds = entry if isinstance(entry, dict) else {}
    low, high, label = bounds.get("from"), bounds.get("to"), bounds.get("label")
    sane = not set(bounds) - {"from", "to", "label"} and isinstance(label, str | None)
    if not sane or type(low) is not int or type(high) is not int or low >= high:
        raise source.fault(
            f"the axis '{name}' has no bounds", "axes", name, remedy=f"write {name}: {{from: -4, to: 6}}"
        )
    return Axis(name=name, label=label or name.replace("_", " ").capitalize(), low=low, high=high)


def _flags(source: _Reader) -> tuple[Flag, ...]:
    entries = source.mapping("flags", "flags: {asked: you asked the export office}")
    for name, label in entries.items():
        _name(source, "flags", name)
        if not isinstance(label, str) or not label.strip():
            remedy = f"write {name}: and what the reader sees after 'if', such as 'you asked the office'"
            raise source.fault(f"the flag '{name}' has no phrase", "flags", name, remedy=remedy)
    return tuple(Flag(name=name, label=label.strip()) for name, label in entries.items())


def _clock(source: _Reader) -> Clock | None:
    if "clock" not in source.data:
        return None
    example = "clock: {unit: h, deadline: 24, late: scene-after-the-deadline}"
    entry = source.mapping("clock", example)
    unit, deadline, late = entry.get("unit"), entry.get("deadline"), entry.get("late")
    checks: tuple[tuple[str, Callable[[], bool], str], ...] = (
        ("unit", lambda: unit in UNITS, "unit: min, h or d"),
        ("deadline", lambda: type(deadline) is int and deadline > 0, "deadline: a whole number above 0"),
        ("late", lambda: isinstance(late, str) and bool(late), "late: the anchor of a scene"),
    )
    for key, good, remedy in checks:
        if not good():
            raise source.fault(f"the clock has no '{key}'", "clock", key, remedy=f"write {remedy}")
    extra = [key for key in entry if key not in ("unit", "deadline", "late")]
    if extra:
        raise source.fault(f"unknown key '{extra[0]}'", "clock", extra[0], remedy=f"write {example}")
    line = source.document.line(("clock", "late"))
    return Clock(UNITS[str(unit)], int(deadline or 0), str(late).removeprefix("#"), line)
