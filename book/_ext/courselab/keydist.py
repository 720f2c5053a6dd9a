"""Key distribution after Bennett and Brassard over a lossy link, and two people who listen.

Pulses hold one photon. Alice draws a bit and one of two bases, Bob a basis; bases are compared afterwards and
the bits of equal bases are the sifted key. Now and then Alice sends an empty slot, as decoy protocols do.

Who listens:
- `Intercept` measures a share of the pulses in a random basis and sends on what it read;
- `Blinding` sits next to Alice, measures every pulse, and drives Bob's detectors with bright light: a blinded
  detector answers to light above a threshold and to nothing else, not even to the dark.

Sources: Bennett and Brassard 1984; Lydersen et al., Nature Photonics 4, 686 (2010), for blinding; the rate
1 - 2 h(e) is Shor and Preskill's, Phys. Rev. Lett. 85, 441 (2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from courselab.proportions import Sampled, proportion

Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class Link:
    """A link between two laboratories.

    loss: of the fibre, in dB. efficiency: of Bob's detectors, between 0 and 1. dark: chance that one detector
    clicks in one slot without light. misaligned: chance that a photon goes to the wrong detector although the
    bases are equal. empty: share of the slots in which Alice sends nothing.
    """

    loss: float = 6.0
    efficiency: float = 0.2
    dark: float = 1e-4
    misaligned: float = 0.01
    empty: float = 0.1

    @property
    def detected(self) -> float:
        """Chance that a photon sent by Alice makes a click."""
        return float(self.efficiency * 10 ** (-self.loss / 10))


@dataclass(frozen=True)
class Intercept:
    """Measures this share of the pulses and sends on what was read."""

    share: float = 1.0


@dataclass(frozen=True)
class Blinding:
    """Blinds Bob's detectors and drives them.

    efficiency: of the eavesdropper's own detectors. power: of the bright pulse, in units of the threshold of
    one detector. match: let through only so many pulses that Bob's rate is the one he expects, if possible.
    """

    efficiency: float = 0.8
    power: float = 1.5
    match: bool = True


@dataclass(frozen=True)
class Record:
    """What a run leaves behind, one entry for each slot; shape (pulses,) each."""

    sent: Bits
    alice: Bits
    alice_basis: Bits
    bob: Bits
    bob_basis: Bits
    click: Bits
    known: Bits

    @property
    def sifted(self) -> Bits:
        """Slots that enter the sifted key: something was sent, Bob clicked, and the bases are equal."""
        kept: Bits = self.sent & self.click & (self.alice_basis == self.bob_basis)
        return kept

    @property
    def error_rate(self) -> Sampled:
        """Share of wrong bits in the sifted key."""
        kept = self.sifted
        return proportion(int((self.alice != self.bob)[kept].sum()), max(1, int(kept.sum())))

    @property
    def rate(self) -> Sampled:
        """Share of the sent pulses that made a click."""
        return proportion(int(self.click[self.sent].sum()), int(self.sent.sum()))

    @property
    def dark_rate(self) -> Sampled:
        """Share of the empty slots that made a click."""
        return proportion(int(self.click[~self.sent].sum()), int((~self.sent).sum()))

    @property
    def leaked(self) -> float:
        """Share of the sifted key that the eavesdropper knows; seen in a simulation only."""
        kept = self.sifted
        return float(self.known[kept].mean()) if kept.any() else 0.0


def run(
    link: Link, attack: Intercept | Blinding | None = None, pulses: int = 1_000_000, seed: int = 1
) -> Record:
    """Send pulses over a link, with or without somebody who listens."""
    rng = np.random.default_rng(seed)
    coin = [rng.integers(0, 2, pulses).astype(bool) for _ in range(3)]
    alice, alice_basis, bob_basis = coin
    sent = rng.random(pulses) >= link.empty
    if isinstance(attack, Blinding):
        bob, click, known = _blinded(link, attack, rng, sent, alice, alice_basis, bob_basis)
    else:
        bob, click, known = _quantum(link, attack, rng, sent, alice, alice_basis, bob_basis)
    return Record(sent, alice, alice_basis, bob, bob_basis, click, known)


def _quantum(
    link: Link,
    attack: Intercept | None,
    rng: np.random.Generator,
    sent: Bits,
    alice: Bits,
    alice_basis: Bits,
    bob_basis: Bits,
) -> tuple[Bits, Bits, Bits]:
    """Single photons at detectors that count them."""
    pulses = len(sent)
    bit, basis = alice.copy(), alice_basis.copy()
    touched = sent & (rng.random(pulses) < (attack.share if attack else 0.0))
    eve_basis = rng.integers(0, 2, pulses).astype(bool)
    random = rng.integers(0, 2, pulses).astype(bool)
    # In the wrong basis the eavesdropper reads a coin, and sends it on in that basis.
    bit = np.where(touched & (eve_basis != alice_basis), random, bit)
    basis = np.where(touched, eve_basis, basis)
    known = touched & (eve_basis == alice_basis)

    arrived = sent & (rng.random(pulses) < link.detected)
    flipped = rng.random(pulses) < link.misaligned
    other = rng.integers(0, 2, pulses).astype(bool)
    lands = np.where(basis == bob_basis, bit ^ flipped, other)
    clicks = np.stack([arrived & (lands == value) for value in (False, True)])
    clicks |= rng.random((2, pulses)) < link.dark
    bob = _read(clicks, rng)
    return bob, clicks[0] | clicks[1], known


def _blinded(
    link: Link,
    attack: Blinding,
    rng: np.random.Generator,
    sent: Bits,
    alice: Bits,
    alice_basis: Bits,
    bob_basis: Bits,
) -> tuple[Bits, Bits, Bits]:
    """Bright pulses at detectors that only know a threshold; the dark makes no clicks any more."""
    pulses = len(sent)
    eve_basis = rng.integers(0, 2, pulses).astype(bool)
    read = sent & (rng.random(pulses) < attack.efficiency)
    random = rng.integers(0, 2, pulses).astype(bool)
    eve = np.where(eve_basis == alice_basis, alice, random)
    if attack.match:
        # Half of what she sends on makes a click, so twice the expected rate has to leave her hands.
        read &= rng.random(pulses) < min(1.0, 2 * link.detected / attack.efficiency)
    same = eve_basis == bob_basis
    clicks = np.stack([_answers(attack.power, same, eve == value) & read for value in (False, True)])
    bob = _read(clicks, rng)
    return bob, clicks[0] | clicks[1], read & (eve_basis == alice_basis)


def _answers(power: float, same: Bits, this: Bits) -> Bits:
    """Which slots make a blinded detector click: all of the light in the same basis, half in the other."""
    answer: Bits = np.where(same, this & (power >= 1), power / 2 >= 1)
    return answer


def _read(clicks: Bits, rng: np.random.Generator) -> Bits:
    """Bob's bit of each slot; if both detectors click he takes a coin."""
    both = clicks.all(axis=0)
    coin = rng.integers(0, 2, clicks.shape[1]).astype(bool)
    bits: Bits = np.where(both, coin, clicks[1])
    return bits


def binary_entropy(x: float) -> float:
    """Entropy of a coin that shows heads with chance x, in bits."""
    return 0.0 if x in (0.0, 1.0) else float(-x * np.log2(x) - (1 - x) * np.log2(1 - x))


def secret_share(error_rate: float) -> float:
    """Secret bits for each sifted bit: 1 - 2 h(e), never below zero; for infinitely long keys only."""
    return max(0.0, 1 - 2 * binary_entropy(min(error_rate, 0.5)))


def largest_error_rate() -> float:
    """The error rate at which the secret share reaches zero: 11.0 %."""
    return float(brentq(lambda e: 1 - 2 * binary_entropy(e), 0.01, 0.4))


def loss_that_hides(efficiency: float, eavesdropper: float) -> float:
    """Loss in dB from which on a blinding attack can give Bob the rate that he expects; 0 if always."""
    return max(0.0, 10 * float(np.log10(2 * efficiency / eavesdropper)))
