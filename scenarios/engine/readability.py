"""How hard some English prose is to read, by the length of its sentences and words.

The measure is the Flesch-Kincaid grade: the years of schooling in English that a text asks for.
Syllables are estimated from the spelling, so a grade is good to about one year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$|[”\"*’)])|\n\s*\n|\n\s*[-*]\s")
_VOWELS = re.compile(r"[aeiouy]+")
LEAST_WORDS = 60
"""Of fewer words a grade says nothing."""


@dataclass(frozen=True)
class Level:
    """What was counted, and the grade."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """Give the Flesch-Kincaid grade; nought where there are no words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def syllables(word: str) -> int:
    """Estimate the syllables of an English word."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    groups = len(_VOWELS.findall(bare))
    silent = bare.endswith("e") and not bare.endswith(("le", "ee", "oe", "ye"))
    silent = silent or (bare.endswith("ed") and not bare.endswith(("ted", "ded")))
    return max(1, groups - (1 if silent and groups > 1 else 0))


def level(texts: Iterable[str]) -> Level:
    """Measure some plain texts together."""
    words = sentences = sounds = 0
    for text in texts:
        found = _WORD.findall(text)
        words += len(found)
        sounds += sum(map(syllables, found))
        sentences += sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    return Level(words, max(1, sentences), sounds)
