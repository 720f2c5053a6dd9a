"""The link and the two who listen, against what can be worked out on paper and against circuits."""

from __future__ import annotations

import pytest
from courselab import keycircuits, keydist
from courselab.keydist import Blinding, Intercept, Link

CLEAN = Link(loss=3, efficiency=0.5, dark=0.0, misaligned=0.0)


def inside(sampled, truth, slack=0.0):
    return sampled.low - slack <= truth <= sampled.high + slack


def test_nobody_listens_and_nothing_is_wrong():
    record = keydist.run(CLEAN, seed=3)

    assert record.error_rate.estimate == 0
    assert inside(record.rate, CLEAN.detected, 1e-3)
    assert record.sifted.sum() / (record.click & record.sent).sum() == pytest.approx(0.5, abs=0.01)
    assert record.leaked == 0


@pytest.mark.parametrize("share", [0.2, 0.44, 1.0])
def test_a_quarter_of_what_is_intercepted_is_wrong_and_half_of_it_is_known(share):
    record = keydist.run(CLEAN, Intercept(share), seed=4)

    assert inside(record.error_rate, share / 4, 0.003)
    assert record.leaked == pytest.approx(share / 2, abs=0.01)
    assert inside(record.rate, CLEAN.detected, 1e-3)


def test_circuits_and_the_fast_simulation_agree():
    by_circuit = keycircuits.error_rate(intercepted=True, shots=2000, seed=2)

    assert inside(by_circuit, 0.25, 0.003)
    assert keycircuits.error_rate(intercepted=False, shots=200).estimate == 0


def test_the_limit_is_eleven_per_cent_and_forty_four_per_cent_stay_below():
    limit = keydist.largest_error_rate()

    assert limit == pytest.approx(0.110028, abs=1e-6)
    assert keydist.secret_share(limit) == pytest.approx(0, abs=1e-9)
    assert 0.44 / 4 < limit < 0.45 / 4
    assert keydist.secret_share(0.0) == 1 and keydist.secret_share(0.25) == 0


def test_a_blinded_link_shows_no_error_halves_the_clicks_and_gives_all_away():
    record = keydist.run(CLEAN, Blinding(efficiency=1.0, match=False), seed=5)

    assert record.error_rate.estimate == 0
    assert inside(record.rate, 0.5, 1e-3)
    assert record.leaked == 1
    assert record.dark_rate.estimate == 0


def test_loss_hides_the_missing_half():
    far, near = Link(loss=10, efficiency=0.2), Link(loss=0, efficiency=0.9)
    for link, hidden in ((far, True), (near, False)):
        record = keydist.run(link, Blinding(efficiency=0.8), seed=6)
        assert inside(record.rate, link.detected, 1e-3) is hidden
        assert (link.loss >= keydist.loss_that_hides(link.efficiency, 0.8)) is hidden


def test_the_missing_dark_counts_tell():
    link = Link(dark=1e-3)
    honest, blinded = (keydist.run(link, attack, seed=7) for attack in (None, Blinding()))

    assert inside(honest.dark_rate, 2e-3, 2e-4)
    assert blinded.dark_rate.high < honest.dark_rate.low


@pytest.mark.parametrize(("power", "errors", "clicks"), [(0.9, 0.0, 0.0), (1.5, 0.0, 0.5), (2.5, 0.25, 1.0)])
def test_only_a_window_of_power_is_silent(power, errors, clicks):
    record = keydist.run(CLEAN, Blinding(efficiency=1.0, power=power, match=False), seed=8)

    assert record.error_rate.estimate == pytest.approx(errors, abs=0.005)
    assert record.rate.estimate == pytest.approx(clicks, abs=0.005)


def test_the_same_seed_gives_the_same_run():
    one, same, other = (keydist.run(CLEAN, seed=seed, pulses=10_000) for seed in (1, 1, 2))

    assert (one.bob == same.bob).all() and not (one.bob == other.bob).all()
