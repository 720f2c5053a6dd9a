"""The closed shape of a record that this program signs: these terms, these types, and no others.

It is Open Badges 3.0 narrowed to what the builder writes; such a record satisfies the official schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from autograder.records import contexts, models
from autograder.records.canonical import CONTROL, TURNS
from autograder.records.errors import Fault


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    if CONTROL.search(text) or TURNS.search(text):
        raise ValueError("holds a control character, or one that turns text around")
    return text


Text = Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_visible)]
Urn = Annotated[
    str,
    StringConstraints(pattern=r"^urn:uuid:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"),
]
Did = Annotated[str, StringConstraints(pattern=r"^did:web:[A-Za-z0-9.%:_-]{1,300}$")]
# An https address that may end in a place within a document.
Uri = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"{}|\\^`#]{1,300}(#[A-Za-z0-9_-]{1,40})?$")]
Index = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}(\.[0-9]+)?$")]


class Profile(models.Strict):
    """The issuer."""

    id: Did
    type: list[Literal["Profile"]] = Field(min_length=1, max_length=1)
    name: Text
    url: Uri


class Identity(models.Strict):
    """The holder, where one is named."""

    type: Literal["IdentityObject"]
    hashed: bool
    identityHash: Text
    identityType: Literal["identifier", "emailAddress"]
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None

    @model_validator(mode="after")
    def _hidden(self) -> Identity:
        if self.hashed != (self.salt is not None) or self.hashed != (self.identityType == "emailAddress"):
            raise ValueError("an address is hashed with a salt, an identifier is not")
        return self


class Alignment(models.Strict):
    """A topic of somebody else's list."""

    type: list[Literal["Alignment"]] = Field(min_length=1, max_length=1)
    targetName: Text
    targetUrl: Uri
    targetFramework: Text
    targetDescription: Text


class ResultDescription(models.Strict):
    """What a score means."""

    id: Uri
    type: list[Literal["ResultDescription"]] = Field(min_length=1, max_length=1)
    name: Text
    resultType: Literal["Percent"]
    valueMin: Number
    valueMax: Number
    requiredValue: Number


class Criteria(models.Strict):
    """What had to be done."""

    narrative: Text


class Image(models.Strict):
    """The badge without a record in it, for software that shows one."""

    id: Uri
    type: Literal["Image"]
    caption: Text


class Achievement(models.Strict):
    """What was achieved."""

    id: Uri
    type: list[Literal["Achievement"]] = Field(min_length=1, max_length=1)
    achievementType: Literal["CertificateOfCompletion", "ext:Demonstration"]
    name: Text
    description: Text
    criteria: Criteria
    image: Image | None = None
    version: Text
    inLanguage: Literal["en"]
    alignment: Annotated[list[Alignment], Field(min_length=1)] | None = None
    resultDescription: Annotated[list[ResultDescription], Field(min_length=1, max_length=1)] | None = None


class Result(models.Strict):
    """The score, where the institution shows it."""

    type: list[Literal["Result"]] = Field(min_length=1, max_length=1)
    resultDescription: Uri
    value: Number


class Subject(models.Strict):
    """Who achieved it."""

    id: Urn
    type: list[Literal["AchievementSubject"]] = Field(min_length=1, max_length=1)
    identifier: Annotated[list[Identity], Field(min_length=1, max_length=1)] | None = None
    achievement: Achievement
    result: Annotated[list[Result], Field(min_length=1, max_length=1)] | None = None


class Evidence(models.Strict):
    """One piece of work."""

    type: list[Literal["Evidence"]] = Field(min_length=1, max_length=1)
    name: Text
    genre: Literal["exercise", "case", "quiz"]
    description: Annotated[str, StringConstraints(pattern=r"^Assurance: [a-z -]+\.$")]
    narrative: Text


class Status(models.Strict):
    """Its place in the list of revocations."""

    id: Uri
    type: Literal["BitstringStatusListEntry"]
    statusPurpose: Literal["revocation"]
    statusListIndex: Index
    statusListCredential: Uri


class Record(models.Strict):
    """A whole record without its proofs."""

    context: list[str] = Field(alias="@context")
    id: Urn
    type: list[str]
    name: Text
    description: Text
    issuer: Profile
    validFrom: models.Moment
    validUntil: models.Moment
    awardedDate: models.Moment
    credentialSubject: Subject
    evidence: list[Evidence] = Field(min_length=1)
    credentialStatus: Status

    @model_validator(mode="after")
    def _fits(self) -> Record:
        if self.context != [contexts.CREDENTIALS, contexts.BADGES]:
            raise ValueError("@context is not the two pinned contexts in their order")
        if self.type != ["VerifiableCredential", "OpenBadgeCredential"]:
            raise ValueError("type is not that of an Open Badge")
        if not self.awardedDate <= self.validFrom < self.validUntil:
            raise ValueError("awardedDate, validFrom and validUntil are not in order")
        return self


def check(document: Any) -> None:
    """The last gate before signing: a Fault names the place of the first thing that may not be signed."""
    if _holds_null(document):
        raise Fault("null may not stand in a record")
    try:
        Record.model_validate(document)
    except ValidationError as error:
        place, message, _ = models.first_fault(error)
        raise Fault(f"{place}: {message}, so it is not signed") from None


def _holds_null(value: Any) -> bool:
    """Optional terms are left out; a null would be signed by one proof and not by the other."""
    if isinstance(value, dict):
        return any(_holds_null(item) for item in value.values())
    return value is None or (isinstance(value, list) and any(_holds_null(item) for item in value))
