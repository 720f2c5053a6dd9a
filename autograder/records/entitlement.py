"""What somebody may get: a first record, a renewal, or nothing new, because the work earned a record before.

Work is known by the variant that it was done on, not by its bytes: a notebook in which one letter was changed
is the same work, and the same work never renews a record.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from autograder.records import times
from autograder.records.awards import Award
from autograder.records.decide import ANY, Decision, Used, decide
from autograder.records.evidence import Exercise, Learner
from autograder.records.ledger import Holding, Ledger


@dataclass(frozen=True)
class Entitlement:
    """One learner and one award, held against what was issued before.

    holds: the newest record that still counts, when the evidence earns nothing beyond it.
    renews: the record that a new one would follow.
    """

    decision: Decision
    holds: Holding | None = None
    renews: Holding | None = None


def entitle(
    ledger: Ledger, learner: Learner, award: Award, revoked: Container[str], *, demonstration: bool = False
) -> Entitlement:
    """Hold evidence and award against the ledger."""
    earlier = [
        copy
        for copy in ledger.holdings(learner=learner.learner, award=award.id)
        if copy.details["demonstration"] == demonstration
    ]
    if not earlier:
        return Entitlement(decide(learner, award))
    standing = [copy for copy in earlier if copy.record not in revoked]
    latest = max(standing, key=lambda copy: str(copy.details["expires"]), default=None)
    used = used_by(earlier)
    for wanted in [award, *([award.refresher] if latest and award.refresher else [])]:
        decision = decide(learner, wanted, used)
        enough = decision.reached if demonstration else decision.earned
        if enough and (wanted is award or latest is None or _in_time(award, latest, decision)):
            return Entitlement(decision, renews=latest)
    return Entitlement(decide(learner, award), holds=latest)


def _in_time(award: Award, latest: Holding, decision: Decision) -> bool:
    """Whether a refresher was done before the record ended, or in the time of grace after it."""
    ends = times.moment(str(latest.details["expires"]))
    if award.renewal is not None and award.renewal.grace is not None:
        ends = times.after(ends, award.renewal.grace)
    return times.moment(decision.completed) <= ends


def used_by(copies: Iterable[Holding]) -> Used:
    """The variants and hand-ins on which records rest; early records do not say."""
    used: dict[str, frozenset[str]] = {}
    for copy in copies:
        work = copy.details.get("work") or {ANY: {"variant": "", "sha256": ""}}
        for exercise, done in work.items():
            digests = {str(done["variant"]), *([str(done["sha256"])] if done["sha256"] else [])}
            used[exercise] = used.get(exercise, frozenset()) | digests
    return used


def speaks_of(learner: Learner, copy: Holding) -> bool:
    """Whether the evidence says anything of the work on which a record rests, and not of later work only."""
    work = copy.details.get("work")
    if not work:
        return True
    for exercise, done in work.items():
        pieces = learner.pieces("exercise", exercise)
        variants = {piece.variant or "" for piece in pieces if isinstance(piece, Exercise)}
        if learner.block("exercise", exercise) or variants & {"", done["variant"]}:
            return True
        if variants and not done["variant"]:
            return True
    return False


class HandIns:
    """Which hand-in earned a record for whom: the same bytes from two people are one person's work."""

    def __init__(self, ledger: Ledger, revoked: Container[str]) -> None:
        self._known: dict[str, tuple[str, str]] = {}
        for copy in ledger.stubs():
            if copy.record not in revoked and not copy.details["demonstration"]:
                self.add(copy.learner, copy.record, copy.details)

    def add(self, learner: str, record: str, details: dict[str, Any]) -> None:
        """Remember the work behind a record."""
        for done in (details.get("work") or {}).values():
            if done["sha256"]:
                self._known.setdefault(done["sha256"], (learner, record))

    def of_another(self, decision: Decision) -> str:
        """Why a hand-in cannot count, or nothing."""
        for piece in decision.exercises:
            whose, record = self._known.get(piece.submission_sha256 or "", ("", ""))
            if whose and whose != decision.learner.learner:
                return (
                    f"exercise {piece.id}: the same hand-in earned {record} for {whose}; "
                    "where that is the same person: records replace RECORD --learner ID"
                )
        return ""
