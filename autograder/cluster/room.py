"""The driver's side: a room whose notebooks are run by the workers of a Dask cluster.

    room = ClusterRoom("tls://scheduler:8786", folder)
    room.prepare(masters)      # the instructor's own solution goes first, on one worker
    run = room.run(job)        # in each of many threads

Only bytes travel, and only this side writes records. What a vanished worker had begun begins again elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coursefacts.errors import InputFault

from autograder.cluster import exercise, task
from autograder.grading.master import Master
from autograder.grading.room import WITHOUT_TLS, Job, RoomFailed, Run
from autograder.rooms.findings import NoIsolation
from autograder.sheets import Sealed

__all__ = ["ClusterRoom"]

_PATIENCE = 60.0  # seconds without any worker until the run ends
_CONNECT = 20.0  # seconds until a scheduler that does not answer is given up
_LOOK = 1.0  # seconds between two looks at what happens meanwhile


class ClusterRoom:
    """A place to run notebooks in that lies on other machines.

    isolation: how the workers keep learner code apart.
    shortfalls: why results cannot be certified.
    notes: what the instructor should know of the solution's run, a sentence each.
    """

    isolation = "unknown"
    shortfalls: tuple[str, ...] = ()

    def __init__(
        self, address: str, folder: Path, rehearsal: Callable[[], Sealed | None] = lambda: None
    ) -> None:
        self._folder = folder
        self._rehearsal = rehearsal
        self._closed = threading.Event()
        self._turn = threading.Lock()
        self._unfit: dict[str, str] = {}
        self._kinds: set[str] = set()
        self.notes: list[str] = []
        self._client = _connect(address)
        if not _is_guarded(address):
            self.shortfalls = (WITHOUT_TLS,)

    @property
    def slots(self) -> int:
        """How many notebooks the workers run at a time."""
        return sum(int(one["nthreads"]) for one in self._client.scheduler_info()["workers"].values())

    def prepare(self, masters: list[Master]) -> None:
        """Let one worker run the instructor's own solution; what it shows goes to all."""
        sheet = self._rehearsal()
        first = exercise.pack(masters, self._folder, None, sheet)
        told = self._ask(task.prepare, _digest(first), exercise.programs(), first)
        if "known" not in told:
            raise RoomFailed(str(told.get("failed", "the worker said nothing")))
        self.notes = [str(one) for one in told["notes"]]
        self._body = exercise.pack(masters, self._folder, told["known"], sheet)
        self._name = _digest(self._body)

    def run(self, job: Job) -> Run:
        """Run one notebook on a worker."""
        # Where the course lies is nobody's business there; a worker has a folder of its own.
        work = {**job.plain(), "folder": ""}
        sent = [self._name, exercise.programs(), json.dumps(work).encode()]
        try:
            told = self._ask(task.run, *sent)
            if "wanted" in told:
                told = self._ask(task.run, *sent, self._body)
        except NoIsolation as lack:
            raise RoomFailed(str(lack)) from None
        if "run" not in told:
            raise RoomFailed(str(told.get("failed", "the worker said nothing")))
        return Run.read(told["run"])

    def close(self) -> None:
        """Leave the cluster; what still runs there is dropped."""
        if not self._closed.is_set():
            self._closed.set()
            self._client.close(timeout=10)

    def _ask(self, function: Callable[..., bytes], *sent: Any) -> dict[str, Any]:
        """Have something done by a worker that can; one that lacks something is asked no more."""
        while True:
            told = self._done(function, sent)
            if "unfit" not in told:
                break
            self._unfit[told["worker"]] = told["unfit"]
        if "isolation" in told:
            with self._turn:
                self._kinds.add(told["isolation"])
                self.isolation = ", ".join(sorted(self._kinds))
        return told

    def _done(self, function: Callable[..., bytes], sent: tuple[Any, ...]) -> dict[str, Any]:
        """Submit and wait; begin again where every worker that might have done it is gone."""
        while True:
            chosen = self._fit() if self._unfit else None
            future = self._client.submit(function, *sent, workers=chosen, pure=False)
            try:
                answer = self._wait(future, chosen)
            finally:
                future.cancel()
            if answer is not None:
                return dict(json.loads(answer))

    def _wait(self, future: Any, chosen: list[str] | None) -> bytes | None:
        """Wait for an answer; None where nobody is left to give it."""
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        looked = time.monotonic()
        while True:
            try:
                return bytes(future.result(timeout=_LOOK))
            except TimeoutError:
                pass
            except KilledWorker:
                raise RoomFailed("each process that ran this notebook was killed") from None
            except (CancelledError, OSError):
                raise RoomFailed("the cluster's scheduler is gone") from None
            if self._closed.is_set():
                raise RoomFailed("the run was stopped")
            if time.monotonic() - looked > 5 * _LOOK:
                looked = time.monotonic()
                present = self._fit()
                if chosen is not None and not set(chosen) & set(present):
                    return None

    def _fit(self) -> list[str]:
        """The workers that have not refused; wait for the first."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                present = set(self._client.scheduler_info()["workers"])
            except (OSError, TimeoutError):
                raise RoomFailed("the cluster's scheduler is gone") from None
            fit = sorted(present - self._unfit.keys())
            if fit:
                return fit
            if present:
                reason = next(self._unfit[one] for one in sorted(present))
                raise NoIsolation(f"no worker of the cluster may grade: {reason}")
            if self._closed.is_set() or time.monotonic() > until:
                raise RoomFailed("the cluster has no worker")
            time.sleep(_LOOK)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _connect(address: str) -> Any:
    """Reach the scheduler; certificates for tls:// are taken from Dask's own configuration."""
    try:
        from distributed import Client
    except ImportError:
        raise InputFault(
            "grading on a cluster needs the package distributed",
            remedy="install it, in the course's clone: .venv/bin/pip install -e '.[cluster]'",
        ) from None
    for name in ("distributed", "distributed.client", "distributed.core"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputFault(
            f"no scheduler answers at {address}: {said}",
            remedy="start one with `dask scheduler`; tls:// needs certificates in Dask's configuration",
        ) from None


def _is_guarded(address: str) -> bool:
    """Whether nobody between here and the scheduler can read or change what travels."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in {"tls", "inproc"}:
        return True
    try:
        return parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
