"""What code in a room tries against the host, its siblings and its own limits, and what comes of it.

Each of these runs in a real room. The rooms of two parents, a learner's and an examiner's, are siblings too.
"""

from __future__ import annotations

import array
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograder.rooms import Limits, NoIsolation, RoomLost, WarmParent, kernel, memory, probes, seccomp
from autograder.rooms import handle as handles
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pair():
    with WarmParent() as learner, WarmParent() as examiner:
        yield learner, examiner


@pytest.fixture
def room(pair):
    with pair[0].open() as opened:
        yield opened


def ask(room, source, given=None, seconds=PATIENCE):
    return room.ask({"source": source, "given": given}, seconds=seconds)


def value(room, source, given=None):
    told = ask(room, source, given)
    assert told["error"] is None, told["error"]
    return told["value"]


def settle(parent):
    """Wait until the rooms that nobody waited for are buried."""
    until(lambda: parent.state()["rooms"] == 0, "every room is buried")


def host_number(room):
    return handles._number_on_host(room._process)


def test_the_two_parents_have_another_layout_and_another_seed(pair):
    look = "result = [hash('variant'), id(object), id(len)]"
    told = []
    for parent in pair:
        with parent.open() as one:
            told.append(value(one, look))
    assert all(a != b for a, b in zip(*told, strict=True))


def test_siblings_have_other_users_and_other_namespaces(pair):
    look = (
        "import os\n"
        "kinds = ('pid', 'mnt', 'ipc', 'user')\n"
        "result = [os.getuid(), *[os.readlink('/proc/self/ns/' + kind) for kind in kinds]]"
    )
    learner, examiner = pair
    with learner.open() as one, learner.open(slot=1) as two, examiner.open() as three:
        told = [value(each, look) for each in (one, two, three)]
    as_root = os.geteuid() == 0
    for number, kind in enumerate(("uid", "pid", "mnt", "ipc")):
        distinct = {each[number] for each in told}
        assert len(distinct) == 3 or (kind == "uid" and not as_root), kind
    assert len({each[4] for each in told}) == (1 if as_root else 3)


def test_a_learners_room_reaches_no_examiners_room(pair):
    learner, examiner = pair
    with examiner.open() as peer, learner.open() as one:
        value(peer, "import signal\nheard = []\nsignal.signal(signal.SIGTERM, lambda *_: heard.append(1))")
        target = host_number(peer)
        attack = (
            "import os\n"
            "tried = []\n"
            "for number in [given, *range(1, 400)]:\n"
            "    if number == os.getpid(): continue\n"
            "    for attempt in (lambda: os.kill(number, 15), lambda: os.killpg(number, 15),\n"
            "                    lambda: open(f'/proc/{number}/mem'), lambda: os.stat(f'/proc/{number}'),\n"
            "                    lambda: os.sched_getaffinity(number), lambda: os.getpgid(number)):\n"
            "        try: attempt(); tried.append(number)\n"
            "        except OSError: pass\n"
            "try: os.kill(-1, 15); tried.append(-1)\n"
            "except OSError: pass\n"
            "result = tried"
        )
        assert value(one, attack, target) == []
        assert value(peer, "result = heard") == []


def test_names_in_common_are_refused_or_ones_own(pair):
    learner, examiner = pair
    bind = (
        "import socket\n"
        "held = socket.socket(socket.AF_UNIX)\n"
        "try: held.bind('\\0meeting'); held.listen(); result = 'bound'\n"
        "except OSError as problem: result = type(problem).__name__"
    )
    call = (
        "import socket\n"
        "caller = socket.socket(socket.AF_UNIX)\n"
        "try: caller.connect('\\0meeting'); result = 'met'\n"
        "except OSError as problem: result = type(problem).__name__"
    )
    with examiner.open() as one, learner.open() as two, learner.open(slot=1) as three:
        assert value(one, bind) in ("bound", "PermissionError")
        for other in (two, three):
            assert value(other, call) in ("PermissionError", "ConnectionRefusedError")


def test_a_descriptor_sent_through_the_hatch_is_not_received(pair):
    learner, examiner = pair
    ours, theirs = socket.socketpair()
    send = (
        "import socket, array, os\n"
        "hatch = socket.socket(fileno=4)\n"
        "secret = os.open('/room/secret', os.O_RDWR | os.O_CREAT)\n"
        "hatch.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [secret] * 8))])\n"
        "result = 1"
    )
    take = (
        "import socket, os\n"
        "before = set(os.listdir('/proc/self/fd'))\n"
        "body = socket.socket(fileno=4).recv(10)\n"
        "result = [body.decode(), sorted(set(os.listdir('/proc/self/fd')) - before)]"
    )
    with (
        ours,
        theirs,
        learner.open(hatch=theirs, main=handles.SCRIPT) as one,
        examiner.open(hatch=ours, main=handles.SCRIPT) as two,
    ):
        assert value(one, send) == 1
        assert value(two, take)[0] == "x"
        assert value(two, "import os; result = len(os.listdir('/proc/self/fd'))") <= 6


def test_a_room_that_takes_its_death_signal_off_still_dies_with_the_driver():
    source = (
        "import sys, time\n"
        "from autograder.rooms import WarmParent\n"
        "from autograder.rooms import handle\n"
        "room = WarmParent().open()\n"
        "hide = '''import ctypes, os, signal\n"
        "ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    while True: signal.pause()\n"
        "os.close(3)\n"
        "while True: signal.pause()'''\n"
        "try: room.channel.settimeout(1); from autograder.rooms import wire; wire.send(room.channel, "
        "{'source': hide})\n"
        "finally: print(handle._number_on_host(room._process), flush=True); time.sleep(600)"
    )
    driver = subprocess.Popen(
        [sys.executable, "-P", "-c", source],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert driver.stdout
    number = int(driver.stdout.readline())
    until(lambda: len(list(memory.tree(number))) > 1, "the room has a child that has taken its signals off")
    every = list(memory.tree(number))
    driver.kill()
    driver.wait()
    driver.stdout.close()
    until(lambda: not any(alive(one) for one in every), "nobody of the room lives")


def alive(number):
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os; os.nice(5); result = 'nice'", "nice"),
        ("import os; os.nice(-1)", "PermissionError"),
        (
            "open('/proc/self/oom_score_adj', 'w').write('-500'); result = 'lower'",
            ("lower", "PermissionError"),
        ),
        ("open('/proc/sys/kernel/hostname', 'w').write('x')", ("FileNotFoundError", "PermissionError")),
        ("open('/proc/sysrq-trigger', 'w').write('c')", ("PermissionError", "OSError", "FileNotFoundError")),
        ("import os; os.link('/usr/bin/env', '/room/env')", ("OSError", "PermissionError")),
        ("import os; os.symlink('/etc/shadow', '/room/s'); open('/room/s')", "FileNotFoundError"),
        # The first process is the room's own, and so is its view; the host's has a file of passwords.
        (
            "import os; os.symlink(os.path.join('/proc/1', 'root', 'etc'), '/room/r')\n"
            "result = 'shadow' in os.listdir('/room/r')",
            (False, "PermissionError"),
        ),
        ("import os; os.chown('/room', 0, 0)", ("PermissionError", "OSError")),
        ("import os; os.mkfifo('/room/pipe'); result = 'own'", "own"),
        ("import os; os.mknod('/room/null', 0o20666, os.makedev(1, 3))", "PermissionError"),
        ("import resource as r; r.setrlimit(r.RLIMIT_STACK, (1 << 40, 1 << 40))", "ValueError"),
        ("import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (4096, 4096))", "ValueError"),
        ("import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))", ("ValueError", "PermissionError")),
        ("import mmap; mmap.mmap(-1, 4 << 30)", ("OSError", "MemoryError")),
        ("open('/room/sparse', 'wb').truncate(1 << 40)", "OSError"),
        ("import os; os.memfd_create('x')", "PermissionError"),
        ("import os; os.chmod('/usr', 0o777)", ("OSError", "PermissionError")),
    ],
)
def test_an_attempt_ends_in_an_ordinary_error(room, source, expected):
    told = ask(room, source)
    outcome = told["error"].partition(":")[0] if told["error"] else told["value"]
    assert outcome in ((expected,) if isinstance(expected, str) else expected), told
    assert value(room, "result = 1") == 1


def test_sparse_files_and_many_names_meet_the_bounds_of_the_folder(pair):
    flood = (
        "import os\n"
        "made = 0\n"
        "try:\n"
        "    while made < 10_000:\n"
        "        os.close(os.open(f'/room/{made}', os.O_CREAT | os.O_WRONLY)); made += 1\n"
        "except OSError as problem: why = problem.errno\n"
        "for number in range(made): os.unlink(f'/room/{number}')\n"
        "wrote = 0\n"
        "try:\n"
        "    for number in range(64):\n"
        "        with open(f'/room/big{number}', 'wb', 0) as file:\n"
        "            file.truncate(1 << 20)\n"
        "            for _ in range(16): wrote += file.write(bytes(1 << 16))\n"
        "except OSError as problem: full = problem.errno\n"
        "result = [made, why, wrote, full]"
    )
    with pair[0].open(limits=Limits(folder=8 << 20, names=200)) as one, pair[0].open(slot=1) as two:
        made, why, wrote, full = value(one, flood)
        assert made < 200
        assert wrote <= 8 << 20
        assert why == full == 28  # no space left on device
        assert value(two, "open('/room/x', 'wb').write(bytes(1 << 20)); result = 1") == 1


def test_timers_and_signals_of_ones_own_do_not_delay_the_end(pair):
    storm = (
        "import signal, os\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)\n"
        "signal.setitimer(signal.ITIMER_VIRTUAL, 1e-6, 1e-6)\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        while True: os.kill(1, signal.SIGUSR1)\n"
        "result = 1"
    )
    room = pair[0].open()
    told = ask(room, storm)
    assert told["error"] is None
    assert room.close() == -signal.SIGKILL


def test_a_room_that_stops_itself_is_ended_all_the_same(pair):
    room = pair[0].open()
    stop = "import os\nif os.fork() == 0:\n    os.kill(os.getpid(), 19)\nos.kill(os.getpid(), 19)"
    told = ask(room, stop)
    assert told["error"] is None  # the first process of a namespace hears no stop from within
    assert room.close() == -signal.SIGKILL


def test_the_limit_on_processes_is_each_rooms_own(pair):
    fill = (
        "import os, signal\n"
        "made = 0\n"
        "try:\n"
        "    while made < 100:\n"
        "        if os.fork() == 0:\n"
        "            signal.pause()\n"
        "        made += 1\n"
        "except OSError: pass\n"
        "result = made"
    )
    few = Limits(processes=8)
    learner, examiner = pair
    with learner.open(limits=few) as one, learner.open(slot=1, limits=few) as two:
        with examiner.open(limits=few) as three:
            assert [value(each, fill) for each in (one, two, three)] == [7, 7, 7]
        one.close(wait=False)
        with learner.open(limits=few) as four:  # while the first may still be dying
            assert value(four, fill) == 7


def test_calls_that_are_refused_are_refused_in_a_real_room(room):
    look = (
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "answered = []\n"
        "for name, number in given.items():\n"
        "    ctypes.set_errno(0)\n"
        "    if libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:\n"
        "        answered.append(name)\n"
        "result = answered"
    )
    column = 0 if kernel.MACHINE == "x86_64" else 1
    numbers = {name: row[column] for name, row in seccomp.DENIED.items() if row[column] is not None}
    assert value(room, look, numbers) == []


def test_what_programs_ask_before_they_take_memory_is_there_and_the_rest_of_proc_is_not(room):
    look = (
        "import os\n"
        "names = [one for one in os.listdir('/proc') if not one.isdigit()]\n"
        "def told(name):\n"
        "    try:\n"
        "        if os.path.isdir('/proc/' + name): return bool(os.listdir('/proc/' + name))\n"
        "        return bool(open('/proc/' + name, 'rb').read(1))\n"
        "    except OSError: return False\n"
        "result = sorted(one for one in names if told(one))"
    )
    allowed = {"cpuinfo", "filesystems", "loadavg", "meminfo", "mounts", "net", "self", "stat", "thread-self"}
    assert set(value(room, look)) == allowed | {"uptime"}


@pytest.mark.parametrize("many", [200, pytest.param(2000, marks=pytest.mark.proof)])
def test_many_rooms_leave_no_zombie_no_descriptor_and_no_group(pair, many):
    parent = pair[0]
    with parent.open():
        pass
    before, files = parent.state(), len(list(Path("/proc/self/fd").iterdir()))
    for number in range(many):
        parent.open(slot=number % 4, main=probes.MAIN).close(wait=number % 8 == 0)
    settle(parent)
    assert parent.state() == before
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    place = parent.keeper.place
    assert place is None or len([one for one in place.iterdir() if one.is_dir()]) < 20


def test_other_rooms_open_while_one_dies(pair):
    parent = pair[0]
    room = parent.open()
    ask(room, "held = bytearray(b'x') * (500 << 20); result = 1")
    room.close(wait=False)
    parent.open().close(wait=False)
    assert room.status == -signal.SIGKILL
    with pytest.raises((RoomLost, OSError)):
        ask(room, "result = 1")


def test_a_room_may_be_closed_by_two_threads(pair):
    rooms = [pair[0].open() for _ in range(4)]
    threads = [threading.Thread(target=one.kill) for one in rooms for _ in range(3)]
    for one in threads:
        one.start()
    for one in rooms:
        one.close()
    for one in threads:
        one.join()
    settle(pair[0])
    assert array.array("i", [one.status for one in rooms]).count(-9) == 4


def test_a_slot_keeps_its_core_and_a_room_cannot_take_another():
    mine = sorted(os.sched_getaffinity(0))
    look = (
        "import os\n"
        "try: os.sched_setaffinity(0, given); took = True\n"
        "except PermissionError: took = False\n"
        "result = [sorted(os.sched_getaffinity(0)), took]"
    )
    with WarmParent(jobs=len(mine)) as several, WarmParent(jobs=1) as one:
        for slot, core in enumerate(mine):
            with several.open(slot=slot) as opened:
                assert value(opened, look, mine) == [[core] if len(mine) > 1 else mine, False]
        with one.open() as opened:
            assert value(opened, look, mine[:1]) == [mine, False]


def test_two_rooms_may_put_up_their_walls_at_the_same_time(pair):
    learner, examiner = pair
    with learner.open(settled=False) as one, examiner.open(settled=False) as two:
        assert (one.held, two.held) == ({}, {})
        one.settle()
        two.settle()
        assert value(one, "result = 1") + value(two, "result = 2") == 3
    with WarmParent(limits=Limits(folder=-1)) as broken:
        refused = broken.open(settled=False)
        with pytest.raises(NoIsolation, match="own folder and /proc"):
            refused.settle()
        assert refused.status is not None
