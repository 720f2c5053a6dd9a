"""The front matter of a case: who, how long, what is scored, what is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from coursefacts.errors import InputFault
from coursefacts.yamltext import Document, Key

from scenarios.engine.conditions import RESERVED, ConditionFault, Vocabulary, parse
from scenarios.engine.model import NEWEST, Axis, Condition, Edition, Flag, Minutes, Role, Unit
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
KEYS = ("schema", "kind", "id", "title", "module", "minutes", "roles", "outcomes", "rules")
QUIZ_KEYS = (*KEYS, "inline")
CASE_KEYS = (*KEYS, "axes", "flags", "clock", "best", "scores")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Deadline:
    """A deadline as declared, with the line of the scene that it leads to."""

    name: str
    at: int
    to: str | None
    unless: Condition | None
    label: str
    line: int | None


@dataclass(frozen=True)
class Clock:
    """The clock as declared."""

    unit: Unit
    deadlines: tuple[Deadline, ...]


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
    rules: Edition
    scores: str
    inline: bool
    document: Document

    @property
    def words(self) -> Vocabulary:
        """The names that conditions and marks may use."""
        found = _vocabulary(self.axes, self.flags, tuple(each.name for each in self.deadlines))
        return replace(found, people=tuple(role.name for role in self.roles))

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines of the clock, where there is one."""
        return self.clock.deadlines if self.clock else ()


def _vocabulary(axes: Sequence[Axis], flags: Sequence[Flag], deadlines: tuple[str, ...]) -> Vocabulary:
    names = tuple(axis.name for axis in axes), tuple(flag.name for flag in flags)
    return Vocabulary(*names, clock=bool(deadlines), deadlines=deadlines)


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
    _known_keys(source, CASE_KEYS if kind == "case" else QUIZ_KEYS, str(kind))
    if source.data.get("schema") != "case/1":
        raise source.fault("'schema' is not case/1", "schema", remedy="write schema: case/1")
    best = source.text("best") if kind == "case" else None
    axes, flags = _axes(source) if kind == "case" else (), _flags(source)
    return Header(
        id=_identifier(source),
        kind=str(kind),
        title=source.text("title"),
        module=source.text("module"),
        minutes=_minutes(source),
        outcomes=_outcomes(source),
        roles=_roles(source),
        axes=axes,
        flags=flags,
        clock=_Clocks(source, axes, flags).clock(),
        best=best,
        best_line=document.line(("best",)),
        rules=_edition(source),
        scores=_scores(source),
        inline=_inline(source),
        document=document,
    )


def _known_keys(source: _Reader, known: tuple[str, ...], kind: str) -> None:
    for key in source.data:
        if key not in known:
            remedy = did_you_mean(str(key), known, otherwise=f"a {kind} has the keys {', '.join(known)}")
            raise source.fault(f"unknown key '{key}'", str(key), remedy=remedy)


def _edition(source: _Reader) -> Edition:
    value = source.data.get("rules", 1)
    if type(value) is not int or not 1 <= value <= NEWEST:
        remedy = f"write rules: {NEWEST}, the newest, or rules: 1"
        raise source.fault(f"there is no edition '{value}' of the rules", "rules", remedy=remedy)
    return cast(Edition, value)


def _scores(source: _Reader) -> str:
    value = source.data.get("scores", "end")
    if value not in ("end", "always"):
        remedy = "write scores: end, or scores: always"
        raise source.fault(f"figures cannot be shown '{value}'", "scores", remedy=remedy)
    return str(value)


def _inline(source: _Reader) -> bool:
    value = source.data.get("inline", False)
    if not isinstance(value, bool):
        raise source.fault("'inline' is neither true nor false", "inline", remedy="write inline: true")
    return value


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


class _Clocks:
    """Reads `clock:`, in its short form with one deadline or in its long form with several."""

    SHORT = "clock: {unit: h, deadline: 24, late: scene-after-the-deadline}"
    LONG = "NAME: {at: 24, to: the-scene, unless: FLAG, label: what was missed}"

    def __init__(self, source: _Reader, axes: Sequence[Axis], flags: Sequence[Flag]) -> None:
        self.source = source
        self.axes = axes
        self.flags = flags

    def clock(self) -> Clock | None:
        """Read the clock; None where the case has none."""
        if "clock" not in self.source.data:
            return None
        entry = self.source.mapping("clock", self.SHORT)
        unit = entry.get("unit")
        if unit not in UNITS:
            raise self.source.fault(
                "the clock has no 'unit'", "clock", "unit", remedy="write unit: min, h or d"
            )
        if "deadlines" in entry:
            self._known(
                entry, ("unit", "deadlines"), "clock", remedy=f"write deadlines: with lines {self.LONG}"
            )
            return Clock(UNITS[str(unit)], self._deadlines(entry["deadlines"]))
        self._known(entry, ("unit", "deadline", "late"), "clock", remedy=f"write {self.SHORT}")
        at = self._at(entry, "deadline", "clock")
        to = self._scene(entry, "late", "clock")
        if to is None:
            raise self.source.fault(
                "the clock has no 'late'", "clock", "late", remedy="write late: the anchor of a scene"
            )
        line = self.source.document.line(("clock", "late"))
        late = Deadline("late", at, to, None, "the deadline has passed", line)
        return Clock(UNITS[str(unit)], (late,))

    def _known(self, entry: Mapping[str, Any], known: tuple[str, ...], *where: Key, remedy: str) -> None:
        for key in entry:
            if key not in known:
                raise self.source.fault(f"unknown key '{key}'", *where, key, remedy=remedy)

    def _at(self, entry: Mapping[str, Any], key: str, *where: Key) -> int:
        value = entry.get(key)
        if type(value) is not int or not 1 <= value <= 1_000_000:
            remedy = f"write {key}: a whole number above 0"
            raise self.source.fault(f"the clock has no '{key}'", *where, key, remedy=remedy)
        return value

    def _scene(self, entry: Mapping[str, Any], key: str, *where: Key) -> str | None:
        value = entry.get(key)
        if value is not None and not (isinstance(value, str) and value.removeprefix("#")):
            remedy = f"write {key}: the anchor of a scene"
            raise self.source.fault(f"the clock has no '{key}'", *where, key, remedy=remedy)
        return value.removeprefix("#") if value else None

    def _deadlines(self, entries: Any) -> tuple[Deadline, ...]:
        if not isinstance(entries, dict) or not entries:
            remedy = f"write below it lines such as {self.LONG}"
            raise self.source.fault("'deadlines' is not a mapping", "clock", "deadlines", remedy=remedy)
        names = tuple(map(str, entries))
        return tuple(self._deadline(str(name), entry, names) for name, entry in entries.items())

    def _deadline(self, name: str, entry: Any, names: tuple[str, ...]) -> Deadline:
        where = ("clock", "deadlines", name)
        taken = {"clock", "back", *(axis.name for axis in self.axes), *(flag.name for flag in self.flags)}
        if not _NAME.fullmatch(name) or name in taken:
            what = f"the name '{name}' is taken" if name in taken else f"'{name}' is not a name"
            raise self.source.fault(what, *where, remedy="use small letters, digits and underscores")
        if not isinstance(entry, dict):
            raise self.source.fault(f"the deadline '{name}' has no time", *where, remedy=f"write {self.LONG}")
        self._known(entry, ("at", "to", "unless", "label"), *where, remedy=f"write {self.LONG}")
        label = entry.get("label")
        if not isinstance(label, str) or not label.strip():
            remedy = "write label: and what the reader sees after 'if', such as 'the report is overdue'"
            raise self.source.fault(f"the deadline '{name}' has no phrase", *where, remedy=remedy)
        return Deadline(
            name=name,
            at=self._at(entry, "at", *where),
            to=self._scene(entry, "to", *where),
            unless=self._unless(entry.get("unless"), names, *where),
            label=label.strip(),
            line=self.source.document.line((*where, "to")) or self.source.document.line(where),
        )

    def _unless(self, text: Any, names: tuple[str, ...], *where: Key) -> Condition | None:
        if text is None:
            return None
        if not isinstance(text, str):
            raise self.source.fault("'unless' is no condition", *where, "unless", remedy="write unless: FLAG")
        try:
            return parse(text.removeprefix("if "), _vocabulary(self.axes, self.flags, names))
        except ConditionFault as fault:
            raise self.source.fault(fault.what, *where, "unless", remedy=fault.remedy) from None
