"""The process of a warm parent, as it is started: before its driver knows what it is to import."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["ENVIRONMENT", "Launched", "has_word"]

# All that a room finds in its environment. One thread for OpenBLAS, because it starts its threads at import,
# and a process with threads cannot be forked safely; OpenMP and rayon start theirs in the room, when used.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/room",
    "TMPDIR": "/room",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": "/room/.matplotlib",
    "OPENBLAS_NUM_THREADS": "1",
}


class Launched:
    """A warm parent's process, which has no plan yet.

    It is started afresh, so that nothing the driver has read is in its memory or its environment.

    mains: what will run in rooms, as `module:function`; their modules are loaded at once.
    """

    def __init__(self, mains: Iterable[str]) -> None:
        early = dict.fromkeys(one.partition(":")[0] for one in mains)
        self.control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        source = Path(__file__).resolve().parents[2]
        with far:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.rooms.parent", str(far.fileno()), *early],
                env={**ENVIRONMENT, "PYTHONPATH": str(source)},
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                cwd="/",
                # Ctrl-C in a terminal is for the driver, which ends the rooms and says what was done.
                process_group=0,
            )

    def close(self) -> None:
        """End it, and with it every room."""
        self.control.close()
        if self.process.poll() is None:
            # Not by the process's own wait, which with a limit looks from time to time only.
            process = os.pidfd_open(self.process.pid)
            if not has_word(process, 10):
                self.process.kill()
            os.close(process)
        self.process.wait()


def has_word(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read; unlike select(), for descriptors of any number."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
