"""The pool of incidents: no law that was not seen, no cue in words, length or place, and little in common."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
from collections import Counter

import numpy as np
import pytest
from answersheet import incident_notes, incident_pool, sealing
from coursefacts import load
from coursefacts.errors import InputFault
from courselab.devices import generator

SHEETS = 150
POOL = incident_pool.load()
# What the pool of 0.1 had: 13 circumstances, and one wording of each of ten events.
EARLIER = {"circumstances": 13, "events": 10}


@pytest.fixture(scope="module")
def notes():
    """The notes of many sheets."""
    seeds = (hashlib.sha256(f"cues {number}".encode()).digest() for number in range(SHEETS))
    return [note for seed in seeds for note in incident_notes.draw(POOL, generator(seed, "notes"))]


def words(text):
    return set(re.findall(r"[a-z']+", re.sub(r"\{\w+\}", " ", text.lower())))


def fragments():
    """Each text that can decide, with its side."""
    return [
        (side, text)
        for rule in POOL.rules.values()
        if not rule.only_proposed
        for axis in rule.axes
        for side in ("yes", "no")
        for text in getattr(axis, side)
    ]


def test_it_is_sound_and_four_times_as_large_as_it_was():
    incident_pool.check(POOL, load())

    assert len({text for _, text in fragments()}) >= 4 * EARLIER["circumstances"]
    partners = len(POOL.suspected) + len(POOL.confirmed)
    assert sum(len(event.texts) for event in POOL.events) + partners >= 4 * EARLIER["events"]


def test_words_of_the_other_texts_do_not_tell_which_side_one_is_on():
    """A reader without knowledge, who has seen the answers to all texts but this one."""
    every = fragments()

    def guess(text, known):
        seen, counts = Counter(side for side, _ in known), {"yes": Counter(), "no": Counter()}
        for side, other in known:
            counts[side].update(words(other))
        odds = {
            side: sum(math.log((counts[side][word] + 1) / (seen[side] + 2)) for word in words(text))
            for side in counts
        }
        return max(odds, key=odds.get)

    hits = [guess(text, every[:at] + every[at + 1 :]) == side for at, (side, text) in enumerate(every)]
    assert 0.3 < np.mean(hits) < 0.67


def test_five_words_do_not_tell_which_clock_runs(notes):
    """The best five of all words, chosen with the answers of half of the notes, tried on the other half."""
    asked = [note for note in notes if not note.rule.only_proposed]
    names = {name.lower() for group in POOL.bodies.values() for name in group}
    names |= {name.lower() for name in POOL.people}
    texts = [
        words(note.text + " " + next(one.text for one in note.said if one.role == "finding")) - names
        for note in asked
    ]
    runs = np.array([note.runs for note in asked])
    half = len(asked) // 2
    vocabulary = sorted(set.union(*texts))
    has = np.array([[word in text for word in vocabulary] for text in texts])
    for first in (True, False):
        guess = np.full(len(asked), first)
        for _ in range(5):
            tries = np.where(has, not first, guess[:, None])
            best = int(np.argmax((tries[:half] == runs[:half, None]).mean(axis=0)))
            guess = tries[:, best]
        assert (guess[half:] == runs[half:]).mean() < 0.78


def test_neither_place_nor_length_tells_which_change_turns_the_answer(notes):
    places = Counter([name for name, _ in note.changes].index(note.turn) for note in notes)
    longest = [max(note.changes, key=lambda one: len(one[1]))[0] == note.turn for note in notes]
    shortest = [min(note.changes, key=lambda one: len(one[1]))[0] == note.turn for note in notes]
    first = [min(name for name, _ in note.changes) == note.turn for note in notes]

    assert all(0.18 < places[place] / len(notes) < 0.32 for place in range(4))
    assert np.mean(longest) < 0.36 and np.mean(shortest) < 0.36 and np.mean(first) < 0.32
    assert 0.4 < np.mean([note.runs for note in notes]) < 0.6


def test_two_learners_share_under_a_tenth_of_their_texts():
    sheets = [sealing.for_practice("incidents", f"token {number}").sheet.data for number in range(4)]
    texts = []
    for data in sheets:
        notes = [note["text"] for note in data["notes"]]
        changes = [text for note in data["notes"] for text in note["changes"].values()]
        log = [entry[3] for entry in data["copies"]["mail"]]
        texts.append({one for text in (*notes, *changes, *log) for one in re.split(r"(?<=[.?!]) ", text)})
        ids = [note["id"] for note in data["notes"]] + [entry[0] for entry in data["copies"]["mail"]]
        assert len(set(ids)) == len(ids)
    for at, mine in enumerate(texts):
        for other in texts[:at]:
            assert len(mine & other) / len(mine) < 0.1


def test_a_clock_that_was_only_reported_cannot_start():
    rule = dataclasses.replace(POOL.rules["dfars"], fact="us.circia.proposed", steps={"incident": "a report"})

    with pytest.raises(InputFault, match="reported"):
        incident_pool.check(dataclasses.replace(POOL, rules={"dfars": rule}), load())


HEAD = (
    'as_of: "2026-11-30"\npeople: [A]\nbodies: {eu: [B]}\nsources: {}\nreporters: [x]\nevents: []\n'
    "asides: [a]\nsuspected: [s]\nconfirmed: [c]\n"
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people: 3\n", "needs 'as_of'"),
        (HEAD.replace("2026-11-30", "soon") + "rules: {}\n", "as_of is not a date"),
        (HEAD + "rules:\n  one: {fact: f, where: eu, steps: {}}\n", "this rule needs 'axes'"),
        (HEAD + "rules:\n  one: {fact: f, where: eu, steps: {}, axes: []}\n", "needs one axis in the log"),
        (
            HEAD + "rules:\n  one: {fact: f, where: eu, steps: {}, axes: [{id: a, yes: [1], no: [n]}]}\n",
            "'yes' is no list of texts",
        ),
    ],
)
def test_a_broken_pool_names_its_file_and_what_to_write(tmp_path, text, says):
    path = tmp_path / "pool.yml"
    path.write_text(text)

    with pytest.raises(InputFault, match=says) as caught:
        incident_pool.load(path)

    assert str(path) in str(caught.value) and caught.value.remedy
