"""Noise temperature, photons and noise figure against closed forms."""

from __future__ import annotations

import doctest
import math

import pytest
from courselab import noise


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(noise).failed == 0


def test_as_much_noise_as_the_reference_costs_a_factor_of_two():
    assert noise.noise_figure(290) == pytest.approx(10 * math.log10(2))
    assert noise.noise_figure(1, reference=1) == pytest.approx(10 * math.log10(2))
    assert noise.noise_figure(0) == 0


@pytest.mark.parametrize("temperature", [0.05, 0.35, 1.0, 4.0])
@pytest.mark.parametrize("reference", [1.0, 290.0])
def test_there_and_back(temperature, reference):
    figure = noise.noise_figure(temperature, reference)

    assert noise.noise_temperature(figure, reference) == pytest.approx(temperature)


def test_the_bound_of_the_lists_is_one_kelvin_by_the_standard_reference():
    assert noise.noise_temperature(0.015) == pytest.approx(1.0, abs=0.01)
    assert noise.noise_temperature(0.015, reference=1) == pytest.approx(0.00346, rel=0.01)


def test_half_a_photon_is_half_of_h_f_over_k():
    assert noise.quantum_limit(6e9) == pytest.approx(0.5 * 6.62607015e-34 * 6e9 / 1.380649e-23)
    assert noise.from_photons(1, 5e9) == pytest.approx(2 * noise.quantum_limit(5e9))


@pytest.mark.parametrize(("temperature", "reference"), [(-1, 290), (1, 0)])
def test_what_is_no_temperature_is_refused(temperature, reference):
    with pytest.raises(ValueError, match="temperature"):
        noise.noise_figure(temperature, reference)
