"""Control lists that no country has, and machines to look up in them: hidden data for a learner's function.

A list is some bands, each a table with `code`, `qubits_min`, `qubits_max` (None: no end) and `error_max`
(None: no bound). Half of the machines stand exactly on a bound, where a list is read wrongly most often.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

LISTS, MACHINES = 6, 12


def trials(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw lists and machines; give for each the arguments and the code, or None where it is in no band."""
    found = []
    for number in range(LISTS):
        bands = _bands(rng, f"X{number + 1}")
        for _ in range(MACHINES):
            qubits, error = _machine(bands, rng)
            found.append(
                {"bands": bands, "qubits": qubits, "error": error, "code": code(bands, qubits, error)}
            )
    return found


def code(bands: list[dict[str, Any]], qubits: int, error: float) -> str | None:
    """Look a machine up; both ends of a band belong to it, and so does its bound."""
    for band in bands:
        ends = band["qubits_max"] is None or qubits <= band["qubits_max"]
        bound = band["error_max"] is None or error <= band["error_max"]
        if band["qubits_min"] <= qubits and ends and bound:
            return str(band["code"])
    return None


def _bands(rng: np.random.Generator, name: str) -> list[dict[str, Any]]:
    """Draw a list whose bands lie side by side, in an order that need not be that of their sizes."""
    cuts = sorted(int(20 + cut) for cut in rng.choice(3000, size=int(rng.integers(4, 7)), replace=False))
    made = []
    for at, (low, after) in enumerate(pairwise([*cuts, None])):
        bound = None if after is None and rng.integers(2) else float(f"{10 ** rng.uniform(-4, -2):.1e}")
        last = None if after is None else after - 1
        made.append({"code": f"{name}.{at + 1}", "qubits_min": low, "qubits_max": last, "error_max": bound})
    return [made[at] for at in rng.permutation(len(made))]


def _machine(bands: list[dict[str, Any]], rng: np.random.Generator) -> tuple[int, float]:
    """Draw a machine near a band: on one of its bounds as often as not, else within or just beyond."""
    band = bands[int(rng.integers(len(bands)))]
    low, high = band["qubits_min"], band["qubits_max"]
    span = low + 500 if high is None else high
    qubits = int(rng.choice([low, span, low - 1, rng.integers(low, span + 1)]))
    bound = band["error_max"] or 1e-2
    return qubits, float(rng.choice([bound, bound * rng.uniform(0.2, 1), bound * rng.uniform(1.01, 3)]))
