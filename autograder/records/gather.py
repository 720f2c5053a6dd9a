"""Put the evidence of several courses together, so that modules taught apart add up to one award."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.records.awards import Awards
from autograder.records.errors import Fault
from autograder.records.evidence import Blocked, Course, Evidence, Learner, Piece, load_class


def gather(files: Sequence[Path]) -> tuple[Evidence, list[Fault]]:
    """Read evidence files as one; who cannot be read, or is not surely one person, is left out and told.

    A piece from a file of another version of the course keeps that version.
    """
    read = [(file, *load_class(file)) for file in dict.fromkeys(files)]
    faults = [fault for _, _, told in read for fault in told]
    if len(read) == 1:
        return read[0][1], faults
    courses = {shown.course.id for _, shown, _ in read}
    if len(courses) > 1:
        raise Fault(
            f"the evidence is of different courses: {', '.join(sorted(courses))}",
            path=read[1][0],
            remedy="give files of one course",
        )
    newest = max((shown.course for _, shown, _ in read), key=_order)
    people: dict[str, list[tuple[Path, Learner]]] = {}
    for file, shown, _ in read:
        for learner in shown.learners:
            people.setdefault(learner.learner, []).append((file, _of(learner, shown.course, newest)))
    learners: list[Learner] = []
    for name, parts in people.items():
        addresses = {one.email.strip().lower() for _, one in parts if one.email}
        if len(addresses) > 1:
            what = f"{name} has another e-mail address than in {parts[0][0]}; two people with one id?"
            faults.append(
                Fault(what, path=parts[-1][0], remedy="mend the roster, and make the evidence again")
            )
        else:
            learners.append(_together([one for _, one in parts]))
    when = max(shown.generated for _, shown, _ in read)
    first = read[0][1]
    together = {"course": newest, "generated": when, "learners": tuple(learners)}
    return first.model_copy(update=together), faults


def _order(course: Course) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", course.version)]


def _of(learner: Learner, course: Course, main: Course) -> Learner:
    """The learner with pieces that say which course they are from, where it is not the main one."""
    if course == main:
        return learner
    pieces = tuple(piece.model_copy(update={"course": piece.course or course}) for piece in learner.evidence)
    return learner.model_copy(update={"evidence": pieces})


def _together(parts: list[Learner]) -> Learner:
    """One person's evidence; what is blocked in one file counts where another file has it."""
    pieces: list[Piece] = [piece for one in parts for piece in one.evidence]
    blocked: list[Blocked] = []
    for one in parts:
        others = {(piece.kind, piece.id) for other in parts if other is not one for piece in other.evidence}
        blocked.extend(block for block in one.blocked if (block.kind, block.id) not in others)
    said = {
        field: next((value for one in parts if (value := getattr(one, field))), None)
        for field in ("name", "sortable", "email", "section")
    }
    return parts[0].model_copy(update={**said, "evidence": tuple(pieces), "blocked": tuple(blocked)})


def doubts(evidence: Evidence, awards: Awards) -> Iterator[str]:
    """What a person should know before records are issued from these files."""
    seen: dict[str, str] = {}
    for learner in evidence.learners:
        address = (learner.email or "").strip().lower()
        if address and seen.setdefault(address, learner.learner) != learner.learner:
            yield (
                f"{seen[address]} and {learner.learner} have one e-mail address; "
                "one person under two ids gets two records"
            )
    known = {piece.id for one in evidence.learners for piece in (*one.evidence, *one.blocked)}
    for award in awards.awards:
        if evidence.learners and not known & set(award.needs.exercises):
            names = ", ".join(award.needs.exercises)
            yield f"nobody has anything for the award {award.id} ({names}); do these files belong together?"
