"""The pool of things to place: large, read with file and line, and without a cue that gives the key away."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from answersheet import artefact_pool, artefacts, records
from answersheet.artefact_pool import POOL
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import tiers

LEARNERS = 150
LESSON = POOL.parents[3] / "book" / "modules" / "classification" / "five-tiers-and-a-date.md"
# Texts that the pool had before things were made of sentences.
BEFORE = 34


@pytest.fixture(scope="module")
def pool():
    return artefact_pool.load()


@pytest.fixture(scope="module")
def classes(pool):
    """What many learners are asked."""
    return [artefacts.draw(pool, np.random.default_rng(number)) for number in range(LEARNERS)]


def without_facts(artefact):
    """The words of an artefact, whatever the facts in them are."""
    return artefact.thing.text, frozenset(told.sentence.text for told in artefact.told)


def test_the_pool_is_many_times_larger_and_neighbours_share_no_texts(pool, classes):
    assert len(pool.things) + len(pool.sentences) > 100
    assert len({without_facts(one) for things in classes for one in things}) > 4 * BEFORE
    shared = [
        len({without_facts(a) for a in one} & {without_facts(b) for b in other}) / 12
        for one, other in combinations(classes[:40], 2)
    ]
    assert np.mean(shared) < 0.1 and max(shared) < 0.4
    same = [len({a.text for a in one} & {b.text for b in other}) for one, other in combinations(classes, 2)]
    assert max(same) <= 1 and np.mean(same) < 0.05


def test_each_thing_has_one_tier_one_change_that_turns_it_and_room_for_a_look(pool, classes):
    for things in classes:
        assert len({one.thing.id for one in things}) == 12
        kinds = Counter(one.thing.kind for one in things)
        assert kinds["box"] == 1 and kinds["gravimeter"] + kinds["magnetometer"] == 1
        for one in things:
            assert one.is_clear and "{" not in one.text and set(one.reasons) <= set(tiers.REASONS)
            assert len({change.text for change in one.changes}) == 4
            assert [change.turns for change in one.changes].count(True) == 1
            assert all(change.old in one.text and change.old != change.new for change in one.changes)
            first, last = one.review(pool.as_of)
            tomorrow = pool.as_of + datetime.timedelta(days=1)
            assert tomorrow < first <= last <= pool.as_of + datetime.timedelta(days=365)


def test_the_tiers_are_balanced_and_one_for_all_earns_nothing(classes):
    for things in classes:
        right = np.array([one.tier for one in things])
        assert set(right.tolist()) == {0, 1, 2, 3, 4}
        for guess in range(5):
            steps = np.abs(right - guess)
            assert (steps == 0).sum() - (steps > 1).sum() <= 1


def share(classes, guess):
    """How often a player who does not read picks the change that turns."""
    return np.mean([guess(one.changes).turns for things in classes for one in things])


def test_neither_place_nor_length_nor_kind_gives_the_change_away(classes):
    """Of four; between the two that touch the deciding sentence one must know on which side a fact lies."""
    for place in range(4):
        assert share(classes, lambda changes, place=place: changes[place]) < 0.31
    assert share(classes, lambda changes: max(changes, key=lambda one: len(one.text))) < 0.4
    assert share(classes, lambda changes: min(changes, key=lambda one: len(one.text))) < 0.4

    def with_a_day(changes):
        return next((one for one in changes if re.search(r" 20\d\d", one.text)), changes[0])

    assert share(classes, with_a_day) < 0.45


def test_no_word_tells_an_active_fact_from_an_idle_one(classes):
    """Words learnt on half of a class place the other half little better than frequency does."""
    half = LEARNERS // 2
    train = [one for things in classes[:half] for one in things]
    test = [one for things in classes[half:] for one in things]
    tiers_of = Counter(one.tier for one in train)
    counts = {tier: Counter() for tier in tiers_of}
    for one in train:
        # Days aside: to compare them with today is what the scheme asks for.
        counts[one.tier].update(set(words(one)))

    def guess(one):
        def score(tier):
            hits = [np.log((counts[tier][word] + 0.5) / (tiers_of[tier] + 1)) for word in set(words(one))]
            return np.log(tiers_of[tier]) + sum(hits)

        return max(tiers_of, key=score)

    right = np.mean([guess(one) == one.tier for one in test])
    assert right < 0.7, right


def words(one):
    return re.findall(r"[a-zA-Zµ√]{3,}", re.sub(r"\d{1,2} [A-Z][a-z]+ 20\d\d", "", one.text))


def test_an_instrument_is_drawn_on_both_sides_of_its_bound_and_well_away_from_it(classes):
    limits = {"gravimeter": ("µGal", 10.0), "magnetometer": ("pT", 20.0)}
    seen = set()
    for one in (one for things in classes for one in things if one.thing.kind in limits):
        unit, bound = limits[one.thing.kind]
        value = float(one.text.split(unit)[0].split()[-1])
        assert max(value / bound, bound / value) > 1.5
        assert (one.tier == 3) is (value < bound)
        seen.add((one.thing.kind, value < bound))
    assert len(seen) == 4


def test_bounds_rest_on_facts_that_were_seen_and_every_reason_decides_something(pool, classes):
    artefact_pool.check(pool, load())

    assert pool.rests_on == ("eu.6a006.a.2", "eu.6a007.a")
    assert {reason for things in classes for one in things for reason in one.reasons} == set(tiers.REASONS)


def test_the_lesson_teaches_the_scheme_that_is_graded():
    text = LESSON.read_text(encoding="utf-8")

    for step in tiers.SCHEME:
        assert f"**{step.tier} {step.name}**" in text
        assert " ".join(step.who.split()) in text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("things:", "objects:", "not a pool"),
        ('as_of: "2026-11-25"', 'as_of: "soon"', "as_of is not a date"),
        ("kind: data", "kind: date", "no kind 'date'"),
        (
            '"A readout experiment of your group, shot by shot"',
            "A run, shot by shot",
            "nothing reads 'shot by shot'",
        ),
        ("about: date", "about: mood", "nothing is about 'mood'"),
        ("whose day is {day}", "one day", "has one fact"),
        ('idle: ["3", "12", "48", "170", "600", "2400"]', 'idle: ["3"]', "too few facts"),
        ("{value} µGal.", "{fact} µGal.", "belong together|too few facts"),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, old, new, says):
    path = tmp_path / "pool.yml"
    text = POOL.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(InputFault, match=says) as caught:
        artefact_pool.load(path)

    assert str(path) in str(caught.value)


def test_records_find_out_who_misreads_a_day_or_an_order():
    """Each way of being wrong about a register shows on the hidden records."""
    trials = records.trials(np.random.default_rng(1))

    def wrong(change):
        found = 0
        for one in trials:
            record, today = change(dict(one["record"]), datetime.date.fromisoformat(one["today"]))
            found += list(records.answer(record, today)) != one["answer"]
        return found

    assert wrong(lambda record, today: (record, today)) == 0
    for name in ("marked", "listed", "promised"):
        assert wrong(lambda record, today, name=name: (record | {name: False}, today))
    for name in records.CONDITIONS:
        assert wrong(lambda record, today, name=name: (record | {name: None}, today))
    assert wrong(lambda record, today: (record, today - datetime.timedelta(days=1)))
    assert any(tier == 0 for tier, _ in (one["answer"] for one in trials))
