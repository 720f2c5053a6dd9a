"""What the long proofs do in one process each."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
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


def on_both_cores(work, count):
    """Spawned processes, because a process that has run Aer must not be forked."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, range(count), chunksize=4))
