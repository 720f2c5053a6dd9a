"""What the long proofs do in one process each."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from courselab import export_controls, variants
from courselab.benchmarking import Design, benchmark
from courselab.devices import coherent_pair, fingerprint
from courselab.layouts import Layout


def stochastic(seed):
    """One device with Pauli noise, measured once at the lab's page settings."""
    error = float(np.random.default_rng(seed).uniform(0.004, 0.009))
    device = fingerprint(Layout.line(2), error, seed, p1=0.001)
    result = benchmark(device, (0, 1), Design(), seed=1000 + seed)
    return result.covers, result.half_width, result.error / result.truth


def coherent(seed):
    """The same with a ZZ rotation of the same average error, and with twice the sequences."""
    result, longer = (
        benchmark(coherent_pair(0.0075), (0, 1), Design(samples=samples), seed=seed) for samples in (10, 20)
    )
    return result.half_width, result.error / result.truth, longer.error / longer.truth


def measured(number):
    """A variant measured as a learner would measure it; whether it lands where it should."""
    variant = variants.mine("export-controls", f"practice: measured {number}")
    design = Design.for_error(np.mean([variant.calibration[pair] for pair in variant.to_measure]))
    results = [benchmark(variant.device, pair, design, seed=variant.seed) for pair in variant.to_measure]
    error = float(np.mean([result.error for result in results]))
    landed = export_controls.places(variant.census.counted, error)
    each = max(abs(result.error / result.truth - 1) for result in results)
    return landed == variant.places(), abs(error / variant.machine_error - 1), each


def on_both_cores(work, count):
    """Spawned processes, because a process that has run Aer must not be forked."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, range(count), chunksize=4))
