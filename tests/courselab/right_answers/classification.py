"""What a right variant of the exercise on classification is."""

from __future__ import annotations

import numpy as np
from courselab import classification, fingerprints, tiers


def assert_one_right_answer(variant):
    """Twelve clear artefacts, one form that is clearly right, a job of one's own; answer the kind of form."""
    _assert_artefacts(variant)
    rates, use, ceiling, margin = variant.rates, variant.usefulness, variant.ceiling, classification.MARGIN
    tolerance = classification.TOLERANCE
    allowed = [name for name, rate in rates.items() if rate <= ceiling]
    # Whoever is off by the tolerance in every number, to whichever side, still chooses the same form.
    assert allowed == [name for name, rate in rates.items() if rate + tolerance <= ceiling]
    assert allowed == [name for name, rate in rates.items() if rate - tolerance <= ceiling]
    others = [use[name] for name in allowed if name != variant.choice]
    assert others and use[variant.choice] - max(others) >= margin - 1e-9 >= 1.9 * tolerance
    # The two thoughtless answers are wrong.
    assert variant.choice != min(rates, key=rates.get) and variant.choice != max(use, key=use.get)
    # A job of one's own is nobody else's: every other machine shows in at least one share.
    means = fingerprints.expected(variant.fleet.today)
    sigma = np.sqrt(means[variant.own] * (1 - means[variant.own]) / 4000)
    away = np.abs(means - means[variant.own]) / sigma
    assert (np.delete(away, variant.own, axis=0).max(axis=1) > 5).all()
    return "pooled" if variant.chosen.pooled else "noise"


def _assert_artefacts(variant):
    pool = classification.pool()
    things = variant.artefacts
    assert len({thing.id for thing in things}) == len(things) == 12
    assert {"qkd-box"} < {thing.id for thing in things}
    assert [thing.group for thing in things].count("sensor") == 1
    for thing in things:
        assert "{" not in thing.text
        assert pool.as_of < pool.last_review(thing) <= pool.as_of + pool.longest_review
        assert (thing.event is None) or f"{thing.event:%B %Y}" in thing.text
    best = {thing.id: thing.tiers[0] for thing in things}
    assert tiers.score(things, best) == 1
    # No single tier for everything earns much, the most secret ones no more than the open one.
    same = [tiers.score(things, dict.fromkeys(best, tier)) for tier in range(5)]
    assert max(same) < 0.5 and same[4] < 0.2 and same[3] < 0.35 and same[0] < 0.45


def assert_spread(answers):
    """Pooling is right for about half of a class, and both kinds of answer are common."""
    assert 0.4 < answers.count("pooled") / len(answers) < 0.6
