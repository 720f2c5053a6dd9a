"""seccomp, the second wall around system calls: a filter put together by hand, so that no library is needed.

Refused: what changes namespaces, mounts, the clock or the kernel, what looks into other processes, what is
shared with them under a name, memory that belongs to no process, the choice of a core, and every socket but
local ones. The rest stays, because honest scientific code uses threads, processes and files.
"""

from __future__ import annotations

import ctypes
import errno
import struct

from autograder.rooms import kernel

__all__ = ["DENIED", "program", "refusing"]

# name: number on x86_64, on aarch64 (None: it has no such call); from the kernel's own unistd headers.
DENIED: dict[str, tuple[int, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "cachestat": (451, 451),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "inotify_add_watch": (254, 27),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "remap_file_pages": (216, 234),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "semget": (64, 190),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "sysfs": (139, None),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "ustat": (136, None),
    "vhangup": (153, 58),
    "vmsplice": (278, 75),
}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = {"x86_64": 435, "aarch64": 435}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_SOCKETPAIR = {"x86_64": 53, "aarch64": 199}
_SETRLIMIT = {"x86_64": 160, "aarch64": 164}
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_IOCTL = {"x86_64": 16, "aarch64": 29}
_BIND = {"x86_64": 49, "aarch64": 200}
_LISTEN = {"x86_64": 50, "aarch64": 201}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_FIRST_UNSEEN = 457  # statmount(2), Linux 6.8; from 424 on, all machines share their numbers
_NAMESPACES = 0x7E020000  # every CLONE_NEW… flag that clone() can carry
_LOCAL = 1  # AF_UNIX
_CORE = 4  # RLIMIT_CORE
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

# Classic BPF (linux/bpf_common.h, linux/seccomp.h).
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT, _SECOND_AT = 0, 4, 16, 24  # low halves, little-endian
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_STEP = 8  # bytes
_Step = tuple[int, int, int, int]
_Range = tuple[int, list[_Step]]  # from which call on, and what is done, which must return
_LET: _Step = (_RETURN, 0, 0, _ALLOW)


def _refusal(number: int = errno.EPERM) -> _Step:
    return (_RETURN, 0, 0, _ERRNO | number)


def _guarded(machine: str) -> dict[int, list[_Step]]:
    """Calls whose arguments decide, and how."""
    decided = {
        _CLONE[machine]: [(_LOAD, 0, 0, _FIRST_AT), (_JUMP_ANY_BIT, 0, 1, _NAMESPACES), _refusal(), _LET]
    }
    # Its flags lie in memory, where a filter cannot look; without it the C library takes clone().
    decided[_CLONE3[machine]] = [_refusal(errno.ENOSYS)]
    local = [(_LOAD, 0, 0, _FIRST_AT), (_JUMP_EQUAL, 1, 0, _LOCAL), _refusal(), _LET]
    decided[_SOCKET[machine]] = decided[_SOCKETPAIR[machine]] = local
    # A room that lowers this limit from 1 to 0 would have the host's own program write its dumps.
    for table, place in ((_SETRLIMIT, _FIRST_AT), (_PRLIMIT, _SECOND_AT)):
        decided[table[machine]] = [(_LOAD, 0, 0, place), (_JUMP_EQUAL, 0, 1, _CORE), _refusal(), _LET]
    typing = [(_LOAD, 0, 0, _SECOND_AT), (_JUMP_EQUAL, 1, 0, _TIOCSTI), (_JUMP_EQUAL, 0, 1, _TIOCLINUX)]
    decided[_IOCTL[machine]] = [*typing, _refusal(), _LET]
    return decided


def program(machine: str, *, listening: bool) -> list[_Step]:
    """Put the filter together.

    listening: whether local sockets may be bound; not where rooms could meet at an abstract one.
    """
    column = 0 if machine == "x86_64" else 1
    numbers = [row[column] for row in DENIED.values()]
    if not listening:
        numbers += [_BIND[machine], _LISTEN[machine]]
    decided = {number: [_refusal()] for number in numbers if number is not None} | _guarded(machine)
    ranges: list[_Range] = []
    for number in range(_FIRST_UNSEEN):
        body = decided.get(number, [_LET])
        if not ranges or ranges[-1][1] != body:
            ranges.append((number, body))
    # Written later than this list, so nobody has looked at it; libraries know how to do without.
    ranges.append((_FIRST_UNSEEN, [_refusal(errno.ENOSYS)]))
    if machine == "x86_64":  # the same kernel answers a second numbering, which the list does not name
        ranges.append((_X32, [_refusal()]))
    return [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        *_search(ranges),
    ]


def _search(ranges: list[_Range]) -> list[_Step]:
    """Find a call's range by halving, and do what stands there.

    The kernel runs a new filter once for each number there is; one that asks number after number is put on
    a room twice as slowly.
    """
    if len(ranges) == 1:
        return ranges[0][1]
    half = len(ranges) // 2
    low = _search(ranges[:half])
    return [(_JUMP_AT_LEAST, len(low), 0, ranges[half][0]), *low, *_search(ranges[half:])]


class _Head(ctypes.Structure):
    _fields_ = [("steps", ctypes.c_ushort), ("first", ctypes.POINTER(ctypes.c_char))]


def refusing(*, listening: bool) -> kernel.Call:
    """Make ready to put the filter on a process and all its children, for good; it needs no_new_privs."""
    if kernel.MACHINE not in _ARCHITECTURE:
        raise OSError(errno.ENOSYS, f"no filter for {kernel.MACHINE}")
    made = b"".join(struct.pack("=HBBI", *step) for step in program(kernel.MACHINE, listening=listening))
    held = ctypes.create_string_buffer(made, len(made))
    head = _Head(len(made) // _STEP, ctypes.cast(held, ctypes.POINTER(ctypes.c_char)))
    return kernel.controlling(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(head))
