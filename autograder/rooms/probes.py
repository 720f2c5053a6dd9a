"""What runs in a room to try its walls; every probe returns the breaches it found, and none may remain.

`given` says what there is to find: a secret, a process, a port. The tests run the same probes where there are
no walls, so that a probe which can find nothing is itself found.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.rooms import attempts, wire

__all__ = ["MAIN", "PROBES", "answer"]

MAIN = "autograder.rooms.probes:answer"
_REQUEST_LIMIT = 1 << 20
_MARK = "room-mark"
_BOUND: list[socket.socket] = []  # held until the room ends
Given = dict[str, Any]


def answer(channel: socket.socket, hatch: socket.socket | None = None) -> None:
    """Run the probes that the driver names until it hangs up; a hatch is only held."""
    while True:
        try:
            request = wire.receive(channel, limit=_REQUEST_LIMIT)
        except wire.Broken:
            return
        wire.send(channel, PROBES[request["probe"]](request["given"]))


def user(given: Given) -> list[str]:
    """Be nobody, for good."""
    found = [f"user {one}" for one in {*os.getresuid(), *os.getresgid()} - {given["user"]}]
    found += [f"group {one}" for one in os.getgroups() if one not in given["groups"]]
    wanted = {"CapInh": 0, "CapPrm": 0, "CapEff": 0, "CapBnd": 0, "CapAmb": 0, "NoNewPrivs": 1, "Seccomp": 2}
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name in wanted and int(value, 16) != wanted[name]:
            found.append(f"{name} is {value.strip()}")
    with suppress(OSError):
        os.setuid(0)
        found.append("became user 0")
    return found


def processes(given: Given) -> list[str]:
    """See no process but one's own, and no other's environment."""
    seen = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    found = [f"saw process {one}" for one in seen if one != os.getpid()]
    for one in seen:
        with suppress(OSError):
            if given["secret"].encode() in Path(f"/proc/{one}/environ").read_bytes():
                found.append(f"read the environment of process {one}")
    found += [f"saw /proc/{one}" for one in ("sys", "bus", "fs", "irq") if _listed(Path("/proc", one))]
    files = ("version", "cmdline", "kcore", "kallsyms", "keys", "interrupts", "diskstats", "modules")
    return found + [f"read /proc/{one}" for one in files if _first_byte(Path("/proc", one))]


def _listed(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208
    return []


def _first_byte(file: Path) -> bytes:
    with suppress(OSError), file.open("rb", buffering=0) as opened:
        return opened.read(1)
    return b""


def signals(given: Given) -> list[str]:
    """Reach no process with a signal."""
    found = []
    for target in (given["sleeper"], -1):
        with suppress(OSError):
            os.kill(target, 0)
            found.append(f"may signal {target}")
    with suppress(OSError):
        os.kill(given["sleeper"], signal.SIGTERM)
        found.append("ended a process of the host")
    return found


def network(given: Given) -> list[str]:
    """Reach nobody: not over TCP, not by a name that is no file, not through a raw or a kernel socket."""
    tries: dict[str, Callable[[], None]] = {
        "TCP": lambda: _connect(socket.AF_INET, ("127.0.0.1", given["port"])),
        "an abstract socket": lambda: _connect(socket.AF_UNIX, "\0" + given["abstract"]),
        "UDP": lambda: _datagram(given["port"]),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
        "IPv6": lambda: socket.socket(socket.AF_INET6).close(),
    }
    return [f"used {name}" for name, attempt in tries.items() if _succeeds(attempt)]


def _connect(family: int, address: Any) -> None:
    with socket.socket(family) as caller:
        caller.settimeout(2)
        caller.connect(address)


def _datagram(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.sendto(b"out", ("127.0.0.1", port))


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def writing(given: Given) -> list[str]:
    """Leave nothing anywhere but in /room."""
    found = []
    for folder in given["folders"]:
        mark = Path(folder, ".room-was-here")
        with suppress(OSError):
            mark.touch()
            found.append(f"wrote in {folder}")
            mark.unlink()
    return found


def reading(given: Given) -> list[str]:
    """Read no file of the host, by its path or by any way round."""
    path = given["secret_file"]
    roots = ["", "/proc/self/root", "/proc/1/root", "/proc/self/cwd/../..", "/room/../.."]
    roots += [f"/proc/self/fd/{number}/../../../.." for number in range(8)]
    ways = [root + path for root in roots] + list(given["unreadable"])
    return [f"read {one}" for one in ways if _first_byte(Path(one))]


def environment(given: Given) -> list[str]:
    """Find in the environment what every room is told, and nothing of the driver's."""
    found = [f"variable {name}" for name in os.environ if name not in given["variables"]]
    found += [f"the secret in variable {name}" for name, one in os.environ.items() if given["secret"] in one]
    found += ["the name of this machine"] if socket.gethostname() == given["host"] else []
    for name in ("environ", "cmdline"):
        with suppress(OSError):
            if given["secret"].encode() in Path("/proc/self", name).read_bytes():
                found.append(f"read the secret in {name}")
    with suppress(OSError):
        links = {str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if int(one.name) > 3}
        beyond = sorted(one for one in links if not one.startswith("/proc/"))
        if len(beyond) > given["sockets"] or not all(one.startswith("socket:") for one in beyond):
            found += [f"was handed {one}" for one in beyond]
    return found


def limits(given: Given) -> list[str]:
    """Meet every limit as an ordinary error."""
    found = []
    with suppress(MemoryError):
        bytearray(given["memory"])
        found.append(f"took {given['memory'] >> 20} MB of memory")
    for name, most, reach in (
        ("files", given["files"], _open_many),
        ("processes", given["processes"], _fork_many),
        ("bytes in its folder", given["bytes"], _write_much),
        ("names in its folder", given["names"], _name_many),
    ):
        reached = reach(given)
        if reached > most:
            found.append(f"reached {reached} {name}; {most} are allowed")
    return found


def _count(steps: Iterator[int]) -> int:
    """Add up until a limit is met."""
    total = 0
    with suppress(OSError):
        for step in steps:
            total += step
    return total


def _open_many(given: Given) -> int:
    held: list[int] = []

    def steps() -> Iterator[int]:
        for _ in range(given["files"] + 16):
            held.append(os.open("/dev/null", os.O_RDONLY))
            yield 1

    reached = _count(steps())
    for one in held:
        os.close(one)
    return reached


def _fork_many(given: Given) -> int:
    children: list[int] = []

    def steps() -> Iterator[int]:
        for _ in range(given["processes"] + 4):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
            yield 1

    reached = _count(steps())
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return reached


def _write_much(given: Given) -> int:
    paths = [Path(given["folder"], f"full-{number}") for number in range(4)]

    def steps() -> Iterator[int]:
        for path in paths:  # several files, because one file has a limit of its own
            with path.open("wb", buffering=0) as file:
                for _ in range(given["bytes"] // (3 << 20) + 1):
                    yield file.write(bytes(1 << 20))

    reached = _count(steps())
    for path in paths:
        path.unlink(missing_ok=True)
    return reached


def _name_many(given: Given) -> int:
    folder = Path(given["folder"], "many")
    folder.mkdir()

    def steps() -> Iterator[int]:
        for number in range(given["names"] + 16):
            (folder / str(number)).symlink_to("x")
            yield 1

    reached = _count(steps())
    for one in folder.iterdir():
        one.unlink()
    folder.rmdir()
    return reached


def fill(given: Given) -> list[str]:
    """Take more than the whole room may, over processes of which none does; this is not to return."""
    share = given["room"] // 4 * 3
    for _ in range(2):
        if os.fork() == 0:
            held = b"x" * share
            signal.pause()
            os._exit(len(held) & 1)
    until = time.monotonic() + given["patience"]
    while time.monotonic() < until:
        time.sleep(0.01)
    return [f"took {2 * share >> 20} MB over several processes"]


def outlive(_: Given) -> list[str]:
    """Start what hides from its parent, its session and its signals; the driver sees whether it lives on."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            while True:
                signal.pause()
        os._exit(0)
    return []


def _names_of_sockets() -> str:
    with suppress(OSError):
        return Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
    return ""


def leave(given: Given) -> list[str]:
    """Leave marks wherever the next room might find them."""
    os.environ["ROOM_MARK"] = "left"
    sys.modules["room_mark"] = sys
    with suppress(OSError):
        _BOUND.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        _BOUND[-1].bind("\0" + _MARK)
    for folder in (given["folder"], given["folder"] + "/.shm"):
        with suppress(OSError):
            Path(folder, "mark").touch()
    return []


def find(given: Given) -> list[str]:
    """Look for the marks of another room."""
    found = ["an environment variable"] if "ROOM_MARK" in os.environ else []
    found += ["a module"] if "room_mark" in sys.modules else []
    found += ["a name of its sockets"] if _MARK in _names_of_sockets() else []
    with suppress(ConnectionRefusedError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as caller:
        with suppress(PermissionError):  # which the system says of a socket that is there
            caller.connect("\0" + _MARK)
        found.append("one of its sockets")
    folders = (given["folder"], given["folder"] + "/.shm", "/dev/shm")
    return found + [f"a file in {one}" for one in folders if Path(one, "mark").exists()]


PROBES: dict[str, Callable[[Given], list[str]]] = {
    one.__name__: one
    for one in (
        user,
        processes,
        signals,
        network,
        writing,
        reading,
        environment,
        attempts.privileges,
        attempts.calls,
        limits,
        fill,
        outlive,
        leave,
        find,
    )
}
