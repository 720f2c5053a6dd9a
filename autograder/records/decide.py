"""Who has earned what, and who lacks what, from evidence and awards alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from autograder.records.awards import Award
from autograder.records.evidence import ASSURANCES, Completion, Exercise, Learner

# Exercise → the digests of variants and hand-ins on which earlier records rest; "" is one that is not known,
# ANY stands for all.
Used = Mapping[str, frozenset[str]]
ANY = "*"
SAME = "the same variant earned a record before; a renewal needs a fresh one"


@dataclass(frozen=True)
class Decision:
    """One learner and one award.

    lacks: what is missing, in words. uncertified: what would count if its grading could certify anything.
    """

    learner: Learner
    award: Award
    exercises: tuple[Exercise, ...]
    completions: tuple[Completion, ...]
    lacks: tuple[str, ...]
    uncertified: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Everything is done; whether it may be certified is another question."""
        return not self.lacks

    @property
    def earned(self) -> bool:
        """Everything is done, and on evidence that may be certified."""
        return not self.lacks and not self.uncertified

    @property
    def pieces(self) -> list[Exercise | Completion]:
        """Everything that counted."""
        return [*self.exercises, *self.completions]

    @property
    def completed(self) -> str:
        """When the last graded piece came in; the dates of cases and quizzes are the learner's word."""
        return max(piece.date for piece in self.exercises)

    @property
    def percent(self) -> Fraction:
        """The lowest score among the needed exercises."""
        return min(piece.percent for piece in self.exercises)

    @property
    def pass_mark(self) -> float:
        """The pass mark of the exercise with the lowest score."""
        lowest = min(self.exercises, key=lambda piece: piece.percent)
        return self.award.needs.exercises[lowest.id].percent

    @property
    def unsettled(self) -> bool:
        """Whether the course itself says that a needed piece cannot count yet."""
        needs = self.award.needs
        asked = {"exercise": needs.exercises, "case": needs.cases, "quiz": needs.quizzes}
        return any(self.learner.block(kind, name) for kind, names in asked.items() for name in names)

    @property
    def why_not(self) -> str:
        """All reasons in one line."""
        return "; ".join((*self.lacks, *self.uncertified))


def is_fresh(piece: Exercise, used: Used) -> bool:
    """Whether the work was done on data that no earlier record of this person and award rests on."""
    if ANY in used:
        return False
    before = used.get(piece.id)
    if before is None:
        return True
    return piece.variant is not None and not before & {"", piece.variant, piece.submission_sha256}


def decide(learner: Learner, award: Award, used: Used | None = None) -> Decision:
    """Hold one learner's evidence against one award.

    used: the variants on which earlier records rest; work on them again counts for nothing.
    """
    lacks: list[str] = []
    uncertified: list[str] = []
    exercises: list[Exercise] = []
    completions: list[Completion] = []
    for name in award.needs.exercises:
        graded = [piece for piece in learner.pieces("exercise", name) if isinstance(piece, Exercise)]
        missing = _missing(learner, "exercise", name, bool(graded))
        fresh = [piece for piece in graded if is_fresh(piece, used or {})]
        if missing or not fresh:
            lacks.append(missing or f"exercise {name}: {SAME}")
            continue
        piece = _best(fresh, award)
        exercises.append(piece)
        lacks.extend(_short_of(piece, award))
        if not piece.certifiable and not piece.practice:
            why = ", ".join(piece.reasons) or "its grading was not certifiable"
            uncertified.append(f"exercise {name}: {why}")
    for kind, names in (("case", award.needs.cases), ("quiz", award.needs.quizzes)):
        for name in names:
            done = [
                piece
                for piece in learner.pieces(kind, name)
                if isinstance(piece, Completion) and piece.completed
            ]
            missing = _missing(learner, kind, name, bool(done))
            lacks.extend([missing] if missing else [])
            completions.extend([] if missing else done[-1:])
    return Decision(learner, award, tuple(exercises), tuple(completions), tuple(lacks), tuple(uncertified))


def _best(pieces: list[Exercise], award: Award) -> Exercise:
    """Of several hand-ins the newest that is enough, else the newest."""
    enough = (piece for piece in pieces if piece.certifiable and not _short_of(piece, award))
    return next(enough, pieces[0])


def _missing(learner: Learner, kind: str, name: str, done: bool) -> str:
    """Why a piece does not count at all, or nothing."""
    reason = learner.block(kind, name)
    if reason is not None:
        return f"{kind} {name}: {reason}"
    if not done:
        return f"{kind} {name}: {'nothing graded' if kind == 'exercise' else 'not completed'}"
    return ""


def _short_of(piece: Exercise, award: Award) -> list[str]:
    """What a graded exercise falls short of."""
    short = []
    asked = award.needs.exercises[piece.id]
    least = Fraction(str(asked.percent))
    assured = max(award.least_assurance, asked.least_assurance or award.least_assurance, key=ASSURANCES.index)
    where = f"exercise {piece.id}"
    if piece.practice:
        short.append(f"{where}: practice data, not the learner's own variant")
    if piece.manual is not None and piece.manual.pending:
        short.append(f"{where}: a written part is not marked yet")
    elif piece.percent < least:
        short.append(f"{where}: {_shown(piece.percent)} % reached, {_shown(least)} % needed")
    if ASSURANCES.index(piece.assurance) < ASSURANCES.index(assured):
        short.append(f"{where}: {piece.assurance}, and the award needs {assured}")
    return short


def _shown(value: Fraction) -> str:
    """One decimal, rounded down, so that 79.96 never reads as 80."""
    tenths = value * 10 // 1
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
