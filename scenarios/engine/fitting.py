"""Which choices keep the best ending within reach, and what a player does who goes by something else.

A choice *fits* in a state when the best ending can still be reached after it.
A state is *decisive* when some of its choices fit and some do not: there a decision is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenarios.engine.model import Case, Choice, Scene
from scenarios.engine.numbers import Order
from scenarios.engine.space import Bools, Space

Floats = npt.NDArray[np.float64]
LEAST = 0.5
"""Share of a scene's decisive visits at which a choice must fit to count as a fitting one."""


@dataclass(frozen=True)
class Tally:
    """How a player fared in one case.

    best: share of plays that reach the best ending.
    right, chance: of the decisive scenes, how many this player and a coin decide well, each scene by itself.
    scenes: how many decisive scenes there are.
    """

    best: float
    right: float
    chance: float
    scenes: int


class Fitting:
    """A case that has been explored, with the choices that fit."""

    def __init__(self, space: Space, ordered: Order) -> None:
        self.space = space
        self.order = ordered
        self.within: Bools = space.ending(space.case.best).copy()
        """The states from which the best ending can be reached."""
        for step in ordered.behind:
            ahead = np.logical_or.reduceat(self.within[space.target[step.edges]], step.starts)
            self.within[step.states] |= ahead
        self.fits: Bools = self.within[space.target]
        """The edges after which it still can be."""
        count = np.bincount(space.source[self.fits], minlength=len(space))
        self._share = count / np.maximum(space.degree, 1)
        self.decisive: Bools = (count > 0) & (count < space.degree)
        """The states in which it is decided."""

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.space.case

    def visits(self, share: Floats) -> Floats:
        """Give the probability that a play meets each state, from the share of plays that take each edge."""
        space, found = self.space, np.zeros(len(self.space))
        found[0] = 1.0
        for step in self.order.ahead:
            part = found[space.source[step.edges]] * share[step.edges]
            found[step.states] = np.add.reduceat(part, step.starts)
        return found

    def share(self, score: Floats) -> Floats:
        """Give the share of plays that take each edge, of a player who takes what scores highest, ties alike.

        score: one number for each choice of the case, in the order of the file.
        """
        space = self.space
        edges = score[space.exit]
        highest = np.full(len(space), -np.inf)
        np.maximum.at(highest, space.source, edges)
        taken = edges == highest[space.source]
        count = np.bincount(space.source[taken], minlength=len(space))
        found: Floats = taken / np.maximum(count, 1)[space.source]
        return found

    def tally(self, score: Floats) -> Tally:
        """Let a player play every play."""
        space, share = self.space, self.share(score)
        met = self.visits(share)
        scenes = self._by_scene(share)
        return Tally(
            best=float(met[space.ending(self.case.best)].sum()),
            right=sum(right for right, _, _ in scenes),
            chance=sum(chance for _, chance, _ in scenes),
            scenes=len(scenes),
        )

    def excess(self, score: Floats) -> list[tuple[float, Scene]]:
        """List the decisive scenes by how much better than chance a player does there, the most first."""
        found = [(right - chance, scene) for right, chance, scene in self._by_scene(self.share(score))]
        return [(value, self.case.scene(scene)) for value, scene in sorted(found, reverse=True)]

    def _by_scene(self, share: Floats) -> list[tuple[float, float, str]]:
        """For each decisive scene, how often a player and a coin decide well, over its decisive states alike.

        Whoever once fails meets no further decisive state of that play; so each scene is asked by itself.
        """
        space, found = self.space, list[tuple[float, float, str]]()
        right = np.zeros(len(space))
        np.add.at(right, space.source, share * self.fits)
        for scene, states in space.by_scene.items():
            here = states[self.decisive[states]]
            if len(here):
                found.append((float(right[here].mean()), float(self._share[here].mean()), scene))
        return found

    @cached_property
    def scenes(self) -> dict[str, dict[int, float]]:
        """For each decisive scene, the share of its decisive visits at which each choice fits."""
        space, found = self.space, dict[str, dict[int, float]]()
        here = self.decisive[space.source]
        for number, (scene, choice) in enumerate(space.choices):
            edges = (space.exit == number) & here
            if edges.any():
                shares = found.setdefault(self.case.scenes[scene].id, {})
                shares[choice] = float(self.fits[edges].mean())
        return found

    def fitting(self, scene: str) -> list[Choice]:
        """List the choices that fit in a decisive scene."""
        words = self.case.scene(scene)
        return [words.choices[number - 1] for number, share in self.scenes[scene].items() if share >= LEAST]

    @property
    def single(self) -> dict[str, Choice]:
        """For each decisive scene with exactly one fitting choice, that choice."""
        fitting = {scene: self.fitting(scene) for scene in self.scenes}
        return {scene: found[0] for scene, found in fitting.items() if len(found) == 1}

    def every_choice(self) -> Sequence[Choice]:
        """List all choices of the case in the order of the file, which is that of a score."""
        return [choice for scene in self.case.scenes for choice in scene.choices]
