"""A request from abroad for a small part: who gets it, what for, where it ends up; one is left open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ITEMS = (
    "a spare amplifier of your device",
    "two circulators from your spare parts",
    "a cold filter like those of your device",
    "a control card of the kind that you use",
    "a chip carrier from your workshop",
    "one of your spare cryogenic switches",
)
SENDERS = (
    "A former guest of your group",
    "The organiser of a summer school",
    "A colleague whom two of you met at a conference",
    "A doctoral student of a joint project",
    "The head of a workshop abroad",
)
TOLD = {
    "the parties": (
        "A physics department is to get it, with name and address in the letter; its own courier comes.",
        "It is for an institute of standards, whose office signs; a named forwarder carries it.",
        "A company gets it, with address and register number in the letter; your guest carries it.",
    ),
    "the end use": (
        "They want to repeat a published measurement of noise with it.",
        "It replaces a broken part in a teaching laboratory, for one term.",
        "They will test with it how a receiver for a radio telescope behaves in the cold.",
    ),
    "the destination": (
        "It stays in their laboratory and comes back to you in the summer.",
        "It is built into a cryostat there, whose place the letter names, and remains there.",
        "After the tests, at the address of the letter, it is scrapped there and you get a note of it.",
    ),
}
OPEN = {
    "the parties": (
        "'Our partner on the spot' is to get it, and somebody will come to fetch it.",
        "It is to be handed to whoever shows this letter, for a group that is being founded.",
    ),
    "the end use": (
        "They want it 'for the usual purposes'.",
        "What it is needed for 'can be told when it has arrived'.",
    ),
    "the destination": (
        "After a week it 'goes on to another site'.",
        "Where it stands later 'depends on the project'.",
    ),
}


@dataclass(frozen=True)
class Request:
    """What stands in the letter, and which of the three it leaves open."""

    text: str
    left_open: str


def draw(rng: np.random.Generator) -> Request:
    """Draw a request; each of the three is left open as often."""

    def one_of(texts: tuple[str, ...]) -> str:
        return texts[int(rng.integers(len(texts)))]

    left_open = one_of(tuple(TOLD))
    parts = [one_of((OPEN if name == left_open else TOLD)[name]) for name in TOLD]
    parts = [parts[int(at)] for at in rng.permutation(len(parts))]
    return Request(" ".join([f"{one_of(SENDERS)} asks for {one_of(ITEMS)}.", *parts]), left_open)
