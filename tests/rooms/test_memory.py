"""A room's processes together stay below a bound, by a control group or by being watched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.rooms import Limits, RoomLost, WarmParent, groups, memory, selftest
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]
BOUND = 160 << 20

# Four processes, each of which stays far below the limit of one.
SPREAD = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = bytearray(os.urandom(1 << 20)) * 96
        time.sleep(900)
time.sleep(900)
"""
# Pages that no process maps any more, and that are still there.
UNMAPPED = """
import mmap
held = [mmap.mmap(-1, 64 << 20) for _ in range(8)]
for one in held:
    for at in range(0, len(one), 4096):
        one[at] = 1
    one.madvise(mmap.MADV_DONTNEED)
"""
WITHIN = "held = bytearray(64 << 20); result = len(held)"


def keepers():
    """Both ways where both can be had; which one a machine gives is not for a test to choose."""
    return ["groups", "watcher"] if groups.places() else ["watcher"]


@pytest.fixture(params=keepers())
def keeper(request):
    made = memory.Keeper(use_groups=request.param == "groups")
    yield made
    made.close()


@pytest.fixture
def warm(keeper):
    with WarmParent(keeper=keeper, limits=Limits(room=BOUND)) as parent:
        yield parent


def test_a_room_that_fills_memory_over_several_processes_is_ended_and_no_other(warm):
    with warm.open(slot=1) as sibling, warm.open() as room:
        with pytest.raises(RoomLost, match="more memory than a room may"):
            room.ask({"source": SPREAD}, seconds=PATIENCE)
        assert room.full
        assert room.status == -9
        assert sibling.ask({"source": WITHIN}, seconds=PATIENCE)["value"] == 64 << 20
        assert not sibling.full
    assert warm.state()["rooms"] == 0


def test_what_one_process_takes_counts_too(warm):
    with warm.open() as room, pytest.raises(RoomLost):
        room.ask({"source": "held = b'x' * (400 << 20)"}, seconds=PATIENCE)
    assert room.full


def test_rooms_after_a_full_one_start_anew(warm):
    for _ in range(3):
        with warm.open() as room, pytest.raises(RoomLost):
            room.ask({"source": SPREAD}, seconds=PATIENCE)
        with warm.open() as room:
            assert room.ask({"source": WITHIN}, seconds=PATIENCE)["value"] == 64 << 20
            assert not room.full


def test_memory_that_no_process_maps_counts_where_there_are_groups():
    if not groups.places():
        assert memory.Keeper().way == "watcher"
        return
    keeper = memory.Keeper()
    with WarmParent(keeper=keeper, limits=Limits(room=BOUND)) as parent, parent.open() as room:
        with pytest.raises(RoomLost):
            room.ask({"source": UNMAPPED}, seconds=PATIENCE)
        assert room.full
    keeper.close()


def test_the_room_that_maps_most_is_ended_before_the_machine_is_full(monkeypatch):
    keeper = memory.Keeper(use_groups=False)
    with (
        WarmParent(keeper=keeper) as parent,
        parent.open(slot=0) as small,
        parent.open(slot=1) as large,
    ):
        assert large.ask(
            {"source": "import mmap; held = mmap.mmap(-1, 1 << 30); result = 1"}, seconds=PATIENCE
        )
        monkeypatch.setattr(memory, "available", lambda: 100 << 20)
        until(lambda: large.full, "the room that maps most is ended")
        monkeypatch.undo()
        assert (large.full, small.full) == (True, False)
        assert large.ended(PATIENCE)
    keeper.close()


def test_a_bound_is_what_the_machine_can_hold(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 6 << 30)
    assert memory.fitting(2 << 30, 2) == 2 << 30
    assert memory.fitting(2 << 30, 4) == 6 << 28
    monkeypatch.setattr(memory, "available", lambda: 100 << 20)
    assert memory.fitting(2 << 30, 4) == 256 << 20


def test_pages_shared_with_a_parent_count_in_shares():
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, time\nheld = bytearray(os.urandom(1 << 20)) * 64\n"
            "if os.fork(): print(1, flush=True)\ntime.sleep(900)",
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"1\n"
        assert len(list(memory.tree(child.pid))) == 2
        assert memory.held(child.pid, 1 << 40) > 2 * (64 << 20)
        assert 64 << 20 < memory.held(child.pid, 1) < 100 << 20
        assert memory.held(child.pid, 1, 64 << 20) < 36 << 20
    finally:
        for one in reversed(list(memory.tree(child.pid))):
            os.kill(one, 9)
        child.wait()
        child.stdout.close()


def test_the_walls_stand_for_rooms_of_a_large_parent_that_are_watched():
    """Many rooms share a parent's pages, so what was there at the fork is more than their share of it."""
    keeper = memory.Keeper(use_groups=False)
    imports = ("numpy", "scipy.optimize", "qiskit.quantum_info")
    try:
        with WarmParent(imports, keeper=keeper) as parent, parent.open(), parent.open(slot=1):
            found = {one.wall: one for one in selftest.prove(parent)}
    finally:
        keeper.close()
    assert found["whole room's memory"].ok, found["whole room's memory"].detail


def test_groups_are_used_again_and_removed():
    found = groups.find()
    if found is None:
        assert groups.places() == []
        return
    sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(3)]
    try:
        first, second = (found.enter(one.pid, BOUND) for one in sleepers[:2])
        assert first != second
        assert str(sleepers[0].pid) in (first / "cgroup.procs").read_text().split()
        found.leave(first)
        assert found.enter(sleepers[2].pid, BOUND) not in (first, second)  # the first is not empty yet
        sleepers[0].kill()
        sleepers[0].wait()
        assert found.enter(sleepers[2].pid, BOUND) == first
    finally:
        for one in sleepers:
            one.kill()
            one.wait()
        found.close()
    assert not found.folder.exists()


def test_what_a_killed_run_left_is_removed_by_the_next():
    if not groups.places():
        assert groups.find() is None
        return
    source = (
        "import os\nfrom autograder.rooms import WarmParent, memory\n"
        "parent = WarmParent(); room = parent.open()\n"
        "print(parent.keeper.place, flush=True)\nos.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", source],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    left = Path(done.stdout.strip())
    assert left.is_dir()

    def removed():
        found = groups.find()
        assert found
        found.close()
        return not left.exists()

    until(removed, "the group of the killed run is gone")


@pytest.mark.parametrize(
    ("version", "files"),
    [
        (groups.FIRST, {"memory.limit_in_bytes": "9", "memory.memsw.limit_in_bytes": "9"}),
        (groups.SECOND, {"memory.max": "9", "memory.swap.max": "0", "memory.oom.group": "1"}),
    ],
)
def test_each_version_is_told_its_bound_in_its_own_files(tmp_path, monkeypatch, version, files):
    """The files of version 2 are laid out by hand: a kernel gives the memory to one version at a time."""
    folder = tmp_path / "rooms"
    (folder / "1").mkdir(parents=True)
    for name in (*files, "cgroup.procs", "memory.swappiness"):
        (folder / "1" / name).touch()
    (folder / "1" / version.kills).write_text("low 0\noom 3\noom_kill 2\n")
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    made = groups.Groups(folder, version)
    group = made.enter(os.getpid(), 9)
    assert {name: (group / name).read_text() for name in files} == files
    assert (group / "cgroup.procs").read_text() == str(os.getpid())
    assert made.kills(group) == 2
