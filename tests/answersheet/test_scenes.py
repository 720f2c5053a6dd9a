"""Pools of scenes: decided by two facts, balanced, without a cue, by law that was seen, loud when broken."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from answersheet import claims, publication, scenes
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import factoring

GROUPS = tuple(publication.GROUPS)
# Items in the pool of release 0.1, of which a pool has to hold four times as many texts.
BEFORE = {"results": 20, "clocks": 4, "pieces": 18, "offers": 10}
LEARNERS = 150
per_group = pytest.mark.parametrize("group", GROUPS)


@pytest.fixture(scope="module")
def parts():
    """What a class gets, by group."""
    seeds = [hashlib.sha256(f"scenes {number}".encode()).digest() for number in range(LEARNERS)]
    return {group: [publication.part_of(group, seed) for seed in seeds] for group in GROUPS}


def items_of(parts):
    return [item for part in parts for item in part.items.values()]


@per_group
def test_a_pool_is_four_times_what_it_was_and_every_rule_was_seen_and_is_in_force(group):
    pool = publication.pool(group)

    assert len({scene.id for scene in pool.scenes}) == len(pool.scenes)
    assert sum(len(scene.answers) for scene in pool.scenes) >= 4 * BEFORE[group]
    assert all(scene.rule for scene in pool.scenes) is (group in ("clocks", "offers"))
    scenes.check(pool, load(), publication.POOLS / f"{group}.yml")


@per_group
def test_answers_are_balanced_and_stand_anywhere(group, parts):
    items, keys = items_of(parts[group]), publication.pool(group).keys
    share = {key: sum(item.answer == key for item in items) / len(items) for key in keys}
    places = Counter(list(part.changes).index(part.turns) for part in parts[group])
    firsts = Counter(next(iter(part.answers.values())) for part in parts[group])

    assert all(0.6 / len(keys) < one < 1.4 / len(keys) for one in share.values()), share
    assert all(0.15 < places[at] / LEARNERS < 0.36 for at in range(4)), places
    assert max(firsts.values()) / LEARNERS < 1 / len(keys) + 0.15


@per_group
def test_neither_the_length_of_a_text_nor_that_of_a_change_gives_an_answer_away(group, parts):
    items, keys = items_of(parts[group]), publication.pool(group).keys
    long = sorted(items, key=lambda item: len(item.text))[len(items) // 2 :]
    best = Counter(item.answer for item in long).most_common(1)[0][1] / len(long)
    longest = [max(part.changes, key=lambda name: len(part.changes[name])) for part in parts[group]]
    shortest = [min(part.changes, key=lambda name: len(part.changes[name])) for part in parts[group]]

    assert best < 1 / len(keys) + 0.2
    for chosen in (longest, shortest):
        right = sum(name == part.turns for name, part in zip(chosen, parts[group], strict=True))
        assert right / LEARNERS < 0.42


@per_group
def test_words_of_other_scenes_tell_little_of_a_scene(group, parts):
    """Naive Bayes on words, each scene left out in turn: at most a fifth above the commonest answer."""
    data = [(one.scene.id, words(one.text), one.answer) for one in items_of(parts[group])]
    commonest = Counter(answer for _, _, answer in data).most_common(1)[0][1] / len(data)
    right = 0
    for name in {name for name, _, _ in data}:
        guess = taught([one for one in data if one[0] != name])
        right += sum(guess(text) == answer for scene, text, answer in data if scene == name)

    assert right / len(data) < commonest + 0.2


def words(text):
    return frozenset(re.findall(r"[a-z']+", text.lower()))


def taught(data):
    """Learn which words go with which answer; give the guesser."""
    often = Counter(answer for _, _, answer in data)
    seen = {answer: Counter() for answer in often}
    for _, text, answer in data:
        seen[answer].update(text)

    def weight(answer, text):
        return math.log(often[answer]) + sum(
            math.log((seen[answer][word] + 1) / (often[answer] + 2)) for word in text
        )

    return lambda text: max(often, key=lambda answer: weight(answer, text))


@per_group
def test_two_learners_share_under_a_tenth_of_their_texts(group, parts):
    shared = [
        len({one.text for one in a.items.values()} & {one.text for one in b.items.values()}) / len(a.items)
        for a, b in pairwise(parts[group])
    ]

    assert np.mean(shared) < 0.1
    assert len({name for part in parts[group] for name in part.items}) > 100


@per_group
def test_exactly_one_change_turns_the_answer_and_one_that_does_not_touches_a_fact(group):
    rng = np.random.default_rng(3)
    for _ in range(40):
        item = next(one for one in scenes.draw(publication.pool(group), 4, rng) if one.can_be_asked)
        shown = scenes._of_any_length(item, rng)
        after = [item.scene.answers[(item.places | c)["a"], (item.places | c)["b"]] for c in shown]
        assert after[0] != item.answer and after[1:] == [item.answer] * 3
        assert any(set(change) & set(scenes.FACTS) for change in shown[1:])


def test_an_item_does_not_print_its_answer():
    item = scenes.draw(publication.pool("offers"), 4, np.random.default_rng(1))[0]

    assert "answers" not in repr(item) and item.scene.why not in repr(item) and "rule" not in repr(item)


SCENE = "scenes:\n  - {id: x, text: '{a} {b}', why: z, a: [p, q], b: [r, s], answers: "


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenes: 3\n", "not a pool"),
        ("keys: [u, v]\nscenes:\n  - id: x\n", "needs 'text'"),
        (f"keys: [u, v]\n{SCENE}[u, u, u, lovely]}}\n", "four answers"),
        (f"keys: [u, v]\n{SCENE}[u, u, u, u]}}\n", "two of them different"),
        (f"keys: [u, v]\n{SCENE}[u, v, u, v]}}\n".replace("{a} {b}", "{a} {c}"), r"\['b', 'c'\]"),
        (f"keys: [u, v]\n{SCENE}[u, v, u, v]}}\n".replace("[p, q]", "[p, q, r]"), "two phrases in 'a'"),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, text, says):
    path = tmp_path / "pool.yml"
    path.write_text(text)

    with pytest.raises(InputFault, match=says) as caught:
        scenes.load(path)

    assert str(path) in str(caught.value)


def test_an_item_may_not_rest_on_what_was_only_reported(tmp_path):
    path = tmp_path / "pool.yml"
    path.write_text(f"keys: [u, v]\n{SCENE}[u, v, u, v], rule: us.15cfr734.7}}\n")

    with pytest.raises(InputFault, match="reported"):
        scenes.check(scenes.load(path), load(), path)


def test_a_pool_too_small_to_draw_from_says_so(tmp_path):
    path = tmp_path / "pool.yml"
    path.write_text(f"keys: [u, v]\n{SCENE}[u, v, u, v]}}\n")

    with pytest.raises(InputFault, match="too few scenes"):
        scenes.draw(scenes.load(path), 4, np.random.default_rng(1))


def test_hidden_claims_find_out_whoever_looks_at_successes_or_evenness_or_always_says_one_thing():
    for number in range(3):
        trials = claims.trials(bytes([number]) * 32)

        def wrong(judge, trials=trials):
            settings = [(np.array(t["counts"]), t["base"], t["number"], t["bits"]) for t in trials]
            return sum(judge(*one) != t["verdict"] for one, t in zip(settings, trials, strict=True))

        def honest(counts, base, number, bits):
            seen = factoring.signal(counts, factoring.ideal(base, number, bits)).low > 0
            return "signal" if seen else "chance"

        def by_success(counts, base, number, bits):
            above = factoring.success(counts, base, number, bits) > factoring.chance(base, number, bits)
            return "signal" if above else "chance"

        def by_evenness(counts, base, number, bits):
            return "signal" if counts.var() > 2 * counts.mean() else "chance"

        assert wrong(honest) == 0
        assert wrong(by_evenness) >= 2 and wrong(by_success) >= 1
        assert wrong(lambda *_: "signal") == 5 and wrong(lambda *_: "chance") == 4
