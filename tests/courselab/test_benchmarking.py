"""The fit finds what was put in, the interval is honest about it, and a measurement can be repeated."""

from __future__ import annotations

import numpy as np
import pytest
from courselab.benchmarking import Curves, Design, analyse, benchmark, measure
from courselab.devices import simple
from courselab.fitting import systematic_bound, usual_weights

LENGTHS = (1, 20, 40, 80, 120, 160)
ALPHA, GATE = 0.985, 0.99


def exact(scatter=0.0, seed=0, samples=10):
    rng = np.random.default_rng(seed)
    lengths = np.array(LENGTHS, dtype=float)[:, None]
    plain = 0.70 * ALPHA**lengths + 0.25 + scatter * rng.standard_normal((len(LENGTHS), samples))
    both = 0.70 * (ALPHA * GATE) ** lengths + 0.25 + scatter * rng.standard_normal((len(LENGTHS), samples))
    return Curves(Design(LENGTHS, samples, 1000), plain, both)


def test_the_fit_recovers_exact_decays():
    result = analyse(exact())

    assert result.error == pytest.approx(0.75 * (1 - GATE), rel=1e-5)
    assert result.fit.alpha == pytest.approx(ALPHA, rel=1e-6)
    assert result.fit.amplitude == pytest.approx(0.70, rel=1e-4)


def test_the_interval_covers_about_as_often_as_it_says():
    truth = 0.75 * (1 - GATE)
    results = [analyse(exact(0.02, seed), truth=truth, seed=seed) for seed in range(40)]

    assert sum(result.covers for result in results) >= 34
    assert np.mean([result.error for result in results]) == pytest.approx(truth, rel=0.03)


def test_three_samples_make_the_quoted_sigma_too_small_and_the_interval_wide():
    truth = 0.75 * (1 - GATE)
    results = [analyse(exact(0.02, seed, samples=3), truth=truth, seed=seed) for seed in range(40)]
    quoted = np.array([result.quoted.error for result in results])

    assert quoted.std() > 1.3 * np.mean([result.quoted.sigma for result in results])
    assert sum(result.covers for result in results) >= 34


def test_weights_of_equal_samples_stay_finite():
    assert np.isfinite(usual_weights(np.full((2, 3, 4), 0.5))).all()


@pytest.mark.parametrize(("alpha", "gate"), [(0.99, 0.99), (0.98, 0.995)])
def test_the_bound_of_the_method_is_the_published_formula(alpha, gate):
    spread = 0.75 * (abs(alpha - gate) + (1 - alpha))
    other = 30 * (1 - alpha) / (16 * alpha) + 4 * (1 - alpha) ** 0.5 * 15**0.5 / alpha

    assert systematic_bound(alpha, gate) == pytest.approx(min(spread, other))


def test_a_measurement_is_the_same_for_the_same_seed():
    design = Design((1, 10, 30), samples=3, shots=200)
    one, same, other = (measure(simple(0.01), (0, 1), design, seed=seed) for seed in (4, 4, 5))

    assert np.array_equal(one.interleaved, same.interleaved)
    assert not np.array_equal(one.interleaved, other.interleaved)


def test_a_short_benchmark_lands_near_the_truth():
    result = benchmark(simple(0.0075), (0, 1), Design((1, 30, 80), samples=8, shots=500), seed=2)

    assert result.error == pytest.approx(result.truth, rel=0.35)
    assert result.systematic[0] == 0 < result.truth < result.systematic[1]


def test_a_smaller_error_gets_longer_sequences():
    assert Design.for_error(0.0075).lengths == LENGTHS
    assert Design.for_error(0.005).lengths[-1] == 240
    assert Design.for_error(0.0001).lengths[-1] == 240


@pytest.mark.slow
def test_our_benchmark_agrees_with_the_one_of_qiskit_experiments():
    from qiskit.circuit.library import CXGate
    from qiskit_aer import AerSimulator
    from qiskit_experiments.library import InterleavedRB

    device = simple(0.0075)
    ours = benchmark(device, (0, 1), Design(LENGTHS, 10, 1000), seed=21)
    experiment = InterleavedRB(
        CXGate(), (0, 1), LENGTHS, AerSimulator(noise_model=device.noise_model((0, 1))), 10, seed=21
    )
    theirs = (
        experiment.run(shots=1000, seed_simulator=21)
        .block_for_results()
        .analysis_results("EPC", dataframe=False)
        .value
    )

    # Both scatter by about 5 %; together they should differ by less than 20 %.
    assert ours.error == pytest.approx(theirs.nominal_value, rel=0.2)
    assert theirs.nominal_value == pytest.approx(device.cnot_error((0, 1)), rel=0.2)
