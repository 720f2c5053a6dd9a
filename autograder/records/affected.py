"""Who was taught something that has changed since: records held against what `coursefacts changed` says.

The list is read as a file, because records may be issued where nothing else of the course is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from autograder.records import brought, build, inventory, models, safejson
from autograder.records.errors import Fault
from autograder.records.issuer import Home

MAX_BYTES = 20_000_000
Version = Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]


class Erratum(models.Strict):
    """One correction of the course."""

    id: models.Name
    title: models.Text
    date: models.Name
    level: Literal["wrong-in-law", "misleading", "stale"]
    mended_in: Version | None
    facts: tuple[models.Name, ...] = Field(strict=False)
    taught: models.Words
    right: models.Words
    do: models.Words


class Change(models.Strict):
    """One fact that is not as it was taught."""

    id: models.Name
    change: Literal["superseded", "repealed", "status", "corrected", "gone", "new"]
    version: Version | None
    was: models.Words | None
    now: models.Words | None
    successor: models.Name | None
    errata: tuple[models.Name, ...] = Field(strict=False)


class Changed(models.Strict):
    """What changed in the course since a version of it."""

    schema_: Literal["coursefacts.changed/1"] = Field(alias="schema")
    since: Version
    facts_digest: models.Digest
    errata: tuple[Erratum, ...] = Field(strict=False)
    facts: tuple[Change, ...] = Field(strict=False)


@dataclass(frozen=True)
class Record:
    """What is looked at in a record, and whose it is."""

    record: str
    holder: str
    award: str
    version: str
    expires: str
    facts: frozenset[str]


@dataclass(frozen=True)
class Found:
    """A record that teaches something that has changed since."""

    record: Record
    errata: tuple[Erratum, ...]
    facts: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The machine-readable form: what to tell whom."""
        held = {name: value for name, value in vars(self.record).items() if name != "facts"}
        cited = self.record.facts
        told = [
            {**one.model_dump(exclude={"facts"}), "facts": [name for name in one.facts if name in cited]}
            for one in self.errata
        ]
        return {**held, "errata": told, "facts": [one.model_dump() for one in self.facts]}


def load(path: Path) -> Changed:
    """Read what `python -m coursefacts changed --json` wrote; a fault names file and JSON path."""
    try:
        return models.load(Changed, safejson.read(path, limit=MAX_BYTES), path)
    except Fault as fault:
        remedy = "write it again: python -m coursefacts changed --since VERSION --json"
        raise Fault(fault.what, path=path, line=fault.line, remedy=remedy) from None


def issued(home: Home) -> tuple[list[Record], int]:
    """The records of a ledger that were not revoked, and how many copies were erased."""
    with closing(home.open_ledger()) as ledger:
        standing = [entry for entry in inventory.entries(ledger) if entry.state in inventory.STANDING]
        copies = (ledger.holding(entry.record) for entry in standing if not entry.erased)
        records = [
            _record(safejson.parse(copy.text), copy.learner, copy.award)
            for copy in copies
            if copy is not None
        ]
    return records, len(standing) - len(records)


def brought_in(files: Iterable[Path]) -> list[Record]:
    """The records in files; the holder is whom the record names, else the file."""
    return [_record(brought.read(file), None, None, file) for file in files]


def _record(document: Any, holder: str | None, award: str | None, path: Path | None = None) -> Record:
    try:
        subject = document["credentialSubject"]
        version, facts = build.taught(document)
        if not holder:
            named = subject.get("identifier") or [{}]
            holder = str(named[0].get("identityHash") or path)
        return Record(
            str(document["id"]),
            holder,
            award or str(subject["achievement"]["id"]).rpartition("/")[2],
            version,
            str(document["validUntil"]),
            facts,
        )
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        raise Fault("is not a record of this program", path=path, remedy="name issued records") from None


def find(records: Iterable[Record], changed: Changed) -> Iterator[Found]:
    """Hold each record against the list; what went out before the record's own version it does not touch."""
    for record in records:
        errata = tuple(
            one
            for one in changed.errata
            if record.facts.intersection(one.facts) and _before(record.version, one.mended_in)
        )
        facts = tuple(
            one
            for one in changed.facts
            if one.id in record.facts and one.change != "new" and _before(record.version, one.version)
        )
        if errata or facts:
            yield Found(record, errata, facts)


def older(records: Iterable[Record], changed: Changed) -> list[Record]:
    """The records of versions before the one that the list begins with: it cannot speak for them."""
    return [one for one in records if _before(one.version, changed.since)]


def _before(version: str, other: str | None) -> bool:
    """Whether a version went out before another; what has no version yet comes after all."""
    return other is None or order(version) < order(other)


def order(version: str) -> tuple[int, ...]:
    """What versions are sorted by."""
    return tuple(int(part) for part in version.split("."))
