"""What a right variant of the exercise on incidents is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from coursefacts import load
from courselab import alarms, incidents, merkle

FACTS = load()


def assert_one_right_answer(variant):
    """Order, copies, clocks and alarm have one right answer with a margin; answer which clocks run."""
    _order(variant)
    _copies(variant)
    _alarm(variant)
    return _clocks(variant)


def _order(variant):
    when = [variant.times[name] for name in variant.order]
    assert min((b - a).total_seconds() for a, b in pairwise(when)) >= 60 * incidents.APART
    printed = sorted(variant.log, key=lambda entry: entry.stamp)
    assert tuple(entry.id for entry in printed) != variant.order
    for entry in variant.log:
        hours, fast = variant.zones[entry.source]
        shown = incidents.as_utc(entry.stamp) - incidents.MINUTE * (60 * hours + fast)
        assert shown == variant.times[entry.id]


def _copies(variant):
    size, head = variant.published
    heads = {
        name: merkle.root([entry.data() for entry in copy[:size]]).hex()
        for name, copy in variant.copies.items()
    }
    assert [name for name, found in heads.items() if found == head] == [variant.true_copy]
    # The two wrong copies agree, so that a majority misleads; they differ from the log in one entry.
    others = [copy for name, copy in variant.copies.items() if name != variant.true_copy]
    assert others[0] == others[1]
    differ = [a.id for a, b in zip(variant.log, others[0], strict=True) if a != b]
    assert differ == [variant.edited]


def _alarm(variant):
    peaks = alarms.highest(variant.watch.levels(variant.quiet, variant.bits))
    allowed = np.flatnonzero(
        abs((peaks[:, None] > peaks[None, :]).mean(axis=0) - incidents.FALSE_ALARMS) <= incidents.TOLERANCE
    )
    right = variant.rings_in(variant.threshold)
    assert right is not None and right >= variant.began
    for threshold in (peaks[allowed].min(), peaks[allowed].max() + 1e-9):
        assert abs(variant.rings_in(threshold) - right) <= incidents.WINDOWS_OFF
    staged, quiet = variant.shares(variant.threshold)
    assert abs(quiet - incidents.FALSE_ALARMS) <= incidents.TOLERANCE / 2
    # Confusing the alarm's error with the probability of an intrusion must be far off.
    assert variant.posterior(variant.threshold) < 0.5 < 1 - quiet
    assert 0.2 < staged < 0.95


def _clocks(variant):
    ends = variant.deadlines(FACTS)
    running = sorted(name for name, end in ends.items() if end)
    assert len(running) >= 2
    in_force = {item.regime for item in variant.circumstances}
    assert set(running) < in_force
    for name in ends:
        fact = FACTS.get(incidents.pool().regimes[name].fact)
        assert name not in running or (fact.confidence == "seen" and fact.status == "in-force")
        assert name in in_force or fact.status == "proposed"
    # The edit, the local time and the confirmation would each move at least one end.
    starts = {incidents.pool().regimes[name].starts for name in running}
    assert variant.edited in starts
    assert variant.times["confirmed"] > max(variant.times[name] for name in starts)
    return " ".join(running)


def assert_spread(words):
    """Many combinations of clocks occur, and none dominates."""
    assert len(set(words)) >= 8
    assert max(words.count(word) for word in set(words)) / len(words) < 0.3
