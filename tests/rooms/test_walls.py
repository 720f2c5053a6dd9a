"""Every wall stands in a real room, and each probe can see a wall that is missing."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.rooms import Limits, NoIsolation, WarmParent, selftest
from tests.waiting import PATIENCE

_SPEC = importlib.util.spec_from_file_location("rooms_bare", Path(__file__).with_name("bare.py"))
assert _SPEC and _SPEC.loader
bare = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(bare)


def test_every_wall_stands():
    found = selftest.walls()
    assert [one.wall for one in found] == [*selftest.WALLS, *selftest.MORE]
    assert [one for one in found if not one.ok] == []


def test_every_wall_stands_without_root():
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.fail("a Python that everybody may run is missing; run: apt-get install -y python3")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to other users
        Path(folder).chmod(0o755)
        shutil.copytree(bare.ROOT / "autograder/rooms", f"{folder}/autograder/rooms")
        Path(folder, "autograder/__init__.py").touch()
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*nobody, python, "-m", "autograder.rooms.selftest"],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert [one["wall"] for one in found] == [*selftest.WALLS, *selftest.MORE], found
    assert [one for one in found if not one["ok"]] == []


@pytest.mark.parametrize("probe", [*(probe for probe, _ in selftest.WALLS.values()), "fill"])
def test_a_probe_sees_a_missing_wall(probe):
    limits = Limits(memory=64 << 20, processes=8, files=32, folder=4 << 20, names=16)
    with tempfile.TemporaryDirectory() as folder, selftest.stage() as found:
        given = selftest.what_is_given(found, limits) | {"user": 1_900_000_000, "groups": []}
        given |= {"folder": folder, "folders": [folder], "room": 8 << 20, "patience": 0.5}
        # A process id and a port mean something only among one's own: the stage is set again inside.
        breaches = bare.run(_WITHOUT_WALLS, {"probe": probe, "given": given})
    assert breaches, f"the probe {probe!r} finds nothing even where there is no wall"


_WITHOUT_WALLS = """
import signal, subprocess
from autograder.rooms import probes
sleeper = subprocess.Popen(["sleep", "30"], env={"S": given["given"]["secret"]})
print(json.dumps(probes.PROBES[given["probe"]](given["given"] | {"sleeper": sleeper.pid})))
"""


def test_the_escape_lives_on_where_there_is_no_wall():
    alive = bare.run("""
import select
from autograder.rooms import probes
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    probes.outlive({})
    os._exit(0)
os.close(writer)
os.waitpid(child, 0)
print(json.dumps(select.select([reader], [], [], 0.5)[0] == []))
""")
    assert alive


def test_marks_are_found_where_there_is_no_wall(tmp_path):
    found = bare.run(
        "from autograder.rooms import probes\nprobes.leave(given)\nprint(json.dumps(probes.find(given)))",
        {"folder": str(tmp_path)},
    )
    sockets = ["a name of its sockets", "one of its sockets"]
    assert found == ["an environment variable", "a module", *sockets, f"a file in {tmp_path}"]


def test_without_the_right_to_make_namespaces_nothing_runs():
    told = bare.run(
        "from dataclasses import asdict\n"
        "from autograder.rooms.selftest import walls\n"
        "print(json.dumps([asdict(one) for one in walls()]))",
        front=("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"),
    )
    assert [one["ok"] for one in told] == [False]
    assert "namespaces" in told[0]["detail"]
    assert "--cap-add SYS_ADMIN" in told[0]["remedy"]


def test_a_room_whose_walls_fail_is_refused():
    with WarmParent(limits=Limits(folder=-1)) as parent:
        with pytest.raises(NoIsolation, match="own folder and /proc"):
            parent.open()
        assert parent.state()["rooms"] == 0


def test_root_is_not_hidden_in_a_user_namespace():
    if os.geteuid() != 0:
        assert WarmParent(user_namespace=True).close() is None
        return
    with pytest.raises(NoIsolation, match="limit on processes"):
        WarmParent(user_namespace=True)


def test_the_view_shows_the_interpreter_and_no_project():
    with WarmParent() as parent, parent.open() as room:
        seen = room.ask(
            {"source": _LOOK, "given": [sys.prefix, str(bare.ROOT / "autograder")]}, seconds=PATIENCE
        )
    assert seen["error"] is None
    assert seen["value"] == [True, False, ["null", "zero", "full", "random", "urandom"]]


def test_a_folder_below_tmp_can_be_shown_and_not_written(tmp_path):
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "data.txt").write_text("42")
    (tmp_path / "hidden.txt").write_text("43")
    look = (
        "import os, pathlib\n"
        "shown = pathlib.Path(given)\n"
        "result = [(shown / 'data.txt').read_text(), os.access(shown, os.W_OK), os.listdir(shown.parent)]"
    )
    tmp_path.chmod(0o755)
    with WarmParent(readable=[tmp_path / "shown"]) as parent, parent.open() as room:
        told = room.ask({"source": look, "given": str(tmp_path / "shown")}, seconds=PATIENCE)
    assert told == {"value": ["42", False, ["shown"]], "error": None}


_LOOK = """
import os, stat
names = ("null", "zero", "full", "random", "urandom")
devices = [one for one in names if stat.S_ISCHR(os.stat("/dev/" + one).st_mode)]
result = [os.path.exists(given[0]), os.path.exists(given[1]), devices]
"""
