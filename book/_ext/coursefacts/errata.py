"""Errata: what the course taught wrongly, what is right, and which facts it touched.

One erratum is one file under book/errata/, named after its id. It stays when it is mended, because
somebody may hold a record of the version before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from coursefacts import yamltext
from coursefacts.errors import InputFault, ManyFaults
from coursefacts.loader import explain
from coursefacts.suggest import nearest
from coursefacts.values import Part, checked_date
from coursefacts.versions import checked_version

Level = Literal["wrong-in-law", "misleading", "stale"]
LEVELS: dict[Level, str] = {
    "wrong-in-law": "wrong in law",
    "misleading": "misleading",
    "stale": "stale",
}
"""The levels, the worst first, and how they are written."""

_REMEDIES = {
    "level": "add wrong-in-law, misleading or stale",
    "facts": "name the facts that it touches: holders are found by them",
    "mended_in": "add the version of the course in which it is mended, or null while it is not",
}


class Erratum(Part):
    """One correction, as a file under book/errata/ holds it."""

    id: str
    """Year and number: e2026-01; the file is named after it."""
    title: Annotated[str, Field(min_length=5, max_length=90)]
    """What it is about, in a few words."""
    date: str
    """The day on which it was found."""
    level: Level
    """wrong-in-law (a rule or its day that is not so), misleading (a wrong idea) or stale (overtaken)."""
    mended_in: str | None
    """The version of the course in which it is mended; null while it is not."""
    facts: Annotated[list[str], Field(min_length=1)]
    """The facts that it touches: those that were wrong, or beside which something wrong was said."""
    taught: Annotated[str, Field(min_length=10)]
    """What was taught."""
    right: Annotated[str, Field(min_length=10)]
    """What is right."""
    do: Annotated[str, Field(min_length=10)]
    """What somebody should do who was taught it."""

    @field_validator("id")
    @classmethod
    def _named(cls, text: str) -> str:
        if not re.fullmatch(r"e\d{4}-\d{2,3}", text):
            raise ValueError(f"'{text}' is not an id; write e, the year and a number, as in e2026-01")
        return text

    @field_validator("date")
    @classmethod
    def _real(cls, text: str) -> str:
        return checked_date(text)

    @field_validator("mended_in")
    @classmethod
    def _version(cls, text: str | None) -> str | None:
        return text if text is None else checked_version(text)

    @field_validator("facts")
    @classmethod
    def _once(cls, names: list[str]) -> list[str]:
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"the fact '{name}' stands twice; keep one of them")
        return names

    def to_json(self) -> dict[str, Any]:
        """Return the erratum as plain data, with the keys that the file uses."""
        return self.model_dump(mode="json")


def folder_beside(facts: Path) -> Path:
    """Return the folder of the errata of a folder of facts."""
    return facts.parent / "errata"


def load_errata(folder: Path, facts: Mapping[str, Any]) -> list[Erratum]:
    """Read every erratum of a folder, the worst first; raise all faults at once. No folder, no errata."""
    found: dict[str, Erratum] = {}
    faults: list[InputFault] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            document = yamltext.read(path)
            erratum = parse(document)
        except InputFault as fault:
            faults.extend(fault.faults if isinstance(fault, ManyFaults) else [fault])
            continue
        faults.extend(_misplaced(erratum, document, facts))
        found[erratum.id] = erratum
    if faults:
        raise ManyFaults(faults)
    return by_level(found.values())


def by_level(errata: Iterable[Erratum]) -> list[Erratum]:
    """Sort errata: the worst first, in order of id within a level."""
    return sorted(errata, key=lambda one: (list(LEVELS).index(one.level), one.id))


def parse(document: yamltext.Document) -> Erratum:
    """Make an erratum of one document."""
    if not isinstance(document.data, dict):
        raise document.fault("not an erratum", remedy="write keys and values, beginning with 'id:'")
    try:
        return Erratum.model_validate(document.data)
    except ValidationError as error:
        keys, form = {"": tuple(Erratum.model_fields)}, "book/errata/schema.json"
        faults = [explain(detail, document, keys, _REMEDIES, form) for detail in error.errors()]
        raise ManyFaults(faults) from None


def _misplaced(
    erratum: Erratum, document: yamltext.Document, facts: Mapping[str, Any]
) -> Iterable[InputFault]:
    """Hold an erratum to its file name and to facts that exist."""
    if document.path is not None and document.path.stem != erratum.id:
        yield document.fault(
            f"the id '{erratum.id}' and the file name differ",
            ("id",),
            f"name the file {erratum.id}.yml or change the id",
        )
    for at, name in enumerate(erratum.facts):
        if name not in facts:
            yield document.fault(f"no fact '{name}'", ("facts", at), nearest(name, facts, "the ids are"))
