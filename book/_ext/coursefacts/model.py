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
# An id begins with the country or union whose rule it is; venue., cvd. and the like name nobody's law.
_OF_A_STATE = re.compile(r"[a-z]{2}\.")


def _as_precise_as_known(text: str | None) -> str | None:
    """Accept a day, a month, a year or nothing."""
    if text is None or _PARTIAL_DATE.fullmatch(text):
        return text
    return checked_date(text)


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


class Copy(Part):
    """The copy in which a text was read, where that was not the official address itself."""

    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    """The address of the copy; for a reported fact, of the report."""
    text_as_of: str | None = None
    """The date that the copy bears, where it is another than that of the text."""

    @field_validator("text_as_of")
    @classmethod
    def _known(cls, text: str | None) -> str | None:
        return _as_precise_as_known(text)


class Source(Part):
    """Where the fact stands officially, and which copy was read when."""

    citation: Annotated[str, Field(min_length=3)]
    """The official citation; for a reported fact, who reported it."""
    locator: Annotated[str, Field(min_length=1)]
    """The place inside it: a paragraph, an entry, a page."""
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    """The official address: the gazette, the agency, the publisher, a DOI; never a copy of a law."""
    text_as_of: str | None
    """The date of the text that was read: YYYY-MM-DD, YYYY-MM or YYYY; null for an undated one."""
    read_on: str
    """The day on which we read it."""
    copy_: Annotated[Copy | None, Field(alias="copy")] = None
    """The copy that was read in the place of `url`; left out where `url` itself was read."""

    @field_validator("text_as_of")
    @classmethod
    def _known(cls, text: str | None) -> str | None:
        return _as_precise_as_known(text)

    @field_validator("read_on")
    @classmethod
    def _real(cls, text: str) -> str:
        return checked_date(text)

    @model_validator(mode="after")
    def _two_addresses(self) -> Source:
        if self.copy_ and self.copy_.url == self.url:
            raise ValueError("the copy has the same address as 'url'; leave 'copy' out")
        return self

    @property
    def read_at(self) -> str:
        """The address at which we read it."""
        return self.copy_.url if self.copy_ else self.url

    @property
    def read_text_of(self) -> str | None:
        """The date of what we read; None for an undated copy."""
        return (self.copy_ and self.copy_.text_as_of) or self.text_as_of


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
    def unsettled(self) -> bool:
        """Tell whether its status may change while nobody looks: a proposal, a stay, an old copy."""
        return self.status in ("proposed", "not-verified-since")

    @property
    def standing(self) -> str:
        """Say in a few words how far the fact can be relied on, and as of which day where that may change."""
        as_of = f", as of {day(self.source.read_on)}" if self.unsettled else ""
        start = f"since {day(self.in_force.from_)}" if self.in_force.from_ else "first day not seen"
        if self.topic == "case":
            return "on record" if self.status == "in-force" else f"outcome not seen{as_of}"
        if self.status == "repealed":
            last = f"; last day {day(self.in_force.until)}" if self.in_force.until else ""
            return f"repealed{last}"
        if self.status == "not-verified-since":
            when = day(self.source.text_as_of) if self.source.text_as_of else "an undated copy"
            return f"not verified since {when}{as_of}"
        if self.status == "proposed":
            return f"proposed{as_of}"
        if self.topic == "figure":
            # An estimate or a survey is in force nowhere.
            return f"published {day(self.in_force.from_)}" if self.in_force.from_ else "published"
        if not _OF_A_STATE.match(self.id):
            return f"a policy and no law{f', {start}' if self.in_force.from_ else ''}"
        return f"in force, {start}"

    def label(self, *, first: bool = True) -> str:
        """Say in brackets what a reader must know about a fact that is not simply seen and in force.

        first: name in full who reported it; False where that was said before.
        """
        labels = []
        if self.confidence == "reported":
            labels.append(self.attribution if first else "reported")
        if self.status != "in-force":
            labels.append(self.standing)
        return f"({'; '.join(labels)})" if labels else ""

    def stale(self, on: datetime.date) -> bool:
        """Tell whether the review date has passed."""
        return self.review_by < on.isoformat()

    def to_json(self) -> dict[str, Any]:
        """Return the fact as plain data, with the keys that the file uses."""
        return self.model_dump(mode="json", by_alias=True)
