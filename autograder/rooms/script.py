"""The simplest work of a room: run one text of Python and send back what it calls `result`."""

from __future__ import annotations

import socket
from typing import Any

from autograder.rooms import wire

__all__ = ["answer"]

_REQUEST_LIMIT = 64 << 20


def answer(channel: socket.socket, hatch: socket.socket | None = None) -> None:
    """Answer requests until the driver hangs up; names stay from one to the next, as in a notebook.

    hatch: only held, as number 4.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    while True:
        try:
            request = wire.receive(channel, limit=_REQUEST_LIMIT)
        except wire.Broken:
            return
        wire.send(channel, _run(request, names))


def _run(request: Any, names: dict[str, Any]) -> dict[str, Any]:
    names["given"] = request.get("given")
    names["result"] = None
    try:
        exec(compile(request["source"], "<room>", "exec"), names)
        return {"value": names.get("result"), "error": None}
    # Whatever a learner's code raises is an answer, SystemExit and KeyboardInterrupt too.
    except BaseException as problem:  # noqa: BLE001
        return {"value": None, "error": f"{type(problem).__name__}: {problem}"}
