"""The office's views: who has earned or lacks what, whose record expires, and the completion file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from autograder.records import build, canonical, times
from autograder.records.awards import Award, Awards
from autograder.records.decide import Decision, decide
from autograder.records.errors import Fault, Refused
from autograder.records.evidence import Evidence
from autograder.records.issuer import Home
from autograder.records.ledger import Holding, Ledger

COLUMNS = (
    "person id",
    "course",
    "version",
    "group",
    "stage",
    "score",
    "pass mark",
    "completed on",
    "expires on",
)


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
    """States: earned, uncertified, lacks, holds, expires, expired, check (held, but no longer supported)."""
    with closing(Ledger(home.ledger)) as ledger:
        for learner in evidence.learners:
            for award in awards.awards:
                held = _standing(ledger, learner.learner, award)
                yield _line(decide(learner, award), held, days)


def _standing(ledger: Ledger, learner: str, award: Award) -> Holding | None:
    """The newest record of an award that was neither revoked nor a demonstration."""
    revoked = ledger.revoked()
    standing = [
        held
        for held in ledger.holdings(learner=learner, award=award.id)
        if held.record not in revoked and not held.details["demonstration"]
    ]
    return max(standing, key=lambda held: str(held.details["expires"]), default=None)


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
    left = times.moment(expires) - times.now()
    state = "expired" if left <= timedelta(0) else "expires" if left <= timedelta(days=days) else "holds"
    return Line(learner, award, state, expires, "", held.record)


def revoke(home: Home, record: str, reason: str) -> str:
    """Write the revocation into the ledger; it reaches others with the next `records publish`."""
    if not reason.strip() or canonical.CONTROL.search(reason):
        raise Fault("--reason is empty or holds a control character", remedy="say why in a few words")
    with closing(Ledger(home.ledger)) as ledger, ledger.transaction():
        row = ledger.issue_of(record)
        if row is None:
            raise Refused(
                f"no record {record[:60]} was issued here", remedy="give the id of a record (urn:uuid:…)"
            )
        if record in ledger.revoked():
            raise Refused(f"{record} is revoked already")
        ledger.append("revoke", record, digest=row.digest, place=row.place)
        ledger.note(record, reason)
        return str(row.facts["award"])


def completions(home: Home) -> str:
    """The completion file as CSV: what stands now, without demonstrations."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    with closing(Ledger(home.ledger)) as ledger:
        revoked = ledger.revoked()
        for held in ledger.holdings():
            if held.record not in revoked and not held.details["demonstration"]:
                writer.writerow([neutral(cell) for cell in _cells(held)])
    return out.getvalue()


def _cells(held: Holding) -> list[str]:
    told = held.details
    return [
        held.learner,
        str(told["course"]),
        str(told["version"]),
        "",
        str(told["title"]),
        f"{told['score']:g}",
        f"{told['pass_mark']:g}",
        str(told["completed"])[:10],
        str(told["expires"])[:10],
    ]


def neutral(cell: str) -> str:
    """Keep a spreadsheet from running a cell: a leading = + - @ | or % gets an apostrophe in front."""
    return f"'{cell}" if cell[:1] in tuple("=+-@|%") else cell
