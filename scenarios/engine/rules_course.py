"""Rules of the second edition about all cases together: attitudes, cues and names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scenarios.engine import cues, rules_items
from scenarios.engine.findings import Finding, Report, Severity
from scenarios.engine.fitting import Fitting
from scenarios.engine.model import STANCES, Case
from scenarios.engine.rules_judgement import blind, named

POINTS = 0.10
"""How far a player who reads nothing may lie from chance over all cases."""
LEAST_SHARE, MOST_SHARE = 0.15, 0.40
ENOUGH = 4
"""Cases below which shares over all of them are accidents, and what they show is a warning."""
_TITLES = frozenset({"You", "Prof.", "Dr.", "The", "the", "of", "Mr.", "Ms."})


def check(reports: Sequence[Report], everything: bool = False) -> Report | None:
    """Hold the cases and quizzes of the newest edition together to the rules; with `everything`, all of them.

    Give None where there is none.
    The word players learn from all the other cases, whatever rules these are held to.
    """
    known = [report.fitting for report in reports if report.fitting is not None]
    judged = [fitting for fitting in known if everything or fitting.case.rules >= 2]
    cases = [fitting.case for fitting in judged]
    quizzes = [report.read for report in reports if report.read is not None and report.kind == "quiz"]
    held = [quiz for quiz in quizzes if everything or quiz.rules >= 2]
    found = Report("all cases together", "cases", kind="course")
    found.findings += _quiz_words(held, quizzes)
    if not judged:
        return found if held else None
    all_new = all(fitting.case.rules >= 2 for fitting in judged)
    severity: Severity = "fault" if all_new and len(judged) >= ENOUGH else "warning"
    for finding in (*_cues(judged, known), *_stances(judged)):
        found.findings.append(Finding(finding.rule, finding.message, None, finding.remedy, severity))
    found.findings += names(cases, "fault" if all_new else "warning")
    return found


def _quiz_words(held: Sequence[Case], quizzes: Sequence[Case]) -> Iterator[Finding]:
    """Leave one quiz out: what a model of the others' words knows of its items.

    The questions in lessons are too few in each set for a share to mean anything; all of them count as one.
    """
    inline = [quiz for quiz in held if quiz.inline]
    groups = [[quiz] for quiz in held if not quiz.inline] + ([inline] if inline else [])
    for group in groups:
        others = [other for other in quizzes if other not in group and not other.inline]
        look = rules_items.word_player([item for other in others for item in rules_items.items(other)])
        name = "knows which words are right in the other quizzes"
        asked = [item for quiz in group for item in rules_items.items(quiz)]
        for finding in rules_items.guessed(name, look, asked):
            severity: Severity = "fault" if all(quiz.rules >= 2 for quiz in group) else "warning"
            called = ", ".join(quiz.id for quiz in group)
            yield replace(finding, message=f"{called}: {finding.message}", line=None, severity=severity)


def _cues(judged: Sequence[Fitting], known: Sequence[Fitting]) -> Iterator[Finding]:
    players = [(player.name, [player] * len(judged)) for player in cues.surface_players()]
    for train in (cues.word_player, cues.surface_player):
        trained = [train([other for other in known if other is not fitting]) for fitting in judged]
        players.append((trained[0].name, trained))
        if len(known) > 1:
            for fitting, player in zip(judged, trained, strict=True):
                for finding in blind(fitting, player):
                    message = f"{fitting.case.id}: {finding.message}"
                    yield Finding("cues", message, None, finding.remedy)
    for name, each in players:
        yield from _chance(name, each, judged)


def _chance(name: str, players: Sequence[cues.Player], judged: Sequence[Fitting]) -> Iterator[Finding]:
    scores = [player.score(fitting) for player, fitting in zip(players, judged, strict=True)]
    tallies = [fitting.tally(score) for fitting, score in zip(judged, scores, strict=True)]
    scenes = sum(tally.scenes for tally in tallies)
    right, chance = (
        sum(values) / max(scenes, 1)
        for values in ([tally.right for tally in tallies], [tally.chance for tally in tallies])
    )
    if abs(right - chance) <= POINTS:
        return
    sign = 1 if right > chance else -1
    excess = [
        (sign * value, fitting.case.id, scene)
        for fitting, score in zip(judged, scores, strict=True)
        for value, scene in fitting.excess(score)
    ]
    where = ", ".join(f"'{scene.title}' ({case})" for _, case, scene in sorted(excess, key=_first)[:3])
    message = (
        f"a player who {name} decides well in {right:.0%} of {scenes} decisive scenes, a coin in {chance:.0%}"
    )
    turn = "let another choice be right" if right > chance else "let such a choice be right"
    yield Finding("cues", message, None, f"{turn}, such as in {where} (within 10 points)")


def _first(entry: tuple[float, str, object]) -> tuple[float, str]:
    return -entry[0], entry[1]


def _stances(judged: Sequence[Fitting]) -> Iterator[Finding]:
    single = [choice.stance for fitting in judged for choice in fitting.single.values()]
    counts = Counter(single)
    for stance in STANCES:
        share = counts[stance] / max(len(single), 1)
        if LEAST_SHARE <= share <= MOST_SHARE:
            continue
        own = [
            fitting.case.scene(scene)
            for fitting in judged
            for scene, choice in fitting.single.items()
            if (choice.stance == stance) == (share > MOST_SHARE)
        ]
        message = f"`{stance}` is the one right choice in {share:.0%} of {len(single)} decisive scenes"
        turn = "let another attitude be right" if share > MOST_SHARE else f"let `{stance}` be right"
        yield Finding("stances", message, None, f"{turn}, such as in {named(own)} (15 to 40 %)")


def names(cases: Sequence[Case], severity: Severity) -> Iterator[Finding]:
    """Find names that two cases give to different people: whoever plays both takes them for one."""
    borne = defaultdict[str, list[str]](list)
    for case in cases:
        for part in sorted({part for role in case.roles for part in role.name.split()} - _TITLES):
            borne[part].append(case.id)
    for name, where in sorted(borne.items()):
        if len(where) > 1:
            message = f"the name '{name}' is borne in {' and in '.join(where)}"
            yield Finding("names", message, None, "call one of them otherwise", severity)
