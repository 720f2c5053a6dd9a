"""Messages between a room and its driver: a length, then JSON; within a limit and before a deadline."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["ANSWER", "NUMBER", "Broken", "receive", "receive_bytes", "send", "send_bytes"]

_HEAD = struct.Struct("!I")
_SMALL = 1 << 16
_MORE = bytes(1 << 22)
# In front of what the examiner sends through the hatch: the number of its question, or of none.
NUMBER = 8
ANSWER = bytes(NUMBER)
_Where = TypeVar("_Where")
_What = TypeVar("_What")


class Broken(Exception):
    """The other side broke off, sent too much, sent what is not a message, or took too long."""


def send(channel: socket.socket, message: Any) -> None:
    """Send one message."""
    send_bytes(channel, json.dumps(message, ensure_ascii=True).encode("ascii"))


def send_bytes(channel: socket.socket, body: bytes) -> None:
    """Send one message of plain bytes."""
    if len(body) < _SMALL:
        channel.sendall(_HEAD.pack(len(body)) + body)  # one call, and the other side wakes once
        return
    channel.sendall(_HEAD.pack(len(body)))
    channel.sendall(body)


def receive(channel: socket.socket, *, limit: int, seconds: float | None = None) -> Any:
    """Take one message; whatever is wrong with it raises Broken.

    limit: bytes that are read at most; the announced length is checked before a byte of it is kept.
    """
    body = receive_bytes(channel, limit=limit, seconds=seconds)
    try:
        return json.loads(body)
    # Deep nesting ends in RecursionError, a number of many digits in ValueError.
    except (ValueError, RecursionError) as problem:
        raise Broken("not a message") from problem


def receive_bytes(channel: socket.socket, *, limit: int, seconds: float | None = None) -> bytes | bytearray:
    """Take one message of plain bytes."""
    until = None if seconds is None else time.monotonic() + seconds
    (length,) = _HEAD.unpack(_exactly(channel, _HEAD.size, until))
    if length > limit:
        raise Broken(f"a message of {length} bytes; {limit} are allowed")
    return _exactly(channel, length, until)


def _exactly(channel: socket.socket, count: int, until: float | None) -> bytes | bytearray:
    if count <= _SMALL and until is None:
        first = _part(channel, count)
        if len(first) == count:
            return first
    else:
        first = b""
    body, filled = bytearray(first), len(first)
    while filled < count:
        if until is not None:
            seconds = until - time.monotonic()
            if seconds <= 0:
                raise Broken("no answer in time")
            channel.settimeout(seconds)
        # Room is made as bytes arrive, so that a length alone is not yet a cost.
        if filled == len(body):
            body += _MORE[: count - filled]
        with memoryview(body) as place, place[filled:] as rest:
            filled += _into(channel, rest)
    return body


def _part(channel: socket.socket, count: int) -> bytes:
    part = _heard(channel.recv, count)
    if count and not part:
        raise Broken("broken off")
    return part


def _into(channel: socket.socket, place: memoryview) -> int:
    count = _heard(channel.recv_into, place)
    if not count:
        raise Broken("broken off")
    return count


def _heard(read: Callable[[_Where], _What], where: _Where) -> _What:
    try:
        return read(where)
    except TimeoutError as problem:
        raise Broken("no answer in time") from problem
    except OSError as problem:
        raise Broken("broken off") from problem
