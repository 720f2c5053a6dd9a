"""How much a room may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Limits"]

_STACK, _DEEPEST = 8 << 20, 64 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one room; each ends in an ordinary error for the learner, or in the room's death.

    memory: address space of one process in bytes; with Qiskit imported, 1.4 GB are mapped at the start.
    room: memory of all processes together, in bytes; as much as one process can get at all.
    seconds: processor time of one process.
    processes: processes and threads together.
    files: open files of one process.
    folder: bytes in /room, which is memory too.
    names: files and folders in /room.
    message: bytes of one message from the room.
    """

    memory: int = 3 << 30
    room: int = 2 << 30
    seconds: int = 60
    processes: int = 64
    files: int = 256
    folder: int = 64 << 20
    names: int = 4096
    message: int = 8 << 20

    def plain(self) -> dict[str, int]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Limits:
        """From plain data."""
        return cls(**{name: int(value) for name, value in plain.items()})

    def calls(self) -> list[tuple[Callable[..., None], tuple[int, tuple[int, int]]]]:
        """What binds a process and its children; soft and hard alike, so that none is raised again."""
        import resource  # not on Windows, where this module is read but no room can be had

        bounds = {
            resource.RLIMIT_AS: self.memory,
            resource.RLIMIT_NPROC: self.processes,
            resource.RLIMIT_NOFILE: self.files,
            resource.RLIMIT_FSIZE: self.folder,
            # 0 would still start a program that the host has put in charge of dumps; 1 does not (core(5)).
            resource.RLIMIT_CORE: 1,
            resource.RLIMIT_MEMLOCK: 1 << 20,
            resource.RLIMIT_MSGQUEUE: 0,
            resource.RLIMIT_NICE: 0,
            resource.RLIMIT_RTPRIO: 0,
            resource.RLIMIT_SIGPENDING: 256,
        }
        pairs = {which: (bound, bound) for which, bound in bounds.items()}
        pairs[resource.RLIMIT_STACK] = (_STACK, _DEEPEST)
        # One second between the signal that Python can report and the one that nobody can catch.
        pairs[resource.RLIMIT_CPU] = (self.seconds, self.seconds + 1)
        return [(resource.setrlimit, one) for one in pairs.items()]
