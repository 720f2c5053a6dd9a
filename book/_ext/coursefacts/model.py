"""A fact: one rule, list entry, deadline or recorded case, with its source and its dates."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from coursefacts.errors import InputFault
from coursefacts.suggest import nearest
from coursefacts.values import Band, Part, Value, band_bound, checked_date, day, number, quantity, written

Topic = Literal["control-list", "provision", "clock", "tier", "label", "training", "case", "figure"]
Status = Literal["in-force", "repealed", "proposed", "not-verified-since"]
Confidence = Literal["seen", "reported"]

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Only what a learner may be told: dates as precise as the copy that was read.
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?")
_ID = r"^[a-z0-9]+([.-][a-z0-9]+)+$"


class InForce(Part):
    """When the rule applies; for a case, when it was decided."""

    from_: Annotated[str | None, Field(alias="from")]
    """The first day, YYYY-MM-DD; null with a note where the day has not been seen."""
    until: str | None
    """The last day, YYYY-MM-DD, itself included; null where there is none."""
    note: str | None = None
    """Why `from` is null, or a delay for some."""

    @field_validator("from_", "until")
    @classmethod
    def _real(cls, text: str | None) -> str | None:
        return text if text is None else checked_date(text)

    @model_validator(mode="after")
    def _coherent(self) -> InForce:
        if self.from_ is None and not self.note:
            raise ValueError("'from' is null and nothing says why; add a 'note' inside in_force")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(f"'until' {self.until} is before 'from' {self.from_}; correct one of them")
        return self

    def holds(self, on: datetime.date) -> bool:
        """Tell whether the rule may apply on a day; an unknown first day counts as past."""
        text = on.isoformat()
        return (self.from_ is None or self.from_ <= text) and (self.until is None or text <= self.until)


class Source(Part):
    """Where the fact stands, and which copy was read when."""

    citation: Annotated[str, Field(min_length=3)]
    """The official citation; for a reported fact, who reported it."""
    locator: Annotated[str, Field(min_length=1)]
    """The place inside it: a paragraph, an entry, a page."""
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    """The address of the copy that was read."""
    text_as_of: str | None
    """The date of the text: YYYY-MM-DD, YYYY-MM or YYYY; null for an undated copy."""
    read_on: str
    """The day on which we read it."""

    @field_validator("text_as_of")
    @classmethod
    def _known(cls, text: str | None) -> str | None:
        if text is None or _PARTIAL_DATE.fullmatch(text):
            return text
        return checked_date(text)

    @field_validator("read_on")
    @classmethod
    def _real(cls, text: str) -> str:
        return checked_date(text)


class Fact(Part):
    """One fact, as a file under book/facts/ holds it."""

    id: Annotated[str, Field(pattern=_ID)]
    """What lessons, cases, exercises and records cite; the file is named after it."""
    topic: Topic
    """Also the name of the folder."""
    statement: Annotated[str, Field(min_length=10)]
    """One or two sentences in our own words; {name} stands for a value."""
    values: dict[str, Value] = Field(default_factory=dict)
    """Every number, date and list of the statement, by name."""
    in_force: InForce
    """From when until when."""
    status: Status
    """in-force, repealed, proposed or not-verified-since (the copy may be overtaken: never graded)."""
    binds: str | None
    """Whom it binds under which condition; null if that has not been read."""
    supersedes: str | None
    """The id of the fact that this one replaces."""
    source: Source
    """Where it stands."""
    confidence: Confidence
    """seen: the text itself was read. reported: taught with "as reported by"."""
    review_by: str
    """The day by which a person must read the source again."""
    note: str | None
    """What a reader should know besides; shown with the fact."""

    @field_validator("review_by")
    @classmethod
    def _real(cls, text: str) -> str:
        return checked_date(text)

    @field_validator("values")
    @classmethod
    def _names(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in values:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(f"'{name}' is not a name for a value; use small letters, digits and _")
        return values

    def text(self) -> str:
        """Write the statement with its values filled in."""
        return PLACEHOLDER.sub(lambda found: self.value(found[1]), self.statement)

    def value(self, name: str) -> str:
        """Write one value for people; `bands.2.cnot_error_max` reaches into the second band."""
        head, _, rest = name.partition(".")
        if head not in self.values:
            raise InputFault(
                f"fact '{self.id}' has no value '{head}'",
                remedy=nearest(head, self.values, "its values are"),
            )
        value = self.values[head]
        if not rest:
            return written(value)
        return self._inside(name, rest, value)

    def _inside(self, name: str, rest: str, value: Any) -> str:
        """Write a part of a band."""
        index, _, part = rest.partition(".")
        bands = [item for item in value if isinstance(item, Band)] if isinstance(value, list) else []
        if not index.isdigit() or not 1 <= int(index) <= len(bands):
            raise InputFault(
                f"fact '{self.id}' has no value '{name}'",
                remedy=f"write {name.split('.')[0]}.1 to .{len(bands)}"
                if bands
                else "drop what follows the dot",
            )
        band = bands[int(index) - 1]
        parts = {
            "": written(band),
            "code": band.code,
            "qubits_min": quantity(band.qubits_min, "qubits"),
            "qubits_max": "no limit" if band.qubits_max is None else quantity(band.qubits_max, "qubits"),
            "cnot_error_max": "any" if band.cnot_error_max is None else number(band.cnot_error_max),
            "bound": band_bound(band),
        }
        if part not in parts:
            raise InputFault(
                f"fact '{self.id}' has no value '{name}'", remedy=nearest(part, parts, "a band holds")
            )
        return parts[part]

    @property
    def attribution(self) -> str:
        """`as reported by …` for what was not read in the text itself, else nothing."""
        return f"as reported by {self.source.citation}" if self.confidence == "reported" else ""

    @property
    def standing(self) -> str:
        """Say in a few words how far the fact can be relied on."""
        start = f"since {day(self.in_force.from_)}" if self.in_force.from_ else "first day not seen"
        if self.topic == "case":
            return "on record" if self.status == "in-force" else "outcome not seen"
        if self.status == "repealed":
            last = f"; last day {day(self.in_force.until)}" if self.in_force.until else ""
            return f"repealed{last}"
        if self.status == "not-verified-since":
            when = day(self.source.text_as_of) if self.source.text_as_of else "an undated copy"
            return f"not verified since {when}"
        return "proposed" if self.status == "proposed" else f"in force, {start}"

    def stale(self, on: datetime.date) -> bool:
        """Tell whether the review date has passed."""
        return self.review_by < on.isoformat()

    def to_json(self) -> dict[str, Any]:
        """Return the fact as plain data, with the keys that the file uses."""
        return self.model_dump(mode="json", by_alias=True)
