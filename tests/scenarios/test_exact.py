"""The checker's numbers against the enumeration of every walk, by a second and slower way of playing."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.engine import loads, numbers, rules_play
from scenarios.engine.compile import compile_case, read_case
from scenarios.engine.conditions import Vocabulary, both, holds, negate, parse
from scenarios.engine.explore import explore
from scenarios.engine.fronts import Fronts, Packing
from tests.scenarios import slow
from tests.scenarios.slow import Naive

STANCES = ("open", "restrict", "escalate", "act")


def random_case(seed):
    """Write a random case: layers of scenes, errands, flags, deadlines, conditions of all kinds."""
    rng = random.Random(seed)
    layers, errands = rng.randint(2, 4), rng.randint(0, 3)
    axes = ["security", "openness", "duty"][: rng.randint(1, 3)]
    # Where no condition reads an axis, exploration may leave it out.
    read_axes = rng.random() < 0.5

    def marks(*more):
        items = [f"{axis} {rng.choice('+-')}{rng.randint(0, 2)}" for axis in axes if rng.random() < 0.7]
        items += [f"takes {rng.randint(1, 3)} h"] if rng.random() < 0.4 else []
        items += [f"{rng.choice(['set', 'clear'])} {rng.choice('ab')}"] if rng.random() < 0.4 else []
        return " ".join(f"`{item}`" for item in (rng.choice(STANCES), *items, *more))

    def condition():
        terms = ["a", "not b", "late", "not worse", f"clock < {rng.randint(1, 5)}"]
        terms += [f"{axes[0]} >= {rng.randint(-1, 2)}"] if read_axes else []
        return "if " + rng.choice([" and ", " or "]).join(rng.sample(terms, rng.randint(1, 2)))

    lines = ["---", "schema: case/1", "id: random", "title: Random", "module: sample", "minutes: [1, 9]"]
    lines += ["outcomes: [E1]", "best: ending-good", "flags: {a: it is a, b: it is b}"]
    unless = rng.choice(["", ", unless: a", ", unless: a and not b"])
    lines += ["clock:", "  unit: h", "  deadlines:"]
    sent = rng.choice(["overdue", "called"])
    lines += [f"    worse: {{at: {rng.randint(3, 8)}, to: {sent}, label: worse}}"]
    lines += [f"    late: {{at: {rng.randint(1, 4)}, to: overdue, label: late{unless}}}"]
    lines += ["axes: {" + ", ".join(f"{axis}: {{from: -9, to: 9}}" for axis in axes) + "}", "---"]
    for layer in range(layers):
        after = f"layer-{layer + 1}" if layer + 1 < layers else "hub"
        lines += [f"## Layer {layer}", "", "Text.", ""]
        for number in range(rng.randint(2, 3)):
            extra = [condition()] if number and rng.random() < 0.5 else []
            lines += [f"- **Go {number}** {marks(*extra)} → [x](#{after})", "", "  Said.", ""]
    lines += ["## Hub", "", "Text.", ""]
    for number in range(errands):
        lines += [f"- **Errand {number}** {marks()} → [x](#hub)", "", "  Done.", ""]
    lines += ["- **On** `open` `again` → [x](#last)", "", "  Said.", ""]
    lines += ["## Overdue", "", "- **Sorry** `act` `again` → [x](#last)", "", "  Said.", ""]
    lines += [f"- **So what** {marks()} → [x](#back)", "", "  Said.", ""]
    lines += ["## Called", "", "- **Yes** `act` `again` → [x](#back)", "", "  Said.", ""]
    lines += ["- **No** `escalate` `again` → [x](#last)", "", "  Said.", ""]
    lines += ["## Last", "", "Text.", "", f"- **One** {marks(condition())} → [x](#ending-good)", ""]
    lines += ["  Said.", "", f"- **Two** {marks('else')} → [x](#ending-bad)", "", "  Said.", ""]
    lines += [f"- **Three** {marks('again')} → [x](#ending-bad)", "", "  Said.", ""]
    for ending in ("Good", "Bad"):
        lines += [f"## Ending: {ending}", "", "Text.", "", "### Debrief", "", "Text.", ""]
    return loads("\n".join(lines))


@pytest.mark.parametrize("seed", range(25))
def test_figures_agree_with_the_enumeration_of_every_walk(seed):
    agree(seed)


@pytest.mark.proof
@pytest.mark.parametrize("block", range(10))
def test_figures_agree_with_the_enumeration_for_a_thousand_cases(block):
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        agree(seed)


def agree(seed):
    case = random_case(seed)
    walks = Naive(compile_case(case)).walks()
    if walks is None:
        return
    # Twice: from the text, and read back from its JSON.
    for version in (case, read_case(compile_case(case))):
        space = explore(version)
        ordered, cycle = numbers.order(space)
        assert not cycle
        (lows, highs), paths = numbers.ranges(space, ordered), numbers.paths(space, ordered)
        chances, whole = numbers.chances(space, ordered)
        for ending in case.endings:
            states = space.ending(ending)
            mine = [(state[1], chance) for _, state, chance in walks if state[0] == ending]
            assert sum(paths[states]) == len(mine)
            assert numbers.chance(chances, states, whole) == sum((c for _, c in mine), Fraction(0))
            for index, axis in enumerate(case.logic.axes):
                if mine:
                    values = [each[axis] for each, _ in mine]
                    assert lows[states][:, index].min() == min(values)
                    assert highs[states][:, index].max() == max(values)


@pytest.mark.parametrize("seed", range(100, 115))
def test_the_front_at_the_start_is_the_front_of_all_walks(seed):
    case = random_case(seed)
    walks = Naive(compile_case(case)).walks()
    if walks is None:
        return
    space = explore(case)
    ordered, _ = numbers.order(space)
    ends = {tuple(state[1][axis] for axis in case.logic.axes) for _, state, _ in walks}
    fronts = Fronts(space, int(ordered.level.max()) + 1)
    assert {fronts.packing.unpack(vector) for vector in fronts.of(0)} == slow.pareto(ends)


@pytest.mark.parametrize("seed", range(200, 225))
def test_judgement_agrees_with_its_definitions_in_every_full_state(seed):
    judged(seed)


@pytest.mark.proof
@pytest.mark.parametrize("block", range(10))
def test_judgement_agrees_with_its_definitions_for_a_thousand_cases(block):
    for seed in range(2000 + 100 * block, 2100 + 100 * block):
        judged(seed)


def judged(seed):
    case = random_case(seed)
    winners, verdicts = slow.Judge(compile_case(case)).verdicts()
    space = explore(case)
    decisions = rules_play.Decisions(space, numbers.order(space)[0])
    assert {
        scene: set(rules_play.winners(decisions, visits, scene))
        for scene, visits in decisions.scenes().items()
        if rules_play.winners(decisions, visits, scene)
    } == winners
    everywhere = np.ones(len(space), dtype=bool)
    found = set() if decisions.worse("restrict", everywhere) else {"restrict is never worse"}
    for finding in rules_play.single_minded(decisions):
        words = "reaches the best" if "can reach the best" in finding.message else "never loses"
        found.add(f"{finding.message.split('`')[1]} {words}")
    found |= {"the best is outdone" for _ in rules_play.best(decisions)}
    assert found == verdicts


VECTORS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3)), max_size=12)


@given(VECTORS, VECTORS)
def test_packed_fronts_are_what_nothing_outdoes(first, second):
    packing = Packing(3, 6)
    fronts = [packing.best({packing.pack(vector) for vector in vectors}) for vectors in (first, second)]
    plain = [slow.pareto(vectors) for vectors in (first, second)]
    assert [{packing.unpack(vector) for vector in front} for front in fronts] == plain
    assert packing.covers(*fronts) is slow.covers(*plain)
    assert packing.strictly_better(*fronts) is slow.strictly_better(*plain)


TERMS = st.sampled_from(["a", "not a", "b", "not b", "x >= 1", "x < 2", "x = 0", "clock <= 1", "late"])
CONDITIONS = st.lists(st.lists(TERMS, min_size=1, max_size=3), min_size=1, max_size=3)
WORDS = Vocabulary(("x",), ("a", "b"), clock=True)


def read_terms(terms):
    return parse(" or ".join(" and ".join(conj) for conj in terms), WORDS)


@given(CONDITIONS, CONDITIONS)
def test_negation_and_conjunction_are_exact(first, second):
    one, other = read_terms(first), read_terms(second)
    denied, joined = negate(one, WORDS.truths), both(one, other)
    for bits in range(8):
        for x in range(-1, 4):
            for clock in range(3):
                values = {"a": bits & 1, "b": bits >> 1 & 1, "late": bits >> 2, "x": x, "clock": clock}
                assert holds(denied, values) is not holds(one, values)
                assert holds(joined, values) is (holds(one, values) and holds(other, values))


@pytest.mark.parametrize("text", ["x ≥ 1", "x >= 1", "x>=1", "  x  >=  1 "])
def test_a_comparison_reads_alike_however_it_is_typed(text):
    assert parse(text, WORDS) == ((("x", ">=", 1),),)
