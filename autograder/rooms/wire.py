"""Messages between a room and its driver: a length, then JSON; within a limit and before a deadline."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

__all__ = ["ANSWER", "NUMBER", "Broken", "receive", "receive_bytes", "send", "send_bytes"]

_HEAD = struct.Struct("!I")
_SMALL = 1 << 16
# In front of what the examiner sends through the hatch: the number of its question, or of none.
NUMBER = 8
ANSWER = bytes(NUMBER)


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


def receive_bytes(channel: socket.socket, *, limit: int, seconds: float | None = None) -> bytes:
    """Take one message of plain bytes."""
    until = None if seconds is None else time.monotonic() + seconds
    (length,) = _HEAD.unpack(_exactly(channel, _HEAD.size, until))
    if length > limit:
        raise Broken(f"a message of {length} bytes; {limit} are allowed")
    return _exactly(channel, length, until)


def _exactly(channel: socket.socket, count: int, until: float | None) -> bytes:
    parts: list[bytes] = []
    while count:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise Broken("no answer in time")
            channel.settimeout(left)
        try:
            part = channel.recv(min(count, 1 << 20))
        except TimeoutError as problem:
            raise Broken("no answer in time") from problem
        except OSError as problem:
            raise Broken("broken off") from problem
        if not part:
            raise Broken("broken off")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
