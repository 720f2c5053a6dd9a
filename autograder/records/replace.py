"""Correct a record: a new one takes its place, and the old one is revoked with a dated reason.

The work stays the same and keeps its day, so a correction never lengthens a record's life.
"""

from __future__ import annotations

import copy as copying
import functools
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.records import build, chain, files, inventory, proof, safejson, times
from autograder.records.awards import Award, Awards
from autograder.records.decide import Decision, decide
from autograder.records.drafts import Successor, succeed, write_file
from autograder.records.errors import Fault, Refused
from autograder.records.evidence import Evidence, Learner
from autograder.records.issue import Outcome
from autograder.records.issuer import Home
from autograder.records.ledger import Holding, Ledger, Row
from autograder.records.showcase import PUBLIC


@dataclass(frozen=True)
class Correction:
    """What was wrong.

    evidence, awards: what the record shall say, both or neither; without them it says the same of the work.
    holder: how it names its holder; None as before. learner, email: the right ones, where they changed.
    """

    reason: str
    out: Path
    holder: build.HolderKind | None = None
    learner: str | None = None
    email: str | None = None
    evidence: Evidence | None = None
    awards: Awards | None = None

    @functools.cached_property
    def people(self) -> dict[str, Learner]:
        """Who is in the evidence, by id."""
        return {one.learner: one for one in self.evidence.learners} if self.evidence else {}


def replace(
    home: Home, signer: proof.Signer, records: Iterable[str], correction: Correction
) -> Iterator[Outcome | Fault]:
    """Issue corrected records and revoke those that were named, each pair in one transaction.

    What cannot be corrected is a Fault in its place, and stops no other.
    """
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        files.check_folder(correction.out)
        for named in records:
            try:
                yield _replace(home, signer, ledger, named, correction)
            except Fault as fault:
                yield fault


def _replace(home: Home, signer: proof.Signer, ledger: Ledger, named: str, correction: Correction) -> Outcome:
    with ledger.transaction():
        row = inventory.find(ledger, named)
        copy = _replaceable(ledger, row)
        learner = correction.learner or copy.learner
        document, details = (
            _anew(home, copy, learner, correction)
            if correction.evidence is not None
            else _renamed(copy, learner, correction)
        )
        new = Successor(document, learner, details, "replace", correction.reason)
        issued = succeed(home, signer, ledger, (row, copy), new)
        still = ledger.is_suspended(issued.record)
    note = f"in place of {row.record}" + ("; still suspended" if still else "")
    if PUBLIC in issued.details:
        name = issued.details[PUBLIC]["name"]
        note += "; still shown in public" + (f", as {name}" if name else "")
    file = write_file(correction.out, issued)
    return Outcome(issued.learner, issued.award, "replaced", note, issued.record, str(file))


def _replaceable(ledger: Ledger, row: Row) -> Holding:
    """The copy of a record that stands; a Refused says why there is nothing to correct."""
    copy = ledger.holding(row.record)
    entry = inventory.entry(ledger, row, copy)
    if entry.state == "replaced":
        raise Refused(f"{row.record} was replaced by {entry.successor}", remedy="replace that one")
    if entry.state == "revoked":
        remedy = "where its holder shall have one even so: records issue --learner ID --again --reason WHY"
        raise Refused(f"{row.record} is revoked", remedy=remedy)
    if entry.state == "expired":
        raise Refused(f"{row.record} ended on {entry.expires[:10]}", remedy="it is renewed by new work")
    if copy is None:
        raise Refused(f"the copy of {row.record} was erased", remedy="revoke it, and issue from the evidence")
    return copy


def _renamed(copy: Holding, learner: str, correction: Correction) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same record, naming its holder another way."""
    document: dict[str, Any] = copying.deepcopy(safejson.parse(copy.text))
    before = build.holder_of(document)
    kind = correction.holder or before
    if kind == before and learner == copy.learner and (kind != "email" or correction.email is None):
        raise Refused("nothing would change", remedy="add --holder, --learner, --email or --evidence")
    if kind == "email" and correction.email is None:
        if before != "email":
            raise Refused("the e-mail address is not known", remedy="add --email ADDRESS, or --evidence")
        return document, copy.details
    subject = document["credentialSubject"]
    subject.pop("identifier", None)
    named = build.identity(kind, learner, correction.email)
    if named is not None:
        subject["identifier"] = [named]
    return document, copy.details


def _anew(
    home: Home, copy: Holding, learner: str, correction: Correction
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record that evidence and awards give now, for the same work and from the same day on."""
    if correction.evidence is None or correction.awards is None:
        raise ValueError("a correction from evidence needs both files")
    award = next((one for one in correction.awards.awards if one.id == copy.award), None)
    if award is None:
        raise Refused(f"the awards file has no award {copy.award}", remedy="give the file that has it")
    person = correction.people.get(learner)
    if person is None:
        what = f"{learner} is not in the evidence"
        raise Refused(what, remedy="add the --evidence of that class, or say who it is now: --learner ID")
    ways: list[Award] = [award, *([award.refresher] if award.refresher else [])]
    decisions = [decide(person, way) for way in ways]
    decision = next((one for one in decisions if one.earned), None)
    if decision is None:
        why = f"the evidence does not support it: {decisions[0].why_not}"
        raise Refused(why, remedy="a record that nothing supports is revoked, not replaced")
    _same_work(copy, decision)
    document = safejson.parse(copy.text)
    completed = min(decision.completed, str(copy.details["completed"]))
    expires = build.expiry(decision.award, completed)
    if times.moment(expires) <= times.now():
        raise Refused(f"it would have ended on {expires[:10]}", remedy="it is renewed by new work")
    order = build.Order(
        build.new_record(),
        decision,
        correction.evidence.course,
        home.issuer,
        0,
        times.text(times.now()),
        correction.holder or build.holder_of(document),
        bool(copy.details["demonstration"]),
        completed,
    )
    details = {
        **copy.details,
        "title": decision.award.title,
        "course": correction.evidence.course.id,
        "version": build.oldest(order).version,
        "score": round(float(decision.percent), 1),
        "pass_mark": decision.pass_mark,
        "completed": completed,
        "expires": expires,
        "work": build.work(decision),
    }
    return build.credential(order), details


def _same_work(copy: Holding, decision: Decision) -> None:
    """Refuse work on another variant: that renews a record and does not correct it."""
    before = copy.details.get("work") or {}
    for exercise, done in build.work(decision).items():
        known = {before.get(exercise, done)["variant"], done["variant"]} - {""}
        if len(known) > 1:
            raise Refused(
                f"exercise {exercise} was done on another variant than the record rests on",
                remedy="that is a renewal: records issue",
            )
