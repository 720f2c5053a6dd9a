"""The warm parent forks rooms, loses none, keeps nothing of them, and is outlived by none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.rooms import Limits, NoIsolation, RoomLost, WarmParent
from autograder.rooms import parent as inside
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def warm():
    with WarmParent(limits=Limits(message=1 << 16)) as parent:
        yield parent


def ask(parent, source, seconds=PATIENCE):
    with parent.open() as room:
        return room.ask({"source": source}, seconds=seconds)


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_fifty_rooms_leave_nothing_behind(warm):
    ask(warm, "result = 1")
    before, files = warm.state(), open_files()
    for number in range(50):
        assert ask(warm, f"result = {number}")["value"] == number
    assert warm.state() == before
    assert before["rooms"] == 0
    assert before["threads"] == 1
    assert open_files() == files


def test_rooms_live_side_by_side(warm):
    rooms = [warm.open(slot=slot) for slot in range(8)]
    try:
        told = [
            one.ask({"source": "import os; result = os.getuid()"}, seconds=PATIENCE)["value"] for one in rooms
        ]
        assert warm.state()["rooms"] == 8
    finally:
        for one in rooms:
            one.close()
    assert len(set(told)) == (8 if os.geteuid() == 0 else 1)
    assert warm.state()["rooms"] == 0


def test_several_threads_share_a_parent(warm):
    told = []

    def work(slot):
        for number in range(10):
            with warm.open(slot=slot) as room:
                told.append(room.ask({"source": f"result = {number}"}, seconds=PATIENCE)["value"])

    threads = [threading.Thread(target=work, args=(slot,)) for slot in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == sorted(list(range(10)) * 4)
    assert warm.state()["rooms"] == 0


def test_names_stay_within_a_room_and_not_beyond(warm):
    with warm.open() as room:
        room.ask({"source": "kept = 5"}, seconds=PATIENCE)
        assert room.ask({"source": "result = kept"}, seconds=PATIENCE)["value"] == 5
    assert ask(warm, "result = kept")["error"].startswith("NameError")


@pytest.mark.parametrize(
    ("source", "reason", "status"),
    [
        ("import os; os._exit(7)", "broken off", 7),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)\nwhile True: pass",
            "no answer in time",
            -9,
        ),
        ("import ctypes; ctypes.string_at(0)", "broken off", -11),
        ("while True: pass", "no answer in time", -9),
        ("result = 'x' * 100_000", "a message of 100028 bytes; 65536 are allowed", -9),
        ("import os; os.write(3, b'\\xff' * 8)\nresult = 1", "4294967295 bytes", -9),
        ("import os; os.write(3, b'\\0\\0\\0\\2{]')\nwhile True: pass", "not a message", -9),
        ("import os; os.write(3, b'\\0\\0\\x80\\0' + b'[' * 32768)\nwhile True: pass", "not a message", -9),
        ("import os; os.write(3, b'\\0\\0\\x80\\0' + b'9' * 32768)\nwhile True: pass", "not a message", -9),
        ("import os; os.close(3)\nwhile True: pass", "broken off", -9),
    ],
)
def test_a_room_that_does_not_answer_is_ended(warm, source, reason, status):
    room = warm.open()
    with pytest.raises(RoomLost, match=reason):
        room.ask({"source": source}, seconds=0.5 if reason == "no answer in time" else PATIENCE)
    assert room.status == status
    assert warm.state()["rooms"] == 0


def test_what_learner_code_raises_is_an_answer(warm):
    assert ask(warm, "raise SystemExit(3)")["error"] == "SystemExit: 3"
    assert ask(warm, "1 / 0")["error"] == "ZeroDivisionError: division by zero"
    assert ask(warm, "x = bytearray(4 << 30)")["error"].startswith("MemoryError")


@pytest.mark.slow
def test_the_processor_is_limited():
    with WarmParent(limits=Limits(seconds=1)) as parent:
        room = parent.open()
        with pytest.raises(RoomLost, match="broken off"):
            room.ask({"source": "while True: pass"}, seconds=PATIENCE)
        assert room.status == -signal.SIGKILL


def test_ordinary_tools_work_in_a_room(warm):
    told = ask(
        warm,
        "import subprocess, tempfile, threading, multiprocessing as mp\n"
        "with tempfile.NamedTemporaryFile('w') as file: where = file.name\n"
        "said = subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout\n"
        "with mp.get_context('fork').Pool(2) as pool: powers = pool.map(abs, [-1, -2])\n"
        "result = [where.startswith('/room/'), said, powers]",
    )
    assert told == {"value": [True, "hello\n", [1, 2]], "error": None}


def test_a_process_with_threads_does_not_become_a_parent():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(NoIsolation, match="threads, and forks of such a process hang"):
            inside._settle()
    finally:
        done.set()
        thread.join()


def test_a_rehearsal_loads_what_it_used_and_runs_nothing():
    source = "import fractions; import os; os.environ['RAN'] = 'yes'; result = 1"
    look = "import sys, os; result = ['fractions' in sys.modules, 'RAN' in os.environ]"
    with WarmParent() as parent:
        assert ask(parent, look)["value"] == [False, False]
        assert parent.rehearse(source) > 0
        assert ask(parent, look)["value"] == [True, False]
        with pytest.raises(RoomLost, match="the rehearsal failed: ZeroDivisionError"):
            parent.rehearse("1 / 0")
        assert parent.state()["rooms"] == 0


def test_an_import_that_fails_is_named():
    with pytest.raises(NoIsolation, match="no_such_module"):
        WarmParent(imports=("no_such_module",))


def test_rooms_end_with_a_driver_that_is_killed():
    mark = f"{3600 + time.time() % 1:.9f}"
    source = (
        "from autograder.rooms import WarmParent\n"
        "room = WarmParent().open()\n"
        f'work = \'import subprocess; subprocess.Popen(["sleep", "{mark}"])\'\n'
        "room.ask({'source': work}, seconds=300)\n"
        "print('started', flush=True)\n"
        "input()\n"
    )
    driver = subprocess.Popen(
        [sys.executable, "-P", "-c", source],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert driver.stdin and driver.stdout
    try:
        assert driver.stdout.readline() == b"started\n"
        assert sleeping(mark)
    finally:
        driver.kill()
        driver.wait()
        driver.stdin.close()
        driver.stdout.close()
    until(lambda: not sleeping(mark), "what the room has started is gone")


def sleeping(mark):
    """Whether a process on this machine sleeps for just so long."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in one.read_bytes().split(b"\0") and b"sleep" in one.read_bytes():
                return True
        except OSError:
            continue
    return False


AER = """
from qiskit import QuantumCircuit, transpile
from qiskit_aer import AerSimulator
circuit = QuantumCircuit(6)
for qubit in range(5):
    circuit.h(qubit)
    circuit.cx(qubit, qubit + 1)
circuit.measure_all()
simulator = AerSimulator(max_parallel_threads=2, max_parallel_shots=2, max_parallel_experiments=2)
jobs = [transpile(circuit, simulator) for _ in range(2)]
result = sum(simulator.run(jobs, shots=200).result().get_counts(0).values())
"""


@pytest.mark.proof
def test_two_hundred_rooms_run_parallel_simulations_and_none_hangs():
    with WarmParent(imports=("numpy", "qiskit", "qiskit_aer")) as parent:
        assert parent.rehearse(AER) > 100
        before = parent.state()
        for _ in range(200):
            assert ask(parent, AER, seconds=PATIENCE) == {"value": 200, "error": None}
        assert parent.state() == before
        assert before["threads"] == 1


def test_each_room_begins_its_random_numbers_anew(warm):
    text = "import random; result = [random.random(), random.getrandbits(64)]"
    told = [tuple(ask(warm, text)["value"]) for _ in range(6)]
    assert len(set(told)) == 6


def test_what_python_serves_threads_with_works_after_a_fork_without_its_hooks(warm):
    told = ask(
        warm,
        "import logging, os, threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from multiprocessing import get_context\n"
        "logging.getLogger('x').warning('heard')\n"
        "with ThreadPoolExecutor(3) as pool:\n"
        "    squares = list(pool.map(lambda n: n * n, range(50)))\n"
        "main = threading.current_thread() is threading.main_thread()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(7)\n"
        "code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "def work(ends):\n"
        "    ends.send(threading.main_thread().ident == threading.get_ident())\n"
        "near, far = get_context('fork').Pipe()\n"
        "helper = get_context('fork').Process(target=work, args=(far,))\n"
        "helper.start()\n"
        "own = near.recv()\n"
        "helper.join()\n"
        "result = [sum(squares), main, code, own, threading.active_count()]",
    )
    assert told == {"value": [40425, True, 7, True, 1], "error": None}


_HOOKED = """
import json, os
from autograder.rooms import namespaces
hooks = namespaces.Hooks()
import logging, concurrent.futures.thread
seen = []
if {others}:
    library = {{"os": os, "seen": seen, "__name__": "a library"}}
    exec("os.register_at_fork(after_in_child=lambda: seen.append('asked'))", library)
reading, writing = os.pipe()
if hooks.fork() == 0:
    os.write(writing, json.dumps([seen, sorted(hooks.others)]).encode())
    os._exit(0)
print(os.read(reading, 1000).decode())
"""


@pytest.mark.parametrize("others", [True, False])
def test_what_a_library_has_asked_for_at_each_fork_is_done(others):
    code = _HOOKED.format(others=others)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ([["asked"], ["a library"]] if others else [[], []])
