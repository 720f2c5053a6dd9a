"""YAML as authors mean it: what looks like a word, a day or a time stays text."""

from __future__ import annotations

import pytest
from coursefacts import InputFault, yamltext

KEPT = [
    "NO",
    "no",
    "Yes",
    "on",
    "OFF",
    "20:43",
    "10:30:00",
    "2026-11-22",
    "010",
    "0x1f",
    "1_000",
    ".inf",
    "y",
]


@pytest.mark.parametrize("word", KEPT)
def test_what_an_author_writes_as_a_word_stays_one(word: str):
    assert yamltext.parse(f"country: {word}\nlist: [{word}]\n").data == {"country": word, "list": [word]}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("34", 34),
        ("-2", -2),
        ("0", 0),
        ("4.5", 4.5),
        (".5", 0.5),
        ("1.0e-11", 1e-11),
    ],
)
def test_numbers_truth_and_nothing_are_what_they_are(written: str, meant: object):
    found = yamltext.parse(f"value: {written}\n").data["value"]
    assert found == meant and type(found) is type(meant)


def test_a_key_that_is_a_country_stands_once():
    with pytest.raises(InputFault, match="the key 'NO' stands twice"):
        yamltext.parse("NO: Norway\nSE: Sweden\nNO: again\n")
