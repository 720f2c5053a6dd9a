"""What the machine lacks, told apart from what the course does wrong."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from pathlib import Path

# Books, environments of foreign verifiers, browsers' profiles and graded classes of one run of the tests.
LEAST_FREE = 3 << 30
# Of the clients of Debian's, Python's and npm's registries, when nobody answers them.
_NO_ANSWER = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT"
    r"|Temporary failure in name resolution|Name or service not known|Failed to establish a new connection"
    r"|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Could not resolve host"
)
_LACKS = {
    errno.ENOSPC: "no space is left on a disk",
    errno.EDQUOT: "a disk quota is used up",
    errno.ENOMEM: "no memory is left",
    errno.EMFILE: "too many files are open for one process (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine",
}


class MachineFault(Exception):
    """The machine lacks something that the tests need; the course may be sound.

    lack: what is missing, and the command that brings it.
    """

    def __init__(self, lack: str) -> None:
        super().__init__(lack)
        self.lack = lack


def lack_of(problem: BaseException | None) -> str | None:
    """Tell what the machine lacked when this was raised; None where it is the course's own fault."""
    while problem is not None:
        if isinstance(problem, MachineFault):
            return problem.lack
        if isinstance(problem, OSError) and problem.errno in _LACKS:
            return _LACKS[problem.errno]
        problem = problem.__cause__ or problem.__context__
    return None


def no_answer(said: str) -> bool:
    """Tell whether a registry's client says that nobody answered it."""
    return _NO_ANSWER.search(said) is not None


def short_of_space(*folders: Path) -> str | None:
    """Name the first of these folders' disks (and that of temporary files) with too little room."""
    for folder in (*folders, Path(tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE:
            return (
                f"only {free >> 20} MB are free at {folder}, and the tests need {LEAST_FREE >> 20}; "
                "make room, or set TMPDIR to a larger disk"
            )
    return None
