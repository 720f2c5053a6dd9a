"""The figures on key distribution: what is wrong, what is missing, and the window of silent power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from courselab import keydist
from courselab.figures import ACCENT, INK, PAPER, QUIET, RULE, WARN, Picture, Shown, picture, table
from courselab.keydist import Link, Record
from courselab.proportions import Sampled


def errors(shares: Sequence[float], found: Sequence[Sampled], background: float) -> Picture:
    """Error rate of the sifted key against the share of pulses that are intercepted."""
    limit = keydist.largest_error_rate()

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        line = np.linspace(0, 1, 2)
        axes.plot(line * 100, (background + line * (0.25 - background)) * 100, "--", color=QUIET, lw=1)
        middle = np.array([one.estimate for one in found]) * 100
        spread = np.array([[one.estimate - one.low, one.high - one.estimate] for one in found]).T * 100
        axes.errorbar(np.array(shares) * 100, middle, spread, fmt="o", color=ACCENT, ms=4, capsize=3)
        axes.axhline(limit * 100, color=WARN, lw=1.2)
        axes.annotate(
            f"above {limit:.1%}: no key", (2, limit * 100), (0, 5), textcoords="offset points", color=WARN
        )
        axes.set(xlabel="pulses intercepted, %", ylabel="wrong bits in the sifted key, %", ylim=(0, 27))

    words = ", ".join(f"{share:.0%}: {one.estimate:.1%}" for share, one in zip(shares, found, strict=True))
    return picture(draw, f"Error rate against intercepted share, on a straight line. {words}.")


def rates(efficiency: float, eavesdropper: float, losses: Sequence[float]) -> Picture:
    """Bob's rate of clicks over the loss of the link: honest, and the most that a blinding attack gives."""
    fine = np.array(losses)
    honest = efficiency * 10 ** (-fine / 10)
    most = eavesdropper / 2
    hides = keydist.loss_that_hides(efficiency, eavesdropper)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(fine, honest, "-", color=ACCENT, label="honest link")
        axes.axhline(most, color=WARN, ls="--", label="the most that a blinded receiver clicks")
        axes.axvspan(hides, fine[-1], color=RULE, alpha=0.6, lw=0)
        axes.annotate(
            "hidden by loss", (fine[-1], honest[0]), (-6, -4), textcoords="offset points", ha="right"
        )
        axes.set(yscale="log", xlabel="loss of the link, dB", ylabel="clicks per pulse", xlim=(0, fine[-1]))
        axes.legend(loc="lower left")

    alt = (
        f"Clicks per pulse over loss. The honest rate falls from {honest[0]:.2g}; a blinded receiver "
        f"gives at most {most:.2g}, so from {hides:.1f} dB on the attack can match the honest rate."
    )
    return picture(draw, alt, size=(7.0, 3.0))


def window(powers: Sequence[float], found: Mapping[str, Sequence[float]]) -> Picture:
    """Clicks and errors of a blinded receiver over the power of the bright pulse."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvspan(1, 2, color=RULE, alpha=0.6, lw=0)
        axes.annotate("silent", (1.5, 1.04), ha="center", color=INK)
        for (label, values), (colour, style) in zip(
            found.items(), ((ACCENT, "-"), (WARN, "--")), strict=False
        ):
            axes.plot(powers, values, style, color=colour, marker="o", ms=4, mfc=PAPER, label=label)
        axes.set(xlabel="power of the pulse, in thresholds of one detector", ylim=(-0.04, 1.14))
        axes.legend(loc="center left")

    words = "; ".join(
        f"{label}: " + ", ".join(f"{p:g} gives {v:.2f}" for p, v in zip(powers, values, strict=True))
        for label, values in found.items()
    )
    return picture(draw, f"Blinded receiver over pulse power. {words}.", size=(7.0, 2.8))


def monitors(link: Link, named: Mapping[str, Record]) -> Shown:
    """What the receiver can look at, run by run."""
    rows = [
        (
            label,
            _span(record.error_rate),
            _span(record.rate),
            _span(record.dark_rate),
            f"{record.leaked:.0%}",
        )
        for label, record in named.items()
    ]
    head = ("link", "wrong bits", "clicks per pulse", "clicks per empty slot", "key known to Eve")
    caption = f"{link.loss:g} dB of loss, expected {link.detected:.2%} clicks per pulse; 95 % intervals"
    return table(caption, head, rows)


def _span(found: Sampled) -> str:
    if found.high < 0.001:
        return f"{found.low:.3%} to {found.high:.3%}"
    return f"{found.low:.2%} to {found.high:.2%}"
