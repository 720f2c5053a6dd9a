"""Issue records: one transaction writes ledger line and record, then the file follows and can be restored."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.records import build, canonical, chain, files, proof, safejson, status, times
from autograder.records.awards import Awards
from autograder.records.decide import Decision, decide
from autograder.records.errors import Fault
from autograder.records.evidence import Evidence, Learner
from autograder.records.issuer import Home, public_of
from autograder.records.ledger import Holding, Ledger, Row
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
class Draft:
    """A record before it is signed, and what the institution will keep of it."""

    record: str
    learner: str
    award: str
    claim: str
    place: int
    moment: str
    document: dict[str, Any]
    details: dict[str, Any]


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
        rdfc: proof.Canonicaliser = canonical.rdfc
        threads: ThreadPoolExecutor | None = None
        if len(wanted) >= MANY:
            # Linked data takes most of the time, and its workers need no key.
            team = stack.enter_context(Team(os.cpu_count() or 1))
            rdfc, threads = team, stack.enter_context(ThreadPoolExecutor(team.size))
        sign = partial(_sign_all, run.signer, rdfc, threads)
        for start in range(0, len(wanted), BATCH):
            batch = [decide(learner, award) for learner, award in wanted[start : start + BATCH]]
            yield from _batch(run, ledger, batch, sign)


def _sign_all(
    signer: proof.Signer, rdfc: proof.Canonicaliser, threads: ThreadPoolExecutor | None, jobs: Jobs
) -> list[dict[str, Any]]:
    def sign(job: tuple[dict[str, Any], str]) -> dict[str, Any]:
        return proof.sign_set(job[0], signer, job[1], rdfc=rdfc)

    return list(threads.map(sign, jobs) if threads else map(sign, jobs))


def _batch(run: Run, ledger: Ledger, decisions: list[Decision], sign: SignAll) -> list[Outcome]:
    """One transaction for some learners: all of their lines and copies, or none; then their files."""
    outcomes: list[Outcome] = [_refusal(run, decision) for decision in decisions]
    with ledger.transaction():
        drafts: list[tuple[int, Draft]] = []
        held: dict[int, Holding] = {}
        places: set[int] = set()
        revoked, suspended = ledger.revoked(), ledger.suspended()
        for number, decision in enumerate(decisions):
            if outcomes[number].result != "issued":
                continue
            learner, award = decision.learner.learner, decision.award.id
            claim = ledger.claim(learner, award, build.stated(decision, demonstration=run.demonstration))
            before = ledger.issued(claim)
            if before is not None:
                outcomes[number], copy = _before(ledger, learner, award, before)
                last = outcomes[number].record
                if not run.again or last not in revoked:
                    held.update({number: copy} if copy is not None else {})
                    continue
                claim = ledger.claim("again", last)
                outcomes[number] = Outcome(learner, award, "issued")
            elif not run.again and (why := _taken_back(run, ledger, decision, revoked, suspended)):
                outcomes[number] = Outcome(learner, award, "refused", why)
                continue
            try:
                drafts.append((number, _draft(run, ledger, decision, claim, places)))
            except Fault as fault:
                outcomes[number] = Outcome(learner, award, "refused", fault.what)
        signed = sign([(draft.document, draft.moment) for _, draft in drafts])
        for (number, draft), document in zip(drafts, signed, strict=True):
            held[number] = record_issue(run.home, ledger, draft, document)
            outcomes[number] = replace(outcomes[number], record=draft.record)
    for number, holding in held.items():
        outcomes[number] = replace(outcomes[number], file=str(write_file(run.out, holding)))
    return outcomes


def _before(ledger: Ledger, learner: str, award: str, row: Row) -> tuple[Outcome, Holding | None]:
    """What became of a record that this evidence earned before; one that was reissued lives on as another."""
    while ledger.is_revoked(row.record):
        anew = ledger.issued(ledger.claim("reissue", row.record)) or ledger.issued(
            ledger.claim("again", row.record)
        )
        if anew is None:
            return Outcome(learner, award, "already", "issued before, and revoked", row.record), None
        row = anew
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
        if one.details["demonstration"] == run.demonstration
        and ledger.issued(ledger.claim("reissue", one.record)) is None
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


def _draft(run: Run, ledger: Ledger, decision: Decision, claim: str, places: set[int]) -> Draft:
    """The unsigned record in a place that nobody has, and what the ledger will say of it."""
    moment, record = times.text(times.now()), build.new_record()
    place = next_place(ledger, places)
    order = build.Order(
        record, decision, run.evidence.course, run.home.issuer, place, moment, run.holder, run.demonstration
    )
    details = {
        "title": decision.award.title,
        "course": run.evidence.course.id,
        "version": run.evidence.course.version,
        "score": round(float(decision.percent), 1),
        "pass_mark": decision.pass_mark,
        "completed": decision.completed,
        "expires": build.expiry(decision.award, decision.completed),
        "demonstration": run.demonstration,
        **({"again": run.again} if run.again else {}),
    }
    learner, award = decision.learner.learner, decision.award.id
    return Draft(record, learner, award, claim, place, moment, build.credential(order), details)


def next_place(ledger: Ledger, given: set[int]) -> int:
    """A free place that was not given earlier in this transaction either."""

    def taken(place: int) -> bool:
        return place in given or ledger.taken(place)

    def count(low: int, high: int) -> int:
        return ledger.count(low, high) + sum(low <= place < high for place in given)

    place = status.free_place(taken, count, ledger.first_place())
    given.add(place)
    return place


def record_issue(home: Home, ledger: Ledger, draft: Draft, signed: dict[str, Any]) -> Holding:
    """Write both tables; the caller holds the transaction."""
    text = canonical.jcs(signed)
    _verify(home, text)
    row = ledger.append(
        "issue",
        draft.record,
        digest=hashlib.sha256(text).hexdigest(),
        claim=draft.claim,
        place=draft.place,
        award=draft.award,
        expires=draft.details["expires"],
        demonstration=draft.details["demonstration"],
        key=home.active.id,
    )
    held = Holding(draft.record, draft.learner, draft.award, text, draft.details)
    ledger.keep(held, row.seq)
    return held


def _verify(home: Home, text: bytes) -> None:
    """Hold the bytes that the holder will have against the published key, before anything is written down.

    One of the two signatures is enough to find a wrong key or a spoilt text, and the other takes long.
    """
    document = safejson.parse(text)
    mine = [one for one in document["proof"] if one["cryptosuite"] == proof.JCS]
    try:
        proof.verify(document, mine[0], public_of(home.active))
    except proof.BadProof as error:
        raise Fault(
            f"a record does not verify right after it was signed ({error}); nothing was issued",
            path=home.path,
            remedy="restore the key file from a backup",
        ) from None


def write_file(out: Path, held: Holding) -> Path:
    """The holder's copy as a file; the ledger has it too, so a lost file comes back with the next run."""
    file = out / file_name(held)
    if not file.exists() or file.read_bytes() != held.text:
        files.write(file, held.text, mode=0o600, durable=False)
    return file


def file_name(held: Holding) -> str:
    """`learner-award-xxxxxxxx.json`, with nothing in it that a file system takes amiss."""
    learner = re.sub(r"[^A-Za-z0-9._@+-]", "_", held.learner)
    return f"{learner}-{held.award}-{held.record[9:17]}.json"
