"""Which columns a completion file has: this program's, those that other software reads, or an office's own.

The headings of `citi` and `kuali` are those of CITI's own feed as Kuali Research publishes an example of it
(`CITI-Demo.csv`) and as its administrators are told to order it; `cayuse` begins in the fixed order that
Cayuse states for iRIS. All three write days as 11/30/2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, ValidationError, model_validator

from autograder.records import models, yamllines
from autograder.records.errors import Fault

FieldName = Literal[
    "person id",
    "first name",
    "last name",
    "email",
    "course",
    "version",
    "group id",
    "group",
    "stage number",
    "stage",
    "score",
    "pass mark",
    "completed on",
    "expires on",
    "issued on",
    "record id",
    "nothing",
]
FIELDS: tuple[str, ...] = get_args(FieldName)
Dates = Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY"]
DATES: dict[Dates, str] = {"YYYY-MM-DD": "%Y-%m-%d", "MM/DD/YYYY": "%m/%d/%Y", "DD/MM/YYYY": "%d/%m/%Y"}
# What only the evidence knows: the ledger keeps no names and no addresses.
PERSONAL = frozenset({"first name", "last name", "email"})


class Column(models.Strict):
    """One column: a field of the record, the same words in each line, or words by the award's id."""

    name: models.Short
    field: FieldName | None = None
    text: models.Text | None = None
    by_award: dict[models.Name, models.Text] | None = None

    @model_validator(mode="after")
    def _one(self) -> Column:
        if sum(part is not None for part in (self.field, self.text, self.by_award)) != 1:
            raise ValueError("a column has exactly one of field, text and by_award")
        return self


class Layout(models.Strict):
    """The columns of a file, in their order, and how it writes a day."""

    schema_: Literal["columns/1"] = Field(alias="schema")
    dates: Dates = "YYYY-MM-DD"
    columns: tuple[Column, ...] = Field(min_length=1, max_length=100, strict=False)

    @property
    def personal(self) -> bool:
        """Whether a column needs the evidence, which knows names and addresses."""
        return any(column.field in PERSONAL for column in self.columns)


@dataclass(frozen=True)
class _Builtin:
    dates: Dates
    columns: tuple[tuple[str, FieldName], ...]

    def layout(self) -> Layout:
        columns = tuple(Column(name=name, field=field) for name, field in self.columns)
        return Layout(schema="columns/1", dates=self.dates, columns=columns)


PLAIN: tuple[FieldName, ...] = (
    *("person id", "course", "version", "group", "stage", "score", "pass mark", "completed on", "expires on"),
    "record id",
)
BUILTIN = {
    "plain": _Builtin("YYYY-MM-DD", tuple((name, name) for name in PLAIN)),
    "citi": _Builtin(
        "MM/DD/YYYY",
        (
            ("First Name", "first name"),
            ("Last Name", "last name"),
            ("Employee Number", "person id"),
            ("CR Number", "record id"),
            ("Curriculum", "course"),
            ("Group Id", "group id"),
            ("Group", "group"),
            ("Score", "score"),
            ("Passing Score", "pass mark"),
            ("Stage Number", "stage number"),
            ("Stage", "stage"),
            ("Learner Id", "person id"),
            ("Date Completed", "completed on"),
            ("Expiration Date", "expires on"),
            # Nobody registers for a record, so what a learner did first is not known here.
            ("Registration Date", "nothing"),
            ("User Name", "person id"),
            ("Institutional User Name", "person id"),
            ("Institutional Language", "nothing"),
            ("Email", "email"),
        ),
    ),
    "kuali": _Builtin(
        "MM/DD/YYYY",
        (
            ("CR Number", "record id"),
            ("Curriculum", "course"),
            ("Group Id", "group id"),
            ("Group", "group"),
            ("Passing Score", "pass mark"),
            ("Score", "score"),
            ("Stage Number", "stage number"),
            ("Stage", "stage"),
            ("Institutional Username", "person id"),
            ("Date Completed", "completed on"),
            ("Expiration Date", "expires on"),
            ("Registration Date", "nothing"),
            ("First Name", "first name"),
            ("Last Name", "last name"),
            ("Email", "email"),
        ),
    ),
    "cayuse": _Builtin(
        "MM/DD/YYYY",
        (
            ("Last Name", "last name"),
            ("First Name", "first name"),
            ("Group", "group"),
            ("Curriculum", "course"),
            ("Stage Number", "stage number"),
            ("Stage", "stage"),
            ("Score", "score"),
            ("Passing Score", "pass mark"),
            ("Date Completed", "completed on"),
            ("Expiration Date", "expires on"),
            ("Email", "email"),
            ("Employee Number", "person id"),
            ("CR Number", "record id"),
        ),
    ),
}
NAMES = tuple(BUILTIN)


def builtin(name: str) -> Layout:
    """One of the layouts that come with the program."""
    return BUILTIN[name].layout()


def load(path: Path) -> Layout:
    """Read a map of columns (`columns/1`); a fault names file and line."""
    content, lines = yamllines.read(path)
    try:
        return Layout.model_validate(content)
    except ValidationError as error:
        place, message, _ = models.first_fault(error)
        line = yamllines.line_of(tuple(error.errors()[0]["loc"]), lines)
        remedy = f"a field is one of: {', '.join(FIELDS)}"
        raise Fault(f"{place}: {message}", path=path, line=line, remedy=remedy) from None
