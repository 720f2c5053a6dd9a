"""What earns which record: the `awards/1` file, `exercises/awards.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from autograder.records import models, yamllines
from autograder.records.errors import Fault
from autograder.records.evidence import Assurance


class Pass(models.Strict):
    """What an exercise must reach.

    least_assurance: more than the award asks of all, such as `supervised`; never less.
    """

    percent: Annotated[float, Field(gt=0, le=100)]
    least_assurance: Assurance | None = None


class Needs(models.Strict):
    """Everything that must be there, all of it."""

    exercises: dict[models.Name, Pass] = Field(default_factory=dict)
    cases: tuple[models.Name, ...] = Field(default=(), strict=False)
    quizzes: tuple[models.Name, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _something_graded(self) -> Needs:
        if not self.exercises:
            raise ValueError("names no exercise: reading and clicking alone earn no record")
        return self


class Alignment(models.Strict):
    """A topic that somebody else's list names, and how much of it this award covers."""

    topic: models.Short
    covered: Literal["yes", "in part", "no"]
    framework: models.Short
    url: models.Https
    note: models.Text | None = None


class Renewal(models.Strict):
    """A refresher: what is enough for somebody who has the record already.

    grace: how long after the record's end it still is enough; without it, not at all.
    valid_for: without it, as long as the first record.
    """

    criteria: models.Text
    needs: Needs
    grace: models.Period | None = None
    valid_for: models.Period | None = None


class Award(models.Strict):
    """One record that can be earned.

    renewal: without it, a record is renewed by doing everything anew.
    """

    id: models.Name
    title: models.Short
    description: models.Text
    criteria: models.Text
    needs: Needs
    least_assurance: Assurance
    valid_for: models.Period
    renewal: Renewal | None = None
    scores_in_record: bool = False
    alignment: tuple[Alignment, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _assured(self) -> Award:
        if self.least_assurance == "self-reported":
            raise ValueError("least_assurance self-reported would certify what nobody checked")
        if "demonstration" in self.title.lower():
            raise ValueError("the word demonstration in a title is kept for records that certify nothing")
        return self

    @property
    def refresher(self) -> Award | None:
        """The award as it is renewed by less than everything, where the office allows that."""
        if self.renewal is None:
            return None
        asked = {"criteria": self.renewal.criteria, "needs": self.renewal.needs}
        return self.model_copy(update={**asked, "valid_for": self.renewal.valid_for or self.valid_for})


class Awards(models.Strict):
    """A whole awards file."""

    schema_: Literal["awards/1"] = Field(alias="schema")
    course: models.Name
    issuer: models.Short | None = None
    awards: tuple[Award, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _once(self) -> Awards:
        names = [award.id for award in self.awards]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"the award {name} stands twice")
        return self


def load(path: Path) -> Awards:
    """Read an awards file; a fault names file and line."""
    content, lines = yamllines.read(path)
    try:
        return Awards.model_validate(content)
    except ValidationError as error:
        place, message, _ = models.first_fault(error)
        line = yamllines.line_of(tuple(error.errors()[0]["loc"]), lines)
        raise Fault(
            f"{place}: {message}", path=path, line=line, remedy="see the record format page"
        ) from None
