"""RDF canonicalisation of a stranger's document in a child process that can be killed.

A graph of blank nodes can be made to take longer than anyone lives to canonicalise; PyLD has no work limit.
So verification asks a child process, waits a stated time, and kills it.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import selectors
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from autograder.records.canonical import NotCanonical, rdfc

SECONDS = 10.0
MEMORY = 1_500_000_000


class Team:
    """Several guarded children behind one function, for many documents; use it in a `with` block.

    Whoever calls it waits for a child that is free, so threads can share it.
    """

    def __init__(self, size: int, seconds: float = SECONDS) -> None:
        self.size = size
        self._all = [Guarded(seconds) for _ in range(size)]
        self._free: queue.SimpleQueue[Guarded] = queue.SimpleQueue()
        for one in self._all:
            self._free.put(one)

    def __enter__(self) -> Team:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        for one in self._all:
            one.close()

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        """Canonicalise within the time limit; NotCanonical when that cannot be done."""
        one = self._free.get()
        try:
            return one(document)
        finally:
            self._free.put(one)


class Guarded:
    """Call it like `canonical.rdfc`; one warm child serves many documents; use it in a `with` block."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Guarded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        """Canonicalise within the time limit; NotCanonical when that cannot be done."""
        answer = self._ask(json.dumps(document).encode("ascii") + b"\n")
        if answer is None:
            self.close()
            raise NotCanonical(f"could not be brought into canonical form within {self.seconds:g} seconds")
        reply = json.loads(answer)
        if "refused" in reply:
            raise NotCanonical(str(reply["refused"]))
        return str(reply["text"]).encode("utf-8")

    def _ask(self, line: bytes) -> bytes | None:
        child = self._start()
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(line)
            child.stdin.flush()
        except BrokenPipeError:
            return None
        with selectors.DefaultSelector() as wait:
            wait.register(child.stdout, selectors.EVENT_READ)
            # The child writes its whole answer in one go, so the first byte means that the work is done.
            return child.stdout.readline() or None if wait.select(self.seconds) else None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "autograder.records.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            # The limit is for the document: a busy machine may take its time to start a process.
            assert self._child.stdout is not None
            self._child.stdout.readline()
        return self._child


def serve() -> None:
    """Answer one line of JSON with one line of JSON until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Only answers may go to the pipe.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out.write(b"ready\n")
    out.flush()
    for line in sys.stdin.buffer:
        try:
            reply = {"text": rdfc(json.loads(line)).decode("utf-8")}
        except NotCanonical as error:
            reply = {"refused": str(error)}
        except (MemoryError, RecursionError):
            reply = {"refused": "needs more memory in canonical form than is allowed"}
        except Exception as error:  # noqa: BLE001 - PyLD meets hostile input here; whatever it raises is a refusal
            reply = {"refused": f"is not JSON-LD that this program reads ({type(error).__name__})"}
        out.write(json.dumps(reply).encode("ascii") + b"\n")
        out.flush()


if __name__ == "__main__":
    serve()
