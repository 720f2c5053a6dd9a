"""Is there time? Three spans of years, each with its name.

Often written with letters, which sources exchange; so here they have names. A secret has to stay one for its
shelf life, its replacement takes the migration time, and a machine that reads it arrives after some years
that nobody knows. If shelf life and migration time together are longer than that, some secrets are lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["late", "depends", "in time"]


@dataclass(frozen=True)
class Plan:
    """Years: how long a secret must last, and how long the change takes from now."""

    shelf_life: float
    migration: float

    @property
    def needed(self) -> float:
        """How many years the old encryption still has to hold."""
        return self.shelf_life + self.migration

    def verdict(self, earliest: float, latest: float) -> Verdict:
        """Judge the plan under a stated range for the machine's arrival, in years from now."""
        if self.needed > latest:
            return "late"
        return "depends" if self.needed > earliest else "in time"

    def exposed(self, arrival: float) -> float:
        """Years of traffic, counted from now on, that are read while they still should be secret."""
        return min(self.migration, max(0.0, self.needed - arrival))
