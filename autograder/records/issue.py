"""Issue records: one transaction writes ledger line and record, then the file follows and can be restored."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.records import build, canonical, chain, files, proof, times
from autograder.records.awards import Award, Awards
from autograder.records.decide import Decision
from autograder.records.drafts import Draft, next_place, record_issue, take_back, write_file
from autograder.records.entitlement import Entitlement, HandIns, entitle
from autograder.records.errors import Fault
from autograder.records.evidence import Evidence, Learner
from autograder.records.issuer import Home
from autograder.records.ledger import Holding, Ledger, Row
from autograder.records.showcase import PUBLIC, wish_of
from autograder.records.worker import Team

# So many learners are in one transaction: a killed run loses at most that much work, and no record.
BATCH = 50
# From here on, starting helpers costs less than they save.
MANY = 100
UNCERTIFIED = "not certifiable: "
Jobs = list[tuple[dict[str, Any], str]]
SignAll = Callable[[Jobs], list[dict[str, Any]]]


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
    """The settings of one run of `records issue`.

    again: why somebody gets a new record whose last one was revoked or is suspended; without it nobody does.
    """

    home: Home
    signer: proof.Signer
    evidence: Evidence
    awards: Awards
    out: Path
    holder: build.HolderKind
    demonstration: bool
    again: str = ""


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
    wanted = [(learner, award) for learner in learners for award in run.awards.awards]
    if not wanted:
        return
    with closing(run.home.open_ledger()) as ledger, contextlib.ExitStack() as stack:
        chain.check(run.home, ledger)
        files.check_folder(run.out)
        rdfc: proof.Canonicaliser = canonical.rdfc
        threads: ThreadPoolExecutor | None = None
        if len(wanted) >= MANY:
            # Linked data takes most of the time, and its workers need no key.
            team = stack.enter_context(Team(os.cpu_count() or 1))
            rdfc, threads = team, stack.enter_context(ThreadPoolExecutor(team.size))
        sign = partial(_sign_all, run.signer, rdfc, threads)
        batches = _Batches(run, ledger, sign, HandIns(ledger, ledger.revoked()))
        for start in range(0, len(wanted), BATCH):
            yield from batches.issue(wanted[start : start + BATCH])


def _sign_all(
    signer: proof.Signer, rdfc: proof.Canonicaliser, threads: ThreadPoolExecutor | None, jobs: Jobs
) -> list[dict[str, Any]]:
    def sign(job: tuple[dict[str, Any], str]) -> dict[str, Any]:
        return proof.sign_set(job[0], signer, job[1], rdfc=rdfc)

    return list(threads.map(sign, jobs) if threads else map(sign, jobs))


class _Batches:
    """The work of one run, some learners at a time."""

    def __init__(self, run: Run, ledger: Ledger, sign: SignAll, hand_ins: HandIns) -> None:
        self.run, self.ledger, self.sign, self.hand_ins = run, ledger, sign, hand_ins
        self.revoked: Container[str] = ()
        self.suspended: Container[str] = ()

    def issue(self, wanted: list[tuple[Learner, Award]]) -> list[Outcome]:
        """One transaction for some learners: all of their lines and copies, or none; then their files."""
        outcomes: list[Outcome] = []
        copies: dict[int, Holding] = {}
        drafts: list[tuple[int, Draft]] = []
        places: set[int] = set()
        with self.ledger.transaction():
            self.revoked, self.suspended = self.ledger.revoked(), self.ledger.suspended()
            for number, (learner, award) in enumerate(wanted):
                outcome, found = self._look(learner, award, places)
                outcomes.append(outcome)
                if isinstance(found, Draft):
                    drafts.append((number, found))
                elif found is not None:
                    copies[number] = found
            signed = self.sign([(draft.document, draft.moment) for _, draft in drafts])
            for (number, draft), document in zip(drafts, signed, strict=True):
                copies[number] = record_issue(self.run.home, self.ledger, draft, document)
                outcomes[number] = replace(outcomes[number], record=draft.record)
        for number, copy in copies.items():
            outcomes[number] = replace(outcomes[number], file=str(write_file(self.run.out, copy)))
        return outcomes

    def _look(
        self, learner: Learner, award: Award, places: set[int]
    ) -> tuple[Outcome, Draft | Holding | None]:
        """What becomes of one learner and award: an outcome, and a draft to be signed or a copy to write."""
        run = self.run
        due = entitle(self.ledger, learner, award, self.revoked, demonstration=run.demonstration)
        if due.holds is not None and not (run.again and due.holds.record in self.suspended):
            return _held(due.holds, self.suspended, _changed(due.holds, due.decision))
        outcome = _refusal(run, due.decision)
        if outcome.result != "issued":
            return outcome, None
        claim, last, before = self._claim(due)
        if before is not None:
            lost = before[0].record in self.revoked
            if not lost or not _changed(self.ledger.holding(before[0].record), due.decision):
                return before
        why = self.hand_ins.of_another(due.decision)
        if not why and not run.again:
            why = _taken_back(run, self.ledger, due.decision, self.revoked, self.suspended)
        if why:
            return replace(outcome, result="refused", reason=why), None
        try:
            draft = _draft(run, self.ledger, due, claim, places)
        except Fault as fault:
            return replace(outcome, result="refused", reason=fault.what), None
        if not run.demonstration:
            self.hand_ins.add(draft.learner, draft.record, draft.details)
        if last and (wish := wish_of(self.ledger, last)) is not None:
            draft.details[PUBLIC] = wish
        if last in self.suspended:
            # The new one takes its place, so that both cannot stand when somebody resumes it.
            row = self.ledger.issue_of(last)
            if row is not None:
                take_back(self.ledger, row, run.again)
        return outcome, draft

    def _claim(self, due: Entitlement) -> tuple[str, str, tuple[Outcome, Holding | None] | None]:
        """The claim to answer, the record that it would follow, and what answered it before."""
        learner, award = due.decision.learner.learner, due.decision.award.id
        if due.holds is not None:
            return self.ledger.claim("again", due.holds.record), due.holds.record, None
        claims = [
            self.ledger.claim(learner, award, stated(due.decision, demonstration=self.run.demonstration))
            for stated in (build.stated, build.stated_before)
        ]
        found = next((row for claim in claims if (row := self.ledger.issued(claim)) is not None), None)
        if found is None:
            return claims[0], "", None
        outcome, copy = _before(self.ledger, learner, award, found)
        if not self.run.again or not (outcome.record in self.revoked or outcome.record in self.suspended):
            return claims[0], "", (outcome, copy)
        return self.ledger.claim("again", outcome.record), outcome.record, None


def _changed(copy: Holding | None, decision: Decision) -> str:
    """Whether the evidence is of another hand-in than a record on the same variant."""
    before = (copy.details.get("work") or {}) if copy is not None else {}
    for exercise, done in build.work(decision).items():
        if exercise in before and before[exercise]["sha256"] != done["sha256"]:
            return "another hand-in on the same variant; where it shall count: records replace"
    return ""


def _held(copy: Holding, suspended: Container[str], changed: str) -> tuple[Outcome, Holding | None]:
    """Somebody holds the award, and nothing in the evidence renews it."""
    ends = str(copy.details["expires"])
    if copy.record in suspended:
        why = f"{copy.record} is suspended; see records resume, or give --again --reason"
        result = "refused" if changed else "already"
        return Outcome(copy.learner, copy.award, result, why, copy.record), None if changed else copy
    if times.moment(ends) <= times.now():
        why = f"{copy.record} ended on {ends[:10]}; a renewal needs work on a fresh variant"
        return Outcome(copy.learner, copy.award, "lacking", why, copy.record), None
    return Outcome(copy.learner, copy.award, "already", changed, copy.record), copy


def _before(ledger: Ledger, learner: str, award: str, row: Row) -> tuple[Outcome, Holding | None]:
    """What became of a record that this evidence earned before; one that was reissued lives on as another."""
    while ledger.is_revoked(row.record):
        successor = ledger.successor(row.record)
        if successor is None:
            return Outcome(learner, award, "already", "issued before, and revoked", row.record), None
        row = successor
    copy = ledger.holding(row.record)
    why = "" if copy else "issued before; its copy was erased"
    return Outcome(learner, award, "already", why, row.record), copy


def _taken_back(
    run: Run, ledger: Ledger, decision: Decision, revoked: Container[str], suspended: Container[str]
) -> str:
    """Why another hand-in earns no new record: what this person had for the award was taken back."""
    had = [
        one.record
        for one in ledger.holdings(learner=decision.learner.learner, award=decision.award.id)
        if one.details["demonstration"] == run.demonstration and ledger.successor(one.record) is None
    ]
    for record in had:
        if record in suspended:
            return f"{record} is suspended; see records resume, or give --again --reason"
    if had and had[-1] in revoked:
        return f"{had[-1]} was revoked; a new one needs --again --reason"
    return ""


def _refusal(run: Run, decision: Decision) -> Outcome:
    """Why nothing can be issued, or an outcome that says it will be."""
    learner, award = decision.learner.learner, decision.award.id
    if not decision.reached:
        return Outcome(learner, award, "lacking", decision.why_not)
    if not decision.earned and not run.demonstration:
        return Outcome(learner, award, "refused", UNCERTIFIED + decision.why_not)
    # First of all, because no calendar can add a term to the year 9999.
    if times.moment(decision.completed) > times.now():
        return Outcome(learner, award, "lacking", "the evidence is dated in the future")
    expires = build.expiry(decision.award, decision.completed)
    if times.moment(expires) <= times.now():
        return Outcome(learner, award, "lacking", f"what it would certify is expired since {expires}")
    if run.holder == "email" and not build.has_email(decision.learner):
        return Outcome(learner, award, "lacking", "no e-mail address; choose --holder id or none, or add it")
    return Outcome(learner, award, "issued")


def _draft(run: Run, ledger: Ledger, due: Entitlement, claim: str, places: set[int]) -> Draft:
    """The unsigned record in a place that nobody has, and what the ledger will say of it."""
    decision = due.decision
    moment, record = times.text(times.now()), build.new_record()
    place = next_place(ledger, places)
    order = build.Order(
        record, decision, run.evidence.course, run.home.issuer, place, moment, run.holder, run.demonstration
    )
    details = {
        "title": decision.award.title,
        "course": run.evidence.course.id,
        "version": build.oldest(order).version,
        "score": round(float(decision.percent), 1),
        "pass_mark": decision.pass_mark,
        "completed": decision.completed,
        "expires": build.expiry(decision.award, decision.completed),
        "demonstration": run.demonstration,
        "work": build.work(decision),
        **({"renews": due.renews.record} if due.renews else {}),
        **({"again": run.again} if run.again else {}),
    }
    learner, award = decision.learner.learner, decision.award.id
    return Draft(record, learner, award, claim, place, moment, build.credential(order), details)
