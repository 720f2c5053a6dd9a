"""What an honest learner works out from the sheet alone; for a process of its own."""

from __future__ import annotations

import hashlib

import numpy as np
from answersheet import sealing
from courselab import export_controls
from courselab.benchmarking import analyse

from tests.content.classroom import SOURCE, by_cells

# Code of a learner's own for each part that code can work out, and nothing else that is right.
CODE = "copies_a_friends_code.py"


def scatter(night):
    """Variance between sequences, in units of what the counting of shots alone would give."""
    shares = night.counts / night.design.shots
    counting = shares.mean(axis=-1) * (1 - shares.mean(axis=-1)) / night.design.shots
    return float((shares.var(axis=-1, ddof=1) / counting)[:, 1:].mean())


def honest(number):
    """Give, as shares of what the exercise allows: worst coupler, mean, centre of the interval.

    And the scatter of the coupler with a rotation, in units of the next largest.
    """
    seed = hashlib.sha256(f"honest {number}".encode()).digest()
    sealed = sealing.seal("export-controls", "token", seed)
    right, view = sealed.answers, export_controls.view(sealed.sheet)
    results = {"{}-{}".format(*night.coupler): analyse(night.curves) for night in view.nights}
    allowed = {name: right["tolerance"]["few" if name == right["few"] else "coupler"] for name in results}
    each = max(abs(one.error / right["errors"][name] - 1) / allowed[name] for name, one in results.items())
    mean = float(np.mean([one.error for one in results.values()]))
    off = abs(mean - right["cnot_error"])
    half = float(np.sqrt(sum((one.half_width * one.error) ** 2 for one in results.values()))) / len(results)
    scatters = {"{}-{}".format(*night.coupler): scatter(night) for night in view.nights}
    turned = scatters.pop(right["coherent"])
    return (
        each,
        off / right["cnot_error"] / right["tolerance"]["error"],
        off / (2.5 * half),
        turned / max(scatters.values()),
    )


def worked_out(exercise, number):
    """Give the points of the parts of an exercise that code can work out, for one random learner."""
    found = by_cells(exercise, f"honest {number}", wrong=SOURCE / exercise / "wrong" / CODE)
    return {name: points for name, (points, _) in found.items() if points}
