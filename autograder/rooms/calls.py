"""In the examiner's room: the conversation with the learner's, one question at a time, each with a number.

The reply must repeat the number; anything else, and anything that was there before the question, ends the
conversation for good. While a question is open the learner's room may ask back about what it was lent.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import threading
import types
import warnings
from collections.abc import Callable, Generator, Iterator
from typing import Any, NoReturn

from autograder.rooms import messages, signatures, wire
from autograder.rooms.bounds import Bounds, Refused
from autograder.rooms.contract import Contract
from autograder.rooms.failures import LearnerGone, Withheld, exception, warning_class
from autograder.rooms.lending import Lender
from autograder.rooms.merging import merge
from autograder.rooms.outside import Outside
from autograder.rooms.pushes import Pushes, attributes
from autograder.rooms.recorded import NOTHING, Replay
from autograder.rooms.sources import Sources
from autograder.rooms.standins import Standins

__all__ = ["Hatch"]

_DEEPEST = 25


class Hatch:
    """The examiner's end."""

    def __init__(self, channel: socket.socket, names: dict[str, Any], bounds: Bounds | None = None) -> None:
        self.names = names
        self.lost: str | None = None
        self.refused: list[str] = []
        self.handles = False
        self.given: dict[str, type] = {}
        self.asked = 0
        self.most: int | None = None  # how often a given cell may ask, where the solution is rehearsed
        self.replay: Replay | None = None
        self.opening: dict[str, Any] = {}  # what the first question says besides
        self.sources = Sources()
        self.outside = Outside(names)
        self.standins = Standins(self, self.sources, self.given)
        self.contract = Contract(self.given, self.standins.numbers, self.standins.members)
        self.pushes = Pushes(names, self.contract)
        self.lender = Lender(self.standins.numbers, self.given)
        self.standins.lent = self.lender.back
        self.lender.kept = self.pushes.kept
        self.bring: Callable[[dict[str, Any]], None] = lambda _: None
        self._channel = channel
        self._bounds = bounds or Bounds()
        self._number = 0
        self._depth = 0
        self._turn = threading.RLock()
        self._process = os.getpid()

    def ask(self, do: str, *args: Any, **kwargs: Any) -> Any:
        """Ask the learner's room to do something, and take what it says; threads of a test take turns."""
        with self._turn:
            return self._ask(do, args, kwargs)

    def _ask(self, do: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.replay is not None and do == "call" and not self._depth and self.outside.is_quiet():
            known = self.replay.next(args[0], args[1:], kwargs)
            if known is not NOTHING:
                return known
        own = self.pushes.own
        request: dict[str, Any] = {"do": do, "args": tuple(map(own, args)), "kwargs": kwargs}
        request["kwargs"] = {name: own(value) for name, value in kwargs.items()}
        asked = args[0]
        if self.contract.bars(do, args):
            self._withhold("something of the learner's own where the solution has none")
        mentioned = self.standins.mentions.get(id(asked), ())
        request |= self.outside.told() | self.pushes.told(mentioned)
        if type(asked) is types.FunctionType and asked.__dict__:
            request["attributes"] = attributes(asked)
        reply = self.request(request)
        return self._taken(do, reply, args, kwargs)

    def request(self, request: dict[str, Any]) -> dict[str, Any]:
        """One question and its reply, with whatever is asked back in between."""
        if self.lost is not None:
            raise LearnerGone(self.lost)
        if os.getpid() != self._process:
            raise RuntimeError("a learner's function cannot be called from another process")
        if self._depth >= _DEEPEST:
            raise RecursionError("callbacks nested too deep")
        self.asked += 1
        if self.most is not None and self.asked > self.most:
            raise RuntimeError("this cell asks too often")
        number = self._number = secrets.randbits(62)  # no counter: an answer cannot be sent ahead
        body = number.to_bytes(wire.NUMBER) + self.lender.write({**request, **self.opening})
        self.opening = {}
        self._depth += 1
        try:
            return self._exchange(body, number)
        except (wire.Broken, OSError) as problem:
            self._leave(f"the learner's room: {problem}")
        except KeyboardInterrupt:
            self.lost = "the learner's room did not answer in time"
            raise
        finally:
            self._depth -= 1

    def _exchange(self, body: bytes, number: int) -> dict[str, Any]:
        if select.select([self._channel], [], [], 0)[0]:
            raise wire.Broken("it spoke without being asked")
        wire.send_bytes(self._channel, body)
        most = self._bounds.block + self._bounds.shape
        while True:
            try:
                reply = self._read(wire.receive_bytes(self._channel, limit=most))
            except Refused as problem:
                return {"refused": str(problem)}
            if reply.get("n") != number:
                raise wire.Broken("an answer to another question")
            if "ask" not in reply:
                return reply
            wire.send_bytes(self._channel, wire.ANSWER + self._back(reply))

    def _read(self, body: bytes | bytearray | memoryview) -> dict[str, Any]:
        reply, strange = self._unpacked(body)
        if type(reply) is not dict:
            raise wire.Broken("an answer that is none")
        return {**reply, "strange": strange}

    def _unpacked(self, body: bytes | bytearray | memoryview) -> tuple[Any, list[Any]]:
        """A value, and all in it that is no plain data."""
        strange: list[Any] = []
        given, handle = self.given, self._handle
        return messages.unpack(body, self._bounds, handle=handle, given=given, noted=strange.append), strange

    def _handle(self, told: dict[str, Any], values: list[Any] | None = None) -> Any:
        self.handles = True
        return self.standins.take(told, values)

    def recorded(self, start: int) -> Any:
        """Some of what a given cell was answered in the learner's room; None where it is not plain."""
        reply = self.request({"do": "recorded", "from": start})
        return reply.get("value") if not reply.get("strange") else None

    def value(self, body: Any) -> tuple[Any, list[Any]]:
        """A value that came packed by itself, and all in it that is no plain data."""
        if type(body) is not bytes:
            raise Refused("a value that is none")
        return self._unpacked(body)

    def _leave(self, reason: str) -> NoReturn:
        self.lost = reason
        self._channel.close()
        raise LearnerGone(reason)

    def _back(self, asked: dict[str, Any]) -> bytes:
        """Answer what the learner's room asks about something that it was lent."""
        try:
            return self.lender.write({"value": self._lent(asked)})
        except KeyboardInterrupt:
            raise
        except Refused as problem:
            return self.lender.write({"error": RuntimeError(str(problem))})
        # What a lent function raises goes to who called it.
        except BaseException as problem:  # noqa: BLE001
            return self.lender.write({"error": self.lender.error(problem)})

    def _lent(self, asked: dict[str, Any]) -> Any:
        what, args, kwargs = asked["ask"], asked.get("args"), asked.get("kwargs")
        if type(args) is not list or type(kwargs) is not dict:
            raise Refused("a question that is none")
        if what == "input":
            return self.outside.ask(*args)
        one = self.lender.back(asked.get("lent"))
        return self.lender.do(what, one, args, kwargs)

    def _taken(self, do: str, reply: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Let happen here what the reply says has happened there; then the value, or the error."""
        try:
            return self._effects(do, reply, args, kwargs)
        except Refused as problem:
            self._withhold(str(problem))
        except (KeyError, TypeError, IndexError, ValueError, AttributeError) as problem:
            if problem is self._raised:
                raise
            self._withhold("an answer that makes no sense")

    _raised: BaseException | None = None

    def _effects(self, do: str, reply: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._raised = None
        self.outside.hear(reply)
        for key, body in reply.get("changed", ()):
            self._merge(args[key] if type(key) is int else kwargs[key], body)
        if "names" in reply:
            self.bring(reply["names"])
        if "attributes" in reply and type(args[0]) is types.FunctionType:
            self._attributes(args[0], reply["attributes"])
        for module, name, builtin, text in reply.get("warned", ()):
            self._warn(warning_class(module, name, builtin), str(text)[:2000])
        if "refused" in reply:
            raise Refused(str(reply["refused"])[:500])
        if "error" in reply:
            self._raise(reply["error"])
        value = self._same(reply["same"], args) if "same" in reply else reply["value"]
        self.contract.came(value, do, args, reply["strange"])
        value = self.usable(value)
        return (reply.get("stop") is True, value) if do in ("next", "send") else value

    def usable(self, value: Any) -> Any:
        """A list of the learner's own class is just a list where the solution has no such class."""
        return self.standins.content(value) if self.contract.closed(value) else value

    def _merge(self, held: Any, body: Any) -> None:
        """Change an argument in place; not what the learner's room has by number, on either side."""
        own = type(held).__module__ != "__main__" or type(held) in self.given.values()
        if own and id(held) not in self.standins.numbers:
            value, strange = self.value(body)
            self.contract.changed(strange)
            merge(held, value)

    def _same(self, at: Any, args: tuple[Any, ...]) -> Any:
        if type(at) is not int or not 0 <= at < len(args):
            raise Refused("an argument that is none")
        return args[at]

    def _attributes(self, function: types.FunctionType, told: dict[str, Any]) -> None:
        for name, value in told.items():
            if not signatures.identifier(name) or name.startswith("_"):
                raise Refused("an attribute with an odd name")
            function.__dict__[name] = value

    def _warn(self, kind: type[Warning], text: str) -> None:
        try:
            warnings.warn(text, kind, stacklevel=6)
        except Warning as problem:
            self._raised = problem
            raise

    def _raise(self, told: Any) -> NoReturn:
        lent = told.get("lent") if isinstance(told, dict) else None
        made = self.lender.raised(lent) if lent is not None else exception(told)
        number = told.get("id")
        if number is not None:
            self.standins.adopt(made, number)
        self._raised = made
        raise made

    def _withhold(self, reason: str) -> NoReturn:
        if len(self.refused) < 50:
            self.refused.append(reason)
        raise Withheld(reason)

    def may(self, handle: Any, operator: str) -> bool:
        """Whether the instructor's solution had such an operand here."""
        return self.contract.may(handle, operator)

    def iterate(self, handle: Any) -> Iterator[Any]:
        """Go through something of the learner's."""
        inner = self.ask("iter", handle)
        return inner if inner is handle else iter(inner)

    def stepped(self, handle: Any) -> Any:
        """The next of an iterator."""
        stop, value = self.ask("next", handle)
        if stop:
            raise StopIteration
        return value

    def steps(self) -> Generator[Any, Any, Any]:
        """A generator that pulls from the learner's, for which it stands."""
        own: list[Any] = []

        def pull() -> Generator[Any, Any, Any]:
            sent = None
            while True:
                stop, value = self.ask("next", own[0]) if sent is None else self.ask("send", own[0], sent)
                if stop:
                    return value
                sent = yield value

        own.append(pull())
        return own[0]  # type: ignore[no-any-return]
