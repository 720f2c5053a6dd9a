"""The office's views: who has earned or lacks what, whose record expires, and what takes a record back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from autograder.records import build, canonical, chain, times
from autograder.records.awards import Awards
from autograder.records.decide import Decision, decide
from autograder.records.errors import Fault, Refused
from autograder.records.evidence import Evidence
from autograder.records.issuer import Home
from autograder.records.ledger import Holding, Ledger

Event = Literal["revoke", "suspend", "resume"]


@dataclass(frozen=True)
class Line:
    """One learner and one award, as the office sees them."""

    learner: str
    award: str
    state: str
    expires: str = ""
    note: str = ""
    record: str = ""


def due(home: Home, evidence: Evidence, awards: Awards, days: int) -> Iterator[Line]:
    """States: earned, uncertified, lacks, holds, suspended, expires, expired, check (no longer supported).

    Who holds a record and is not in this evidence (an earlier class) is shown when it ends soon or has ended.
    """
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        standing, suspended, taken = _standing(ledger), ledger.suspended(), _taken_back(ledger)
    for learner in evidence.learners:
        for award in awards.awards:
            held = standing.pop((learner.learner, award.id), None)
            line = _line(decide(learner, award), held, days)
            if held is not None and held.record in suspended and line.state == "holds":
                line = replace(line, state="suspended")
            if line.state == "earned" and (learner.learner, award.id) in taken:
                line = replace(line, note="had one that was revoked; a new one needs --again --reason")
            yield line
    present = {learner.learner for learner in evidence.learners}
    for held in standing.values():
        state = _state(held, days)
        if held.learner not in present and state != "holds":
            note = "not in this evidence"
            yield Line(held.learner, held.award, state, str(held.details["expires"]), note, held.record)


def _standing(ledger: Ledger) -> dict[tuple[str, str], Holding]:
    """Of each learner and award the record that lasts longest and was neither revoked nor a demonstration."""
    revoked = ledger.revoked()
    found: dict[tuple[str, str], Holding] = {}
    for held in ledger.holdings():
        if held.record in revoked or held.details["demonstration"]:
            continue
        place = (held.learner, held.award)
        if place not in found or str(found[place].details["expires"]) <= str(held.details["expires"]):
            found[place] = held
    return found


def _taken_back(ledger: Ledger) -> set[tuple[str, str]]:
    """Learners and awards of which a record was revoked."""
    revoked = ledger.revoked()
    return {
        (held.learner, held.award)
        for held in ledger.holdings()
        if held.record in revoked and not held.details["demonstration"]
    }


def _line(decision: Decision, held: Holding | None, days: int) -> Line:
    learner, award = decision.learner.learner, decision.award.id
    if held is None:
        if not decision.reached:
            return Line(learner, award, "lacks", note="; ".join(decision.lacks))
        if not decision.earned:
            return Line(learner, award, "uncertified", note="; ".join(decision.uncertified))
        return Line(learner, award, "earned", build.expiry(decision.award, decision.completed))
    expires = str(held.details["expires"])
    if not decision.earned:
        note = f"the evidence no longer supports this record ({decision.why_not}); consider: records revoke"
        return Line(learner, award, "check", expires, note, held.record)
    return Line(learner, award, _state(held, days), expires, "", held.record)


def _state(held: Holding, days: int) -> str:
    left = times.moment(str(held.details["expires"])) - times.now()
    return "expired" if left <= timedelta(0) else "expires" if left <= timedelta(days=days) else "holds"


def revoke(home: Home, record: str, reason: str) -> str:
    """Write the revocation into the ledger; it reaches others with the next `records publish`."""
    return mark(home, "revoke", record, reason)


def mark(home: Home, event: Event, record: str, reason: str) -> str:
    """Revoke, suspend or resume a record; the answer is the award that it was for."""
    check_reason(reason)
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        row = ledger.issue_of(record)
        if row is None:
            raise Refused(
                f"no record {record[:60]} was issued here", remedy="give the id of a record (urn:uuid:…)"
            )
        if record in ledger.revoked():
            raise Refused(f"{record} is revoked already")
        if (record in ledger.suspended()) != (event == "resume") and event != "revoke":
            raise Refused(f"{record} is {'not suspended' if event == 'resume' else 'suspended already'}")
        ledger.append(event, record, digest=row.digest, place=row.place)
        ledger.note(record, reason)
        return str(row.facts["award"])


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing, or that is no plain text."""
    if not reason.strip() or canonical.CONTROL.search(reason):
        raise Fault("--reason is empty or holds a control character", remedy="say why in a few words")
