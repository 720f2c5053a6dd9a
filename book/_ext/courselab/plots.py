"""The figures of the labs on devices: what was measured, where it stands, how it grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from coursefacts.values import Band, band_bound, number
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from courselab.benchmarking import Result
from courselab.connectivity import largest_part
from courselab.figures import ACCENT, INK, PAPER, QUIET, RULE, WARN, WASH, Picture, picture, short
from courselab.layouts import Coupler, Layout
from courselab.roadmap import Crossing, RoadMap

GAP = (np.nan, np.nan)  # where a line of matplotlib's is broken


def decays(result: Result) -> Picture:
    """Both decays: one dot per random sequence, and the fitted curves."""
    lengths = np.array(result.curves.design.lengths, dtype=float)
    fine = np.linspace(0, lengths[-1] * 1.02, 200)
    plain, gate = result.fit.curves(fine)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        families = (
            (result.curves.reference, plain, QUIET, "o", "-", "Cliffords alone"),
            (result.curves.interleaved, gate, ACCENT, "D", "--", "a C-NOT after each"),
        )
        for shares, curve, colour, marker, line, label in families:
            for length, samples in zip(lengths, shares, strict=True):
                axes.plot(
                    [length] * len(samples), samples, marker, color=colour, ms=3, alpha=0.45, mew=0, zorder=2
                )
            axes.plot(fine, curve, line, color=colour, zorder=3)
            above = marker == "o"
            middle = int(len(fine) * (0.30 if above else 0.29))
            axes.annotate(
                label,
                (fine[middle], curve[middle]),
                (12, 10) if above else (-6, -16),
                textcoords="offset points",
                color=colour,
                ha="left" if above else "right",
            )
        axes.set(
            xlabel="length of the sequence, in Cliffords",
            ylabel="share of runs that end in 00",
            ylim=(0.15, 1),
        )
        axes.set_xlim(left=-lengths[-1] * 0.02)

    alt = (
        f"Two decays from about 0.95 towards a quarter over {lengths[-1]:.0f} Cliffords. The one with "
        f"interleaved C-NOTs falls faster; the difference gives a C-NOT error of {short(result.error)}."
    )
    return picture(draw, alt)


def verdict(result: Result, bounds: Sequence[float] = ()) -> Picture:
    """Interval, quoted sigma, systematic bound and truth of one measurement, on one axis of error."""
    lines = [
        ("95 % interval, resampled", result.interval, result.error, ACCENT, "-"),
        (
            "the fit's own ± sigma",
            (result.quoted.error - result.quoted.sigma, result.quoted.error + result.quoted.sigma),
            result.quoted.error,
            QUIET,
            "-",
        ),
        ("bound of the method", result.systematic, None, WARN, ":"),
    ]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        right = max(result.interval[1], result.truth) * 1.9
        for row, (_, (low, high), middle, colour, style) in enumerate(reversed(lines)):
            axes.plot([max(low, 0), min(high, right)], [row, row], style, color=colour, lw=5 if row else 2.5)
            if middle is not None:
                axes.plot([middle], [row], "|", color=INK, ms=13, mew=2)
            if high > right:
                axes.annotate(f"to {high:.2g}", (right, row), (-3, 6), textcoords="offset points", ha="right")
        axes.axvline(result.truth, ymax=0.88, color=INK, ls="--", lw=1)
        axes.annotate("truth", (result.truth, len(lines) - 0.52), ha="center", va="bottom")
        for bound in bounds:
            if bound < right:
                axes.axvline(bound, color=RULE, lw=1, zorder=0)
        axes.set_yticks(range(len(lines)), [line[0] for line in reversed(lines)])
        axes.set(
            xlim=(0, right), ylim=(-0.5, len(lines) - 0.1), xlabel="C-NOT error (average gate infidelity)"
        )
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        if bounds:
            axes.set_title(
                "thin lines: error bounds of the list", fontweight="normal", fontsize=9, color=QUIET
            )

    alt = (
        f"On an axis of C-NOT error: the resampled 95 % interval from {short(result.interval[0])} to "
        f"{short(result.interval[1])}, the fit's own sigma of {short(result.quoted.sigma)}, the method's "
        f"bound up to {short(result.systematic[1])}, and the simulated truth at {short(result.truth)}."
    )
    return picture(draw, alt, size=(7.0, 2.3))


def repeats(named: Sequence[tuple[str, Sequence[Result]]]) -> Picture:
    """Repeated measurements of one gate: values with quoted sigma, against the truth."""

    def draw(figure: Figure) -> None:
        columns = figure.subplots(1, len(named), sharey=True, squeeze=False)[0]
        for axes, (title, results) in zip(columns, named, strict=True):
            for place, result in enumerate(results, start=1):
                off = abs(result.quoted.error - result.truth) > result.quoted.sigma
                axes.errorbar(
                    [place],
                    [result.quoted.error],
                    [result.quoted.sigma],
                    fmt="D" if off else "o",
                    color=WARN if off else ACCENT,
                    mfc=PAPER if off else ACCENT,
                    capsize=3,
                )
            axes.axhline(results[0].truth, color=INK, ls="--", lw=1)
            axes.set_title(title)
            axes.set(xlabel="repetition", xticks=range(1, len(results) + 1), xlim=(0.5, len(results) + 0.5))
        columns[0].set_ylabel("C-NOT error ± quoted sigma")
        columns[0].set_ylim(bottom=0)

    parts = []
    for title, results in named:
        hit = sum(abs(r.quoted.error - r.truth) <= r.quoted.sigma for r in results)
        parts.append(f"{title}: {hit} of {len(results)} within one quoted sigma of the truth")
    return picture(draw, f"Repeated measurements with error bars. {'; '.join(parts)}.", size=(7.0, 3.0))


def device_map(layout: Layout, out_of_spec: Sequence[Coupler] = ()) -> Picture:
    """The device as a map: counted qubits filled, the others open, couplers out of specification marked."""
    broken = {qubit for coupler in out_of_spec for qubit in coupler}
    counted = largest_part(layout, broken)
    places = np.array(layout.places)
    faulty = set(out_of_spec)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        sound = [coupler for coupler in layout.couplers if coupler not in faulty]
        for pairs, colour, style, width in (
            (sound, QUIET, "-", 0.8),
            (out_of_spec, WARN, "-", 3.0),
            (layout.lost, QUIET, ":", 0.8),
        ):
            # One broken line for all couplers of a kind keeps the file small.
            axes.plot(*_strokes(places, pairs), style, color=colour, lw=width)
        inside = np.array([qubit in counted for qubit in range(layout.qubits)])
        size = 26 if layout.qubits < 200 else 11
        # Round ends of strokes too short to see: a tenth of what as many markers would weigh.
        dots = np.stack(
            [places[inside], places[inside] + (1e-3, 0), np.full((inside.sum(), 2), np.nan)], axis=1
        )
        axes.plot(*dots.reshape(-1, 2).T, color=ACCENT, lw=size**0.5, solid_capstyle="round", zorder=3)
        axes.scatter(
            places[~inside, 0], places[~inside, 1], s=size, facecolor=PAPER, edgecolor=WARN, lw=1, zorder=4
        )
        axes.set_aspect("equal")
        axes.axis("off")

    alt = (
        f"Map of a {layout.kind} device with {layout.qubits} qubits and {len(layout.couplers)} couplers. "
        f"{len(counted)} qubits are connected and working; {layout.qubits - len(counted)} are not. "
        f"{len(faulty)} couplers are out of specification."
    )
    span = np.ptp(places, axis=0)
    height = min(5.2, max(1.2, 7.0 * (span[1] + 1) / (span[0] + 1)))
    return picture(draw, alt, size=(7.0, height))


def _strokes(places: NDArray[np.float64], pairs: Sequence[Coupler]) -> NDArray[np.float64]:
    """Ends of all couplers with gaps between, shape (2, 3 times the couplers)."""
    return np.array([end for a, b in pairs for end in (places[a], places[b], GAP)]).reshape(-1, 2).T


def ladder(axes: Axes, bands: Sequence[Band], left: float, right: float, low: float, high: float) -> None:
    """Draw the controlled region of a list on logarithmic axes: qubits to the right, error upwards."""
    axes.set(xscale="log", yscale="log", xlim=(left, right), ylim=(low, high))
    axes.set(xlabel="qubits that count", ylabel="C-NOT error")
    for band in bands:
        end = right if band.qubits_max is None else band.qubits_max + 1
        top = high if band.cnot_error_max is None else band.cnot_error_max
        axes.add_patch(
            Rectangle((band.qubits_min, low), end - band.qubits_min, top - low, fc=WASH, ec=PAPER, lw=1)
        )
    ticks = [band.qubits_min for band in bands]
    shown = [x for x in (*ticks, 10, 20) if left <= x <= right]
    axes.set_xticks(shown, [number(x) for x in shown], rotation=45)
    axes.minorticks_off()


def stands(
    bands: Sequence[Band], counts: dict[str, int], error: float, interval: tuple[float, float]
) -> Picture:
    """Where a device stands in the ladder of bands: its error with interval, at each way of counting."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        ladder(axes, bands, 25, 4000, 5e-5, 2e-2)
        for place, (label, count) in enumerate(counts.items()):
            main = place == len(counts) - 1
            axes.errorbar(
                [count],
                [error],
                [[error - interval[0]], [interval[1] - error]],
                fmt="o" if main else "D",
                color=ACCENT if main else QUIET,
                mfc=ACCENT if main else PAPER,
                capsize=4,
            )
            offset, side = ((-8, 8), "right") if main else ((8, 8), "left")
            axes.annotate(
                f"{label}: {count}", (count, error), offset, textcoords="offset points", ha=side, fontsize=9
            )
        axes.set_title("shaded: what the list describes", fontweight="normal", fontsize=9, color=QUIET)

    listed = ", ".join(f"{label} {count}" for label, count in counts.items())
    alt = (
        f"Qubits against C-NOT error, the listed region rising in eight steps. The device at an error of "
        f"{short(error)}, between {short(interval[0])} and {short(interval[1])}, is drawn for the "
        f"counts {listed}."
    )
    return picture(draw, alt, size=(7.0, 4.0))


def probabilities(named: dict[str, dict[str, float]]) -> Picture:
    """Posterior of each band, for one or more priors or counts."""
    codes = [code for code in next(iter(named.values())) if any(p[code] > 0.001 for p in named.values())]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        height = 0.8 / len(named)
        looks = ((ACCENT, None), (WASH, "////"), (RULE, "...."))
        for row, (label, chances) in enumerate(named.items()):
            where = [place + (row - (len(named) - 1) / 2) * height for place in range(len(codes))]
            colour, hatch = looks[row % 3]
            values = [chances[code] for code in codes]
            axes.barh(where, values, height * 0.9, color=colour, hatch=hatch, ec=QUIET, lw=0.5, label=label)
            for y, value in zip(where, values, strict=True):
                axes.annotate(f"{value:.0%}", (value, y), (4, -3), textcoords="offset points", fontsize=9)
        axes.set_yticks(range(len(codes)), [code or "no band" for code in codes])
        axes.set(xlim=(0, 1.08), xlabel="probability")
        axes.invert_yaxis()
        if len(named) > 1:
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.28 if len(codes) < 3 else -0.2), ncols=3)

    words = "; ".join(
        f"{label}: " + ", ".join(f"{code or 'no band'} {chances[code]:.0%}" for code in codes)
        for label, chances in named.items()
    )
    return picture(
        draw, f"Bars of the probability of each band. {words}.", size=(7.0, 1.5 + 0.55 * len(codes))
    )


def survival(named: dict[str, tuple[Sequence[float], Sequence[float]]]) -> Picture:
    """Share of qubits in the largest part against the share of couplers lost, per layout."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for (label, (lost, left)), (colour, style) in zip(
            named.items(), ((ACCENT, "-"), (QUIET, "--"), (WARN, ":")), strict=False
        ):
            axes.plot(
                np.array(lost) * 100, np.array(left) * 100, style, color=colour, marker="o", ms=3, label=label
            )
        axes.set(xlabel="couplers lost at random, %", ylabel="qubits still connected, %", ylim=(0, 103))
        axes.legend(loc="lower left")

    words = "; ".join(
        f"{label}: {left[-1]:.0%} at {lost[-1]:.0%} lost" for label, (lost, left) in named.items()
    )
    return picture(draw, f"Curves of the connected share against lost couplers. {words}.")


def journey(bands: Sequence[Band], plan: RoadMap, crossings: Sequence[Crossing]) -> Picture:
    """A road map drawn over the ladder of bands, each change of place marked with its month."""
    steps = list(plan.steps())

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        ladder(axes, bands, 9, 4000, 1e-4, 2e-2)
        axes.plot([s[1] for s in steps], [s[2] for s in steps], "-", color=INK, lw=1.2)
        for place, crossing in enumerate(crossings):
            listed = crossing.place.listed
            axes.plot(
                [crossing.qubits],
                [crossing.error],
                "o" if listed else "D",
                color=ACCENT if listed else INK,
                mfc=ACCENT if listed else PAPER,
                ms=6,
                zorder=3,
            )
            label = f"{crossing.month:%b %Y}: {(crossing.place.code or 'no band').removeprefix('4A906.')}"
            offset, side = ((6, 7), "left") if place % 2 == 0 else ((-4, -14), "right")
            axes.annotate(
                label,
                (crossing.qubits, crossing.error),
                offset,
                textcoords="offset points",
                fontsize=8.5,
                ha=side,
            )

    words = "; ".join(
        f"{c.month:%B %Y}, {c.qubits} qubits, error {short(c.error)}: {c.place.code or 'no band'}"
        for c in crossings
    )
    return picture(draw, f"The road map over the listed region. {words}.", size=(7.0, 4.2))


def bounds_text(bands: Sequence[Band]) -> list[tuple[str, str]]:
    """Code and bound of each band, as text."""
    return [(band.code, band_bound(band)) for band in bands]
