"""What a right variant of the exercise on export controls is."""

from __future__ import annotations

from coursefacts import controls, load
from courselab import export_controls

BANDS = controls.bands(load().get("us.4a906.a"))


def assert_one_right_answer(variant):
    """Margins of error and counts, and mistakes that land elsewhere; answer where the device stands."""
    truth, count, here = variant.machine_error, variant.census, variant.places()
    # Any measurement within the tolerance gives the same places.
    for factor in (1 - export_controls.MARGIN, 1 + export_controls.MARGIN):
        assert export_controls.places(count.counted, truth * factor) == here
    assert all(abs(truth / bound - 1) >= export_controls.MARGIN for bound in export_controls.bounds(BANDS))
    for other in (count.counted - 2, count.counted + 2):
        assert export_controls.places(other, truth) == here
    assert export_controls.places(count.total, truth)["US"] != here["US"]
    assert count.counted < count.connected < count.total
    assert {here["DE"], here["ES"]} == {"not verified"}
    drawn = [activity.export for activity in variant.activities]
    assert len({activity.id for activity in variant.activities}) == len(drawn) == 8
    assert 3 <= sum(drawn) <= 5
    return here["US"] or "no band"


def assert_spread(answers):
    """About half of a class has a listed device, and the listed ones stand in several bands."""
    assert 0.4 < answers.count("no band") / len(answers) < 0.6
    assert len(set(answers)) >= 5
