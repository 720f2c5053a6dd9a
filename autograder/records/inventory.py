"""Every record that was issued, with the person, the state it was in at a moment, and what replaced it.

All of it comes from the ledger, so it is there after a holder's file was lost. What was erased stays listed
by its award, dates and state, and names nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from autograder.records import build, safejson, times
from autograder.records.errors import Refused
from autograder.records.ledger import Holding, Ledger, Row

State = Literal["good", "suspended", "revoked", "replaced", "expired"]
STATES: tuple[State, ...] = ("good", "suspended", "revoked", "replaced", "expired")
# What was not taken back; who has such a record was taught what it says, also when it has ended.
STANDING: tuple[State, ...] = ("good", "suspended", "expired")
UNKNOWN = "give the id of a record (urn:uuid:…) or its first eight letters; see: records list"


@dataclass(frozen=True)
class Entry:
    """One record at a moment.

    learner, title, version, completed, reason: empty when the copy was erased.
    issued, completed, expires, since: moments; since is when the state began.
    successor: the record that took its place, or nothing.
    """

    record: str
    learner: str
    award: str
    title: str
    version: str
    issued: str
    completed: str
    expires: str
    state: State
    since: str
    reason: str
    successor: str
    digest: str
    demonstration: bool
    erased: bool

    def as_json(self) -> dict[str, Any]:
        """The machine-readable form."""
        return asdict(self)


def entries(ledger: Ledger, at: datetime | None = None) -> Iterator[Entry]:
    """All records issued until a moment (now), oldest first, as they stood then."""
    moment = times.text(at or times.now())
    marks = _marks(ledger, moment)
    for row, copy in ledger.issues():
        if row.at <= moment:
            yield _entry(ledger, row, copy, marks.get(row.record), moment)


def _marks(ledger: Ledger, moment: str) -> dict[str, Row]:
    """What was last done to each record until a moment; a suspension that ended leaves nothing."""
    last: dict[str, Row] = {}
    for row in ledger.events("suspend", "resume", "revoke"):
        if row.at <= moment:
            last.pop(row.record, None)
            if row.event != "resume":
                last[row.record] = row
    return last


def entry(ledger: Ledger, row: Row, copy: Holding | None) -> Entry:
    """One record as it stands now, by the line that issued it."""
    marks = ledger.marks(row.record)
    last = marks[-1] if marks and marks[-1].event != "resume" else None
    return _entry(ledger, row, copy, last, times.text(times.now()))


def predecessor(ledger: Ledger, row: Row) -> str:
    """The record in whose place this one was issued, or nothing."""
    for record in ledger.revoked():
        later = ledger.successor(record)
        if later is not None and later.record == row.record:
            return record
    return ""


def kin(ledger: Ledger, row: Row) -> list[str]:
    """The other records of the same achievement: those before this one, oldest first, and those after it."""
    before: list[str] = []
    one: Row | None = row
    while one is not None and (record := predecessor(ledger, one)):
        before.insert(0, record)
        one = ledger.issue_of(record)
    after: list[str] = []
    one = ledger.successor(row.record)
    while one is not None:
        after.append(one.record)
        one = ledger.successor(one.record)
    return [*before, *after]


def other_ids(ledger: Ledger, learner: str) -> list[str]:
    """Under which other ids copies of somebody's achievements are kept, because a record was replaced."""
    mine = [held.record for held in ledger.holdings(learner=learner)]
    rows = [row for record in mine if (row := ledger.issue_of(record)) is not None]
    copies = [ledger.holding(record) for row in rows for record in kin(ledger, row)]
    return sorted({held.learner for held in copies if held is not None} - {learner})


def ended_before(ledger: Ledger, moment: datetime) -> list[str]:
    """The learners of whom copies are kept and whose last record ended before a moment."""
    last: dict[str, str] = {}
    for row, copy in ledger.issues():
        if copy is not None:
            last[copy.learner] = max(last.get(copy.learner, ""), str(row.facts["expires"]))
    return sorted(learner for learner, expires in last.items() if expires < times.text(moment))


def _entry(ledger: Ledger, row: Row, copy: Holding | None, mark: Row | None, moment: str) -> Entry:
    details = copy.details if copy else {}
    expires = str(row.facts["expires"])
    state, since, successor = _state(ledger, row, mark, expires, moment)
    return Entry(
        row.record,
        copy.learner if copy else "",
        str(row.facts["award"]),
        str(details.get("title", "")),
        str(details.get("version", "")),
        row.at,
        str(details.get("completed", "")),
        expires,
        state,
        since,
        reason_of(details, mark.seq) if mark else "",
        successor,
        row.digest,
        bool(row.facts["demonstration"]),
        copy is None,
    )


def _state(ledger: Ledger, row: Row, mark: Row | None, expires: str, moment: str) -> tuple[State, str, str]:
    """The state, when it began, and the successor of a record that was replaced."""
    if mark is not None and mark.event == "revoke":
        successor = ledger.successor(row.record)
        if successor is not None and successor.at <= moment:
            return "replaced", mark.at, successor.record
        return "revoked", mark.at, ""
    if expires <= moment:
        return "expired", expires, ""
    if mark is not None:
        return "suspended", mark.at, ""
    return "good", row.at, ""


def reason_of(details: dict[str, Any], seq: int) -> str:
    """Why a record was marked by a line of the ledger; early ledgers kept the last reason only."""
    reasons = details.get("reasons")
    if isinstance(reasons, dict):
        return str(reasons.get(str(seq), ""))
    return str(details.get("reason", ""))


def facts_of(ledger: Ledger, record: str) -> frozenset[str]:
    """The ids of the facts that a kept record says it taught; none where the copy was erased."""
    copy = ledger.holding(record)
    return build.taught(safejson.parse(copy.text))[1] if copy else frozenset()


def find(ledger: Ledger, named: str) -> Row:
    """The line that issued a record, named by its id or the beginning of it."""
    short = named.strip().removeprefix("urn:uuid:").lower()
    found = ledger.issues_like(short) if len(short) >= 8 and not short.strip("0123456789abcdef-") else []
    if not found:
        raise Refused(f"no record {named[:60]} was issued here", remedy=UNKNOWN)
    if len(found) > 1:
        raise Refused(f"{len(found)} records begin with {named[:60]}", remedy="write more of the id")
    return found[0]
