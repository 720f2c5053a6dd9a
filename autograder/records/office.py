"""The office's views: who has earned or lacks what, whose record expires, and what takes a record back."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from autograder.records import build, canonical, chain, inventory, times
from autograder.records.awards import Awards
from autograder.records.entitlement import Entitlement, HandIns, entitle, speaks_of
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


@dataclass(frozen=True)
class Marked:
    """A record that was revoked, suspended or resumed, and whose it is."""

    record: str
    award: str
    learner: str


def due(home: Home, evidence: Evidence, awards: Awards, days: int) -> Iterator[Line]:
    """States: earned, renews, uncertified, lacks, holds, suspended, expires, expired, check (look at it).

    Who holds a record and is not in this evidence (an earlier class) is shown when it ends soon or has ended.
    """
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        standing, suspended, taken = _standing(ledger), ledger.suspended(), _taken_back(ledger)
        revoked = ledger.revoked()
        hand_ins = HandIns(ledger, revoked)
        for learner in evidence.learners:
            for award in awards.awards:
                found = entitle(ledger, learner, award, revoked)
                held = standing.pop((learner.learner, award.id), None)
                line = _line(found, held, days)
                if held is not None and held.record in suspended and line.state in ("holds", "renews"):
                    line = replace(line, state="suspended")
                if line.state == "earned" and (learner.learner, award.id) in taken:
                    line = replace(line, note="had one that was revoked; a new one needs --again --reason")
                if line.state in ("earned", "renews") and (why := hand_ins.of_another(found.decision)):
                    line = replace(line, state="check", note=why)
                yield line
    present = {learner.learner for learner in evidence.learners}
    for held in standing.values():
        state = _state(held, days)
        if held.learner not in present and state != "holds":
            note = "not in this evidence"
            yield Line(held.learner, held.award, state, str(held.details["expires"]), note, held.record)


def list_warning(home: Home) -> str:
    """What to know of the published status lists before they end, or nothing.

    A third of their life is left for whoever publishes to come back.
    """
    with closing(home.open_ledger()) as ledger:
        until = ledger.published_until()
    if until is None or until - times.now() > timedelta(days=home.list_days) / 3:
        return ""
    if until <= times.now():
        return (
            f"the published status lists ended on {times.text(until)}: every record's status is unknown now"
        )
    return f"the published status lists end on {times.text(until)}"


def _standing(ledger: Ledger) -> dict[tuple[str, str], Holding]:
    """Of each learner and award the record that lasts longest and was neither revoked nor a demonstration."""
    revoked = ledger.revoked()
    found: dict[tuple[str, str], Holding] = {}
    for held in ledger.stubs():
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
        for held in ledger.stubs()
        if held.record in revoked and not held.details["demonstration"]
    }


def _line(found: Entitlement, held: Holding | None, days: int) -> Line:
    decision = found.decision
    learner, award = decision.learner.learner, decision.award.id
    if held is None:
        if not decision.reached:
            return Line(learner, award, "lacks", note="; ".join(decision.lacks))
        if not decision.earned:
            return Line(learner, award, "uncertified", note="; ".join(decision.uncertified))
        return Line(learner, award, "earned", build.expiry(decision.award, decision.completed))
    expires = str(held.details["expires"])
    if found.holds is None:
        note = f"follows {held.record}, which ends on {expires[:10]}"
        return Line(
            learner, award, "renews", build.expiry(decision.award, decision.completed), note, held.record
        )
    if not decision.earned and speaks_of(decision.learner, held):
        note = (
            f"the evidence is not settled ({decision.why_not}); settle that in the course, then look again"
            if decision.unsettled
            else f"the evidence no longer supports this record ({decision.why_not}); consider: records revoke"
        )
        return Line(learner, award, "check", expires, note, held.record)
    state = _state(held, days)
    note = "" if state == "holds" else "a renewal needs work on a fresh variant"
    return Line(learner, award, state, expires, note, held.record)


def _state(held: Holding, days: int) -> str:
    left = times.moment(str(held.details["expires"])) - times.now()
    return "expired" if left <= timedelta(0) else "expires" if left <= timedelta(days=days) else "holds"


def revoke(home: Home, record: str, reason: str) -> str:
    """Write the revocation into the ledger; it reaches others with the next `records publish`."""
    return mark(home, "revoke", record, reason)


def mark(home: Home, event: Event, record: str, reason: str) -> str:
    """Revoke, suspend or resume a record; the answer is the award that it was for."""
    marked, faults = mark_all(home, event, [record], reason)
    if faults:
        raise faults[0]
    return marked[0].award


def mark_all(
    home: Home, event: Event, records: Iterable[str], reason: str, *, dry_run: bool = False
) -> tuple[list[Marked], list[Fault]]:
    """Revoke, suspend or resume records in one transaction; what cannot be is told, and stops no other.

    dry_run: say what would be done, and write nothing.
    """
    check_reason(reason)
    done: list[Marked] = []
    faults: list[Fault] = []
    with closing(home.open_ledger()) as ledger, contextlib.ExitStack() as stack:
        chain.check(home, ledger)
        if not dry_run:
            stack.enter_context(ledger.transaction())
        revoked, suspended = set(ledger.revoked()), set(ledger.suspended())
        for named in dict.fromkeys(records):
            try:
                row = inventory.find(ledger, named)
                _check_mark(event, row.record, revoked, suspended)
            except Fault as fault:
                faults.append(fault)
                continue
            copy = ledger.holding(row.record)
            done.append(Marked(row.record, str(row.facts["award"]), copy.learner if copy else ""))
            {"revoke": revoked, "suspend": suspended}.get(event, set()).add(row.record)
            if not dry_run:
                line = ledger.append(event, row.record, digest=row.digest, place=row.place)
                ledger.note(line, reason)
    return done, faults


def _check_mark(event: Event, record: str, revoked: Container[str], suspended: Container[str]) -> None:
    if record in revoked:
        raise Refused(f"{record} is revoked already")
    if (record in suspended) != (event == "resume") and event != "revoke":
        raise Refused(f"{record} is {'not suspended' if event == 'resume' else 'suspended already'}")


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing, or that is no plain text."""
    if not reason.strip() or canonical.CONTROL.search(reason):
        raise Fault("--reason is empty or holds a control character", remedy="say why in a few words")
