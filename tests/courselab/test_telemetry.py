"""The link against closed forms and against circuits; the alarm against cases done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from courselab import alarms, telemetry
from courselab.alarms import Watch
from courselab.telemetry import Intrusion, Link, Trouble
from qiskit.quantum_info import DensityMatrix

SHOTS = 40_000


@pytest.mark.parametrize(
    ("trouble", "in_z", "in_x"),
    [
        # Everything measured and resent in a random basis: a quarter of the sifted bits is wrong.
        (Trouble(intercepted=1, flips=0), 0.25, 0.25),
        (Trouble(intercepted=1, habit="Z", flips=0), 0, 0.5),
        (Trouble(intercepted=1, habit="X", flips=0), 0.5, 0),
        (Trouble(phase=math.pi / 3, flips=0), 0, 0.25),
        (Trouble(flips=0.02), 0.02, 0.02),
        (Trouble(intercepted=0.44, flips=0), 0.11, 0.11),
    ],
)
def test_errors_in_the_two_bases(trouble, in_z, in_x):
    assert telemetry.errors(trouble) == pytest.approx((in_z, in_x), abs=1e-12)


@pytest.mark.parametrize("habit", ["random", "Z", "X"])
def test_circuits_and_formula_agree(habit):
    trouble = Trouble(phase=0.5, intercepted=0.3, habit=habit, flips=0.01)
    found = telemetry.measured(trouble, SHOTS, seed=3)

    for (wrong, bits), right in zip(found.values(), telemetry.errors(trouble), strict=True):
        assert bits == SHOTS
        assert abs(wrong / bits - right) < 4 * math.sqrt(right * (1 - right) / bits)


def test_one_pulse_exactly():
    circuit = telemetry.pulse(1, "X", Trouble(phase=0.7))
    state = DensityMatrix(circuit.remove_final_measurements(inplace=False))

    assert state.probabilities()[0] == pytest.approx(math.sin(0.35) ** 2)


def test_quiet_nights_have_the_errors_of_the_link():
    link = Link(walk=0.0, residual=0.0, jump=0.0, flips=0.02)
    found = telemetry.nights(link, 400, np.random.default_rng(1))

    assert found.z.shape == found.x.shape == (400, link.windows)
    assert found.z.mean() / link.bits == pytest.approx(0.02, rel=0.02)
    assert found.x.mean() / link.bits == pytest.approx(0.02, rel=0.02)
    assert found.calibrated == (0, 24, 48, 72)


def test_drift_moves_one_basis_only_and_calibration_sets_it_back():
    link = Link(flips=0.0, jump=0.0)
    found = telemetry.nights(link, 3000, np.random.default_rng(2))
    rates = found.x.mean(axis=0) / link.bits

    assert found.z.sum() == 0
    assert rates[23] == pytest.approx(telemetry.rms_drift(link), rel=0.08)
    assert rates[24] < 0.2 * rates[23]


def test_an_intrusion_begins_where_it_is_told():
    link = Link(flips=0.0, jump=0.0)
    found = telemetry.nights(link, 300, np.random.default_rng(3), Intrusion(50, 0.2))

    assert found.z[:, :50].sum() == 0
    assert found.z[:, 50:].mean() / link.bits == pytest.approx(0.05, rel=0.03)


def test_the_sum_is_the_one_done_by_hand():
    watch = Watch(base=0.1, raised=0.2)
    up, down = math.log(2), math.log(0.8 / 0.9)
    levels = watch.levels([0, 1, 3, 0], bits=10)

    first = max(0, 10 * down)
    second = max(0, first + up + 9 * down)
    third = max(0, second + 3 * up + 7 * down)
    assert levels == pytest.approx([first, second, third, max(0, third + 10 * down)])


def test_many_nights_at_once_are_the_same_as_one_by_one():
    rng = np.random.default_rng(4)
    counts = rng.binomial(250, 0.012, (20, 96))
    watch = Watch(0.01, 0.025)

    assert watch.levels(counts, 250) == pytest.approx(np.array([watch.levels(row, 250) for row in counts]))


def test_a_base_that_follows_forgets_a_slow_rise_and_notices_a_jump():
    slow = np.linspace(0, 40, 96)
    jump = np.r_[np.full(48, 3.0), np.full(48, 12.0)]
    follow = alarms.following(np.array([slow, jump]), 250, 0.015, 12, 0.01)
    fixed = Watch(0.01, 0.025).levels(np.array([slow, jump]), 250)

    assert follow[0].max() < 0.1 * fixed[0].max()
    assert follow[1, 50:60].max() > 5
    # By hand: the base of window 60 is the mean of windows 48 to 59.
    assert follow[1, 95] == pytest.approx(max(0.0, follow[1, 95]))


def test_the_base_that_follows_is_the_mean_of_the_windows_before():
    counts = np.array([5.0, 7.0, 9.0, 20.0])
    levels = alarms.following(counts, 100, 0.05, 3, 0.01)
    base = 0.07
    gain = 20 * math.log(0.12 / base) + 80 * math.log(0.88 / 0.93)
    before = alarms.running(counts[:3] * math.log(6) + (100 - counts[:3]) * math.log(0.94 / 0.99))[-1]

    assert levels[3] == pytest.approx(max(0.0, before + gain))


def test_the_threshold_keeps_what_it_promises():
    peaks = np.arange(200.0)
    threshold = alarms.threshold_for(peaks, 0.05)

    assert alarms.share_above(peaks, threshold) == 0.05
    assert alarms.share_above(peaks, threshold - 1) > 0.05


def test_on_new_nights_the_promise_holds_within_chance():
    watch, link = Watch(0.01, 0.025), Link()
    first, second = (
        alarms.highest(watch.levels(telemetry.nights(link, 4000, np.random.default_rng(seed)).z, link.bits))
        for seed in (5, 6)
    )
    share = alarms.share_above(second, alarms.threshold_for(first, 0.05))

    assert share == pytest.approx(0.05, abs=4 * math.sqrt(2 * 0.05 * 0.95 / 4000))


def test_bayes_by_hand():
    # Of 1,000 nights 2 are intruded and both ring, 998 are quiet and 50 of them ring by a rate of 5 %.
    assert alarms.probability_given_alarm(0.002, 1.0, 0.05) == pytest.approx(2 / (2 + 49.9))
    assert alarms.probability_given_silence(0.002, 0.5, 0.05) == pytest.approx(1 / (1 + 998 * 0.95))


def test_a_trade_counts_both_errors():
    found = alarms.trade([0, 1, 2, 3], [2, 4, 6, 8], points=9)

    assert found.at(2.0) == (0.25, 0.25)
    assert found.at(8.0) == (0.0, 1.0)


def test_the_cheapest_threshold_falls_when_a_miss_costs_more():
    rng = np.random.default_rng(7)
    found = alarms.trade(rng.normal(3, 1, 2000), rng.normal(6, 1, 2000))

    assert alarms.cheapest(found, 0.01, 1, 20) > alarms.cheapest(found, 0.01, 1, 2000)
    assert alarms.burden(found, 0.0, 1, 5)[0] == pytest.approx(found.false[0])


def test_delays_count_from_the_beginning():
    levels = np.array([[0, 0, 1, 4], [5, 0, 0, 0], [0, 0, 0, 6]])

    assert alarms.delays(levels, 3, [1, 1, 3]) == [2, 0]
    assert alarms.first_alarm(levels[0], 9) is None
