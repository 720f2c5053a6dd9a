"""Run notebooks in Jupyter kernels, as stock nbgrader does: faithful, and without isolation."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from autograder.grading.master import Master
from autograder.grading.room import ANSWERS, UNISOLATED, Job, RoomFailed, Run

__all__ = ["StockRoom"]

# What a kernel needs of the grader's environment; anything else (keys, tokens, addresses) stays here.
_PASSED = {"PATH", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT"}
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


class StockRoom:
    """A few worker processes, each with one kernel at a time."""

    isolation = "none"
    shortfalls: tuple[str, ...] = (UNISOLATED,)
    notes: tuple[str, ...] = ()

    def __init__(self, jobs: int, home: Path) -> None:
        self._closed = False
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        # Kernels that each start a thread for every core slow one another down.
        threads = max(1, (os.cpu_count() or 1) // jobs)
        self._all = [_Worker(home, threads) for _ in range(jobs)]
        for worker in self._all:
            self._free.put(worker)

    def prepare(self, masters: list[Master]) -> None:
        """Nothing: every kernel is fresh, and what a source cannot do is not found out here."""

    def run(self, job: Job) -> Run:
        """Run one notebook in the next free worker."""
        worker = self._free.get()
        try:
            if self._closed:
                raise RoomFailed("the run was stopped")
            return worker.run(job)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End the workers and their kernels."""
        self._closed = True
        for worker in self._all:
            worker.stop()


class _Worker:
    """One process that runs notebooks one after another; it is replaced when it fails."""

    def __init__(self, home: Path, threads: int) -> None:
        self._home = home
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None
        self._kernel: int | None = None

    def run(self, job: Job) -> Run:
        import nbformat

        with tempfile.TemporaryDirectory(
            prefix="work-", dir=self._home, ignore_cleanup_errors=True
        ) as folder:
            for name, content in job.beside.items():
                Path(folder, name).write_bytes(base64.b64decode(content))
            _ship(job.folder, Path(folder))
            for name, content in job.sheet.items():
                Path(folder, name).write_bytes(base64.b64decode(content))
            request = {
                "notebook": job.notebook,
                "folder": folder,
                "environment": job.environment,
                "timeout": job.timeout,
                "names": {} if job.answers is None else {ANSWERS: job.answers},
            }
            answer = self._ask(request, job.whole)
        if "notebook" not in answer:
            self.stop()
            raise RoomFailed(str(answer.get("failed", "the worker said nothing")))
        replies = {int(index): reply for index, reply in answer["replies"].items()}
        return Run(nbformat.from_dict(answer["notebook"]), replies, answer["stopped"])

    def _ask(self, request: dict[str, Any], seconds: int) -> dict[str, Any]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(seconds, self.stop)
        late.start()
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                answer: dict[str, Any] = json.loads(line)
                if "kernel" not in answer:
                    return answer
                self._kernel = answer["kernel"]
        except (OSError, ValueError):
            pass
        finally:
            ended_late = not late.is_alive()
            late.cancel()
            self._end_kernel()
        if ended_late:
            return {"failed": f"the notebook took longer than {seconds} s"}
        return {"failed": "the process that ran the notebook died"}

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograder.grading.kernel"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(self._home, self._threads),
                start_new_session=True,
            )
        return self._process

    def _end_kernel(self) -> None:
        """End what the learner's code left running in the kernel's own session."""
        if self._kernel is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._kernel, signal.SIGKILL)
            self._kernel = None

    def stop(self) -> None:
        """Kill the worker and its kernel."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        self._end_kernel()


def _environment(home: Path, threads: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("LC_")}
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "MPLCONFIGDIR": home / "matplotlib",
        "XDG_CACHE_HOME": home / "cache",
    }
    counts = dict.fromkeys(_THREADS, str(threads))
    return kept | {name: str(path) for name, path in own.items()} | counts | {"JUPYTER_NO_CONFIG": "1"}


def _ship(source: Path, target: Path) -> None:
    """Copy the files that the exercise ships, without its notebooks."""
    if source.is_dir():
        ignore = shutil.ignore_patterns("*.ipynb", ".*", "__pycache__")
        shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)
