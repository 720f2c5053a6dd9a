"""What stands in backticks after a choice: `escalate, duty +1, takes 2 h, set asked, if not late`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scenarios.engine.conditions import MINUS, ConditionFault, Vocabulary, parse
from scenarios.engine.header import UNITS
from scenarios.engine.model import STANCES, VERDICTS, Condition, Stance, Unit, Verdict
from scenarios.engine.names import did_you_mean

# Bounds that no story meets, and within which all sums are exact.
MOST, LONGEST = 1_000, 10_000
_EFFECT = re.compile(r"([A-Za-z_][\w-]*)\s*([+-])\s*(\d+)")
_TAKES = re.compile(r"takes\s+(\d+)\s*([A-Za-z]+)")
_COSTS = re.compile(r"costs\s+(\S.*)")
_FLAG = re.compile(r"(set|clear)\s+([\w-]+)")


class MarkFault(ValueError):
    """A mark that cannot be read: what is wrong, what to write, and the line breaks before it."""

    lines = 0

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


@dataclass
class Marks:
    """All marks of one choice."""

    stance: Stance | None = None
    verdict: Verdict | None = None
    costs: str | None = None
    effects: dict[str, int] = field(default_factory=dict)
    takes: int = 0
    set: list[str] = field(default_factory=list)
    clear: list[str] = field(default_factory=list)
    when: Condition | None = None
    again: bool = False
    otherwise: bool = False

    def read(self, text: str, words: Vocabulary, unit: Unit | None) -> None:
        """Take in one code span; raise MarkFault at its first item that cannot be read."""
        lines = 0
        for item in text.translate(MINUS).split(","):
            leading = item[: len(item) - len(item.lstrip())]
            try:
                self._item(" ".join(item.split()), words, unit)
            except MarkFault as fault:
                fault.lines = lines + leading.count("\n")
                raise
            lines += item.count("\n")

    def _item(self, item: str, words: Vocabulary, unit: Unit | None) -> None:
        effect, takes, flag = _EFFECT.fullmatch(item), _TAKES.fullmatch(item), _FLAG.fullmatch(item)
        costs = _COSTS.fullmatch(item)
        if item in STANCES:
            self._stance(item)
        elif item in VERDICTS:
            self._verdict(item)
        elif costs is not None:
            self._costs(costs.group(1), words)
        elif effect is not None:
            self._effect(effect.group(1), int(effect.group(2) + effect.group(3)), words)
        elif takes is not None:
            self._takes(int(takes.group(1)), takes.group(2), unit)
        elif flag is not None:
            self._flag(flag.group(1), flag.group(2), words)
        elif item == "if" or item.startswith("if "):
            self._condition(item.removeprefix("if"), words)
        elif item == "again":
            self.again = True
        elif item == "else":
            self.otherwise = True
        else:
            raise _unknown(item, words)

    def _stance(self, item: Stance) -> None:
        if self.stance is not None:
            raise MarkFault("a choice has two stances", f"keep one of {self.stance} and {item}")
        self.stance = item

    def _verdict(self, item: Verdict) -> None:
        if self.verdict is not None:
            raise MarkFault("a choice has two verdicts", f"keep one of {self.verdict} and {item}")
        self.verdict = item

    def _costs(self, person: str, words: Vocabulary) -> None:
        if person not in {part for role in words.people for part in (role, *role.split())}:
            raise MarkFault(f"'{person}' is nobody of this case", did_you_mean(person, words.people))
        if self.costs is not None:
            raise MarkFault("a choice costs two people", f"keep one of {self.costs} and {person}")
        self.costs = person

    def _effect(self, axis: str, amount: int, words: Vocabulary) -> None:
        if axis not in words.axes:
            raise MarkFault(f"unknown axis '{axis}'", did_you_mean(axis, words.axes))
        if axis in self.effects:
            raise MarkFault(f"'{axis}' changes twice", "add the two up")
        if abs(amount) > MOST:
            raise MarkFault(f"'{axis}' changes by {amount}", f"at most {MOST}: single points are enough")
        if amount:
            self.effects[axis] = amount

    def _takes(self, amount: int, unit: str, clock: Unit | None) -> None:
        if clock is None:
            raise MarkFault(
                "a choice takes time, but the case has no clock", "declare clock: in front matter"
            )
        if UNITS.get(unit.lower()) != clock:
            raise MarkFault(f"'{unit}' is not the unit of this clock", f"write takes {amount} {clock}")
        if amount > LONGEST:
            raise MarkFault(f"a choice takes {amount} {clock}", f"at most {LONGEST}, or choose a larger unit")
        self.takes += amount

    def _flag(self, act: str, flag: str, words: Vocabulary) -> None:
        if flag not in words.flags:
            if flag in words.truths:
                raise MarkFault(f"'{flag}' is a deadline, which the clock alone sets", "take this mark out")
            raise MarkFault(f"unknown flag '{flag}'", did_you_mean(flag, words.flags))
        if flag in (*self.set, *self.clear):
            raise MarkFault(f"'{flag}' changes twice", "keep one of them")
        (self.set if act == "set" else self.clear).append(flag)

    def _condition(self, text: str, words: Vocabulary) -> None:
        if self.when is not None:
            raise MarkFault("a choice has two conditions", "join them with 'and' or 'or'")
        try:
            self.when = parse(text, words)
        except ConditionFault as fault:
            raise MarkFault(fault.what, fault.remedy) from None


def _unknown(item: str, words: Vocabulary) -> MarkFault:
    """Say what was probably meant by an item that nothing matches."""
    if not item:
        return MarkFault("an empty mark", "take the extra comma out")
    first, _, rest = item.partition(" ")
    if first in (*words.axes, "clock"):
        return MarkFault(f"'{item}' has no plus or minus", f"write {first} +1 or {first} -1")
    if first in ("sets", "clears", "take", "when"):
        right = {"sets": "set", "clears": "clear", "take": "takes", "when": "if"}[first]
        return MarkFault(f"unknown mark '{item}'", f"write {right} {rest}".strip())
    if first in ("set", "clear"):
        return MarkFault(f"'{item}' names no single flag", f"write {first} FLAG, one flag in each mark")
    if first == "takes":
        return MarkFault(f"'{item}' is not a time", "write takes 2 h")
    known = (*STANCES, *VERDICTS, "costs", "again", "else", "if", "set", "clear", "takes", *words.axes)
    return MarkFault(f"unknown mark '{item}'", did_you_mean(first, known))
