"""All honest variants, by theme."""

from __future__ import annotations

from tests.honest.variants import noise, quantum, shape, style, values

__all__ = ["VARIANTS"]

VARIANTS = [
    *noise.VARIANTS,
    *shape.VARIANTS,
    *style.VARIANTS,
    *values.VARIANTS,
    *quantum.VARIANTS,
]
