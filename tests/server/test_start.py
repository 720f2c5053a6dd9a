"""start.py's own pieces: what is ready, what is taken, and what a reader is told."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Any Python of this machine that the course does not run on; the message must come from start.py itself.
TOO_OLD_OR_NEW = "import sys; sys.version_info = (3, 9, 1); sys.argv = ['start.py', 'setup']; import runpy; "


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Load start.py, pointed at an empty folder."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "BUILD", tmp_path / "_build")
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "ready.json")
    monkeypatch.setattr(module, "SETUP_LOG", tmp_path / "_build" / "log" / "setup.txt")
    monkeypatch.setattr(module, "UNFINISHED", tmp_path / "_build" / "unfinished")
    monkeypatch.setattr(module, "SERVERS", tmp_path / "_build" / "jupyter" / "runtime")
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    return module


@pytest.fixture
def installs(start, monkeypatch):
    """Record what setup would install, and do as if it worked."""
    done = []

    def make(python):
        start.VENV.mkdir(exist_ok=True)
        (start.VENV / "pyvenv.cfg").write_text(f"home = /usr/bin\ncommand = python3 -m venv {start.VENV}\n")
        done.append("venv")

    monkeypatch.setattr(start, "make_venv", make)
    monkeypatch.setattr(start, "install", lambda extras: done.append(tuple(extras)))
    return done


def test_a_second_setup_does_nothing(start, installs):
    start.setup()
    assert installs == ["venv", ()]
    start.setup()
    assert installs == ["venv", ()]


def test_tests_add_their_tools_once_and_a_later_start_keeps_them(start, installs):
    start.setup()
    start.setup(["test"])
    assert installs == ["venv", (), ("test",)]
    start.setup()
    assert installs == ["venv", (), ("test",)]
    (start.ROOT / "pyproject.toml").write_text("changed")
    start.setup()
    assert installs[-1] == ("test",)


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_a_changed_pin_installs_anew_in_the_same_environment(start, installs, name):
    start.setup()
    (start.ROOT / name).write_text("changed")
    start.setup()
    assert installs == ["venv", (), ()]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"digest": 1}', '{"extras": 3}'])
def test_a_damaged_stamp_counts_as_none(start, installs, damage):
    start.setup()
    start.STAMP.write_text(damage)
    start.setup()
    assert installs == ["venv", (), ()]


def test_an_interrupted_install_is_done_again(start, installs, monkeypatch):
    start.setup()
    (start.ROOT / "constraints.txt").write_text("changed")

    def interrupted(extras):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(start, "install", interrupted)
        start.setup()
    assert not start.is_ready([])
    start.setup()
    assert start.is_ready([])


@pytest.mark.parametrize("stage", ["make_venv", "install"])
def test_an_environment_left_half_done_is_begun_anew(start, installs, monkeypatch, stage):
    def killed(_):
        installs.append("killed")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(start, stage, killed)
        start.setup()
    before = list(installs)
    (start.VENV / "pyvenv.cfg").parent.mkdir(exist_ok=True)
    (start.VENV / "pyvenv.cfg").write_text(f"command = python3 -m venv {start.VENV}\n")
    assert start.main(["clean"]) == 0  # which a learner may well try in between
    start.setup()
    assert installs == [*before, "venv", ()]
    assert start.is_whole()
    assert start.is_ready([])


def test_an_environment_without_its_installer_is_made_anew(start, installs, monkeypatch):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", start.VENV], check=True, timeout=60)
    monkeypatch.setattr(start, "PYTHON", start.VENV / "bin" / "python")
    assert start.version_of(start.PYTHON) in start.SUPPORTED
    assert not start.is_whole()
    start.setup()
    assert installs == ["venv", ()]


def test_start_py_can_be_read_by_a_python_too_old_for_the_course():
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_moved_folder_gets_a_new_environment(start, installs, tmp_path, monkeypatch):
    start.setup()
    for elsewhere in ("/somewhere/else/.venv", f"/moved{start.VENV}"):
        (start.VENV / "pyvenv.cfg").write_text(f"command = python3 -m venv {elsewhere}\n")
        start.STAMP.unlink()
        start.setup()
    assert installs == ["venv", (), "venv", (), "venv", ()]


def test_an_environment_made_by_hand_is_taken_over(start, installs):
    start.VENV.mkdir()
    (start.VENV / "pyvenv.cfg").write_text(f"command = python3 -m venv {start.VENV}\n")
    start.setup()
    assert installs == [()]


def test_an_environment_whose_python_is_gone_is_made_anew(start, installs, monkeypatch):
    start.setup()
    monkeypatch.setattr(start, "PYTHON", start.VENV / "bin" / "python")
    assert not start.is_ready([])
    start.setup()
    assert installs == ["venv", (), "venv", ()]


def test_a_taken_port_is_one_line_and_a_way_out(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, ROOT / "start.py"],
            env=os.environ | {"PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(rf"Port {port} is taken; for another address: make start PORT=\d+\n", done.stderr)
    assert str(port) != done.stderr.split("=")[1].strip()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8888.5", " "])
def test_a_port_that_is_none_is_one_line(port):
    done = subprocess.run(
        [sys.executable, ROOT / "start.py", "start", f"--port={port}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"PORT must be a number from 1 to 65535, not {port!r}.\n"


def test_a_python_that_does_not_fit_is_one_line(tmp_path):
    run = f"runpy.run_path({str(ROOT / 'start.py')!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", TOO_OLD_OR_NEW + run],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11, 3.12 or 3.13, and this is Python 3.9" in done.stderr


def test_another_fitting_python_of_the_machine_is_taken(start, tmp_path, monkeypatch):
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setattr(start.sys, "version_info", (3, 14, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start.fitting_python() == str(other)


def test_what_apt_may_not_install_is_named_with_its_command(start, monkeypatch):
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    with pytest.raises(start.Stop) as stop:
        start.apt_get(["chromium"], "The tests need a real Chromium")
    assert stop.value.code == 2
    assert stop.value.line.endswith("; run: sudo apt-get update && sudo apt-get install -y chromium")


def test_the_proofs_name_the_browsers_that_are_missing_and_the_tests_ask_for_none(
    start, tmp_path, monkeypatch, capsys
):
    ran = []
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(start, "ready", lambda *_, **__: None)
    monkeypatch.setattr(start.subprocess, "call", lambda words, **_: ran.append(words[-1]) or 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(start, "fitting_python", lambda: "")
    assert start.main(["proof"]) == 2
    assert capsys.readouterr().err.endswith("apt-get install -y firefox-esr webkit2gtk-driver xvfb\n")
    assert ran == []
    assert start.main(["test"]) == 0
    for name in start.OTHERS:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert start.main(["proof"]) == 0
    assert ran == ["test", "proof"]


def test_two_starts_at_once_change_the_environment_one_after_the_other(start, tmp_path):
    words = (
        "import importlib.util, pathlib, sys, time\n"
        f"spec = importlib.util.spec_from_file_location('start', {str(ROOT / 'start.py')!r})\n"
        "start = importlib.util.module_from_spec(spec); spec.loader.exec_module(start)\n"
        f"start.BUILD = pathlib.Path({str(tmp_path / '_build')!r})\n"
        f"log = pathlib.Path({str(tmp_path / 'log')!r})\n"
        "with start.alone():\n"
        "    log.open('a').write('in '); time.sleep(0.3); log.open('a').write('out ')\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "in out in out "


def test_cleaning_keeps_the_learners_work_and_the_environment(start):
    kept = ("course/secret.key", "course/nbgrader/gradebook.db", "workspace/labs/a", ".venv/a")
    for name in (*kept, "_build/html/a", "_build/practice/nbgrader/gradebook.db", ".mypy_cache/a"):
        (start.ROOT / name).parent.mkdir(parents=True)
        (start.ROOT / name).write_text("")
    assert start.main(["clean"]) == 0
    left = sorted(p.relative_to(start.ROOT).as_posix() for p in start.ROOT.rglob("*") if p.is_file())
    assert left == sorted([*kept, "_build/lock", "constraints.txt", "pyproject.toml"])


def test_cleaning_keeps_a_class_of_an_earlier_version_and_says_so(start, capsys):
    for name in ("gradebook.db", "secret.key"):
        (start.BUILD / "course").mkdir(parents=True, exist_ok=True)
        (start.BUILD / "course" / name).write_text("")
    assert start.main(["clean"]) == 0
    assert (start.BUILD / "course/secret.key").is_file() and "holds a class" in capsys.readouterr().out
    (start.BUILD / "course/secret.key").unlink()
    assert start.main(["clean"]) == 0
    assert not (start.BUILD / "course").exists() and capsys.readouterr().out == ""


def test_the_start_releases_for_the_reader_and_never_into_a_course(start, monkeypatch):
    asked = []
    monkeypatch.setattr(
        start, "quietly", lambda _words, *command: asked.append(list(map(str, command))) or True
    )
    assert start.release() is True
    assert asked[0][1:] == ["release", "--quick", "--course", str(start.BUILD / "practice")]


def chore(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a learner's chore as start.py would, in another course's folder."""
    bare = {name: value for name, value in os.environ.items() if name not in ("EXERCISE", "LEARNER")}
    command = [sys.executable, "-m", "coursebook.chores", *words]
    return subprocess.run(command, cwd=folder, env=bare | given, capture_output=True, text=True, timeout=120)


def test_practice_asks_for_what_it_lacks_and_names_the_notebook_that_is_meant(tmp_path):
    nothing = chore(tmp_path, "practice")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert nothing.stderr.endswith("(exercises begun: none yet)\n")
    for name in ("exercise", "second try"):
        file = tmp_path / "workspace" / "exercises" / "publication" / f"{name}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{")
    (tmp_path / "_build/practice/nbgrader").mkdir(parents=True)
    for words, given, said in (
        ((), {}, "exercise.ipynb: the notebook is not JSON"),
        ((), {"NOTEBOOK": "second try"}, "second try.ipynb: the notebook is not JSON"),
        (("publicaton",), {}, "did you mean 'publication'?"),
    ):
        done = chore(tmp_path, "practice", *words, **given)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
        assert said in done.stderr
    done = chore(tmp_path, "handin", "--learner", "ada", NOTEBOOK="second try", EXERCISE="publication")
    assert done.returncode == 2 and "second try.ipynb: the notebook is not JSON" in done.stderr


def test_handing_in_asks_for_what_it_lacks_and_takes_the_only_exercise_begun(tmp_path):
    nothing = chore(tmp_path, "handin")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert nothing.stderr.endswith("(exercises begun: none yet)\n")
    folder = tmp_path / "workspace" / "exercises" / "export-controls"
    folder.mkdir(parents=True)
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "mine", "id": "a"}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "exercise.ipynb").write_text(json.dumps(notebook))
    assert "exercises begun: export-controls" in chore(tmp_path, "handin").stderr
    for done in (
        chore(tmp_path, "handin", LEARNER="ada"),
        chore(tmp_path, "handin", EXERCISE="export-controls", LEARNER="ada"),
        chore(tmp_path, "handin", "export-controls", "--learner", "ada", EXERCISE="another", LEARNER="bo"),
        chore(tmp_path, "handin", "export-controls", "--learner", "ada", "--out", "elsewhere"),
    ):
        assert done.returncode == 0, done.stderr
        assert re.search(r"hand in this file: \S+/ada-export-controls-\w+\.zip", done.stdout)
    assert len(list((tmp_path / "elsewhere").glob("*.zip"))) == 1


def test_help_groups_what_there_is_by_who_needs_it_and_the_makefile_offers_the_same():
    text = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?m)^([a-z]+):", text)
    assert len(targets) <= 14
    assert all(f"start.py {name}" in text for name in targets)
    told = [
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        for command in (
            [sys.executable, ROOT / "start.py", "--help"],
            [sys.executable, ROOT / "start.py", "help"],
            ["make", "-C", ROOT, "--no-print-directory", f"PYTHON={sys.executable}"],
        )
    ]
    assert told[0] == told[1] == told[2]
    groups = dict(re.findall(r"(?ms)^You ([a-z ]+):\n(.*?)(?=^You|\Z)", told[0]))
    named = {who: re.findall(r"(?m)^    ([a-z]+) ", lines) for who, lines in groups.items()}
    assert list(named) == ["learn", "teach", "change the course"]
    assert sorted(name for names in named.values() for name in names) == sorted(targets)
    assert named["learn"] == ["start", "practice", "progress", "handin"]
    assert {"check", "test", "proof"} <= set(named["change the course"])
    forms = ("start PORT=", "practice EXERCISE=", "handin EXERCISE=")
    assert all(f"make {form}" in groups["learn"] for form in forms)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stat"], "There is no command 'stat'; all of them: python3 start.py --help\n"),
        (["start", "--prt", "1"], "start.py start: error: unrecognized arguments: --prt 1\n"),
        (["clean", "all"], "start.py clean: error: unrecognized arguments: all\n"),
    ],
)
def test_a_mistyped_command_or_option_is_told_and_does_nothing(words, said):
    done = subprocess.run([sys.executable, ROOT / "start.py", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(said)


def test_work_is_done_again_only_when_a_file_changed_or_the_work_failed(start):
    done, mark, folder = [], start.BUILD / "html" / ".built", start.ROOT / "book"
    folder.mkdir()
    (folder / "index.md").write_text("one")

    def work(result: bool) -> None:
        start.when_changed(mark, ["book"], lambda: done.append(1) or result)

    work(False)
    work(True)
    assert len(done) == 2
    work(True)
    assert len(done) == 2
    (folder / "index.md").write_text("two")
    work(True)
    assert len(done) == 3
    (folder / "new.md").write_text("")
    work(True)
    assert len(done) == 4
    (start.ROOT / "constraints.txt").write_text("another library")
    work(True)
    assert len(done) == 5
    mark.unlink()  # the build was deleted
    work(True)
    assert len(done) == 6


def test_a_book_with_a_fault_is_shown_and_one_that_is_not_there_is_said(start, capsys):
    assert not (start.ROOT / "_config.yml").exists()  # so the real build has nothing to build
    with pytest.raises(start.Stop, match="could not be built"):
        start.build_book()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Building the book …"
    assert "no book here" in said[1]
    (start.BUILD / "html").mkdir(parents=True)
    (start.BUILD / "html" / "index.html").write_text("")
    assert start.build_book() is False
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Building what changed in the book …"
    assert "no book here" in said[1]
    assert said[2] == "The book has the faults above; you get it as far as it could be built."


def test_a_python_that_cannot_make_environments_names_the_package(start, tmp_path, monkeypatch):
    lame = tmp_path / "python3.12"
    lame.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *) echo 3.12;; esac\n')
    lame.chmod(0o755)
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    with pytest.raises(start.Stop) as stop:
        start.make_venv(str(lame))
    assert stop.value.code == 2
    assert stop.value.line.endswith("run: sudo apt-get update && sudo apt-get install -y python3.12-venv")


def test_make_hands_the_port_on():
    command = ["make", "-C", ROOT, "start", "PORT=none", f"PYTHON={sys.executable}"]
    # What was said to the make that runs the tests is not meant for this one.
    told = ("ARGS", "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL")
    own = {name: value for name, value in os.environ.items() if name not in told}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=own)
    assert "PORT must be a number from 1 to 65535, not 'none'." in done.stderr.splitlines()
