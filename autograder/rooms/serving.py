"""In the learner's room: answer the examiner, who fetches names, calls functions and asks handles.

A request is a pickle, because the examiner is trusted and this room is worth nothing. A reply is a value in
the sense of messages.py: plain data, numbers for what stays here, and what the call did besides returning.
"""

from __future__ import annotations

import pickle
import socket
import threading
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from autograder.rooms import doings, messages, shell, wire
from autograder.rooms.changes import Changes
from autograder.rooms.lent import serve_with
from autograder.rooms.offers import Offers, whole
from autograder.rooms.pushes import attributes
from autograder.rooms.recorded import Recorder
from autograder.rooms.surroundings import Surroundings, states

__all__ = ["Server"]

_REQUEST_LIMIT = 256 << 20
_PLAIN = (int, float, complex, str, bytes, bool, type(None))


class Server:
    """The learner's end of the hatch."""

    def __init__(self, own: InteractiveShell, hatch: socket.socket, interrupts: shell.Interrupts) -> None:
        self.names: dict[str, Any] = own.user_ns
        self.offers = Offers(self.names)
        self.changes = Changes(self.offers, self.names)
        self._hatch = hatch
        self._interrupts = interrupts
        self.given: list[str] = []
        self.recorder: Recorder | None = None
        self._current: list[int] = []
        self._thread = threading.get_ident()
        serve_with(self)

    def once(self) -> bool:
        """Answer one request; False when the examiner has hung up."""
        try:
            body = wire.receive_bytes(self._hatch, limit=_REQUEST_LIMIT)
            # Not the answer to a question that was interrupted; nobody waits for that.
            if body[: wire.NUMBER] != wire.ANSWER:
                self._answer(body)
        except wire.Broken:
            return False
        return True

    def held(self, number: int) -> Any:
        """The object of this number."""
        return self.offers.objects[number]

    def named(self, name: str) -> Any:
        """What a given cell has called by this name."""
        return self.names[name]

    def _answer(self, body: bytes | bytearray) -> None:
        number = int.from_bytes(body[: wire.NUMBER])

        def work() -> bytes:
            self._current.append(number)
            return self._pack({"n": number, **self._do(pickle.loads(memoryview(body)[wire.NUMBER :]))})

        depth = len(self._current)
        try:
            reply = self._interrupts.allow(work)
        except BaseException as problem:  # noqa: BLE001
            told = doings.failure(problem, self.offers)
            told.pop("args", None)
            reply = messages.pack({"n": number, "error": told})
        del self._current[depth:]
        if depth:
            self._interrupts.open = True  # a callback has asked; the learner's code goes on after it
        wire.send_bytes(self._hatch, reply)

    def _pack(self, reply: dict[str, Any]) -> bytes:
        """Write a reply; what does not travel is left out, and said."""
        try:
            return self.offers.pack(reply)
        except messages.Refused as problem:
            kept = {"n": reply["n"], "refused": str(problem)[:500]}
        return self.offers.pack(kept)

    def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        do = request["do"]
        self.given = request.get("given", self.given)
        self.offers.given.update(
            {name: self.names[name] for name in self.given if isinstance(self.names.get(name), type)}
        )
        if do == "bring":
            return {"value": self.changes.bring(request["names"], request["fresh"])}
        if do == "recorded":
            return {"value": None if self.recorder is None else self.recorder.told(request["from"])}
        return self._call(request)

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what was asked, and tell what it did besides."""
        args, kwargs = request["args"], request["kwargs"]
        watched = {**dict(enumerate(args)), **kwargs} if request["do"] != "get" else {}
        self.changes.take(request.get("set", {}), request.get("merge", {}))
        for name, value in request.get("attributes", {}).items():
            setattr(args[0], name, value)
        marks = self.changes.before({k: v for k, v in watched.items() if type(v) not in _PLAIN})
        with Surroundings(request, self) as around:
            reply = doings.do(request["do"], args, kwargs, self.offers)
        reply |= around.told()
        changed = self.changes.after(marks)
        if changed:
            reply["changed"] = changed
        names = self.changes.names(args[0] if args else None, watched.values())
        if names:
            reply["names"] = names
        told = attributes(args[0]) if args else {}
        if told:
            reply["attributes"] = told
        if "states" in request:
            reply["states"] = states()
        return self._whole(reply, args)

    def _whole(self, reply: dict[str, Any], args: tuple[Any, ...]) -> dict[str, Any]:
        """An argument that comes back is told as such."""
        value = reply.get("value")
        if value is not None and type(value) not in _PLAIN:
            for at, one in enumerate(args):
                if one is value:
                    return reply | {"value": None, "same": at}
            reply["value"] = whole(value, made=bool(args) and type(value) is args[0])
        return reply

    def ask(self, what: str, number: int, *args: Any, **kwargs: Any) -> Any:
        """Ask the examiner about something it has lent."""
        if not self._current or threading.get_ident() != self._thread:
            raise RuntimeError("this was lent for the time of a call, and to the main thread")
        message = {"n": self._current[-1], "ask": what, "lent": number, "args": list(args), "kwargs": kwargs}
        wire.send_bytes(self._hatch, self.offers.pack(message))
        while True:
            body = wire.receive_bytes(self._hatch, limit=_REQUEST_LIMIT)
            if body[: wire.NUMBER] == wire.ANSWER:
                answer = pickle.loads(memoryview(body)[wire.NUMBER :])
                if "error" in answer:
                    raise answer["error"]
                return answer["value"]
            self._answer(body)
