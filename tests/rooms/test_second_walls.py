"""seccomp and Landlock hold by themselves, with every right of root and no other wall."""

from __future__ import annotations

import errno
import importlib.util
import platform
import re
from pathlib import Path

import pytest

from autograder.rooms import landlock, seccomp

_SPEC = importlib.util.spec_from_file_location("rooms_bare", Path(__file__).with_name("bare.py"))
assert _SPEC and _SPEC.loader
bare = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(bare)

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
COLUMN = {"x86_64": 0, "aarch64": 1}
# Calls whose arguments decide.
TABLES = {
    "clone": seccomp._CLONE,
    "clone3": seccomp._CLONE3,
    "ioctl": seccomp._IOCTL,
    "prlimit64": seccomp._PRLIMIT,
    "setrlimit": seccomp._SETRLIMIT,
    "socket": seccomp._SOCKET,
    "socketpair": seccomp._SOCKETPAIR,
}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),  # aarch64 has no numbers of its own
}
# Read once in the kernel's headers, for machines that have none: a few from each end of the two numberings.
KNOWN = {
    "x86_64": {"socket": 41, "shmget": 29, "ptrace": 101, "setrlimit": 160, "keyctl": 250, "bpf": 321},
    "aarch64": {"socket": 198, "shmget": 194, "ptrace": 117, "setrlimit": 164, "keyctl": 219, "bpf": 280},
}


def verdict(steps, architecture, number, first=0, second=0):
    """Run the filter as the kernel would."""
    memory = {0: number, 4: architecture, 16: first, 24: second}
    at, value = 0, 0
    while True:
        code, when_true, when_false, operand = steps[at]
        if code == 0x06:
            return operand
        if code == 0x20:
            value, at = memory[operand], at + 1
            continue
        holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
        at += 1 + (when_true if holds else when_false)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_refuses_its_list_and_nothing_else(machine):
    steps, own = seccomp.program(machine, listening=True), seccomp._ARCHITECTURE[machine]
    denied = {row[COLUMN[machine]] for row in seccomp.DENIED.values()} - {None}
    special = {table[machine] for table in TABLES.values()}
    for number in (457, 462, 467, 512, 547, 1 << 20):
        assert verdict(steps, own, number) == UNKNOWN
    for number in set(range(457)) - special:
        assert verdict(steps, own, number) == (REFUSE if number in denied else ALLOW), number


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_arguments_decide_where_they_must(machine):
    steps, own = seccomp.program(machine, listening=False), seccomp._ARCHITECTURE[machine]

    def ask(table, first=0, second=0):
        return verdict(steps, own, table[machine], first, second)

    assert ask(seccomp._CLONE, 17) == ALLOW
    assert ask(seccomp._CLONE, 0x003D0F00) == ALLOW  # a thread
    for bit in (17, 25, 26, 27, 28, 29, 30):
        assert ask(seccomp._CLONE, 17 | 1 << bit) == REFUSE
    assert ask(seccomp._CLONE3) == UNKNOWN
    assert [ask(seccomp._SOCKET, family) for family in (1, 2, 10, 16, 17, 40)] == [ALLOW] + [REFUSE] * 5
    assert [ask(seccomp._SOCKETPAIR, family) for family in (1, 2, 30)] == [ALLOW] + [REFUSE] * 2
    assert [ask(seccomp._SETRLIMIT, which) for which in (0, 3, 4, 9)] == [ALLOW, ALLOW, REFUSE, ALLOW]
    assert [ask(seccomp._PRLIMIT, 0, which) for which in (0, 3, 4, 9)] == [ALLOW, ALLOW, REFUSE, ALLOW]
    assert [ask(seccomp._IOCTL, 0, code) for code in (0x5412, 0x541C, 0x5401)] == [REFUSE, REFUSE, ALLOW]
    assert ask(seccomp._BIND) == ask(seccomp._LISTEN) == REFUSE


def header(machine):
    """The kernel's own numbers, as far as this machine has them."""
    if not HEADERS[machine].is_file():
        return {}
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    return {name: int(number) for name, number in found}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_number_is_the_kernels(machine):
    written = {name: row[COLUMN[machine]] for name, row in seccomp.DENIED.items()}
    written |= {name: table[machine] for name, table in TABLES.items()}
    for name, number in KNOWN[machine].items():
        assert written[name] == number, name
    kernels = header(machine)
    for name, number in written.items():
        if number is None:
            assert name not in kernels
        elif name in kernels:
            assert kernels[name] == number, name
    unknown = [name for name, number in written.items() if number is not None and name not in kernels]
    assert len(unknown) < 5 or not kernels  # newer than the header


def test_other_numberings_are_not_a_way_round():
    steps = seccomp.program("x86_64", listening=True)
    assert verdict(steps, 0x40000003, 20) == KILL  # 32-bit x86
    assert verdict(steps, seccomp._ARCHITECTURE["x86_64"], 0x40000000 | 39) == REFUSE  # x32


def test_the_kernel_takes_the_filter():
    told = bare.run(
        """
import ctypes, socket, subprocess, threading
from autograder.rooms import kernel, seccomp
kernel.prctl("no new privileges", 38, 1)
kernel.take(seccomp.refusing(listening=True), "seccomp")
def outcome(attempt):
    try:
        attempt()
    except OSError as problem:
        return problem.errno
    return 0
thread = threading.Thread(target=print, kwargs={"end": ""})
thread.start()
thread.join()
print(json.dumps({
    "unshare": outcome(lambda: kernel.unshare("mount")),
    "user namespace": outcome(lambda: kernel.unshare("user")),
    "mount": outcome(lambda: kernel.mount("x", "/mnt", "tmpfs", 0)),
    "ptrace": outcome(lambda: kernel.syscall("ptrace", given, 0, 0, 0, 0)),
    "inet": outcome(lambda: socket.socket(socket.AF_INET)),
    "local": outcome(lambda: socket.socketpair()[0].close()),
    "program": subprocess.run(["true"]).returncode,
}))
""",
        seccomp.DENIED["ptrace"][COLUMN[platform.machine()]],
    )
    assert told == {
        "unshare": errno.EPERM,
        "user namespace": errno.EPERM,
        "mount": errno.EPERM,
        "ptrace": errno.EPERM,
        "inet": errno.EPERM,
        "local": 0,
        "program": 0,
    }


def test_landlock_alone_keeps_writing_in_and_reading_out(tmp_path):
    if not landlock.version():
        pytest.fail("this kernel has no Landlock; boot one from 5.13 with lsm=landlock")
    (tmp_path / "room").mkdir()
    (tmp_path / "secret").write_text("x")
    told = bare.run(
        """
from pathlib import Path
from autograder.rooms import kernel, landlock
kernel.prctl("no new privileges", 38, 1)
room = Path(given, "room")
landlock.Ready({"/usr": landlock.READ, str(room): landlock.EVERYTHING}).restrict()
def outcome(attempt):
    try:
        attempt()
    except OSError as problem:
        return problem.errno
    return 0
print(json.dumps([
    outcome(lambda: Path(given, "secret").read_text()),
    outcome(lambda: Path(given, "new").touch()),
    outcome(lambda: Path("/usr/new").touch()),
    outcome(lambda: (room / "new").write_text("y")),
    outcome(lambda: (room / "new").rename(Path(given, "moved"))),
    outcome(lambda: Path("/usr/bin/true").read_bytes()),
]))
""",
        str(tmp_path),
    )
    assert told[:3] == [errno.EACCES] * 3
    assert told[3] == 0
    assert told[4] in (errno.EACCES, errno.EXDEV)
    assert told[5] == 0
