"""The bytes of a value: its shape as JSON, then the blocks of bytes that it refers to, each exactly once.

    from autograder.rooms import messages

    messages.unpack(messages.pack({"angles": (0.5, 1 + 2j)}))     # {'angles': (0.5, (1+2j))}

`unpack` is what the examiner does with bytes from a learner's room. It builds plain data and a fixed list of
scientific types with code of ours and of theirs, runs nothing that came in, and raises Refused for the rest.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

from autograder.rooms import codec
from autograder.rooms.bounds import Bounds, Refused
from autograder.rooms.tree import Block, Describe, Take

__all__ = ["Bounds", "Refused", "digest", "pack", "unpack"]

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
_DEFAULT = Bounds()
_text = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_tree = json.JSONDecoder().decode
_MARKS = (b"[", b",", b"{")
_MARKS_A_NODE = 4  # no honest value has more brackets and commas for one node of its tree


def pack(
    value: Any,
    bounds: Bounds | None = None,
    strange: Describe | None = None,
    given: Mapping[str, type] | None = None,
) -> bytes:
    """Write a value; Refused names the type that cannot travel.

    strange: called with a value that does not travel, at any depth; returns a description in plain JSON (a
    dictionary) that travels instead, or a pair of such a description and a list of values; or raises Refused.
    given: classes whose instances travel as what they hold, by the names that the reader knows them by.
    """
    return b"".join(_parts(*_encoded(value, bounds or _DEFAULT, strange, given)))


def _parts(shape: bytes, blocks: list[Block]) -> list[Block]:
    parts: list[Block] = [_COUNT.pack(len(shape)) + shape + _COUNT.pack(len(blocks))]
    for block in blocks:
        parts += [_LENGTH.pack(len(block)), block]
    return parts


def _encoded(
    value: Any,
    bounds: Bounds,
    strange: Describe | None,
    given: Mapping[str, type] | None,
    canonical: bool = False,
) -> tuple[bytes, list[Block]]:
    try:
        tree, blocks = codec.encode(value, bounds, strange=strange, given=given, canonical=canonical)
        shape = _text(tree).encode("ascii")
    except (Refused, KeyboardInterrupt):
        raise
    # Asking a learner's object for its parts may run code of the learner's, which may raise anything.
    except BaseException as problem:
        raise Refused("a value that cannot be written") from problem
    if len(shape) > bounds.shape:
        raise Refused(f"a structure of {len(shape)} bytes")
    return shape, blocks


def unpack(
    body: Block,
    bounds: Bounds | None = None,
    handle: Take | None = None,
    given: Mapping[str, type] | None = None,
    noted: Callable[[Any], None] | None = None,
) -> Any:
    """Read a value; whatever is wrong with the bytes raises Refused.

    handle: called with the description that stands for a value that did not travel (and with the list of
    values beside it, where there is one); what it returns takes the place. Without it they are refused.
    given: our own classes, by name, whose instances may be rebuilt from what they hold.
    noted: called with every stand-in and every function that the value holds.
    """
    held = bounds or _DEFAULT
    shape, blocks = _split(memoryview(body), held)
    try:
        text = str(shape, "ascii")
        # Eight megabytes of empty lists would be two hundred in memory before anybody had counted them.
        if sum(map(bytes(shape).count, _MARKS)) > _MARKS_A_NODE * held.nodes:
            raise Refused(f"more than {held.nodes} parts")
        tree = _tree(text)
    except (ValueError, RecursionError) as problem:
        raise Refused("not a message") from problem
    try:
        return codec.decode(tree, blocks, held, handle=handle, given=given, noted=noted)
    except (Refused, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # The structure is from outside, so every slip in it ends here; a list of kinds would have a gap one day.
    # A panic of Rust's is no Exception.
    except BaseException as problem:
        raise Refused(f"not a value: {type(problem).__name__}") from problem


def digest(value: Any, bounds: Bounds | None = None, given: Mapping[str, type] | None = None) -> str | None:
    """A hash that tells whether a value is still the same, or None where it does not travel.

    It is the same in another process, whatever the order of its sets and the numbers in names of circuits.
    """
    try:
        parts = _parts(*_encoded(value, bounds or _DEFAULT, None, given, canonical=True))
    except Refused:
        return None
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        total.update(part)
    return total.hexdigest()


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
