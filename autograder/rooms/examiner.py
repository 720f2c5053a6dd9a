"""Inside the examiner's room: run the instructor's cells and the tests, with the learner's names fetched.

What comes from the learner's room comes by the hatch, checked; what goes to the driver is what the test did.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.rooms import codec, loaded, shell, signatures, wire
from autograder.rooms.bounds import Refused
from autograder.rooms.calls import Hatch
from autograder.rooms.failures import LearnerGone, from_learner
from autograder.rooms.handles import Handle
from autograder.rooms.merging import merge
from autograder.rooms.recorded import Replay
from autograder.rooms.same import same
from autograder.rooms.touched import Touched
from autograder.rooms.wrong_values import wrong_values

__all__ = ["answer", "prepare"]

_REQUEST_LIMIT = 64 << 20
_SHOWN = 10_000
_TRACE = 200_000


def prepare() -> None:
    """Make the shell in the warm parent, and what nearly every test needs."""
    shell.prepare()
    signatures.prepare()
    codec.prepare()


def answer(channel: socket.socket, hatch: socket.socket) -> None:
    """Answer the driver until it hangs up."""
    room = _Room(hatch)
    while True:
        try:
            request = wire.receive(channel, limit=_REQUEST_LIMIT)
        except wire.Broken:
            return
        wire.send(channel, room.answer(request))


class _Room:
    def __init__(self, hatch: socket.socket) -> None:
        self.interrupts = shell.Interrupts()
        self.shell = shell.the_shell("Plain")  # nobody but the instructor reads its traces
        self.shell.displayhook.kinds = _shown
        self.names: dict[str, Any] = self.shell.user_ns
        self.hatch = Hatch(hatch, self.names)
        self.hatch.bring = self.bound
        self.outside = self.hatch.outside
        self.bound_by_us: dict[str, Any] = {}
        self.why: dict[str, str] = {}
        self.given_classes: frozenset[str] = frozenset()
        # Set up inside the captured streams of the cell, which is where the test's own begin.
        self.shell.events.register("pre_execute", self.outside.begin)
        self.touched: Touched | None = None
        self.doings: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "given": self.given,
            "fetch": self.fetched,
            "test": self.test,
            "changed": self.changed,
            "modules": lambda _: loaded.told(),
            "files": self.files,
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what the driver asks; an error of ours is told like one of the cell's.

        begin: with the first, what is to be known of the notebook.
        learned: texts that have run in the learner's room since, for whoever asks for a function's source.
        """
        try:
            if "begin" in request:
                self.interrupts.allow(lambda: self.begin(request["begin"]))
            for text in request.get("learned", ()):
                self.hatch.sources.add(text)
            return self.interrupts.allow(lambda: self.doings[request["do"]](request))
        except BaseException as problem:  # noqa: BLE001
            told = shell.told(problem) or {}
            error = {**told, "traceback": []}
            return {"error": error, "failed": True, "outputs": [], "lost": self.hatch.lost}

    def begin(self, request: dict[str, Any]) -> None:
        """Take the contract of the notebook, and run its solution's imports."""
        own = request.get("own")
        self.hatch.contract.begin(own, request.get("classes", ()))
        self.given_classes = frozenset(request.get("given_classes", ()))
        if self.given_classes:
            self.hatch.opening = {"given": sorted(self.given_classes)}
        for line in request.get("imports", "").splitlines():
            shell.run(self.shell, line)
        self.names.update(request.get("answers", {}))
        self.outside.watch_numpy()

    def given(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run a cell that the source gives; it has run in the learner's room as well."""
        self.fetch(request["bring"])
        before = self.hatch.asked
        self.hatch.replay = Replay(self.names, self.hatch.recorded) if request.get("replay") else None
        most = request.get("most")
        self.hatch.most = None if most is None else before + most
        try:
            said = shell.run(self.shell, request["source"])
        finally:
            self.hatch.replay = self.hatch.most = None
        self.outside.watch_numpy()
        for name in self.given_classes:
            found = self.names.get(name)
            if isinstance(found, type) and found.__module__ == "__main__":
                self.hatch.given[name] = found
        self.outside.known()
        self.hatch.pushes.settle()
        self.hatch.lender.end()
        asked = self.hatch.asked - before
        return {"error": shell.told(said.problem), "outputs": said.outputs, "asked": asked}

    def fetched(self, request: dict[str, Any]) -> dict[str, Any]:
        """Bind names, and do nothing with them yet."""
        self.fetch(request["bring"])
        return {}

    def test(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run a test cell."""
        self.hatch.refused.clear()
        self.hatch.handles = False
        self.fetch(request["bring"])
        for name, reason in self.why.items():
            if re.search(rf"\b{re.escape(name)}\b", request["source"]):
                self.hatch.refused.append(f"{name}: {reason}")
        said = shell.run(self.shell, request["source"])
        self.hatch.lender.end()
        ended = self.ended(said)
        if said.problem is not None and not from_learner(said.problem):
            ended["values"] = wrong_values(request["source"], self.bound_by_us, self.names)
        return {**ended, "outputs": said.outputs}

    def ended(self, said: shell.Said) -> dict[str, Any]:
        """How a test cell ended; one that lost the learner or was refused something has not passed."""
        problem = said.problem
        if problem is None and self.hatch.lost:
            problem = LearnerGone(self.hatch.lost)
        if problem is None and self.hatch.refused:
            problem = Refused(self.hatch.refused[0])
        told = shell.told(problem)
        whose = "learner" if from_learner(problem) else "test"
        error = None if told is None else {**told, "from": whose, "traceback": _cut(said.trace)}
        result = None if said.shown is None or error else said.shown.get("text/plain")
        own = sorted(self.hatch.contract.used)
        self.hatch.contract.used.clear()
        return {
            "error": error,
            "result": result,
            "refused": list(self.hatch.refused),
            "own": own,
            "handles": self.hatch.handles,
            "lost": self.hatch.lost,
        }

    def fetch(self, names: list[str]) -> None:
        """Bind the learner's names; only those whose values have changed travel."""
        if self.hatch.lost or not names:
            return
        fresh = [one for one in names if one in self.why or one not in self.bound_by_us]
        reply = self.hatch.request({"do": "bring", "names": names, "fresh": fresh})
        told = reply.get("value")
        if isinstance(told, dict):
            self.bound(told, set(names))

    def bound(self, told: Any, wanted: set[str] | None = None) -> None:
        """Bind what was told: a packed value, None for a name that is gone, a text for what is withheld."""
        if not isinstance(told, dict):
            raise Refused("names that are none")
        for name, body in told.items():
            known = name in self.bound_by_us or name in self.why
            if not isinstance(name, str) or not (name in wanted if wanted is not None else known):
                raise Refused("a name that nobody asked for")
            self.why.pop(name, None)
            if isinstance(body, bytes):
                self.bind(name, body, merging=wanted is None)
            else:
                self.bound_by_us[name] = None
                self.names.pop(name, None)
                self.hatch.pushes.unwatch(name)
                if isinstance(body, str):
                    self.why[name] = body[:500]

    def bind(self, name: str, body: bytes, *, merging: bool) -> None:
        """Bind one; what a call changed in place keeps its identity."""
        try:
            value, strange = self.hatch.value(body)
            self.hatch.contract.named(name, value, strange)
            value = self.hatch.usable(value)
        except Refused as problem:
            self.names.pop(name, None)
            self.why[name] = str(problem)[:500]
            return
        own = self.bound_by_us.get(name)
        if merging and own is not None and self.names.get(name) is own and not isinstance(own, Handle):
            value = merge(own, value)
        self.names[name] = self.bound_by_us[name] = value
        self.hatch.pushes.watch(name, value)

    def files(self, _: dict[str, Any]) -> dict[str, Any]:
        """Which files the cells here have opened and changed since it was last asked."""
        self.touched = self.touched or Touched(Path.cwd())
        return self.touched.told()

    def changed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Which given names the learner's room holds with another value than this one."""
        reply = self.hatch.request({"do": "bring", "names": request["names"], "fresh": request["names"]})
        told = reply.get("value")
        told = told if isinstance(told, dict) else {}
        return {"changed": [name for name in request["names"] if self.differs(name, told.get(name))]}

    def differs(self, name: str, body: Any) -> bool:
        """Whether a value is another; one that does not travel by value is taken for the same."""
        if name not in self.names or body is None:
            return (name in self.names) != (body is not None)
        if not isinstance(body, bytes):
            return False
        try:
            return not same(self.hatch.value(body)[0], self.names[name], self.hatch.given)
        except Refused:
            return False


def _cut(trace: list[str]) -> list[str]:
    kept, left = [], _TRACE
    for one in trace:
        kept.append(one[:left])
        left -= len(kept[-1])
    return kept


def _shown(value: Any) -> dict[str, str]:
    """The last value of a cell as text, which may be a part of the marks; no handle is asked for its."""
    if isinstance(value, Handle | type) or type(value).__module__ not in _SPEAK:
        return {"text/plain": f"<{type(value).__name__}>"}
    return {"text/plain": repr(value)[:_SHOWN]}


_SPEAK = frozenset(("builtins", "numpy", "fractions", "decimal"))
