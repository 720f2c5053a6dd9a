"""Which qubits are neighbours: grids, heavy-hex lattices and lines, with couplers lost or not.

A coupler is a pair (a, b) of qubit numbers with a < b. Coordinates are only for drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Coupler = tuple[int, int]
Kind = Literal["grid", "heavy-hex", "line"]
# Chamberland and others, Phys. Rev. X 10, 011022 (2020): bridges sit at every fourth site of a heavy-hex row.
BRIDGE_EVERY = 4


@dataclass(frozen=True)
class Layout:
    """Qubits 0 … qubits-1 and the couplers between neighbours.

    couplers: the couplers that are present. designed: those on the drawing; the difference was lost.
    places: x and y of each qubit, for drawing, shape (qubits, 2).
    """

    kind: Kind
    qubits: int
    couplers: tuple[Coupler, ...]
    designed: tuple[Coupler, ...] = field(repr=False)
    places: tuple[tuple[float, float], ...] = field(repr=False)

    @property
    def lost(self) -> tuple[Coupler, ...]:
        """Couplers that were designed and are not there."""
        present = set(self.couplers)
        return tuple(coupler for coupler in self.designed if coupler not in present)

    def without(self, lost: tuple[Coupler, ...]) -> Layout:
        """The same layout with these couplers lost."""
        gone = set(lost)
        return replace(self, couplers=tuple(c for c in self.couplers if c not in gone))

    @classmethod
    def line(cls, qubits: int) -> Layout:
        """A chain."""
        couplers = tuple((i, i + 1) for i in range(qubits - 1))
        return cls("line", qubits, couplers, couplers, tuple((float(i), 0.0) for i in range(qubits)))

    @classmethod
    def grid(cls, rows: int, columns: int) -> Layout:
        """A square grid, numbered row by row."""
        couplers: list[Coupler] = []
        for row in range(rows):
            for column in range(columns):
                here = row * columns + column
                if column + 1 < columns:
                    couplers.append((here, here + 1))
                if row + 1 < rows:
                    couplers.append((here, here + columns))
        places = tuple((float(i % columns), float(-(i // columns))) for i in range(rows * columns))
        return cls("grid", rows * columns, tuple(couplers), tuple(couplers), places)

    @classmethod
    def heavy_hex(cls, rows: int, columns: int) -> Layout:
        """Chains of `columns` qubits, joined by bridge qubits at every fourth site, shifted by two."""
        couplers: list[Coupler] = []
        places: list[tuple[float, float]] = []
        for row in range(rows):
            start = row * columns
            couplers += [(start + i, start + i + 1) for i in range(columns - 1)]
            places += [(float(i), -2.0 * row) for i in range(columns)]
        for row in range(rows - 1):
            for column in range(2 * (row % 2), columns, BRIDGE_EVERY):
                bridge = len(places)
                couplers += [(row * columns + column, bridge), ((row + 1) * columns + column, bridge)]
                places.append((float(column), -2.0 * row - 1.0))
        ordered = tuple(sorted(couplers))
        return cls("heavy-hex", len(places), ordered, ordered, tuple(places))

    @classmethod
    def about(cls, kind: Kind, qubits: int) -> Layout:
        """A compact layout of the kind with at least `qubits` qubits, and only a few more."""
        if kind == "line":
            return cls.line(qubits)
        first = max(2, round(qubits**0.5 * 0.7))
        fits = []
        for rows in range(first, first + max(4, first // 2)):
            columns = 2
            while _size(kind, rows, columns) < qubits:
                columns += 1
            fits.append((_size(kind, rows, columns), rows, columns))
        _, rows, columns = min(fits)
        return (cls.grid if kind == "grid" else cls.heavy_hex)(rows, columns)


def _size(kind: Kind, rows: int, columns: int) -> int:
    """Count the qubits of a lattice without making it."""
    bridges = [len(range(2 * (row % 2), columns, BRIDGE_EVERY)) for row in range(rows - 1)]
    return rows * columns + (sum(bridges) if kind == "heavy-hex" else 0)
