"""What a right variant of the exercise on export controls is, seen from the seed."""

from __future__ import annotations

import hashlib

from answersheet import export_controls
from coursefacts import controls, load
from courselab import machines

BANDS = controls.bands(load().get("us.4a906.a"))


def drawn(number):
    """Draw what can go wrong: the machine and the plans, without the night's results."""
    seed = hashlib.sha256(f"right answers {number}".encode()).digest()
    return machines.draw(seed), export_controls.plans_of(seed)


def assert_one_right_answer(variant):
    """Margins of error and counts, and mistakes that land elsewhere; answer where the device stands."""
    machine, plans = variant
    truth, count, here = machine.machine_error, machine.census, machine.places()
    # Any measurement within the tolerance gives the same places.
    for factor in (1 - machines.MARGIN, 1 + machines.MARGIN):
        assert machines.places(count.counted, truth * factor) == here
    assert all(abs(truth / bound - 1) >= machines.MARGIN for bound in machines.bounds(BANDS))
    for other in (count.counted - 2, count.counted + 2):
        assert machines.places(other, truth) == here
    assert machines.places(count.total, truth)["US"] != here["US"]
    assert count.counted < count.connected < count.total
    assert {here["DE"], here["ES"]} == {"not verified"}
    exports = [plan.activity.export for plan in plans]
    assert len({plan.id for plan in plans}) == len(exports) == 8
    assert 3 <= sum(exports) <= 5
    return here["US"] or "no band"


def assert_spread(answers):
    """About half of a class has a listed device, and the listed ones stand in several bands."""
    assert 0.4 < answers.count("no band") / len(answers) < 0.6
    assert len(set(answers)) >= 5
