"""Inside the learner's room: run notebook cells, and answer the examiner through the hatch.

The driver's requests come by the channel, the examiner's by the hatch; never both at once, because the driver
waits for the one before it asks the other. Whatever leaves the room is bounded here for honest work, and
again by who reads it.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from autograder.rooms import codec, loaded, shell, wire
from autograder.rooms.changes import Changes
from autograder.rooms.offers import Offers
from autograder.rooms.recall import Recall
from autograder.rooms.recorded import Recorder
from autograder.rooms.serving import Server
from autograder.rooms.touched import Touched

__all__ = ["answer", "prepare"]

_REQUEST_LIMIT = 64 << 20
_SAMPLE = """
def sample(x, y=1):
    return x
class Sample:
    def method(self):
        return 1
values = [1, 2.0, "3"]
one = Sample()
"""


def prepare() -> None:
    """Make the shell, and describe something once, in the warm parent: a first time costs every room more."""
    shell.prepare()
    codec.prepare()
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(_SAMPLE, "<sample>", "exec"), names)
    offers = Offers(names)
    changes = Changes(offers, names)
    offers.pack({"n": 1, "value": changes.bring(["sample", "Sample", "values", "one"], [])})
    changes.names(names["sample"])


def answer(channel: socket.socket, hatch: socket.socket | None = None) -> None:
    """Answer the driver until it hangs up, and the examiner until it does."""
    _Room(channel, hatch).work()


class _Room:
    def __init__(self, channel: socket.socket, hatch: socket.socket | None) -> None:
        self.channel = channel
        self.interrupts = shell.Interrupts()
        self.shell = shell.the_shell()
        self.server = Server(self.shell, hatch, self.interrupts) if hatch else None
        self.hatch = hatch
        self.recall = Recall(self.shell)
        self.touched: Touched | None = None

    def work(self) -> None:
        """Serve whoever asks."""
        while True:
            heard = [one for one in (self.channel, self.hatch) if one is not None]
            ready = select.select(heard, [], [])[0]
            if self.channel in ready:
                try:
                    self.do(wire.receive(self.channel, limit=_REQUEST_LIMIT))
                except wire.Broken:
                    return
            elif self.server is not None and not self.server.once():
                self.hatch = None  # the examiner's room has ended

    def do(self, request: dict[str, Any]) -> None:
        """Do what the driver asks."""
        if request["do"] == "run":
            with self.recording(request.get("record", ())):
                ran = _run(
                    self.shell, self.interrupts, request["source"], self.recall, request.get("cells", ())
                )
            wire.send(self.channel, ran)
        elif request["do"] == "files":
            self.touched = self.touched or Touched(Path.cwd())
            wire.send(self.channel, self.touched.told())
        else:
            wire.send(self.channel, loaded.told())

    def recording(self, names: list[str]) -> AbstractContextManager[Any]:
        """Write down what these functions answer to a given cell, for the examiner."""
        if not names or self.server is None:
            return nullcontext()
        self.server.recorder = Recorder(self.shell.user_ns, names)
        return self.server.recorder


def _run(
    own: InteractiveShell, interrupts: shell.Interrupts, source: str, recall: Recall, cells: Iterable[str]
) -> dict[str, Any]:
    """Run one cell; its outputs in nbformat's shape, and how it ended."""

    def work() -> shell.Said:
        with suppress(Exception):  # a learner may have taken apart what keeps them
            for text in cells:
                recall.keep(text)
        return shell.run(own, source)

    try:
        said = interrupts.allow(work)
        return {"error": shell.told(said.problem), "outputs": said.outputs}
    # Whatever a learner's code does, a reply goes out; an interrupt may come between two lines of ours.
    except BaseException as problem:  # noqa: BLE001
        return {"error": shell.told(problem), "outputs": []}
