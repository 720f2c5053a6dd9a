"""Damaged cases: whatever an editor or a merge does to a file, the answer is a fault or a case."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from scenarios.engine import loads
from scenarios.engine.check import check
from scenarios.engine.compile import compile_case, read_case

COURSE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases"
BITS = [
    "`",
    "**",
    "- ",
    "  ",
    "→",
    "#",
    "](#",
    "if ",
    "else",
    "takes 2 h",
    "\t",
    "\n\n",
    "---",
    "{",
    "}",
    ":",
    "−",
    "é",
]


def damage(text, seed):
    """Cut, double, swap and sprinkle."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 4)):
        lines = text.split("\n")
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(5)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(other, lines[at])
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            line, place = lines[at], rng.randint(0, len(lines[at]))
            lines[at] = line[:place] + rng.choice(BITS) + line[place:]
        else:
            line, place = lines[at], rng.randint(0, len(lines[at]))
            lines[at] = line[:place] + line[place + rng.randint(1, 9) :]
        text = "\n".join(lines)
    return text


def survives(text, seed, facts):
    try:
        case = loads(damage(text, seed), Path("case.md"))
    except InputFault as fault:
        assert str(fault)
        return False
    assert read_case(compile_case(case)) == case
    check(case, facts, limit=2_000)
    return True


def texts(base_text):
    return [base_text, (COURSE / "borrowed-login/case.md").read_text(encoding="utf-8")]


def test_damage_is_a_fault_or_a_case(base_text, facts):
    results = [survives(text, seed, facts) for text in texts(base_text) for seed in range(50)]
    # Both must happen, else the test would show nothing.
    assert 5 < sum(results) < len(results) - 5


@pytest.mark.proof
@pytest.mark.parametrize("block", range(20))
def test_a_great_deal_of_damage(block, base_text, facts):
    for text in texts(base_text):
        for seed in range(1000 * block + 1000, 1000 * block + 1150):
            survives(text, seed, facts)
