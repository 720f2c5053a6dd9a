"""What each learner has: the `evidence/1` file that `autograder evidence` writes."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from autograder.records import models, safejson
from autograder.records.errors import Fault

ASSURANCES = ("self-reported", "auto-graded own variant", "marked by a person", "supervised")
Assurance = Literal["self-reported", "auto-graded own variant", "marked by a person", "supervised"]
Kind = Literal["exercise", "case", "quiz"]
Points = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
PERSON: TypeAdapter[str] = TypeAdapter(models.Person)
# A class of some thousand learners with twenty pieces each.
MAX_BYTES = 200_000_000


class Course(models.Strict):
    """What was taught: the course, its version and the digest of its facts."""

    id: models.Name
    title: models.Short
    version: models.Name
    facts_digest: models.Digest


class Part(models.Strict):
    """One part of an exercise's score."""

    score: Points
    max_score: Points
    pending: bool = False


class Exercise(models.Strict):
    """A graded hand-in.

    variant: names the data that the learner worked on; None where it is not known, as in practice.
    course: where the piece comes from another file than the rest (see `gather`).
    """

    kind: Literal["exercise"]
    id: models.Name
    title: models.Short
    score: Points
    max_score: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
    auto: Part | None = None
    manual: Part | None = None
    assurance: Assurance
    certifiable: bool
    reasons: tuple[models.Words, ...] = Field(default=(), strict=False)
    practice: bool = False
    late: bool = False
    submission_sha256: models.Digest | None
    source_sha256: models.Digest | None
    variant: models.Digest | None = None
    course: Course | None = None
    facts: tuple[models.Name, ...] = Field(default=(), strict=False)
    date: models.Moment

    @model_validator(mode="after")
    def _within(self) -> Exercise:
        if self.score > 2 * self.max_score:
            # Extra credit goes beyond the maximum; twice the maximum is a mistake.
            raise ValueError("score is more than twice max_score")
        if self.certifiable and (self.practice or self.submission_sha256 is None):
            raise ValueError("certifiable stands beside practice, or without a hand-in")
        return self

    @property
    def percent(self) -> Fraction:
        """The score as an exact share of a hundred."""
        return 100 * Fraction(str(self.score)) / Fraction(str(self.max_score))


class Completion(models.Strict):
    """A case or quiz that was gone through; its best path can be read in the page, so it has no score."""

    kind: Literal["case", "quiz"]
    id: models.Name
    title: models.Short
    completed: bool
    ending: models.Words | None = None
    digest: models.Words | None = None
    correct: float | None = None
    items: float | None = None
    assurance: Assurance
    course: Course | None = None
    facts: tuple[models.Name, ...] = Field(default=(), strict=False)
    date: models.Moment


class Blocked(models.Strict):
    """A piece that cannot count yet, with the reason in words."""

    kind: Kind
    id: models.Words
    reason: models.Words


Piece = Annotated[Exercise | Completion, Field(discriminator="kind")]


class Learner(models.Strict):
    """One person's pieces of evidence.

    sortable: the name with the family name first, `Example, Ada`, where the roster has it.
    section: the roster's group.
    """

    learner: models.Person
    name: models.Words | None = None
    sortable: models.Words | None = None
    email: models.Words | None = None
    section: models.Words | None = None
    evidence: tuple[Piece, ...] = Field(strict=False)
    blocked: tuple[Blocked, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _once(self) -> Learner:
        places = [(piece.kind, piece.id) for piece in self.evidence]
        for place in places:
            if places.count(place) > 1:
                raise ValueError(f"{place[0]} {place[1]} stands twice in the evidence")
        return self

    def pieces(self, kind: str, identity: str) -> list[Exercise | Completion]:
        """The evidence of this kind and id, newest first; several only where it was put together."""
        mine = [piece for piece in self.evidence if (piece.kind, piece.id) == (kind, identity)]
        return sorted(mine, key=lambda piece: piece.date, reverse=True)

    def block(self, kind: str, identity: str) -> str | None:
        """Why a piece cannot count yet."""
        return next((b.reason for b in self.blocked if (b.kind, b.id) == (kind, identity)), None)


class Evidence(models.Strict):
    """A whole evidence file."""

    schema_: Literal["evidence/1"] = Field(alias="schema")
    course: Course
    generated: models.Moment
    learners: tuple[Learner, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _once(self) -> Evidence:
        seen: set[str] = set()
        for learner in self.learners:
            if learner.learner in seen:
                raise ValueError("a learner stands twice in the file")
            seen.add(learner.learner)
        return self

    def chosen(self, names: tuple[str, ...]) -> tuple[Learner, ...]:
        """The learners with these ids, or all; an unknown id is a Fault."""
        if not names:
            return self.learners
        known = {learner.learner: learner for learner in self.learners}
        for name in names:
            if name not in known:
                # An id may be repeated, a person's name may not.
                which = f": {name}" if re.fullmatch(r"[\w.@+-]{1,60}", name) else ""
                what = f"--learner names someone who is not in the evidence{which}"
                raise Fault(what, remedy="check the id: large and small letters differ")
        return tuple(known[name] for name in dict.fromkeys(names))


def load(path: Path) -> Evidence:
    """Read an evidence file; a fault names file and JSON path."""
    return models.load(Evidence, safejson.read(path, limit=MAX_BYTES), path)


def load_class(path: Path) -> tuple[Evidence, list[Fault]]:
    """Read an evidence file; learners that cannot be read are left out and told, and stop nobody."""
    content = safejson.read(path, limit=MAX_BYTES)
    listed = content.get("learners") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        return models.load(Evidence, content, path), []
    good: list[Learner] = []
    faults: list[Fault] = []
    times_named = Counter(_id(one) for one in listed)
    for number, one in enumerate(listed):
        name = _id(one)
        what = "stands twice in the file" if name and times_named[name] > 1 else ""
        try:
            good.extend([] if what else [Learner.model_validate(one)])
        except ValidationError as error:
            place, message, _ = models.first_fault(error)
            what = f"{place.removeprefix('$').removeprefix('.')}: {message}".removeprefix(": ")
        if what:
            faults.append(Fault(f"$.learners[{number}] ({name or 'no usable id'}): {what}", path=path))
    return models.load(Evidence, {**content, "learners": good}, path), faults


def _id(learner: Any) -> str:
    """The id of a learner whose other fields may be anything, or nothing where it is no id."""
    named = learner.get("learner") if isinstance(learner, dict) else None
    try:
        return PERSON.validate_python(named)
    except ValidationError:
        return ""
