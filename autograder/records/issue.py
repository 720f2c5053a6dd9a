"""Issue records: one transaction writes ledger line and record, then the file follows and can be restored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.records import build, canonical, files, proof, status, times
from autograder.records.awards import Awards
from autograder.records.decide import Decision, decide
from autograder.records.errors import Fault
from autograder.records.evidence import Evidence, Learner
from autograder.records.issuer import Home
from autograder.records.ledger import Holding, Ledger


@dataclass(frozen=True)
class Outcome:
    """What happened for one learner and one award: issued, already (issued before), refused or lacking."""

    learner: str
    award: str
    result: str
    reason: str = ""
    record: str = ""
    file: str = ""


@dataclass(frozen=True)
class Run:
    """The settings of one run of `records issue`."""

    home: Home
    signer: proof.Signer
    evidence: Evidence
    awards: Awards
    out: Path
    holder: build.HolderKind
    demonstration: bool


def prepare(home: Home, evidence: Evidence, awards: Awards) -> None:
    """Refuse files that do not belong together."""
    if evidence.course.id != awards.course:
        raise Fault(
            f"the awards are for the course {awards.course}, the evidence is from {evidence.course.id}",
            remedy="use the files of one course",
        )
    if awards.issuer is not None and awards.issuer != home.issuer.id:
        raise Fault("the awards name another issuer than this folder", remedy="check --issuer")


def issue(run: Run, learners: tuple[Learner, ...]) -> Iterator[Outcome]:
    """Issue to each learner what was earned; running again issues nothing new."""
    with closing(Ledger(run.home.ledger)) as ledger:
        for learner in learners:
            for award in run.awards.awards:
                yield _one(run, ledger, decide(learner, award))


def _one(run: Run, ledger: Ledger, decision: Decision) -> Outcome:
    learner, award = decision.learner.learner, decision.award.id
    if not decision.reached:
        return Outcome(learner, award, "lacking", "; ".join(decision.lacks))
    if not decision.earned and not run.demonstration:
        return Outcome(learner, award, "refused", f"not certifiable: {'; '.join(decision.uncertified)}")
    if times.moment(build.expiry(decision.award, decision.completed)) <= times.now():
        return Outcome(learner, award, "lacking", f"completed {decision.completed[:10]}, expired since")
    if times.moment(decision.completed) > times.now():
        return Outcome(learner, award, "lacking", "the evidence is dated in the future")
    if run.holder == "email" and not build.has_email(decision.learner):
        return Outcome(learner, award, "lacking", "no e-mail address; choose --holder id or none, or add it")
    claim = ledger.claim(learner, award, build.stated(decision, demonstration=run.demonstration))
    with ledger.transaction():
        before = ledger.issued(claim)
        held = ledger.holding(before.record) if before else _make(run, ledger, decision, claim)
    if before and held is None:
        return Outcome(learner, award, "already", "issued before; its copy was erased", before.record)
    assert held is not None
    file = run.out / file_name(held)
    if not file.exists() or file.read_bytes() != held.text:
        files.write(file, held.text, mode=0o600)
    return Outcome(learner, award, "already" if before else "issued", "", held.record, str(file))


def _make(run: Run, ledger: Ledger, decision: Decision, claim: str) -> Holding:
    """Build, sign, and write both tables; the caller holds the transaction."""
    moment, record = times.text(times.now()), build.new_record()
    place = status.free_index(ledger.taken, ledger.count())
    order = build.Order(
        record, decision, run.evidence.course, run.home.issuer, place, moment, run.holder, run.demonstration
    )
    signed = proof.sign_set(build.credential(order), run.signer, moment)
    text = canonical.jcs(signed)
    expires = build.expiry(decision.award, decision.completed)
    ledger.append(
        "issue",
        record,
        digest=canonical.digest(signed),
        claim=claim,
        place=place,
        award=decision.award.id,
        expires=expires,
        demonstration=run.demonstration,
        key=run.signer.method,
    )
    details = {
        "title": decision.award.title,
        "course": run.evidence.course.id,
        "version": run.evidence.course.version,
        "score": round(float(decision.percent), 1),
        "pass_mark": decision.pass_mark,
        "completed": decision.completed,
        "expires": expires,
        "demonstration": run.demonstration,
    }
    held = Holding(record, decision.learner.learner, decision.award.id, text, details)
    ledger.keep(held)
    return held


def file_name(held: Holding) -> str:
    """`learner-award-xxxxxxxx.json`, with nothing in it that a file system takes amiss."""
    learner = re.sub(r"[^A-Za-z0-9._@+-]", "_", held.learner)
    return f"{learner}-{held.award}-{held.record[9:17]}.json"
