"""The bytes of a value: its shape as JSON, then the blocks of bytes that it refers to, each exactly once.

    from autograder.rooms import messages

    messages.unpack(messages.pack({"angles": (0.5, 1 + 2j)}))     # {'angles': (0.5, (1+2j))}

`unpack` is what the examiner does with bytes from a learner's room. It builds plain data and a short list of
scientific types with code of ours and of theirs, runs nothing that came in, and raises Refused for the rest.
"""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any

from autograder.rooms import codec
from autograder.rooms.bounds import Bounds, Refused
from autograder.rooms.tree import Describe, Take

__all__ = ["Bounds", "Refused", "digest", "pack", "unpack"]

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")


def pack(value: Any, bounds: Bounds | None = None, strange: Describe | None = None) -> bytes:
    """Write a value; Refused names the type that cannot travel.

    strange: called with a value that does not travel, at any depth; returns a description in plain JSON (a
    dictionary) that travels instead, or a pair of such a description and a list of values; or raises Refused.
    """
    held = bounds or Bounds()
    blocks: list[bytes] = []
    try:
        shape = json.dumps(codec.encode(value, blocks, held, strange), separators=(",", ":")).encode("ascii")
    except Refused:
        raise
    # Asking a learner's object for its parts may run code of the learner's, which may raise anything.
    except Exception as problem:
        raise Refused(f"a value that cannot be written: {type(problem).__name__}") from problem
    parts = [_COUNT.pack(len(shape)), shape, _COUNT.pack(len(blocks))]
    for block in blocks:
        parts += [_LENGTH.pack(len(block)), block]
    return b"".join(parts)


def unpack(body: bytes | memoryview, bounds: Bounds | None = None, handle: Take | None = None) -> Any:
    """Read a value; whatever is wrong with the bytes raises Refused.

    handle: called with the description that stands for a value that did not travel (and with the list of
    values beside it, where there is one); what it returns takes the place. Without it they are refused.
    """
    held = bounds or Bounds()
    shape, blocks = _split(memoryview(body), held)
    try:
        tree = json.loads(bytes(shape))
    except (ValueError, RecursionError) as problem:
        raise Refused("not a message") from problem
    try:
        return codec.decode(tree, blocks, held, handle)
    except Refused:
        raise
    # The structure is from outside, so every slip in it ends here; a list of kinds would have a gap one day.
    except Exception as problem:
        raise Refused(f"not a value: {type(problem).__name__}") from problem


def digest(value: Any, bounds: Bounds | None = None) -> str | None:
    """A hash that tells whether a value is still the same, or None where it does not travel."""
    try:
        return hashlib.blake2b(pack(value, bounds), digest_size=16).hexdigest()
    except Refused:
        return None


def _split(body: memoryview, bounds: Bounds) -> tuple[memoryview, list[memoryview]]:
    shape, rest = _block(body, _COUNT, bounds.shape)
    if len(rest) < _COUNT.size:
        raise Refused("cut short")
    (count,) = _COUNT.unpack(rest[: _COUNT.size])
    if count > bounds.blocks:
        raise Refused(f"{count} blocks; {bounds.blocks} are allowed")
    rest = rest[_COUNT.size :]
    blocks = []
    for _ in range(count):
        block, rest = _block(rest, _LENGTH, bounds.block)
        blocks.append(block)
    if len(rest):
        raise Refused("more bytes than announced")
    return shape, blocks


def _block(body: memoryview, head: struct.Struct, most: int) -> tuple[memoryview, memoryview]:
    if len(body) < head.size:
        raise Refused("cut short")
    (length,) = head.unpack(body[: head.size])
    end = head.size + length
    if length > most or end > len(body):
        raise Refused(f"a block of {length} bytes")
    return body[head.size : end], body[end:]
