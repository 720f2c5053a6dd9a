"""The long proofs: a hundred devices, a hundred coherent ones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.courselab.proofs import coherent, on_both_cores, stochastic

# Generous: a machine that does other things as well must not fail a proof.
pytestmark = [pytest.mark.proof, pytest.mark.timeout(2400)]
SEEDS = 100


def test_with_stochastic_noise_the_interval_holds_the_truth_and_is_narrow():
    found = on_both_cores(stochastic, SEEDS)

    assert sum(covers for covers, _, _ in found) >= 0.9 * SEEDS
    assert max(width for _, width, _ in found) <= 0.20
    assert np.mean([ratio for _, _, ratio in found]) == pytest.approx(1, abs=0.02)
    # What the exercise allows for one coupler leaves room on both sides of honest work.
    assert max(abs(ratio - 1) for _, _, ratio in found) <= 0.25


def test_with_coherent_noise_the_value_misleads_and_the_interval_says_so():
    found = on_both_cores(coherent, SEEDS)
    ratios, longer = (np.array([measured[which] for measured in found]) for which in (1, 2))

    assert ratios.std() > 0.3
    assert (np.abs(ratios - 1) > 0.2).sum() >= 0.4 * SEEDS
    assert np.median([measured[0] for measured in found]) > 0.4
    assert longer.std() > 0.25
