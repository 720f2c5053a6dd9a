"""The figures of the labs on incidents: a night of telemetry, two kinds of error, a tree, clocks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from courselab import alarms
from courselab.alarms import Levels, Trade
from courselab.figures import ACCENT, INK, PAPER, QUIET, RULE, WARN, WASH, Picture, picture
from courselab.proportions import proportion
from courselab.telemetry import Nights

_LOOKS = ((ACCENT, "-", "o"), (QUIET, "--", "D"), (WARN, ":", "s"))


def night(found: Nights, index: int, levels: Levels | None = None, threshold: float | None = None) -> Picture:
    """One night: the error rate in each basis with its chance error, and the level of an alarm below."""
    windows = np.arange(found.z.shape[1])

    def draw(figure: Figure) -> None:
        rows = figure.subplots(2 if levels is not None else 1, 1, sharex=True, squeeze=False)[:, 0]
        for counts, (colour, _, marker), label, shift in (
            (found.z[index], _LOOKS[0], "Z basis", -0.15),
            (found.x[index], _LOOKS[1], "X basis", 0.15),
        ):
            share, sigma = counts / found.bits, np.sqrt(np.maximum(counts, 1)) / found.bits
            rows[0].errorbar(
                windows + shift,
                100 * share,
                100 * sigma,
                fmt=marker,
                ms=3,
                lw=0.6,
                color=colour,
                mfc=colour if marker == "o" else PAPER,
                label=label,
            )
        for axes in rows:
            for start in found.calibrated:
                axes.axvline(start - 0.5, color=RULE, lw=1, zorder=0)
        rows[0].set(ylabel="wrong bits, %", ylim=(0, None))
        rows[0].legend(loc="upper left", ncols=2)
        if levels is not None:
            _alarm(rows[1], windows, levels, threshold)
        rows[-1].set(xlabel="window of five minutes; thin lines: calibrations", xlim=(-1, len(windows)))

    alarm = None if levels is None or threshold is None else alarms.first_alarm(levels, threshold)
    rings = (
        ""
        if levels is None
        else f" The alarm {'stays silent' if alarm is None else f'rings in window {alarm}'}."
    )
    words = " ".join(
        f"{basis} basis: mean {counts.mean() / found.bits:.1%}, largest {counts.max() / found.bits:.1%}."
        for basis, counts in (("Z", found.z[index]), ("X", found.x[index]))
    )
    alt = f"Error rates of {len(windows)} windows. {words}{rings}"
    return picture(draw, alt, size=(7.0, 4.4 if levels is not None else 2.8))


def _alarm(axes: Axes, windows: NDArray[np.int64], levels: Levels, threshold: float | None) -> None:
    axes.step(windows, levels, where="mid", color=INK)
    axes.set(ylabel="alarm level", ylim=(0, None))
    if threshold is not None:
        axes.axhline(threshold, color=WARN, ls="--", lw=1)
        axes.annotate("threshold", (windows[-1], threshold), (0, 3), textcoords="offset points", ha="right")
        alarm = alarms.first_alarm(levels, threshold)
        if alarm is not None:
            axes.plot([alarm], [levels[alarm]], "v", color=WARN, ms=8)


def trades(named: Mapping[str, Trade]) -> Picture:
    """Missed alarms against false alarms, with 95 % intervals at a few points of each curve."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for (label, found), (colour, line, marker) in zip(named.items(), _LOOKS, strict=False):
            keep = found.false > 0
            axes.plot(
                100 * found.false[keep], 100 * found.missed[keep], line, color=colour, label=label, zorder=2
            )
            for place in _places(found):
                missed = proportion(round(found.missed[place] * found.nights[1]), found.nights[1])
                false = proportion(round(found.false[place] * found.nights[0]), found.nights[0])
                x, y = 100 * found.false[place], 100 * found.missed[place]
                axes.errorbar(
                    [x],
                    [y],
                    [[max(0, y - 100 * missed.low)], [max(0, 100 * missed.high - y)]],
                    [[max(0, x - 100 * false.low)], [max(0, 100 * false.high - x)]],
                    fmt=marker,
                    color=colour,
                    mfc=PAPER if marker == "D" else colour,
                    ms=4,
                    lw=1,
                )
        axes.set(xscale="log", xlabel="quiet nights with a false alarm, %", ylabel="intrusions missed, %")
        axes.set(ylim=(0, 102), xlim=(0.1, 100))
        axes.set_xticks([0.1, 1, 5, 20, 100], ["0.1", "1", "5", "20", "100"])
        axes.legend(loc="upper right")

    words = "; ".join(
        f"{label}: {_missed_at(found, 0.05):.0%} missed at 5 % false alarms, "
        f"{_missed_at(found, 0.01):.0%} at 1 %"
        for label, found in named.items()
    )
    return picture(draw, f"Missed intrusions against false alarms, falling curves. {words}.", size=(7.0, 3.6))


def _places(found: Trade) -> list[int]:
    return sorted({int(np.argmin(np.abs(found.false - share))) for share in (0.01, 0.05, 0.2)})


def _missed_at(found: Trade, share: float) -> float:
    allowed = found.missed[found.false <= share]
    return float(allowed.min()) if allowed.size else 1.0


def costs(found: Trade, before: float, call: float, miss: float) -> Picture:
    """Expected cost of a night at each threshold, split into calls and misses, and where it is least."""
    total = alarms.burden(found, before, call, miss)
    calls = alarms.burden(found, before, call, 0.0)
    best = alarms.cheapest(found, before, call, miss)
    false, missed = found.at(best)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        layers = axes.stackplot(
            found.thresholds,
            calls,
            total - calls,
            colors=[WASH, RULE],
            labels=["calls at night", "intrusions missed"],
        )
        layers[1].set(hatch="////", edgecolor=QUIET, linewidth=0)
        axes.axvline(best, color=WARN, ls="--", lw=1)
        axes.annotate(
            f"least: threshold {best:.1f}", (best, 0.93), (5, 0), ("data", "axes fraction"), "offset points"
        )
        axes.set(xlabel="threshold", ylabel="expected cost of a night", xlim=(0, found.thresholds[-1]))
        axes.set_ylim(0, min(float(total.max()), 4 * float(total.min()) + 1e-9))
        axes.legend(loc="upper right")

    alt = (
        f"Cost of a night against the threshold: calls fall, missed intrusions rise. The sum is least at "
        f"{best:.1f}, where {false:.1%} of quiet nights ring and {missed:.0%} of intrusions are missed."
    )
    return picture(draw, alt, size=(7.0, 3.0))


def belief(detected: float, false: float, before: float) -> Picture:
    """How probable an intrusion is after an alarm, against how probable it was before."""
    rates = np.logspace(-4, 0, 200)
    after = np.array([alarms.probability_given_alarm(float(rate), detected, false) for rate in rates])
    here = alarms.probability_given_alarm(before, detected, false)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(rates, 100 * after, color=ACCENT)
        axes.plot([before], [100 * here], "o", color=WARN, zorder=3)
        axes.annotate(f"{here:.0%}", (before, 100 * here), (8, 4), textcoords="offset points")
        axes.set(
            xscale="log", xlabel="one intrusion in so many nights", ylabel="probability after an alarm, %"
        )
        axes.set_xticks([1e-4, 1e-3, 1e-2, 1e-1, 1], ["10,000", "1,000", "100", "10", "1"])
        axes.set_ylim(0, 102)

    alt = (
        f"Probability of an intrusion after an alarm, rising with the base rate. At one in {1 / before:.0f} "
        f"nights it is {here:.0%}, although {detected:.0%} of intrusions are found and {false:.1%} of quiet "
        "nights ring."
    )
    return picture(draw, alt, size=(7.0, 2.8))


def tree(size: int, proved: int | None = None, changed: int | None = None) -> Picture:
    """The tree over a log: what a proof for one entry sends, or what one edit changes."""
    spans = _spans(0, size)
    sent = _beside(size, proved) if proved is not None else set()

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for (low, high), level in spans.items():
            x = (low + high - 1) / 2
            if high - low > 1:
                cut = low + (1 << (high - low - 1).bit_length() - 1)
                for part in ((low, cut), (cut, high)):
                    axes.plot([x, sum(part) / 2 - 0.5], [level, spans[part]], color=RULE, lw=1, zorder=0)
            above = [entry for entry in (proved, changed) if entry is not None and low <= entry < high]
            colour = WARN if above and changed is not None else ACCENT if above else PAPER
            marker = "s" if (low, high) in sent else "o"
            fill = WASH if (low, high) in sent else colour
            axes.plot([x], [level], marker, ms=13, mfc=fill, mec=QUIET)
        for entry in range(size):
            axes.annotate(str(entry), (entry, -0.45), ha="center", va="top", fontsize=9)
        axes.set(xlim=(-0.7, size - 0.3), ylim=(-0.9, max(spans.values()) + 0.5))
        axes.axis("off")

    alt = f"A tree of hashes over {size} entries."
    if proved is not None:
        alt += f" To prove entry {proved}, {len(sent)} hashes beside its way to the head are sent (squares)."
    if changed is not None:
        hit = sum(low <= changed < high for low, high in spans)
        alt += f" A change of entry {changed} changes {hit} hashes, up to the head."
    return picture(draw, alt, size=(7.0, 2.6))


def _spans(low: int, high: int) -> dict[tuple[int, int], int]:
    """Every node as the range of entries below it, with its height."""
    if high - low == 1:
        return {(low, high): 0}
    cut = low + (1 << (high - low - 1).bit_length() - 1)
    parts = _spans(low, cut) | _spans(cut, high)
    return parts | {(low, high): max(parts[low, cut], parts[cut, high]) + 1}


def _beside(size: int, entry: int) -> set[tuple[int, int]]:
    low, high, found = 0, size, set()
    while high - low > 1:
        cut = low + (1 << (high - low - 1).bit_length() - 1)
        if entry < cut:
            found.add((cut, high))
            high = cut
        else:
            found.add((low, cut))
            low = cut
    return found


def clocks(
    moments: Sequence[tuple[str, datetime.datetime]],
    running: Sequence[tuple[str, datetime.datetime, datetime.datetime]],
) -> Picture:
    """What happened, as marks on a line, and each clock as a bar from its start to its end."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        zero = moments[0][1]
        hours = [(when - zero).total_seconds() / 3600 for _, when in moments]
        # Each event has a line of its own: several may fall into one hour.
        for place, ((label, _), hour) in enumerate(zip(moments, hours, strict=True)):
            height = len(running) - 0.4 + 0.42 * place
            axes.plot([hour, hour], [-0.6, height + 0.3], color=RULE, lw=1, zorder=0)
            axes.annotate(label, (hour, height), (3, 0), textcoords="offset points", fontsize=8.5)
        for row, (_, start, end) in enumerate(reversed(running)):
            left, right = ((when - zero).total_seconds() / 3600 for when in (start, end))
            axes.barh([row], [right - left], left=[left], height=0.45, color=WASH, ec=ACCENT)
            axes.plot([right], [row], "|", color=WARN, ms=14, mew=2)
        axes.set_yticks(range(len(running)), [label for label, _, _ in reversed(running)])
        axes.set(xlabel="hours since the first event", ylim=(-0.6, len(running) + 0.42 * len(moments)))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)

    words = "; ".join(f"{label} until {end:%A %H:%M}" for label, _, end in running)
    events = "; ".join(f"{label} {when:%A %H:%M}" for label, when in moments)
    return picture(
        draw,
        f"A line of events: {events}. Bars for the clocks: {words}.",
        size=(7.0, 1.0 + 0.5 * len(running) + 0.22 * len(moments)),
    )
