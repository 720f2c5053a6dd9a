"""The figures on claims: readings, chance, estimates, years, and the days of a disclosure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.dates import DateFormatter, MonthLocator, date2num
from matplotlib.figure import Figure

from courselab.factoring import Chances, Readings, Signal
from courselab.figures import ACCENT, INK, PAPER, QUIET, RULE, WARN, WASH, Picture, picture
from courselab.migration import Plan
from courselab.proportions import Sampled

Day = datetime.date


def readings(named: Mapping[str, Readings], perfect: Chances) -> Picture:
    """Counts of each reading in panels, with the peaks of a perfect machine marked below the axis."""
    places = np.flatnonzero(perfect > perfect.max() / 20)

    def draw(figure: Figure) -> None:
        rows = figure.subplots(len(named), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (label, counts), colour in zip(rows, named.items(), (ACCENT, QUIET, WARN), strict=False):
            seen = np.flatnonzero(counts)
            axes.vlines(seen, 0, counts[seen], color=colour, lw=1.1)
            axes.plot(places, np.full(len(places), -0.09 * counts.max()), "^", color=INK, ms=3.5, mew=0)
            axes.set(ylim=(-0.18 * counts.max(), counts.max() * 1.1), ylabel="shots")
            axes.set_title(label)
        rows[-1].set(xlabel="reading (triangles: peaks of a perfect machine)", xlim=(-3, len(perfect) + 2))

    shares = "; ".join(
        f"{label}: {counts[places].sum() / counts.sum():.0%} of the shots on the peaks"
        for label, counts in named.items()
    )
    return picture(draw, f"Counts over all readings. {shares}.", size=(7.0, 1.3 + 1.25 * len(named)))


def successes(named: Mapping[str, tuple[float, float]]) -> Picture:
    """Success a shot for each number: a perfect machine against random readings."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        where = np.arange(len(named))
        perfect, chance = (np.array([pair[k] for pair in named.values()]) for k in (0, 1))
        axes.bar(where - 0.2, perfect, 0.38, color=ACCENT, label="perfect machine")
        axes.bar(where + 0.2, chance, 0.38, color=WASH, ec=QUIET, hatch="////", label="random readings")
        axes.set_xticks(where, list(named))
        axes.set(xlabel="number to be factored", ylabel="factors in one shot", ylim=(0, 1.18))
        axes.legend(loc="upper left", ncols=2)

    words = "; ".join(f"{name}: {a:.2f} against {b:.2f}" for name, (a, b) in named.items())
    return picture(draw, f"Bars of success a shot, perfect machine against random readings. {words}.")


def chance_by_size(found: Mapping[int, Sampled], shots: Sequence[int] = (1, 1000)) -> Picture:
    """Chance that random readings factor a number, against its length in bits, after some shots."""
    bits = np.array([number.bit_length() for number in found])
    middle = np.array([one.estimate for one in found.values()])
    low, high = (np.array([getattr(one, side) for one in found.values()]) for side in ("low", "high"))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        looks = ((ACCENT, "o", "-"), (WARN, "D", "--"))
        for (colour, marker, line), count in zip(looks, shots, strict=False):
            after = [1 - (1 - p) ** count for p in (low, middle, high)]
            error = np.clip([after[1] - after[0], after[2] - after[1]], 0, None)
            label = "one shot" if count == 1 else f"{count:,} shots"
            axes.errorbar(
                bits, after[1], error, fmt=marker, ls=line, color=colour, ms=4, capsize=2, label=label
            )
        axes.set(xlabel="length of the number, bits", ylabel="factored by chance", yscale="log")
        axes.set_ylim(2e-4, 1.6)
        axes.axhline(0.01, color=RULE, lw=1)
        axes.annotate("one in a hundred", (bits.min(), 0.01), (0, 4), textcoords="offset points", color=QUIET)
        axes.legend(loc="lower left")

    words = ", ".join(f"{b} bits {p:.2g}" for b, p in zip(bits, middle, strict=True))
    return picture(draw, f"Chance that one random reading gives a factor, falling with length: {words}.")


def signals(named: Mapping[str, Signal]) -> Picture:
    """Share of signal in several data sets, each with its interval."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for row, (_, found) in enumerate(named.items()):
            colour, marker = (ACCENT, "o") if found.seen else (WARN, "D")
            axes.plot([found.low, found.high], [row, row], color=colour, lw=3, solid_capstyle="butt")
            axes.plot([found.share], [row], marker, color=colour, mfc=colour if found.seen else PAPER, ms=7)
        axes.axvline(0, color=INK, lw=1)
        axes.set_yticks(range(len(named)), list(named))
        axes.invert_yaxis()
        axes.set(
            xlabel="share of shots that follow the perfect machine, with 95 % interval", xlim=(-0.02, 1.02)
        )

    words = "; ".join(f"{name}: {s.share:.2f}, {s.low:.2f} to {s.high:.2f}" for name, s in named.items())
    return picture(draw, f"Estimated share of signal. {words}.", size=(7.0, 1.1 + 0.45 * len(named)))


@dataclass(frozen=True)
class Estimate:
    """One published estimate: year, physical qubits, what for, and whether only an upper bound was given."""

    year: float
    qubits: float
    label: str
    kind: str
    bound: bool = False


def estimates(found: Sequence[Estimate]) -> Picture:
    """Published estimates of the qubits that an attack needs, over the year of publication."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        looks = {"RSA": (ACCENT, "o"), "elliptic curve": (WARN, "D")}
        newest = max(one.year for one in found)
        for one in found:
            colour, marker = looks[one.kind]
            axes.plot(
                [one.year], [one.qubits], marker, color=colour, mfc=PAPER if one.bound else colour, ms=8
            )
            # Labels stand where there is room: the first and the newest to the right, the crowd to the left.
            left = found[0].year + 2 < one.year < newest
            axes.annotate(
                one.label,
                (one.year, one.qubits),
                (-9, 0) if left else (9, 0),
                textcoords="offset points",
                va="center",
                ha="right" if left else "left",
                fontsize=9,
            )
        axes.set(yscale="log", ylim=(5e3, 1e8), xlim=(2018.5, 2029.2), ylabel="physical qubits")
        axes.set_xticks(range(2019, 2028, 2))
        axes.set_xlabel("published in (open marks: an upper bound)")

    words = "; ".join(f"{one.label}, {one.year:.0f}: {one.qubits:,.0f} qubits" for one in found)
    return picture(draw, f"Published estimates on a logarithmic axis. {words}.", size=(7.0, 3.6))


def years(plans: Mapping[str, Plan], earliest: float, latest: float) -> Picture:
    """Migration time and shelf life in a row for each plan, against the stated range of arrival."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvspan(earliest, latest, color=RULE, alpha=0.6, lw=0)
        for row, plan in enumerate(plans.values()):
            axes.barh(row, plan.migration, 0.5, color=ACCENT, label=None if row else "migration time")
            axes.barh(
                row,
                plan.shelf_life,
                0.5,
                left=plan.migration,
                color=WASH,
                ec=QUIET,
                hatch="////",
                label=None if row else "shelf life of what is sent last",
            )
            verdict = plan.verdict(earliest, latest)
            axes.annotate(verdict, (plan.needed, row), (5, -3), textcoords="offset points", fontweight="bold")
        longest = max(plan.needed for plan in plans.values())
        axes.set_yticks(range(len(plans)), list(plans))
        axes.invert_yaxis()
        axes.set(
            xlabel="years from now (grey: your range for the machine)", xlim=(0, max(latest, longest) * 1.2)
        )
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.28), ncols=2)

    words = "; ".join(
        f"{name}: {p.needed:g} years needed, {p.verdict(earliest, latest)}" for name, p in plans.items()
    )
    return picture(
        draw,
        f"Bars of years against an arrival between {earliest:g} and {latest:g} years. {words}.",
        size=(7.0, 1.6 + 0.5 * len(plans)),
    )


def timeline(days: Mapping[str, Day], windows: Mapping[str, tuple[Day, Day]] | None = None) -> Picture:
    """The days of a disclosure on one line, with windows as bars."""
    order = sorted(days.items(), key=lambda item: item[1])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for row, (label, (first, last)) in enumerate((windows or {}).items()):
            height = -1.2 - 0.8 * row
            axes.barh(
                height, date2num(last) - date2num(first), 0.5, left=date2num(first), color=WASH, ec=QUIET
            )
            axes.annotate(label, (date2num(first), height), (4, -3), textcoords="offset points", fontsize=9)
        axes.axhline(0, color=INK, lw=1)
        for place, (label, day) in enumerate(order):
            height = 0.9 + 0.75 * (place % 3)
            axes.plot([date2num(day)] * 2, [0, height], color=QUIET, lw=0.8)
            axes.plot([date2num(day)], [0], "o", color=ACCENT, ms=6)
            late = place > len(order) / 2
            axes.annotate(
                f"{label}\n{day.day} {day:%b}",
                (date2num(day), height),
                (4 if late else -4, 0),
                textcoords="offset points",
                fontsize=8.5,
                ha="right" if late else "left",
                va="bottom",
                bbox={"fc": PAPER, "ec": "none", "pad": 0.5},
            )
        axes.set_ylim(-1.0 - 0.8 * len(windows or {}), 3.4)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        axes.margins(x=0.08)
        axes.xaxis.set_major_locator(MonthLocator())
        axes.xaxis.set_major_formatter(DateFormatter("%b %Y"))

    words = "; ".join(f"{label} on {day.day} {day:%B %Y}" for label, day in order)
    spans = "".join(
        f" {label} from {a.day} {a:%B} to {b.day} {b:%B %Y}." for label, (a, b) in (windows or {}).items()
    )
    return picture(draw, f"Time line: {words}.{spans}", size=(7.0, 3.0))
