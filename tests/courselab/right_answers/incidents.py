"""What a right variant of the exercise on incidents is, seen from the seed."""

from __future__ import annotations

import datetime
import hashlib
from itertools import pairwise
from statistics import median

from answersheet import incidents
from courselab import merkle

FACTS = incidents.known_facts()
MINUTE = datetime.timedelta(minutes=1)


def drawn(number):
    """Draw what can go wrong: night and notes, without the link, which is proved by its own."""
    return incidents.night_of(hashlib.sha256(f"right answers {number}".encode()).digest())


def assert_one_right_answer(night):
    """Order, copies, clocks and changes have one right answer with a margin; answer which clocks run."""
    _order(night)
    _copies(night)
    _changes(night)
    return _clocks(night)


def _order(night):
    when = [night.times[name] for name in night.order]
    assert min(b - a for a, b in pairwise(when)) >= incidents.APART * MINUTE
    # Two clocks that are each read as badly as is allowed leave the order alone.
    assert incidents.APART > 2 * incidents.WHEN_OFF
    printed = sorted(night.log, key=lambda one: one.entry.stamp)
    assert [one.entry.id for one in printed] != night.order
    for source, pairs in night.comparisons.items():
        read = [(_moment(shown) - _moment(utc)) / MINUTE for shown, utc in pairs]
        assert abs(median(read) - night.offsets[source]) <= 1
        # A mean follows the one that was written down wrongly.
        assert abs(sum(read) / len(read) - night.offsets[source]) > incidents.WHEN_OFF
    for one in night.log:
        shown = _moment(one.entry.stamp) - night.offsets[one.entry.source] * MINUTE
        assert shown == one.when.replace(tzinfo=None)


def _moment(text):
    return datetime.datetime.strptime(text, incidents.FORM)


def _copies(night):
    log = [one.entry for one in night.log]
    head = merkle.root([entry.data() for entry in log])
    heads = {name: merkle.root([entry.data() for entry in copy]) for name, copy in night.copies.items()}
    assert [name for name, found in heads.items() if found == head] == [night.true_copy]
    # The two wrong copies agree, so that a majority misleads; they differ from the log in one entry.
    others = [copy for name, copy in night.copies.items() if name != night.true_copy]
    assert others[0] == others[1]
    assert [a.id for a, b in zip(log, others[0], strict=True) if a != b] == [night.edited]


def _changes(night):
    assert len({note.body for note in night.notes}) == len(night.notes) == 8
    for note in night.notes:
        assert len(note.changes) == len({text for _, text in note.changes}) == 4
        assert "{" not in note.text + "".join(text for _, text in note.changes)
        assert note.turn in dict(note.changes)


def _clocks(night):
    running = {name: entry for name, entry in night.starts.items() if entry}
    assert 3 <= len(running) <= 5
    assert night.edited in running.values()
    ends = night.ends(FACTS)
    last = max(night.times.values())
    for note in night.notes:
        fact = FACTS.get(note.rule.fact)
        if note.id in running:
            assert fact.confidence == "seen" and fact.status == "in-force"
            entry = next(one.entry for one in night.log if one.entry.id == running[note.id])
            assert note.body in entry.text and night.times[entry.id] < last
            # The hours lie far from one another: no neighbour's time is right by chance.
            assert (ends[note.id] - night.times[entry.id]) / MINUTE in (1440, 4320)
        else:
            assert ends[note.id] is None
    return " ".join(sorted(note.rule.id for note in night.notes if note.id in running))


def assert_spread(words):
    """Many combinations of clocks occur, and none dominates."""
    assert len(set(words)) >= 20
    assert max(words.count(word) for word in set(words)) / len(words) < 0.1
