"""Attempts on rights and on the kernel: two of the probes that run in a room; see probes.py."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from autograder.rooms import kernel, seccomp

__all__ = ["CALLS", "calls", "privileges"]

Given = dict[str, Any]

# Calls that do no harm where they are answered, each with arguments that the kernel would look at.
CALLS: dict[str, tuple[int, ...]] = {
    "add_key": (0, 0, 0, 0, 0),
    "bpf": (0, 0, 0),
    "fanotify_init": (0, 0),
    "inotify_init1": (0,),
    "io_uring_setup": (1, 0),
    "kcmp": (1, 1, 0, 0, 0),
    "keyctl": (0, 0, 0, 0, 0),
    "memfd_create": (0, 0),
    "mq_open": (0, 0, 0, 0),
    "msgget": (0, 0o600),
    "open_by_handle_at": (-100, 0, 0),
    "perf_event_open": (0, 0, -1, -1, 0),
    "personality": (0xFFFFFFFF,),
    "pidfd_getfd": (-1, 0, 0),
    "pidfd_open": (1, 0),
    "process_madvise": (-1, 0, 0, 0, 0),
    "process_vm_readv": (1, 0, 0, 0, 0, 0),
    "process_vm_writev": (1, 0, 0, 0, 0, 0),
    "ptrace": (16, 1, 0, 0),
    "request_key": (0, 0, 0, 0),
    "sched_setaffinity": (0, 0, 0),
    "semget": (0, 1, 0o600),
    "shmget": (0, 4096, 0o600),
    "userfaultfd": (0,),
    "vmsplice": (-1, 0, 0, 0),
}


def privileges(given: Given) -> list[str]:
    """Get no right that was given up."""
    tries: dict[str, Callable[[], object]] = {
        **{f"unshare({kind})": partial(kernel.unshare, kind) for kind in kernel.CLONE},
        "mount": lambda: kernel.mount("room", given["folder"], "tmpfs", 0),
        "chroot": lambda: os.chroot("/"),
        "clone into new namespaces": _clone_away,
        "sethostname": lambda: socket.sethostname(socket.gethostname()),
        "a device file": lambda: os.mknod(given["folder"] + "/disk", 0o60600, os.makedev(254, 0)),
        "priority": lambda: os.nice(-5),
        "real-time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        "a dump by the host": _dump_by_the_host,
    }
    # Namespaces last, because elsewhere than in a room they change what the others try.
    return [f"may {name}" for name, attempt in reversed(tries.items()) if _succeeds(attempt)]


def calls(_: Given) -> list[str]:
    """Have the kernel look at none of the calls that reach other processes or what they share."""
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for name, arguments in CALLS.items():
        number = seccomp.DENIED[name][0 if kernel.MACHINE == "x86_64" else 1]
        ctypes.set_errno(0)
        outcome = libc.syscall(ctypes.c_long(number or 0), *map(ctypes.c_long, arguments))
        if outcome >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            found.append(f"the kernel answered {name}")
    return found


def _succeeds(attempt: Callable[[], object]) -> bool:
    with suppress(OSError, ValueError):
        attempt()
        return True
    return False


def _dump_by_the_host() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _clone_away() -> None:
    number = {"x86_64": 56, "aarch64": 220}[kernel.MACHINE]
    child = kernel.syscall("clone", number, kernel.CLONE["user"] | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
