"""Verify a record that somebody brought: every check is made and told, and all must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from autograder.records import canonical, contexts, form, multikey, proof, status, times
from autograder.records.form import BadForm
from autograder.records.issuer import Issuer, IssuerList, Key
from autograder.records.lists import Checked, Lists

MAX_PROOFS = 4
# Proofs of other people's kinds may stand beside ours. Any other name is a misspelt or a damaged proof, and
# passing over it would let a changed byte through.
FOREIGN_SUITES = frozenset({"ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023", "bbs-2023"})
NOT_PUBLISHED = (
    "take care: this very file is not in the list of digests that you gave. It may be newer than your copy, "
    "or carry one proof of two; else somebody other than the office may have signed it. Ask the issuer"
)
Status = Literal["good", "suspended", "revoked", "unknown"]


@dataclass(frozen=True)
class Check:
    """One question and its answer in words."""

    check: str
    ok: bool
    message: str


@dataclass
class Verdict:
    """What `records verify` says of a record."""

    checks: list[Check] = field(default_factory=list)
    holder: str | None = None
    achievement: str | None = None
    issued: str | None = None
    expires: str | None = None
    status: Status = "unknown"

    @property
    def valid(self) -> bool:
        """Everything was checked and everything holds."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def add(self, name: str, ok: bool, message: str) -> None:
        """Note the answer to one question."""
        self.checks.append(Check(name, ok, message))

    def as_json(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "valid": self.valid,
            "checks": [vars(check) for check in self.checks],
            "holder": self.holder,
            "achievement": self.achievement,
            "issued": self.issued,
            "expires": self.expires,
            "status": self.status,
        }


@dataclass(frozen=True)
class Settings:
    """What the verifier brings: whom it trusts, for which moment it asks, what it knows of revocations.

    leeway: how much later than `at` a record may claim to be made; the clocks of two machines never agree.
    """

    issuers: IssuerList
    at: datetime
    leeway: timedelta = timedelta(0)
    rdfc: proof.Canonicaliser = canonical.rdfc
    lists: Lists = field(default_factory=Lists)


def verify(document: Any, settings: Settings) -> Verdict:
    """Make every check on a parsed document."""
    verdict = Verdict()
    try:
        record = form.read(document)
    except BadForm as error:
        verdict.add("form", False, f"this is not a record: {error}")
        return verdict
    verdict.add("form", True, "Open Badges 3.0 record")
    _describe(verdict, record)
    issuer = settings.issuers.find(record.issuer.id)
    good = _check_proofs(verdict, document, record.issuer.id, issuer, settings)
    _check_issuer(verdict, issuer, record, good)
    _check_dates(verdict, record, settings.at, settings.leeway)
    if issuer is not None and good:
        _check_status(verdict, document, record, issuer, settings)
    else:
        verdict.add("status", False, "unknown: only a known issuer's good record can be looked up")
    return verdict


def _describe(verdict: Verdict, record: form.Record) -> None:
    achievement = record.credentialSubject.achievement
    verdict.achievement = achievement.name
    verdict.issued, verdict.expires = record.validFrom, record.validUntil
    verdict.holder = record.credentialSubject.id
    for identity in record.credentialSubject.identifier:
        hidden = "the holder of an e-mail address, hashed" if identity.hashed else identity.identityHash
        verdict.holder = hidden
    if achievement.name.startswith("Demonstration"):
        verdict.add("kind", True, "a demonstration: it certifies nothing")


def _check_proofs(
    verdict: Verdict, document: Mapping[str, Any], identity: str, issuer: Issuer | None, settings: Settings
) -> bool:
    """Every understood proof must be good, and one at least must be understood."""
    proofs = _proofs(document)
    if not proofs:
        verdict.add("proof", False, "the record carries no proof that could be read")
        return False
    understood = [one for one in proofs if one.get("cryptosuite") in proof.SUITES]
    if any(str(one.get("cryptosuite")) not in FOREIGN_SUITES for one in proofs if one not in understood):
        verdict.add("proof", False, "the record carries a proof of a kind that nobody knows")
        return False
    if not understood:
        verdict.add("proof", False, "the record carries no proof of a kind that this program knows")
        return False
    # The cheap proof first: a forged record never reaches the expensive one.
    good = True
    for one in sorted(understood, key=lambda item: item["cryptosuite"] == proof.RDFC):
        name = f"proof {one['cryptosuite']}"
        if not good:
            verdict.add(name, False, "not looked at, because another proof failed")
            continue
        try:
            _check_proof(document, one, identity, issuer, settings)
        except proof.BadProof as error:
            verdict.add(name, False, str(error))
            good = False
        else:
            verdict.add(name, True, "signature good")
    if issuer is not None and good:
        good = _check_theft(verdict, document, issuer, understood, settings)
    return good


def _check_theft(
    verdict: Verdict,
    document: Mapping[str, Any],
    issuer: Issuer,
    proofs: list[dict[str, Any]],
    settings: Settings,
) -> bool:
    """A key that its issuer gave up signs nothing, but for what was published before the theft."""
    for method in dict.fromkeys(str(one["verificationMethod"]) for one in proofs):
        key = issuer.key(method)
        if key is not None and key.compromised is not None:
            why = f"its key was reported compromised on {key.compromised}"
            if key.trusted is None:
                problem = "nothing had been published before"
            else:
                problem = settings.lists.stands(canonical.digest(dict(document)), issuer, key.trusted)
            if problem:
                verdict.add("key", False, f"{why}: {problem}; ask the issuer for a new record")
                return False
            verdict.add("key", True, f"{why}; this record was published before")
        else:
            problem = settings.lists.asserted(issuer, method)
            if problem:
                verdict.add("key", False, problem)
                return False
            if settings.lists.known(canonical.digest(dict(document))) is False:
                verdict.add("published", True, NOT_PUBLISHED)
    return True


def _proofs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The proofs of a document, or none at all when one of them cannot be read."""
    found = document.get("proof")
    listed: list[Any] = found if isinstance(found, list) else [found]
    proofs = [one for one in listed if isinstance(one, dict)]
    return proofs if len(proofs) == len(listed) <= MAX_PROOFS else []


def _check_proof(
    document: Mapping[str, Any],
    one: Mapping[str, Any],
    identity: str,
    issuer: Issuer | None,
    settings: Settings,
    *,
    at: datetime | None = None,
    publication: bool = False,
) -> None:
    """Check one proof and the time of its key; whether the key was stolen is asked elsewhere.

    publication: the document is a status list, which an institution may sign with a key for that alone.
    """
    at = (at or settings.at) + settings.leeway
    method = one.get("verificationMethod")
    if not isinstance(method, str) or not method.startswith(f"{identity}#"):
        raise proof.BadProof("its key does not belong to the issuer that the record names")
    created = _moment(one.get("created"), "created")
    if created > at:
        raise proof.BadProof("it was made after the moment asked for")
    if "expires" in one and _moment(one["expires"], "expires") <= at:
        raise proof.BadProof("it has expired")
    if issuer is None:
        public = _named_key(method)
    else:
        key = issuer.key(method)
        if key is None:
            raise proof.BadProof("its key is not one of this issuer's")
        _check_key(key, created)
        if key.signs == "publications" and not publication:
            raise proof.BadProof("its key signs status lists, and no records")
        public = multikey.public_bytes(key.publicKeyMultibase)
    proof.verify(document, one, public, rdfc=settings.rdfc)


def _moment(text: Any, name: str) -> datetime:
    try:
        return times.any_moment(text)
    except (ValueError, TypeError):
        raise proof.BadProof(f"its time `{name}` is missing or not a moment") from None


def _check_key(key: Key, created: datetime) -> None:
    """The key must have been in use when the proof says it was made."""
    if created < times.moment(key.valid_from):
        raise proof.BadProof("it claims to be older than its key")
    if key.valid_until is not None and created > times.moment(key.valid_until):
        raise proof.BadProof("it was made after its key had been retired")


def _named_key(method: str) -> bytes:
    """The key that an unknown issuer's proof names; it says only that the record was not changed."""
    try:
        return multikey.public_bytes(method.partition("#")[2])
    except ValueError:
        raise proof.BadProof("issuer unknown, so its key is unknown too") from None


def _check_issuer(verdict: Verdict, issuer: Issuer | None, record: form.Record, good: bool) -> None:
    if issuer is not None:
        verdict.add("issuer", True, f"{issuer.name} ({issuer.id}), from your list")
        return
    state = "signature good, issuer unknown" if good else "issuer unknown"
    verdict.add("issuer", False, f"{state}: {record.issuer.id} is not in your list")


def _check_dates(verdict: Verdict, record: form.Record, at: datetime, leeway: timedelta) -> None:
    begins = times.any_moment(record.validFrom)
    if begins > at + leeway:
        verdict.add("dates", False, f"not valid before {record.validFrom}")
    elif record.validUntil is not None and times.any_moment(record.validUntil) <= at:
        verdict.add("dates", False, f"expired on {record.validUntil}")
    else:
        until = f"until {record.validUntil}" if record.validUntil else "without end"
        verdict.add("dates", True, f"valid from {record.validFrom} {until}")


def _check_status(
    verdict: Verdict, document: Mapping[str, Any], record: form.Record, issuer: Issuer, settings: Settings
) -> None:
    """Whether the record was revoked or suspended, as far as the verifier's lists tell."""
    if not record.credentialStatus:
        verdict.status = "good"
        verdict.add("status", True, "this record names no status list, so it cannot be revoked")
        return
    moments: list[datetime] = []
    problems: list[str] = []
    states: set[Status] = set()
    for entry in record.credentialStatus + _beside(record.credentialStatus, issuer):
        try:
            moment, is_set = _look_up(entry, issuer, settings)
        except (status.BadList, proof.BadProof) as error:
            problems.append(f"the list of {entry.statusPurpose}s cannot be used: {error}")
            continue
        moments.append(moment)
        if is_set:
            states.add("suspended" if entry.statusPurpose == "suspension" else "revoked")
    if states:
        # What one list says for certain does not wait for the other.
        verdict.status = "revoked" if "revoked" in states else "suspended"
        verdict.add("status", False, f"{verdict.status} as of {times.text(min(moments))}")
    elif problems:
        verdict.add("status", False, f"unknown: {'; '.join(problems)}")
    else:
        verdict.status = "good"
        verdict.add("status", True, f"good as of {times.text(min(moments))}")


def _beside(named: list[form.StatusEntry], issuer: Issuer) -> list[form.StatusEntry]:
    """The entries for suspension that an issuer keeps beside those of revocation which a record names."""
    if not issuer.suspends or any(entry.statusPurpose == "suspension" for entry in named):
        return []
    return [
        entry.model_copy(
            update={
                "statusPurpose": "suspension",
                "statusListCredential": status.suspension_of(entry.statusListCredential),
            }
        )
        for entry in named
        if entry.statusPurpose == "revocation"
    ]


def _look_up(entry: form.StatusEntry, issuer: Issuer, settings: Settings) -> tuple[datetime, bool]:
    """The moment and the answer of a status list that the record's own issuer signed."""
    if entry.type != "BitstringStatusListEntry" or entry.statusPurpose not in status.PURPOSES:
        raise status.BadList("the record asks for a kind of status that this program does not know")
    address = entry.statusListCredential
    place = (issuer.id, address, entry.statusPurpose)
    moment, data = settings.lists.status(
        place, lambda found, live: _check_list(found, live, entry, issuer, settings)
    )
    return moment, status.is_set(data, entry.statusListIndex)


def _check_list(
    found: Any, live: bool, entry: form.StatusEntry, issuer: Issuer, settings: Settings
) -> Checked:
    """Hold a status list against its issuer, its time and its own form."""
    if not isinstance(found, dict) or found.get("issuer") != issuer.id:
        raise status.BadList("it was not issued by the issuer of the record")
    # Linked data says the same under more contexts and in another order; a list is taken as it is published.
    if found.get("@context") not in (contexts.CREDENTIALS, [contexts.CREDENTIALS]):
        raise status.BadList("its context is not that of credentials")
    # What was revoked after the moment asked for is revoked: the list may be younger, not from the future.
    present = max(settings.at, times.now())
    proofs = _proofs(found)
    if not proofs:
        raise status.BadList("it carries no proof that could be read")
    for one in proofs:
        _check_proof(found, one, issuer.id, issuer, settings, at=present, publication=True)
        key = issuer.key(str(one["verificationMethod"]))
        if key is not None and key.compromised is not None:
            raise status.BadList("its key was reported compromised")
    moment = _moment(found.get("validFrom"), "validFrom")
    if moment > present + settings.leeway:
        raise status.BadList("it is from the future")
    if live and _moment(found.get("validUntil"), "validUntil") <= times.now():
        raise status.BadList(
            f"it is out of date since {found['validUntil']}; the issuer must publish a new one"
        )
    if not live and settings.lists.since is not None and moment < settings.lists.since:
        raise status.BadList(f"it is of {times.text(moment)}, older than you accept")
    return moment, status.bits(found, entry.statusListCredential, entry.statusPurpose)
