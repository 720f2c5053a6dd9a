"""Chance, ideal and circuit agree with what can be worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
from courselab import factoring, shor
from courselab.proportions import proportion


@pytest.mark.parametrize(("base", "period"), [(2, 4), (7, 4), (11, 2), (4, 2)])
def test_a_period_that_divides_the_range_gives_even_peaks(base, period):
    chances = factoring.ideal(base, 15, 8)
    peaks = np.flatnonzero(chances > 1e-9)

    assert list(peaks) == [256 // period * k for k in range(period)]
    assert chances[peaks] == pytest.approx(1 / period)


def test_other_periods_spread_around_the_multiples_and_sum_to_one():
    chances = factoring.ideal(2, 21, 10)

    assert chances.sum() == pytest.approx(1)
    # Period 6: the largest chance lies at the whole number nearest to each multiple of 1024 / 6.
    assert all(chances[round(1024 * k / 6)] > 0.1 for k in range(6))


def test_the_circuit_gives_the_ideal_readings_and_knows_no_period():
    assert shor.readings(7, 15, 8) == pytest.approx(factoring.ideal(7, 15, 8), abs=1e-9)


def test_a_circuit_that_skips_ones_is_much_shorter():
    whole, skipped = (shor.gate_count(7, 15, 8, skip_ones=skip) for skip in (False, True))

    # Only two of eight rounds multiply by something else than one.
    assert skipped * 4 == whole
    assert shor.round_circuit(7, 15).num_qubits == 2 * 4 + 3


def test_a_round_adds_and_multiplies_modulo_the_number():
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import Statevector

    value, register, flag, control = shor.layout(13)
    for x in (1, 12):
        circuit = QuantumCircuit(control + 1)
        circuit.x([qubit for place, qubit in enumerate(value) if x >> place & 1])
        circuit.x(control)
        shor._multiply(circuit, 6, 13, control, value, register, flag)
        outcome = max(Statevector(circuit).probabilities_dict().items(), key=lambda item: item[1])
        assert outcome[1] == pytest.approx(1)
        assert int(outcome[0], 2) == (1 << control) + 6 * x % 13


def test_convergents_of_a_reading():
    # 85 / 256 = 0.332: its convergents are 0, 1/3 and 85/256.
    assert factoring.denominators(85, 8, 15) == [1, 3]
    assert factoring.denominators(0, 8, 15) == [1]
    assert factoring.denominators(192, 8, 15) == [1, 1, 4]


def test_a_reading_gives_a_factor_or_none():
    assert factoring.split(64, 8, 7, 15) in (3, 5)
    assert factoring.split(0, 8, 7, 15) is None


def test_the_chance_level_is_the_enumeration():
    by_hand = sum(factoring.split(y, 8, 7, 15) is not None for y in range(256)) / 256

    assert factoring.chance(7, 15, 8) == by_hand
    # A perfect machine is no better on 21 than a coin is: success alone says nothing.
    hit = factoring.hits(2, 21, 10)
    assert factoring.ideal(2, 21, 10) @ hit < hit.mean()


def test_a_sampled_chance_holds_the_enumerated_one():
    exact = np.mean([factoring.chance(base, 15, 8) for base in factoring.bases(15)])
    found = factoring.sampled_chance(15, 4000, seed=1)

    assert found.low < exact < found.high


def test_the_chance_falls_as_numbers_grow():
    small, large = (factoring.sampled_chance(number, 1500, seed=2) for number in (899, 1009 * 1013))

    assert large.high < small.low
    # Also where a reading has more than 64 bits.
    assert factoring.sampled_chance(65003 * 65011, 300, seed=2).estimate < small.low


def test_the_interval_of_a_share_is_the_exact_one():
    found = proportion(0, 100)
    assert (found.estimate, found.low) == (0, 0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 100))
    assert proportion(50, 50).high == 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_share_of_signal_is_found(share):
    perfect = factoring.ideal(2, 21, 10)
    counts = factoring.draw(factoring.mixture(perfect, share), 4000, seed=5)
    found = factoring.signal(counts, perfect)

    assert found.low <= share + 0.005 and share - 0.005 <= found.high
    assert found.seen is (share > 0)


def test_the_interval_covers_as_often_as_it_says():
    perfect = factoring.ideal(2, 21, 10)
    inside = 0
    for seed in range(200):
        counts = factoring.draw(factoring.mixture(perfect, 0.2), 500, seed)
        found = factoring.signal(counts, perfect)
        inside += found.low <= 0.2 <= found.high

    assert 180 <= inside <= 199


def test_the_shots_that_are_needed_give_the_stated_power():
    perfect, share = factoring.ideal(2, 21, 10), 0.1
    shots = factoring.shots_needed(perfect, share, 0.01, 0.99)
    score = np.log1p(share * (perfect * len(perfect) - 1))
    sums = {
        name: np.array([factoring.draw(chances, shots, seed) @ score for seed in range(1500)])
        for name, chances in (
            ("chance", np.full(1024, 1 / 1024)),
            ("signal", factoring.mixture(perfect, share)),
        )
    }
    line = np.quantile(sums["chance"], 0.99)

    assert np.mean(sums["signal"] > line) > 0.95
    # A quarter of them is clearly not enough, so the number means something.
    few = shots // 4
    half, none = (
        np.array([factoring.draw(chances, few, seed) @ score for seed in range(500)])
        for chances in (factoring.mixture(perfect, share), np.full(1024, 1 / 1024))
    )
    assert np.mean(half > np.quantile(none, 0.99)) < 0.9


def test_looking_at_successes_takes_more_shots_or_never_ends():
    for base, number, bits in ((7, 15, 8), (2, 51, 12)):
        perfect, hit = factoring.ideal(base, number, bits), factoring.hits(base, number, bits)
        by_success = factoring.success_shots_needed(hit, perfect, 0.05)
        assert by_success > 5 * factoring.shots_needed(perfect, 0.05)
    perfect, hit = factoring.ideal(2, 21, 10), factoring.hits(2, 21, 10)
    assert factoring.success_shots_needed(hit, perfect, 0.05) == float("inf")
