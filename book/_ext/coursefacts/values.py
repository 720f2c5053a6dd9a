"""The values of a fact: typed, with units, and written for people.

A value in a fact file is one of five shapes:

    {value: 4.5, unit: K, bound: at-most}      a quantity
    {date: "2024-09-06"}                       a date
    outside the customs territory              a text
    [28, 30]                                   a list
    [{code: 4A906.a.1, qubits_min: 34, …}, …]  the bands of a list of quantum computers
"""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from coursefacts.suggest import nearest

NBSP = "\N{NO-BREAK SPACE}"

# Unit in a fact file: (before the number, after one, after several).
UNITS: dict[str, tuple[str, str, str]] = {
    "1": ("", "", ""),
    "qubits": ("", "qubit", "qubits"),
    "pixels": ("", "pixel", "pixels"),
    "K": ("", "K", "K"),
    "GHz": ("", "GHz", "GHz"),
    "dB": ("", "dB", "dB"),
    "W": ("", "W", "W"),
    "uW": ("", "µW", "µW"),
    "kV": ("", "kV", "kV"),
    "mm": ("", "mm", "mm"),
    "nm": ("", "nm", "nm"),
    "fT/rtHz": ("", "fT/√Hz", "fT/√Hz"),
    "pT/rtHz": ("", "pT/√Hz", "pT/√Hz"),
    "uGal": ("", "µGal", "µGal"),
    "per-month": ("", "per month", "per month"),
    "Hz": ("", "Hz", "Hz"),
    "fT/√Hz": ("", "fT/√Hz", "fT/√Hz"),
    "pT/√Hz": ("", "pT/√Hz", "pT/√Hz"),
    "µGal": ("", "µGal", "µGal"),
    "per month": ("", "per month", "per month"),
    "percent": ("", "%", "%"),
    "bit": ("", "bit", "bits"),
    "hours": ("", "hour", "hours"),
    "days": ("", "day", "days"),
    "months": ("", "month", "months"),
    "years": ("", "year", "years"),
    "USD": ("US$", "", ""),
}


def _known_unit(unit: str) -> str:
    """Refuse a unit that has no written form."""
    if unit not in UNITS:
        raise ValueError(f"'{unit}' is not a unit; {nearest(unit, UNITS, 'use one of')}")
    return unit


Unit = Annotated[str, AfterValidator(_known_unit), WithJsonSchema({"enum": list(UNITS)})]
Bound = Literal["at-least", "more-than", "at-most", "less-than"]
BOUND_SIGNS: dict[str, str] = {"at-least": "≥", "more-than": ">", "at-most": "≤", "less-than": "<"}

_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def checked_date(text: str) -> str:
    """Return a date written YYYY-MM-DD; refuse any other."""
    try:
        if datetime.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError(f"'{text}' is not a date; write it as \"YYYY-MM-DD\", in quotes")


class Part(BaseModel):
    """What all parts of a fact have in common: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, strict=True)


def _a_number(raw: Any) -> Any:
    """Refuse what only looks like a number."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError(f"'{raw}' is not a number; write it without quotes")
    return raw


class Quantity(Part):
    """A number with its unit and, for a limit, the side on which it binds."""

    value: Annotated[int | float, BeforeValidator(_a_number)]
    """The number."""
    unit: Unit
    """The unit; 1 for a pure number."""
    bound: Bound | None = None
    """For a limit: at-least, more-than, at-most or less-than."""


class DateValue(Part):
    """A date."""

    date: str
    """YYYY-MM-DD, in quotes."""

    @field_validator("date")
    @classmethod
    def _real(cls, text: str) -> str:
        return checked_date(text)


class Band(Part):
    """One band of a list: so many qubits, at most this error. The bound itself is inside the band."""

    code: str
    """The paragraph, complete: 4A906.a.3."""
    qubits_min: int
    """The smallest number of qubits in the band."""
    qubits_max: int | None
    """The largest number of qubits in the band; null where there is none."""
    cnot_error_max: Annotated[float, Field(gt=0, lt=1)] | None
    """The largest C-NOT error in the band, itself included; null where the band has no error condition."""

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.qubits_max is not None and self.qubits_max < self.qubits_min:
            raise ValueError("qubits_max is smaller than qubits_min; exchange them")
        return self


def _in_order(found: list[Band]) -> list[Band]:
    """Refuse bands that overlap or leave a gap: a machine stands in one band or in none."""
    for first, second in pairwise(found):
        if first.qubits_max is None or second.qubits_min != first.qubits_max + 1:
            raise ValueError(
                f"the bands {first.code} and {second.code} do not follow one another; "
                "correct qubits_max of the first or qubits_min of the second"
            )
    return found


def _shape(raw: Any) -> str:
    """Tell which of the five shapes a raw value has."""
    if isinstance(raw, str):
        return "text"
    if isinstance(raw, list):
        return "bands" if raw and isinstance(raw[0], dict | Band) else "list"
    if isinstance(raw, DateValue) or (isinstance(raw, dict) and "date" in raw):
        return "date"
    return "quantity"


Text = Annotated[str, Field(min_length=1)]
Items = Annotated[list[int | str], Field(min_length=1)]
Bands = Annotated[list[Band], Field(min_length=1), AfterValidator(_in_order)]
Value = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[Bands, Tag("bands")]
    | Annotated[Items, Tag("list")]
    | Annotated[DateValue, Tag("date")]
    | Annotated[Quantity, Tag("quantity")],
    Discriminator(_shape),
]


def number(value: int | float) -> str:
    """Write a number as people read it: 1,100 · 4.5 · 10⁻⁴ · 2 × 10⁻³."""
    if 0 < abs(value) < 0.01 or abs(value) >= 1e7:
        digits, exponent = f"{value:.12e}".split("e")
        digits = digits.rstrip("0").rstrip(".")
        power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
        if digits in ("1", "-1"):
            return digits[:-1] + power
        return f"{digits}{NBSP}×{NBSP}{power}"
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}"
    return f"{value:,.12g}"


def quantity(value: int | float, unit: str) -> str:
    """Write a number with its unit: 2 GHz · 0.08 % · 34 qubits · US$374,474; small counts as words."""
    if unit == "1" and isinstance(value, int) and 0 <= value < len(_WORDS):
        return _WORDS[value]
    before, one, many = UNITS[unit]
    after = one if value == 1 else many
    return f"{before}{number(value)}{NBSP}{after}" if after else f"{before}{number(value)}"


def day(text: str) -> str:
    """Write a date for people, as precise as it is known: 6 September 2024 · September 2024 · 2024."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return text
    month = datetime.date(parts[0], parts[1], 1).strftime("%B")
    return " ".join([*(str(part) for part in parts[2:]), month, str(parts[0])])


def short_day(text: str) -> str:
    """Write a date for a narrow column, on one line: 6 Sep 2024."""
    words = day(text).split()
    return NBSP.join(word[:3] if word.isalpha() else word for word in words)


def written(value: Any) -> str:
    """Write any value of a fact for people."""
    if isinstance(value, Quantity):
        return quantity(value.value, value.unit)
    if isinstance(value, DateValue):
        return day(value.date)
    if isinstance(value, Band):
        return f"{value.code}: {band_qubits(value)}, {band_error(value)}"
    if isinstance(value, list):
        if value and isinstance(value[0], Band):
            return "; ".join(written(band) for band in value)
        return joined([str(item) for item in value])
    return str(value)


def joined(items: list[str], last: str = "and") -> str:
    """Write a list as a sentence does: 70, 72, 74 and 76."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def band_qubits(band: Band) -> str:
    """Write the range of qubits of a band: 34 to 99 qubits · 2,000 qubits or more."""
    if band.qubits_max is None:
        return f"{quantity(band.qubits_min, 'qubits')} or more"
    return f"{number(band.qubits_min)} to {quantity(band.qubits_max, 'qubits')}"


def band_error(band: Band) -> str:
    """Write the bound of a band: C-NOT error ≤ 10⁻⁴ · any C-NOT error."""
    return "any C-NOT error" if band.cnot_error_max is None else f"C-NOT error {band_bound(band)}"


def band_bound(band: Band) -> str:
    """Write the bound alone, for a table: ≤ 10⁻⁴ · any."""
    return "any" if band.cnot_error_max is None else f"≤{NBSP}{number(band.cnot_error_max)}"
