"""One worker at a time installs what a proof brings from a registry."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.machine import MachineFault, no_answer

BIN = Path(sys.executable).parent


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder's lock: the tests of one module may be spread over several workers."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(*words: object, **other: Any) -> str:
    """Run a program of the environment's; a registry that nobody reaches is no fault of the course."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, env=environment, **other
    )
    if done.returncode and no_answer(done.stderr + done.stdout):
        raise MachineFault(f"the registry of {Path(str(words[0])).name} does not answer")
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
