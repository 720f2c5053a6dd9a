"""How large a value may be that travels between rooms, and the refusal of the others."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bounds", "Refused", "Unknown"]


class Refused(Exception):
    """A value does not travel; the text says why, and never what it contains."""


class Unknown(Refused):
    """A value of a kind that does not travel by value; one who can describe it otherwise may."""


@dataclass(frozen=True)
class Bounds:
    """Bounds of one value.

    shape: bytes of JSON; lists of plain numbers live there.
    depth: nesting, the same for writing and reading.
    nodes: containers and values in all.
    block, blocks: bytes of one array or circuit, and how many of them.
    alike: keys of a set or mapping that may share a hash; honest ones hardly ever do.
    circuit: bytes of one circuit.
    """

    shape: int = 8 << 20
    depth: int = 64
    nodes: int = 250_000
    block: int = 128 << 20
    blocks: int = 4096
    alike: int = 16
    circuit: int = 4 << 20
