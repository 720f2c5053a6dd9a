"""Conditions: `asked and not late or openness >= 2`, kept as alternatives of comparisons.

COND = CONJ ("or" CONJ)*     CONJ = TERM ("and" TERM)*
TERM = ["not"] flag | (axis | "clock") (<= | >= | < | > | = | !=) integer

No brackets and no evaluation of code: six lines in any language hold a player.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from scenarios.engine.model import Condition, Literal_, Operator
from scenarios.engine.names import did_you_mean

COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "!=": operator.ne,
}
# Word processors turn a hyphen into one of these; the author should not have to notice.
MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2264": "\x02", "\u2265": "\x03"})
_COMPARISON = re.compile(r"([A-Za-z_][\w-]*)\s*(<=|>=|!=|==|<|>|=)\s*([+-]?\d{1,6})")
RESERVED = ("clock", "late", "back")


@dataclass(frozen=True)
class Vocabulary:
    """The names that a case declares."""

    axes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    clock: bool = False
    deadlines: tuple[str, ...] = ("late",)
    people: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """What may be compared."""
        return (*self.axes, "clock") if self.clock else self.axes

    @property
    def truths(self) -> tuple[str, ...]:
        """What is simply so or not; deadlines are set by the clock."""
        return (*self.flags, *self.deadlines) if self.clock else self.flags


class ConditionFault(ValueError):
    """A condition that cannot be read: what is wrong and what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


def parse(text: str, words: Vocabulary) -> Condition:
    """Read a condition in the author's words; raise ConditionFault."""
    text = text.translate(MINUS).replace("\x02", "<=").replace("\x03", ">=").strip()
    if not text:
        raise ConditionFault("'if' without a condition", "write: if FLAG, or: if AXIS >= 2")
    if "(" in text or ")" in text:
        raise ConditionFault("brackets in a condition", "write 'a and b or a and c' without brackets")
    return tuple(
        tuple(_term(term.strip(), words) for term in re.split(r"\band\b", conjunction))
        for conjunction in re.split(r"\bor\b", text)
    )


def _term(text: str, words: Vocabulary) -> Literal_:
    compared = _COMPARISON.fullmatch(text)
    if compared is not None:
        return _comparison(*compared.groups(), words=words)
    positive = not text.startswith("not ")
    name = text.removeprefix("not ").strip()
    if name in words.truths:
        return (name, "=", int(positive))
    if not name:
        raise ConditionFault("a condition ends in the middle", "write a flag or a comparison on each side")
    if name in words.numbers:
        raise ConditionFault(f"'{name}' is a number, not a flag", f"compare it: {name} >= 1")
    raise ConditionFault(f"unknown flag '{name}'", did_you_mean(name, words.truths))


def _comparison(name: str, sign: str, value: str, *, words: Vocabulary) -> Literal_:
    if name in words.truths:
        raise ConditionFault(f"'{name}' is a flag, not a number", f"write: if {name}, or: if not {name}")
    if name not in words.numbers:
        raise ConditionFault(f"unknown axis '{name}'", did_you_mean(name, words.numbers))
    sign = "=" if sign == "==" else sign
    known: Operator = sign  # type: ignore[assignment]  # the pattern admits these signs only
    return (name, known, int(value))


def holds(condition: Condition | None, values: Mapping[str, int]) -> bool:
    """Tell whether a condition is met; none is always met."""
    if condition is None:
        return True
    return any(all(COMPARE[sign](values[name], value) for name, sign, value in conj) for conj in condition)


def names(condition: Condition | None) -> set[str]:
    """List the variables that a condition reads."""
    return {name for conj in condition or () for name, _, _ in conj}


_OPPOSITE: Mapping[str, Operator] = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "=": "!=", "!=": "="}


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """Join two conditions that must both hold."""
    if first is None or second is None:
        return second if first is None else first
    joined = {tuple(dict.fromkeys((*one, *other))) for one in first for other in second}
    possible = [conj for conj in joined if _possible(conj)]
    # An alternative that asks for more than another one adds nothing.
    needed = [conj for conj in possible if not any(set(other) < set(conj) for other in possible)]
    return tuple(sorted(needed))


def negate(condition: Condition, truths: Collection[str]) -> Condition | None:
    """Give the condition that holds exactly when this one does not; truths are the flags among its names."""
    result: Condition | None = None
    for conj in condition:
        turned = tuple((_opposite(term, truths),) for term in conj)
        result = both(result, turned)
    return result


def _opposite(term: Literal_, truths: Collection[str]) -> Literal_:
    name, sign, value = term
    if name in truths and sign == "=":
        return (name, "=", 1 - value)
    return (name, _OPPOSITE[sign], value)


def _possible(conj: tuple[Literal_, ...]) -> bool:
    """Tell whether no variable would need two values at once."""
    equal = [(name, value) for name, sign, value in conj if sign == "="]
    return len(dict(equal)) == len(set(equal))


def say(condition: Condition, labels: Mapping[str, str]) -> str:
    """Put a condition in words, with the author's phrase for each flag."""
    return ", or ".join(" and ".join(_say(*term, labels) for term in conj) for conj in condition)


def _say(name: str, sign: str, value: int, labels: Mapping[str, str]) -> str:
    shown = labels.get(name, name)
    if sign == "=" and name in labels and value in (0, 1) and name != "clock":
        return shown if value else f"not: {shown}"
    return f"{name} {sign} {value}"
