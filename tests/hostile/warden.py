"""Process 1 of a namespace in which a class is graded: it starts the command, and looks at what it leaves.

    unshare -pf --mount-proc --kill-child python warden.py REPORT autograder grade …

Whatever is alive when the command has ended is named in the report, and dies with this process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_SETTLE = 60.0  # whoever lives then outlives its run
_LIMIT = 1500.0


def processes() -> dict[int, str]:
    """Name every process of this namespace but this one."""
    found = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit() and one.name != "1":
            try:
                state = (one / "stat").read_text().rpartition(")")[2].split()[0]
                found[int(one.name)] = f"{state} {(one / 'cmdline').read_bytes()[:200]!r}"
            except OSError:
                continue
    return found


def private() -> int:
    """Add up the memory that processes have for themselves."""
    total = 0
    for number in processes():
        try:
            size = Path(f"/proc/{number}/statm").read_text().split()
            total += (int(size[1]) - int(size[2])) * _PAGE
        except OSError:
            continue
    return total


class Watch(threading.Thread):
    """Notes how much memory was in use at the most, and how many processes there were."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.memory = 0
        self.processes = 0

    def run(self) -> None:
        """Look twice a second."""
        while True:
            self.memory = max(self.memory, private())
            self.processes = max(self.processes, len(processes()))
            time.sleep(0.5)


def wait(child: int) -> int | None:
    """Wait for the command, and for whatever is left to this process on the way."""
    until = time.monotonic() + _LIMIT
    while time.monotonic() < until:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == child:
            return os.waitstatus_to_exitcode(status)
        if ended == 0:
            time.sleep(0.02)
    return None


def reap() -> None:
    """Take leave of those that have ended; they are nobody's survivors."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def settled() -> dict[int, str]:
    """Wait until nobody but this process is left, and tell who stays."""
    until = time.monotonic() + _SETTLE
    while True:
        reap()
        left = processes()
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.05)


def main() -> None:
    """Run the command and write the report."""
    report, *command = sys.argv[1:]
    out = Path(report)
    began = time.monotonic()
    with out.with_suffix(".out").open("wb") as said, out.with_suffix(".err").open("wb") as told:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=told)
        began_at = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
        watch = Watch()
        watch.start()
        code = wait(process.pid)
    seconds = time.monotonic() - began
    left = settled()
    groups = Path("/sys/fs/cgroup").rglob(f"autograder-rooms-{process.pid}-{began_at}")
    for number in left:
        os.kill(number, signal.SIGKILL)
    out.write_text(
        json.dumps(
            {
                "code": code,
                "seconds": seconds,
                "left": left,
                "memory": watch.memory,
                "processes": watch.processes,
                "groups": [str(one) for one in groups],
            }
        )
    )


if __name__ == "__main__":
    main()
