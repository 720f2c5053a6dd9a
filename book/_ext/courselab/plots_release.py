"""The figures of the labs on releases: fingerprints, trade-off, beliefs, what a file keeps."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.visualization import circuit_drawer

from courselab.figures import (
    ACCENT,
    INK,
    PAPER,
    QUIET,
    RULE,
    STYLE,
    WARN,
    WASH,
    Picture,
    Shown,
    for_both_themes,
    picture,
    table,
)
from courselab.fingerprints import COUPLERS, QUBITS, Array, Table
from courselab.releases import Weighed

# The colours of Qiskit's drawer in black and white, and what they are called here.
QISKIT = {"#ffffff": PAPER, "#000000": INK, "#778899": QUIET, "#bdbdbd": RULE}
MARKERS = ("o", "s", "D", "^", "v", "P", "X")


def fingerprints(published: Table, shown: int = 4) -> Picture:
    """Readout and gate errors of the first machines of a table, one line for each machine."""
    lines = ("-", "--", ":", "-.")
    colours = (ACCENT, WARN, INK, QUIET)

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, sharey=True)
        for axes, values, label in (
            (left, published.readout, "qubit"),
            (right, published.gate, "coupler"),
        ):
            places = np.arange(values.shape[1])
            for machine in range(min(shown, len(values))):
                axes.plot(
                    places,
                    100 * values[machine],
                    lines[machine % 4],
                    color=colours[machine % 4],
                    marker=MARKERS[machine],
                    ms=4,
                    label=f"machine {machine}",
                )
            axes.set(xlabel=label, xticks=places, yscale="log")
            axes.set_yticks([1, 2, 5], ["1", "2", "5"])
            axes.minorticks_off()
        left.set_title("readout error, %")
        right.set_title("C-NOT error (depolarising), %")
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=shown)

    alt = (
        f"Two panels of calibrated errors in per cent on a logarithmic axis: readout of {QUBITS} qubits and "
        f"C-NOT of {COUPLERS} couplers, for {shown} machines. Each machine has a profile of its own."
    )
    return picture(draw, alt, size=(7.0, 3.3))


def beliefs(belief: Array, owners: NDArray[np.int64], jobs: Sequence[int]) -> Picture:
    """What the attacker believes about a few jobs: a bar for each machine, the true one marked."""

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(jobs), sharey=True, squeeze=False)[0]
        for axes, job in zip(panels, jobs, strict=True):
            machines = np.arange(belief.shape[1])
            true = machines == owners[job]
            axes.bar(machines[~true], belief[job][~true], color=QUIET, width=0.8)
            axes.bar(machines[true], belief[job][true], color=ACCENT, hatch="///", ec=PAPER, width=0.8)
            axes.set(xlabel="machine", ylim=(0, 1.02), xticks=machines[::3])
            axes.set_title(f"job {job}: it was {owners[job]}")
        panels[0].set_ylabel("belief")

    words = "; ".join(
        f"job {job}, run on machine {owners[job]}: belief in it {belief[job, owners[job]]:.0%}"
        for job in jobs
    )
    return picture(draw, f"Bars of the attacker's belief in each machine. {words}.", size=(7.0, 2.6))


def trade_off(weighed: Sequence[Weighed], machines: int) -> Picture:
    """Identification against usefulness, with intervals; guessing marked."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axhline(100 / machines, color=RULE, lw=1.2)
        axes.annotate("guessing", (1.0, 100 / machines), (0, 3), textcoords="offset points", color=QUIET)
        for place, one in enumerate(weighed):
            x, y = 100 * one.usefulness, 100 * one.rate
            xs, ys = (np.array(i) * 100 for i in (one.usefulness_interval, one.rate_interval))
            axes.errorbar(
                [x],
                [y],
                xerr=[[max(0, x - xs[0])], [max(0, xs[1] - x)]],
                yerr=[[max(0, y - ys[0])], [max(0, ys[1] - y)]],
                fmt=MARKERS[place % len(MARKERS)],
                color=ACCENT if one.rate > 0.5 else WARN,
                mfc=ACCENT if one.rate > 0.5 else PAPER,
                elinewidth=0.9,
                ms=7,
                label=one.release.name,
            )
        axes.set(
            xlim=(0, 103),
            ylim=(0, 106),
            xlabel="usefulness: variance of circuit fidelity explained, %",
            ylabel="jobs identified, %",
        )
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))

    words = "; ".join(
        f"{one.release.name}: {one.rate:.0%} identified, usefulness {one.usefulness:.0%}" for one in weighed
    )
    return picture(
        draw, f"Identified jobs against usefulness, with 95 % intervals. {words}.", size=(7.4, 3.8)
    )


def sizes(shots: Sequence[int], named: Mapping[str, Sequence[float]], jobs: int, machines: int) -> Picture:
    """Share of jobs identified against the size of the job, for a few forms."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, (name, rates) in enumerate(named.items()):
            colour = (ACCENT, WARN, INK)[place % 3]
            axes.plot(
                shots,
                100 * np.array(rates),
                ("-", "--", ":")[place % 3],
                color=colour,
                marker=MARKERS[place],
                ms=5,
            )
            axes.annotate(
                name, (shots[-1], 100 * rates[-1]), (6, -3), textcoords="offset points", color=colour
            )
        axes.axhline(100 / machines, color=RULE, lw=1.2, zorder=0)
        axes.set(
            xscale="log",
            xlabel="shots of each circuit of the job",
            ylabel="jobs identified, %",
            ylim=(0, 104),
        )
        axes.set_xticks(shots, [str(s) for s in shots])
        axes.minorticks_off()
        axes.set_xlim(right=shots[-1] * 4)

    words = "; ".join(f"{name}: {rates[0]:.0%} to {rates[-1]:.0%}" for name, rates in named.items())
    return picture(
        draw,
        f"Share of {jobs} jobs identified against shots, from {shots[0]} to {shots[-1]}. {words}.",
        size=(7.0, 3.2),
    )


def circuit(drawn: QuantumCircuit, alt: str, *, fold: int = 30) -> Picture:
    """A circuit in the book's colours, with words for those who do not see it."""
    figure = circuit_drawer(drawn, output="mpl", fold=fold, scale=0.65, style="bw")
    out = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    pyplot.close(figure)
    drawing = out.getvalue()
    for theirs, ours in QISKIT.items():
        drawing = drawing.replace(theirs.encode(), ours.encode())
    return Picture(for_both_themes(drawing), alt)


def files(kept: Mapping[str, Mapping[str, bool]]) -> Shown:
    """What each format keeps, as a table."""
    formats = list(next(iter(kept.values())))
    rows = [(what, *("kept" if row[name] else "–" for name in formats)) for what, row in kept.items()]
    return table("What travels in the file", ("planted", *formats), rows)


def weighed_table(weighed: Sequence[Weighed]) -> Shown:
    """The same numbers as the trade-off, to read."""
    rows = [
        (
            one.release.name,
            f"{one.rate:.0%} ({one.rate_interval[0]:.0%} to {one.rate_interval[1]:.0%})",
            f"{one.bits:.1f}",
            f"{one.usefulness:.0%} ({one.usefulness_interval[0]:.0%} to {one.usefulness_interval[1]:.0%})",
        )
        for one in weighed
    ]
    head = ("release", "jobs identified (95 % interval)", "bits given away", "usefulness (95 % interval)")
    return table("What each release gives away, and what it is worth", head, rows)


def ladder_of_tiers(tiers: Sequence[tuple[int, str, str]]) -> Picture:
    """The five tiers as steps: who may have it, narrower upwards."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for tier, name, who in tiers:
            width = 1.0 - 0.08 * tier
            axes.barh(
                tier,
                width,
                left=(1 - width) / 2,
                height=0.86,
                color=WASH if tier % 2 == 0 else RULE,
                ec=QUIET,
                lw=0.6,
            )
            axes.text(0.5, tier + 0.13, f"{tier}  {name}", ha="center", va="center", fontweight="bold")
            axes.text(0.5, tier - 0.2, who, ha="center", va="center", fontsize=8.5, color=INK)
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.55, len(tiers) - 0.45))
        axes.axis("off")

    words = "; ".join(f"tier {tier} {name}: {who}" for tier, name, who in tiers)
    return picture(draw, f"Five steps, narrower upwards. {words}.", size=(7.0, 3.4))
