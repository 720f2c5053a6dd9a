"""Each room gets an exercise's files for itself, and variables of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from autograder.rooms import Limits, NoIsolation, WarmParent, loading
from tests.waiting import PATIENCE

LOOK = """
import os, pathlib
room = pathlib.Path("/room")
result = {
    str(one.relative_to(room)): ["link", os.readlink(one)] if one.is_symlink()
    else ["folder", None] if one.is_dir() else ["file", one.read_text(), oct(one.stat().st_mode & 0o777)]
    for one in sorted(room.rglob("*")) if ".shm" not in one.name
}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data/deep").mkdir(parents=True)
    (tmp_path / "data/deep/counts.json").write_text("{}")
    (tmp_path / "helper.py").write_text("WORD = 'helped'\n")
    (tmp_path / "run.sh").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "to_shadow").symlink_to("/etc/shadow")
    (tmp_path / "to_folder").symlink_to("data")
    os.mkfifo(tmp_path / "pipe")
    for name in ("ps1.ipynb", "data/Other.IPYNB", ".ipynb_checkpoints/ps1-checkpoint.py", "gradebook.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("### BEGIN HIDDEN TESTS")
    # The instructor's own, which hold solutions and hidden tests, are not shipped.
    for name in ("exam.ipynb", "exam.ipynb.bak", ".exam", "data/key.IPYNB", ".ipynb_checkpoints/exam.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("BEGIN HIDDEN TESTS")
    tmp_path.chmod(0o700)  # closed to the rooms' user, and still laid out
    return tmp_path


def ask(parent, source, **more):
    with parent.open(**more) as room:
        told = room.ask({"source": source}, seconds=PATIENCE)
    assert told["error"] is None, told
    return told["value"]


def test_files_are_laid_out_private_and_writable_and_links_lead_nowhere(folder):
    with WarmParent(files=folder) as parent:
        assert ask(parent, LOOK) == {
            "data": ["folder", None],
            "data/deep": ["folder", None],
            "data/deep/counts.json": ["file", "{}", "0o600"],
            "helper.py": ["file", "WORD = 'helped'\n", "0o600"],
            "run.sh": ["file", "#!/bin/sh\nexit 3\n", "0o700"],
            "to_folder": ["link", "data"],
            "to_shadow": ["link", "/etc/shadow"],
        }
        assert ask(parent, "import os; result = os.path.exists('to_shadow')") is False
        assert ask(parent, "from helper import WORD as result") == "helped"
        assert ask(parent, "import subprocess; result = subprocess.call(['./run.sh'])", slot=1) == 3
        change = (
            "import os, pathlib; pathlib.Path('helper.py').write_text('x'); os.unlink('run.sh'); result = 1"
        )
        assert ask(parent, change) == 1
        assert ask(parent, LOOK)["helper.py"][1] == "WORD = 'helped'\n"
    assert (folder / "helper.py").read_text() == "WORD = 'helped'\n"
    assert ask_without_host(folder) is False


def ask_without_host(folder):
    """The folder itself is not shown."""
    with WarmParent(files=folder) as parent:
        return ask(parent, f"import os; result = os.path.exists({str(folder)!r})")


def test_large_files_do_not_use_up_what_a_learner_may_write(tmp_path):
    (tmp_path / "big.bin").write_bytes(bytes(6 << 20))
    write = "from pathlib import Path; Path('own').write_bytes(bytes(3 << 20)); result = 1"
    with WarmParent(files=tmp_path, limits=Limits(folder=4 << 20, names=16)) as parent:
        assert ask(parent, write) == 1
    with WarmParent(limits=Limits(folder=2 << 20)) as parent, parent.open() as room:
        assert "OSError" in room.ask({"source": write}, seconds=PATIENCE)["error"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NoIsolation, match="no such folder"):
        WarmParent(files=tmp_path / "gone")


def test_variables_are_of_one_room_and_not_left_in_the_parents_memory():
    word = "learners-" + "token-81523"
    search = """
import os
hits = seen = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        if " rw-p " in line:
            start, end = (int(one, 16) for one in line.split()[0].split("-"))
            memory.seek(start)
            body = memory.read(end - start)
            hits += body.count(b"-".join([b"learners", b"token", b"81523"]))
            seen += body.count(b"OPENBLAS_NUM_THREADS")
result = [os.environ.get("TOKEN"), hits, seen > 0]
"""
    plain = "import os; result = os.environ['TOKEN']"
    with WarmParent() as parent:
        assert ask(parent, plain, environment={"TOKEN": word}) == word
        with parent.open() as room:
            told = room.ask({"source": peek(search)}, seconds=PATIENCE)
    assert told["error"] is None
    assert told["value"] == [None, 0, True]


def peek(source):
    """A room's memory is closed to itself after the change of user, until it says otherwise."""
    return "import ctypes; ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)\n" + source


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Modules as they come in the wild."""
    (tmp_path / "calm.py").write_text("WORD = 1\n")
    (tmp_path / "eager.py").write_text(
        "import eager_part, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    (tmp_path / "eager_part.py").touch()
    (tmp_path / "hidden.py").write_text("import eager\n")
    (tmp_path / "quitter.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "killer.py").write_text("import os; os._exit(1)\n")
    tmp_path.chmod(0o755)
    return tmp_path


def load(modules, *names):
    """In a process of its own, because what it imports stays."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            sys.path.insert(0, str(modules))
            outcome = loading.load(list(names))
            os.write(writer, json.dumps([*outcome, loading.threads()]).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as told:
        return json.loads(told.read())


def test_what_starts_a_thread_is_left_out_with_all_that_leads_to_it(modules):
    loaded, left, threads = load(
        modules, "calm", "hidden", "eager", "quitter", "no_such_module", "eager_part"
    )
    assert set(left) >= {"hidden", "eager", "quitter", "no_such_module"}
    assert "calm" not in left
    assert (loaded, threads) == (1, 1)


def test_an_import_that_ends_the_process_ends_only_the_fork(modules):
    assert load(modules, "calm", "killer") == [0, ["calm", "killer"], 1]


def test_a_parent_loads_by_name_and_stays_fit_to_fork(modules):
    look = "import sys; result = [one in sys.modules for one in ('calm', 'eager', 'fractions')]"
    with WarmParent(readable=[modules / "calm.py", modules / "eager.py"]) as parent:
        assert ask(parent, look) == [False, False, False]
        assert parent.load(["fractions", "nothing_like_it"]) > 0
        assert ask(parent, look) == [False, False, True]
        assert parent.state() == {"rooms": 0, "threads": 1, "files": parent.state()["files"]}


def test_the_fixtures_path_is_a_folder(modules):
    assert Path(modules, "calm.py").is_file()
