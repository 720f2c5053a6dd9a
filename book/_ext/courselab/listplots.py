"""Figures that lay a part or a machine over a list: an amplifier's noise, the bands of qubits and error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from coursefacts.values import Band
from matplotlib.figure import Figure

from courselab import noise
from courselab.figures import ACCENT, INK, QUIET, WARN, WASH, Picture, picture

FEWEST, MOST = 20, 4000
LEAST, LARGEST = 3e-5, 2e-2


def amplifier(temperature: float, frequency: float, bound: float) -> Picture:
    """One amplifier's added noise, as a noise figure with two reference temperatures, against a list's bound.

    temperature: added noise in kelvin. frequency: in hertz. bound: the list's noise figure in dB.
    """
    kelvins = np.geomspace(0.05, 8, 120)
    lines = (
        (noise.STANDARD, "reference 290 K", ACCENT, "-", "o"),
        (1.0, "reference 1 K", WARN, "--", "D"),
    )
    figures = [noise.noise_figure(temperature, reference) for reference, *_ in lines]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axhspan(1e-4, bound, color=WASH, zorder=0)
        for (reference, label, colour, style, marker), here in zip(lines, figures, strict=True):
            axes.plot(
                kelvins, [noise.noise_figure(t, reference) for t in kelvins], style, color=colour, zorder=2
            )
            axes.plot([temperature], [here], marker, color=colour, ms=7, zorder=3)
            axes.annotate(
                label,
                (kelvins[78], noise.noise_figure(kelvins[78], reference)),
                (8, -14),
                textcoords="offset points",
                color=colour,
            )
        axes.axhline(bound, color=INK, lw=1)
        axes.annotate(
            f"the lists: below {bound} dB", (0.052, bound), (0, 4), textcoords="offset points", color=INK
        )
        limit = noise.quantum_limit(frequency)
        axes.axvline(limit, color=QUIET, ls=":", lw=1.2)
        axes.annotate(
            f"half a photon\nat {frequency / 1e9:g} GHz",
            (limit, 9),
            (4, 0),
            textcoords="offset points",
            color=QUIET,
            va="top",
            fontsize=8.5,
        )
        axes.set(
            xscale="log",
            yscale="log",
            xlim=(0.05, 8),
            ylim=(5e-4, 12),
            xlabel="added noise of the amplifier, K",
            ylabel="noise figure, dB",
        )

    sides = ["below" if figure < bound else "above" for figure in figures]
    alt = (
        f"Noise figure against added noise, both on logarithmic axes, with the lists' bound of {bound} dB. "
        f"An amplifier with {temperature:g} K has {figures[0]:.4f} dB by a reference of 290 K, which is "
        f"{sides[0]} the bound, and {figures[1]:.2f} dB by a reference of 1 K, which is {sides[1]} it."
    )
    return picture(draw, alt)


def staircase(bands: Sequence[Band], machines: Sequence[tuple[str, int, float]] = ()) -> Picture:
    """The region of a list in the plane of counted qubits and C-NOT error, with some machines in it."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for band in bands:
            right = band.qubits_max + 1 if band.qubits_max is not None else MOST
            top = band.cnot_error_max if band.cnot_error_max is not None else LARGEST
            axes.fill_between([band.qubits_min, right], LEAST, top, color=WASH, lw=0, zorder=0)
            axes.plot([band.qubits_min, right], [top, top], color=ACCENT, zorder=2)
            axes.plot([band.qubits_min] * 2, [LEAST, top], color=ACCENT, lw=0.5, zorder=1)
        for label, qubits, error in machines:
            axes.plot([qubits], [error], "D", color=WARN, ms=6, zorder=3)
            axes.annotate(label, (qubits, error), (7, 5), textcoords="offset points", color=INK)
        axes.annotate("listed", (260, 1e-4), color=ACCENT)
        axes.annotate("in no band", (45, 7e-3), color=QUIET)
        axes.set(
            xscale="log",
            yscale="log",
            xlim=(FEWEST, MOST),
            ylim=(LEAST, LARGEST),
            xlabel="qubits that are fully controlled, connected and working",
            ylabel="average C-NOT error",
        )
        axes.set_xticks([34, 100, 200, 500, 1100, 2000], ["34", "100", "200", "500", "1,100", "2,000"])
        axes.minorticks_off()

    named = "; ".join(f"{label}: {qubits} qubits, error {error:g}" for label, qubits, error in machines)
    alt = (
        f"A staircase of {len(bands)} steps that rises to the right in the plane of qubits and C-NOT error: "
        f"the more qubits, the larger the error that is still listed; the last step has no bound. {named}"
    ).strip()
    return picture(draw, alt)
