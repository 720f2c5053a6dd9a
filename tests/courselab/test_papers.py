"""The pool of the exercise on publication: complete, decided by what was seen, and loud when broken."""

from __future__ import annotations

import numpy as np
import pytest
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import papers, variants


def test_every_offer_is_decided_by_a_rule_that_was_seen_and_is_in_force():
    papers.check(papers.load(), load())


def test_an_offer_may_not_rest_on_what_was_only_reported():
    reported = papers.Item("x", "…", True, "us.15cfr734.7", "…")

    with pytest.raises(InputFault, match="reported"):
        papers.check(papers.Pool((), (), (reported,)), load())


def test_the_pool_is_large_enough_that_neighbours_differ():
    pool = papers.load()
    for items in (pool.results, pool.pieces, pool.offers):
        assert len(items) >= 10
        assert len({item.id for item in items}) == len(items)
        for answer in {item.answer for item in items}:
            assert sum(item.answer == answer for item in items) >= 5


def test_each_answer_is_drawn_and_none_on_more_than_half():
    pool = papers.load()
    for seed in range(50):
        drawn = papers.draw(pool.pieces, 6, np.random.default_rng(seed))
        found = [item.answer for item in drawn]
        assert set(found) == set(papers.PLACES) and max(map(found.count, found)) <= 3


def test_a_drawn_item_does_not_print_its_answer():
    variant = variants.mine("publication", "practice: ada")

    assert "answer" not in repr(variant.results[0]) and variant.results[0].why not in repr(variant.results[0])
    assert "answer" not in str(variant.public()["results"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("results: 3\n", "no list 'results'"),
        ("results:\n  - id: x\n", "needs 'text'"),
        ("results:\n  - {id: x, text: y, why: z, answer: lovely}\n", "the answer 'lovely'"),
        ("results: []\npieces: []\noffers:\n  - {id: x, text: y, why: z, answer: true}\n", "names no rule"),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, text, says):
    path = tmp_path / "pool.yml"
    path.write_text(text)

    with pytest.raises(InputFault, match=says) as caught:
        papers.load(path)

    assert str(path) in str(caught.value)
