"""A fleet's jobs measure what the closed form says, and a release gives away what theory says it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from courselab import fingerprints, releases
from courselab.fingerprints import COUPLERS, ECHO, QUBITS, SHOTS, Fleet, Table
from courselab.releases import FORMS, Release


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return Fleet.draw(8, 5)


@pytest.fixture(scope="module")
def jobs(fleet):
    return fingerprints.jobs(fleet, 6)


def test_a_machine_without_error_measures_its_preparation():
    perfect = Table(np.zeros((1, QUBITS)), np.zeros((1, COUPLERS)))

    assert fingerprints.expected(perfect)[0] == pytest.approx([0] * QUBITS + [1] * COUPLERS)
    assert fingerprints.run(perfect, shots=50) == pytest.approx([0] * QUBITS + [1] * COUPLERS)


def test_a_pair_that_has_wholly_depolarised_shows_each_outcome_in_a_quarter_of_the_runs():
    lost = Table(np.full((1, QUBITS), 0.1), np.ones((1, COUPLERS)))

    assert fingerprints.expected(lost)[0, QUBITS:] == pytest.approx(0.25)


def test_aer_agrees_with_the_closed_form():
    machine = Fleet.draw(1, 11).today
    shots = 40_000
    measured, mean = fingerprints.run(machine, shots=shots, seed=3), fingerprints.expected(machine)[0]
    z = (measured - mean) / np.sqrt(mean * (1 - mean) / shots)

    assert np.abs(z).max() < 4
    assert 0.2 < (z**2).mean() < 2.5


def test_jobs_from_the_closed_form_scatter_like_those_of_aer(fleet):
    rng = np.random.default_rng(2)
    mean = fingerprints.expected(fleet.today.of(0))[0]
    many = np.array([fingerprints.drawn(fleet.today.of(0), rng) for _ in range(3000)])

    assert many.mean(axis=0) == pytest.approx(mean, abs=0.002)
    assert many.var(axis=0) == pytest.approx(mean * (1 - mean) / SHOTS, rel=0.12)


def test_slopes_are_the_derivatives_of_the_closed_form(fleet):
    table, step = fleet.today.of(0), 1e-6
    from_readout, from_gate = fingerprints.slopes(table)
    base = fingerprints.expected(table)[0]
    by_gate = np.zeros(QUBITS + COUPLERS)
    for place in range(COUPLERS):
        gate = table.gate.copy()
        gate[0, place] *= 1 + step
        by_gate += ((fingerprints.expected(Table(table.readout, gate))[0] - base) / step) ** 2
    by_readout = np.zeros(QUBITS + COUPLERS)
    for place in range(QUBITS):
        readout = table.readout.copy()
        readout[0, place] *= 1 + step
        by_readout += ((fingerprints.expected(Table(readout, table.gate))[0] - base) / step) ** 2

    assert from_gate[0] == pytest.approx(np.sqrt(by_gate), rel=1e-3, abs=1e-9)
    assert from_readout[0] == pytest.approx(np.sqrt(by_readout), rel=1e-3, abs=1e-9)


def test_drift_has_the_stated_size_and_memory():
    fleet = Fleet.draw(2000, 1)
    home = np.log(fleet.home.gate)
    now, later, far = (np.log(fleet.days_ago(d).gate) - home for d in (0.0, fingerprints.MEMORY, 1e6))

    assert now.std() == pytest.approx(fleet.drift, rel=0.03)
    assert later.std() == pytest.approx(fleet.drift, rel=0.03)
    assert np.corrcoef(now.ravel(), later.ravel())[0, 1] == pytest.approx(math.exp(-1), abs=0.03)
    assert abs(np.corrcoef(now.ravel(), far.ravel())[0, 1]) < 0.03


def test_the_same_seed_is_the_same_fleet():
    one, same, other = Fleet.draw(3, 9), Fleet.draw(3, 9), Fleet.draw(3, 10)

    assert np.array_equal(one.today.gate, same.today.gate)
    assert not np.array_equal(one.today.gate, other.today.gate)


def test_an_echo_undoes_itself():
    assert ECHO % 2 == 0
    assert [c.name for c in fingerprints.probes()] == ["read zeros", "echo 0", "echo 1"]


def test_beliefs_add_up_and_bits_stay_below_the_logarithm(fleet, jobs):
    owners, measured = jobs
    for form in FORMS:
        belief = releases.chances(form, fleet, measured)
        assert belief.sum(axis=1) == pytest.approx(1)
        assert releases.bits(belief, owners) <= math.log2(8) + 1e-9


def test_without_knowledge_the_rate_is_chance():
    """Machines that are all alike cannot be told apart, however good the table."""
    alike = Fleet.draw(4, 7, places=0.0, drift=0.0)
    owners, measured = fingerprints.jobs(alike, 500, with_aer=False)
    share = releases.rate(releases.chances(Release("in full"), alike, measured), owners)
    sigma = math.sqrt(1 / 4 * 3 / 4 / len(owners))

    assert abs(share - 1 / 4) < 4 * sigma


def test_two_machines_are_told_apart_as_often_as_the_normal_law_says():
    """Known means and equal variances: the error is Q(d / 2), d the distance in standard deviations."""
    shots, owners = 100, np.repeat([0, 1], 4000)
    readout = np.full((2, QUBITS), 0.10)
    readout[1, 0] = 0.13
    table = Table(readout, np.full((2, COUPLERS), 0.01))
    rng = np.random.default_rng(8)
    measured = np.array([fingerprints.drawn(table.of(o), rng, shots=shots) for o in owners])

    class Known(Release):
        def table(self, fleet):
            return table

        def spread(self, fleet):
            return 0.0

    share = releases.rate(releases.chances(Known("known"), Fleet(table, 0), measured, shots=shots), owners)
    mean = fingerprints.expected(table)
    sigma = np.sqrt(mean * (1 - mean) / shots).mean(axis=0)
    distance = np.sqrt((((mean[1] - mean[0]) / sigma) ** 2).sum())
    theory = 0.5 * (1 + math.erf(distance / 2 / math.sqrt(2)))

    assert share == pytest.approx(theory, abs=0.025)


def test_each_form_does_what_its_name_says(fleet):
    full = releases.FORMS[0].table(fleet)
    digit = Release("one digit", digits=1).table(fleet)
    pooled = Release("pooled", pooled=True).table(fleet)
    noisy = Release("noisy", noise=0.5).table(Fleet.draw(3000, 2))

    assert {f"{x:.0e}" for x in digit.gate.ravel()} == {f"{x:.0e}" for x in full.gate.ravel()}
    assert digit.gate == pytest.approx(np.vectorize(lambda x: float(f"{x:.0e}"))(full.gate))
    assert np.ptp(pooled.gate, axis=1) == pytest.approx(0)
    assert np.log(noisy.gate).std() > 0.65


def test_a_ghz_state_on_perfect_couplers_is_perfect_and_on_noisy_ones_as_computed_by_hand():
    """Two qubits: depolarising with p leaves F = 1 - p + p/4."""
    readout = np.full((1, QUBITS), 0.05)
    perfect = Table(readout, np.zeros((1, COUPLERS)))
    noisy = Table(readout, np.full((1, COUPLERS), 0.08))

    assert releases.fidelities(perfect) == pytest.approx(1)
    assert releases.fidelities(noisy, length=2) == pytest.approx(1 - 0.75 * 0.08)


@pytest.mark.parametrize("length", [2, 3, 4])
def test_the_closed_form_of_a_ghz_state_is_what_aer_finds(fleet, length):
    table = Table(fleet.today.readout, np.minimum(6 * fleet.today.gate, 0.5))

    assert releases.ghz_fidelities(table, length) == pytest.approx(releases.fidelities(table, length))


def test_usefulness_is_one_for_the_truth_and_nothing_for_a_constant(fleet):
    true = releases.fidelities(fleet.today)

    assert releases.usefulness(true, true) == pytest.approx(1)
    assert releases.usefulness(true - 0.02, true) == pytest.approx(1)
    assert releases.usefulness(np.full_like(true, 0.9), true) == 0


def test_what_the_lab_says_holds(fleet, jobs):
    """Rounding hides nothing; a month's delay costs the user more than the attacker."""
    found = {w.release.name: w for w in releases.weigh(FORMS, fleet, *jobs)}
    full, digit, late, pooled = (
        found[name] for name in ("in full", "one digit", "a month late", "one number per machine")
    )

    assert full.rate > 0.9 and digit.rate > 0.9 and late.rate > 0.7
    assert full.usefulness > 0.9 > late.usefulness
    assert pooled.rate < 0.6 < late.rate
    for one in found.values():
        assert one.rate_interval[0] <= one.rate <= one.rate_interval[1] + 1e-9
