"""What the long proofs do in one process each, and what a right variant is."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from coursefacts import controls, load
from courselab import export_controls, tokens, variants
from courselab.benchmarking import Design, benchmark
from courselab.devices import coherent_pair, fingerprint
from courselab.layouts import Layout

BANDS = controls.bands(load().get("us.4a906.a"))


def stochastic(seed):
    """One device with Pauli noise, measured once at the lab's page settings."""
    error = float(np.random.default_rng(seed).uniform(0.004, 0.009))
    device = fingerprint(Layout.line(2), error, seed, p1=0.001)
    result = benchmark(device, (0, 1), Design(), seed=1000 + seed)
    return result.covers, result.half_width, result.error / result.truth


def coherent(seed):
    """The same with a ZZ rotation of the same average error."""
    result = benchmark(coherent_pair(0.0075), (0, 1), Design(), seed=seed)
    return result.half_width, result.error / result.truth


def variant_of(number):
    """One generated variant, or the reason why it has not one right answer."""
    seed = hashlib.sha256(str(number).encode()).digest()[: tokens.SEED_BYTES]
    variant = variants.from_token("export-controls", tokens.write(seed))
    try:
        assert_one_right_answer(variant)
    except AssertionError as error:
        return f"{variant.token}: {error}"
    return variant.places()["US"] or "no band"


def measured(number):
    """A variant measured as a learner would measure it; whether it lands where it should."""
    variant = variants.mine("export-controls", f"practice: measured {number}")
    design = Design.for_error(np.mean([variant.calibration[pair] for pair in variant.to_measure]))
    results = [benchmark(variant.device, pair, design, seed=variant.seed) for pair in variant.to_measure]
    error = float(np.mean([result.error for result in results]))
    landed = variants.export_controls.places(variant.census.counted, error)
    each = max(abs(result.error / result.truth - 1) for result in results)
    return landed == variant.places(), abs(error / variant.machine_error - 1), each


def on_both_cores(work, count):
    """Spawned processes, because a process that has run Aer must not be forked."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, range(count), chunksize=4))


def assert_one_right_answer(variant):
    """Margins of error and counts, and mistakes that land elsewhere."""
    truth, count, here = variant.machine_error, variant.census, variant.places()
    # Any measurement within the tolerance gives the same places.
    for factor in (1 - export_controls.MARGIN, 1 + export_controls.MARGIN):
        assert export_controls.places(count.counted, truth * factor) == here
    assert all(abs(truth / bound - 1) >= export_controls.MARGIN for bound in export_controls.bounds(BANDS))
    for other in (count.counted - 2, count.counted + 2):
        assert export_controls.places(other, truth) == here
    assert export_controls.places(count.total, truth)["US"] != here["US"]
    assert count.counted < count.connected < count.total
    assert {here["DE"], here["ES"]} == {"not verified"}
    drawn = [activity.export for activity in variant.activities]
    assert len({activity.id for activity in variant.activities}) == len(drawn) == 8
    assert 3 <= sum(drawn) <= 5
