"""The scheme of tiers, its pool and the marks by distance."""

from __future__ import annotations

import numpy as np
import pytest
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import classification, tiers, variants

POOL = tiers.load()
LESSON = tiers.POOL.parents[3] / "book" / "modules" / "classification" / "five-tiers-and-a-date.md"


def test_a_hit_is_worth_one_and_both_directions_cost_the_same():
    thing = tiers.Artefact("x", "later", "…", (1, 2), ("ours-later",), "…")

    assert [thing.distance(tier) for tier in range(5)] == [1, 0, 0, 1, 2]
    assert [tiers.worth(thing.distance(tier)) for tier in range(5)] == [0.4, 1, 1, 0.4, -0.3]
    assert tiers.worth(4) == tiers.worth(3) == -0.6


def test_what_is_left_out_is_worth_nothing_and_no_score_is_negative():
    things = variants.mine("classification", "practice: ada").artefacts
    first = things[0]

    assert tiers.score(things, {}) == 0
    assert tiers.score(things, {first.id: first.tiers[0]}) == pytest.approx(1 / 12)
    assert tiers.score(things, {thing.id: 4 if 0 in thing.tiers else 0 for thing in things}) == 0


def test_the_pool_is_large_enough_and_rests_on_facts_that_were_seen():
    tiers.check(POOL, load())

    assert len(POOL.raw) >= 30
    assert len({item["id"] for item in POOL.raw}) == len(POOL.raw)
    assert [step.tier for step in POOL.tiers] == list(range(5))


def test_every_reason_of_the_scheme_decides_something():
    used = {reason for item in POOL.raw for reason in item["reasons"]} | {"listed"}

    assert used == set(POOL.reasons)


def test_an_instrument_is_drawn_on_both_sides_of_its_bound_and_well_away_from_it():
    rng, facts = np.random.default_rng(1), load()
    limit = {"gravimeter": ("µGal", 10.0), "magnetometer": ("pT", 20.0)}
    seen = set()
    for _ in range(60):
        thing = next(t for t in POOL.draw(rng, facts) if t.group == "sensor")
        unit, bound = limit[thing.id]
        value = float(thing.text.split(unit)[0].split()[-1])
        assert max(value / bound, bound / value) > 1.5
        assert (thing.tiers == (3,)) is (value < bound)
        seen.add((thing.id, value < bound))
    assert len(seen) == 4


def test_the_lesson_teaches_the_scheme_that_is_graded():
    text = LESSON.read_text(encoding="utf-8")

    for step in POOL.tiers:
        assert f"**{step.tier} {step.name}**" in text
        assert " ".join(step.who.split()) in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("artefacts:", "things:"), "not a pool"),
        (lambda t: t.replace('as_of: "2026-11-25"', 'as_of: "soon"'), "as_of is not a date"),
        (lambda t: t.replace("group: trap", "group: traps", 1), "no group 'traps'"),
        (lambda t: t.replace("reasons: [ours]", "reasons: [mood]", 1), "no reason 'mood'"),
        (lambda t: t.replace("online on {event}", "online soon", 1), "belong together"),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, change, says):
    path = tmp_path / "pool.yml"
    path.write_text(change(tiers.POOL.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(InputFault, match=says) as caught:
        tiers.load(path)

    assert str(path) in str(caught.value)


def test_a_drawn_artefact_does_not_print_its_answer():
    thing = variants.mine("classification", "practice: ada").artefacts[0]

    assert "tiers=" not in repr(thing) and thing.why not in repr(thing)


def test_the_command_prints_public_data_only():
    public = variants.mine("classification", "practice: ada").public()

    assert len(public["artefacts"]) == 12 and len(public["forms"]) == 6
    assert not {"tiers", "rates", "choice"} & set(public)
    assert classification.MARGIN == 2 * classification.TOLERANCE
