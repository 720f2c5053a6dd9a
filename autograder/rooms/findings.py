"""What is found out about a wall, and the refusal to work without one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding", "NoIsolation"]


@dataclass
class Finding:
    """One wall.

    needed: whether isolation cannot be had without it.
    remedy: the command or step that mends it; None when it stands.
    """

    wall: str
    ok: bool
    needed: bool
    detail: str
    remedy: str | None = None


class NoIsolation(Exception):
    """A room could not be closed off, so nothing may run in it; the text says which wall is lacking."""
