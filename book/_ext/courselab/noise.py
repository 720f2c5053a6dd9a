"""Noise of an amplifier: the number in a laboratory's notebook and the number in a list.

    >>> round(noise_figure(0.35), 4)
    0.0052
    >>> round(quantum_limit(6e9), 3)
    0.144

A laboratory states the *added noise* of an amplifier as a temperature or in photons; a list asks for a
*noise figure* in decibels. One becomes the other only with a reference temperature.
"""

from __future__ import annotations

import math

PLANCK = 6.62607015e-34  # J s, exact since 2019
BOLTZMANN = 1.380649e-23  # J/K, exact since 2019
STANDARD = 290.0
"""The reference temperature of radio engineers, in kelvin (Federal Standard 1037C)."""


def noise_figure(temperature: float, reference: float = STANDARD) -> float:
    """Return the noise figure in dB of an added noise temperature in kelvin: 10 log10(1 + T/T0)."""
    if temperature < 0 or reference <= 0:
        raise ValueError("a noise temperature is not negative, and a reference temperature is positive")
    return 10 * math.log10(1 + temperature / reference)


def noise_temperature(figure: float, reference: float = STANDARD) -> float:
    """Return the added noise temperature in kelvin of a noise figure in dB: the way back."""
    return reference * math.expm1(figure / 10 * math.log(10))


def from_photons(photons: float, frequency: float) -> float:
    """Return the noise temperature, in kelvin, of added noise in photons at a frequency in hertz."""
    return photons * PLANCK * frequency / BOLTZMANN


def quantum_limit(frequency: float) -> float:
    """Return the least added noise of an amplifier that keeps the phase: half a photon, in kelvin."""
    return from_photons(0.5, frequency)
