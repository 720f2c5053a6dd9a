"""Compose the unsigned record: Open Badges 3.0 as a Verifiable Credential 2.0, from permitted terms only."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograder.records import canonical, contexts, shape, status, times
from autograder.records.awards import Alignment, Award
from autograder.records.decide import Decision
from autograder.records.errors import Fault
from autograder.records.evidence import Completion, Course, Exercise, Learner
from autograder.records.issuer import Issuer

NOT_SHOWN = "This record does not show who did the work, nor whether other people or AI tools helped."
DEMONSTRATION = (
    "Demonstration only: it shows what a record looks like and certifies nothing, "
    "because the evidence behind it may not be certified."
)
EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")
VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
# Read back from the sentence that `_piece` writes: the credential's vocabulary has no field for it.
FACTS = re.compile(r" Facts taught: ([^\s,]+(?:, [^\s,]+)*)\.\Z")
HolderKind = Literal["email", "id", "none"]


@dataclass(frozen=True)
class Order:
    """Everything that one record is made from.

    completed: when the work was first recorded, where that is earlier than the evidence says.
    """

    record: str
    decision: Decision
    course: Course
    issuer: Issuer
    place: int
    moment: str
    holder: HolderKind
    demonstration: bool
    completed: str = ""


def credential(order: Order) -> dict[str, Any]:
    """The unsigned credential; what may not stand in a record is a Fault."""
    award, completed = order.decision.award, order.completed or order.decision.completed
    title = f"Demonstration: {award.title}" if order.demonstration else award.title
    lead = f"{DEMONSTRATION} " if order.demonstration else ""
    made = {
        "@context": [contexts.CREDENTIALS, contexts.BADGES],
        "id": order.record,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "description": f"{lead}{award.description} {NOT_SHOWN}",
        "issuer": {
            "id": order.issuer.id,
            "type": ["Profile"],
            "name": order.issuer.name,
            "url": order.issuer.url,
        },
        "validFrom": order.moment,
        "validUntil": expiry(award, completed),
        "awardedDate": completed,
        "credentialSubject": _subject(order, title, lead),
        "evidence": [_piece(piece, order.course) for piece in order.decision.pieces],
        "credentialStatus": status.entry(order.issuer, order.place),
    }
    shape.check(made)
    return made


def picture_path(award: str) -> str:
    """Where the picture of an award lies below the issuer's address."""
    return f"badges/{award}.png"


def expiry(award: Award, completed: str) -> str:
    """Validity counts from the day the work was done, not from the day somebody signed."""
    return times.text(times.after(times.moment(completed), award.valid_for))


def work(decision: Decision) -> dict[str, dict[str, str]]:
    """What a record rests on, for the office's eyes: of each exercise the variant and the hand-in."""
    return {
        piece.id: {"variant": piece.variant or "", "sha256": piece.submission_sha256 or ""}
        for piece in decision.exercises
    }


def stated(decision: Decision, *, demonstration: bool) -> str:
    """Digest of the data worked on: other bytes, a title, a score or a date earn no second record."""
    variants = {piece.id: piece.variant or "" for piece in decision.exercises}
    return canonical.digest({"demonstration": demonstration, "variants": variants})


def stated_before(decision: Decision, *, demonstration: bool) -> str:
    """The digest by which version 0.1.0 knew what was done, for ledgers that it began."""
    content = {
        "demonstration": demonstration,
        "pieces": [
            {"kind": piece.kind, "id": piece.id, "assurance": piece.assurance} for piece in decision.pieces
        ],
        "submissions": [piece.submission_sha256 for piece in decision.exercises],
        "score": _score(decision) if decision.award.scores_in_record else None,
    }
    return canonical.digest(content)


def _subject(order: Order, title: str, lead: str) -> dict[str, Any]:
    award = order.decision.award
    kind = "demonstration" if order.demonstration else "achievements"
    achievement: dict[str, Any] = {
        "id": f"{order.issuer.url}/{kind}/{award.id}",
        "type": ["Achievement"],
        "achievementType": "ext:Demonstration" if order.demonstration else "CertificateOfCompletion",
        "name": title,
        "description": f"{lead}{award.description}",
        "criteria": {"narrative": f"{award.criteria}{_not_covered(award)} {NOT_SHOWN}"},
        "version": oldest(order).version,
        "inLanguage": "en",
    }
    if not order.demonstration:
        # Nothing that certifies nothing gets a badge which could pass for a real one.
        achievement["image"] = {
            "id": f"{order.issuer.url}/{picture_path(award.id)}",
            "type": "Image",
            "caption": f"Badge of the award {award.title}",
        }
    covered = [_alignment(topic) for topic in award.alignment if topic.covered != "no"]
    if covered:
        achievement["alignment"] = covered
    # A new random name for each record: two records of one person cannot be joined by it.
    subject: dict[str, Any] = {"id": new_record(), "type": ["AchievementSubject"]}
    learner = order.decision.learner
    holder = identity(order.holder, learner.learner, learner.email)
    if holder:
        subject["identifier"] = [holder]
    if award.scores_in_record:
        scale = {
            "id": f"{order.issuer.url}/{kind}/{award.id}/score",
            "type": ["ResultDescription"],
            "name": "Lowest score among the exercises",
            "resultType": "Percent",
            "valueMin": "0",
            "valueMax": "100",
            "requiredValue": f"{order.decision.pass_mark:g}",
        }
        achievement["resultDescription"] = [scale]
        subject["result"] = [
            {"type": ["Result"], "resultDescription": scale["id"], "value": _score(order.decision)}
        ]
    return {**subject, "achievement": achievement}


def oldest(order: Order) -> Course:
    """The course whose version a record names: of several the oldest, so that no erratum passes it by."""
    taught_in = [piece.course or order.course for piece in order.decision.pieces]
    return min(taught_in, key=lambda course: [int(part) for part in re.findall(r"\d+", course.version)])


def holder_of(document: Mapping[str, Any]) -> HolderKind:
    """How a record names its holder."""
    named = document["credentialSubject"].get("identifier")
    return "none" if not named else "email" if named[0]["hashed"] else "id"


def identity(kind: HolderKind, learner: str, address: str | None) -> dict[str, Any] | None:
    """How a record names its holder, as the institution chose."""
    if kind == "none":
        return None
    if kind == "id":
        return {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": learner,
            "identityType": "identifier",
        }
    if address is None:
        raise Fault("there is no e-mail address to name the holder by", remedy="choose --holder id or none")
    if not EMAIL.fullmatch(address):
        raise Fault(
            f"{address[:60]} is no e-mail address to name the holder by",
            remedy="mend it, or choose --holder id or none",
        )
    salt = secrets.token_hex(16)
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": email_hash(address, salt),
        "identityType": "emailAddress",
        "salt": salt,
    }


def has_email(learner: Learner) -> bool:
    """Whether the evidence has a usable e-mail address for someone."""
    return learner.email is not None and EMAIL.fullmatch(learner.email) is not None


def email_hash(address: str, salt: str) -> str:
    """Open Badges 3.0, IdentityHash: SHA-256 over the address and the salt."""
    return "sha256$" + hashlib.sha256(f"{address.strip().lower()}{salt}".encode()).hexdigest()


def _piece(piece: Exercise | Completion, main: Course) -> dict[str, Any]:
    """One piece of evidence: what was done, how sure it is, what was taught."""
    course = piece.course or main
    kind = piece.kind.capitalize()
    done = "handed in and graded" if isinstance(piece, Exercise) else "completed"
    facts = f" Facts taught: {', '.join(piece.facts)}." if piece.facts else ""
    return {
        "type": ["Evidence"],
        "name": piece.title if piece.title.lower().startswith(piece.kind) else f"{kind}: {piece.title}",
        "genre": piece.kind,
        "description": f"Assurance: {piece.assurance}.",
        "narrative": f"{done[0].upper()}{done[1:]}, {piece.date[:10]}, in {course.title} ({course.id}), "
        f"version {course.version}, facts {course.facts_digest}.{facts}",
    }


def taught(document: Any) -> tuple[str, frozenset[str]]:
    """The version of the course that a record names, and the ids of the facts that its evidence taught."""
    version = str(document["credentialSubject"]["achievement"]["version"])
    if not VERSION.fullmatch(version):
        raise ValueError("the record names no version of the course")
    found = (FACTS.search(str(piece.get("narrative", ""))) for piece in document["evidence"])
    return version, frozenset(name for one in found if one for name in one.group(1).split(", "))


def _alignment(topic: Alignment) -> dict[str, Any]:
    covered = "Covered." if topic.covered == "yes" else "Covered in part."
    return {
        "type": ["Alignment"],
        "targetName": topic.topic,
        "targetUrl": topic.url,
        "targetFramework": topic.framework,
        "targetDescription": f"{covered} {topic.note}" if topic.note else covered,
    }


def _not_covered(award: Award) -> str:
    missing = [topic.topic for topic in award.alignment if topic.covered == "no"]
    return f" Not covered: {', '.join(missing)}." if missing else ""


def _score(decision: Decision) -> str:
    tenths = decision.percent * 10 // 1
    return f"{tenths // 10}.{tenths % 10}"


def new_record() -> str:
    """A new random identifier."""
    return uuid.uuid4().urn
