"""The shape a record must have before its signature means anything: what a verifier reads of OB 3.0."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from autograder.records import contexts, models, times


class BadForm(ValueError):
    """A document that is not a record; the text names the first fault."""


def _moment(text: str) -> str:
    try:
        times.any_moment(text)
    except ValueError:
        raise ValueError("is not a moment with a time zone") from None
    return text


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Moment = Annotated[str, AfterValidator(_moment)]
Names = Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]


class _Open(BaseModel):
    """Other terms may stand beside; they are signed too, and judged by nobody here."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Party(_Open):
    """The issuer."""

    id: models.Short
    name: str | None = None


class Identity(_Open):
    """How a record names its holder."""

    hashed: bool
    identityHash: str
    identityType: str
    salt: str | None = None


class Criteria(_Open):
    """What had to be done."""

    id: str | None = None
    narrative: str | None = None


class Achievement(_Open):
    """What was achieved."""

    id: models.Short
    type: Names
    name: models.Short
    description: str
    criteria: Criteria


class Subject(_Open):
    """Who achieved it."""

    id: str | None = None
    type: Names
    identifier: list[Identity] = []
    achievement: Achievement


class StatusEntry(_Open):
    """Where to look whether the record still stands."""

    type: str
    statusPurpose: str
    statusListIndex: str
    statusListCredential: models.Https


def _party(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class Record(_Open):
    """A whole record."""

    context: list[str] = Field(alias="@context")
    id: models.Short
    type: Names
    name: str | None = None
    issuer: Annotated[Party, BeforeValidator(_party)]
    validFrom: Moment
    validUntil: Moment | None = None
    credentialSubject: Subject
    credentialStatus: Annotated[list[StatusEntry], BeforeValidator(_listed), Field(max_length=4)] = []


def read(document: Any) -> Record:
    """Fill the model, or say what keeps this document from being a record."""
    if not isinstance(document, dict):
        raise BadForm("it is not a JSON object")
    try:
        record = Record.model_validate(document)
    except ValidationError as error:
        place, message, _ = models.first_fault(error)
        raise BadForm(f"{place}: {message}") from None
    if record.context != [contexts.CREDENTIALS, contexts.BADGES]:
        raise BadForm("$.@context: is not that of Open Badges 3.0.3")
    if "VerifiableCredential" not in record.type or not {
        "OpenBadgeCredential",
        "AchievementCredential",
    } & set(record.type):
        raise BadForm("$.type: is not an Open Badge credential")
    return record
