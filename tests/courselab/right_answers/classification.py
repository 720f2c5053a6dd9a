"""What a right variant of the exercise on classification is, seen from the seed."""

from __future__ import annotations

import hashlib

from answersheet import artefact_pool, classification, fleets, new_machine


def drawn(number):
    """Draw what can go wrong: the twelve things, the week under its ceiling, and the night."""
    seed = hashlib.sha256(f"right answers {number}".encode()).digest()
    return classification.things_of(seed), fleets.draw(seed), new_machine.draw(seed)


def assert_one_right_answer(variant):
    """Twelve clear things, one form that is clearly right, a fair night; answer the kind of form."""
    things, (week, ceiling), night = variant
    _assert_things(things)
    tolerance, margin, choice = fleets.TOLERANCE, fleets.MARGIN, week.choice(ceiling)
    rates, use, allowed = week.rates, week.usefulness, week.allowed(ceiling)
    assert margin == 2 * tolerance
    # Whoever is off by the tolerance in every number, to whichever side, still chooses the same form.
    assert allowed == [name for name, rate in rates.items() if rate + tolerance <= ceiling]
    assert allowed == [name for name, rate in rates.items() if rate - tolerance <= ceiling]
    others = [use[name] for name in allowed if name != choice]
    assert others and use[choice] - max(others) >= margin - 1e-9
    # The two thoughtless answers are wrong, and so is a lost owner that counts as a miss.
    assert choice != min(rates, key=rates.get) and choice != max(use, key=use.get)
    lost = (week.owners < 0).mean()
    assert max(rates.values()) * lost > tolerance
    # An honest night is well within, and neither the calibration nor any multiple of it is.
    assert new_machine.off(night.honest, night.gates) <= new_machine.FAIR
    ratios = night.calibration / night.gates
    assert ratios.max() / ratios.min() > (1 + new_machine.TOLERANCE) / (1 - new_machine.TOLERANCE)
    return "pooled" if next(form for form in week.forms if form.name == choice).pooled else "noise"


def _assert_things(things):
    today = artefact_pool.load().as_of
    assert len({one.id for one in things}) == len(things) == 12
    assert len({name for one in things for name in one.change_ids}) == 48
    for one in things:
        first, last = one.artefact.review(today)
        assert today < first <= last
        assert one.artefact.is_clear and one.key in one.change_ids


def assert_spread(answers):
    """Pooling is right for about half of a class, and both kinds of answer are common."""
    assert 0.4 < answers.count("pooled") / len(answers) < 0.6
