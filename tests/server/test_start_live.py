"""start.py with a real server: a second start, another copy, two starts at once, a start that was killed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def clone(folder: Path) -> Path:
    """A course whose environment stands (this one's packages), and whose book and exercises are made."""
    (folder / "_build" / "html").mkdir(parents=True)
    for name in ("start.py", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "_build" / "html" / "index.html").write_text("<!doctype html><p>the book")
    start, home = loaded(folder), folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True, timeout=120)
    (packages,) = home.glob("lib/python*/site-packages")
    theirs = Path(sys.executable).parent.parent
    (packages / "theirs.pth").write_text(
        f"import site; site.addsitedir({str(theirs / packages.relative_to(home))!r})\n"
    )
    version = start.version_of(start.PYTHON)
    start.STAMP.write_text(json.dumps({"digest": start.wanted(), "extras": [], "python": version}))
    for mark, folders in MADE.items():
        start.when_changed(folder / "_build" / mark, folders, lambda: True)
    return folder


MADE = {
    "html/.built": ["book", "exercises", "scenarios"],
    "practice/.released": ["autograder", "exercises", "book/_ext"],
}


def loaded(folder: Path) -> ModuleType:
    """A clone's start.py as a module."""
    spec = importlib.util.spec_from_file_location("start_of_a_clone", folder / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(folder: Path, port: int) -> list[str]:
    return [sys.executable, str(folder / "start.py"), "start", "--port", str(port), "--no-browser"]


def second(folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    """Start where somebody serves already."""
    return subprocess.run(words(folder, port), capture_output=True, text=True, timeout=120)


@pytest.fixture
def begin() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a clone in the background, and end it with the test."""
    running = []

    def begin(folder: Path, port: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(words(folder, port), stdout=-1, stderr=-2, text=True, bufsize=1)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait(60)
        process.stdout.close()


def line_of(process: subprocess.Popen[str], wanted: str) -> str:
    """Read on to a line that holds some words."""
    said = []
    for line in process.stdout:
        said.append(line)
        if wanted in line:
            return line
    raise AssertionError(f"it ended and said: {''.join(said)}")


def wait_for_lock(folder: Path) -> None:
    """Wait until a start of this clone is at work."""
    import fcntl

    while True:
        with (folder / "_build" / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
        time.sleep(0.01)


def test_a_second_start_shows_the_address_that_signs_in_and_another_copy_is_told_apart(
    serve, tmp_path, monkeypatch
):
    mine, other = clone(tmp_path / "mine"), tmp_path / "other"
    shutil.copytree(mine, other, symlinks=True)
    server = serve(mine)
    # A proxy for everything, as some universities set it, must not be asked about this machine.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    again = second(mine, server.port)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.splitlines() == [
        f"The course already runs:  {server.printed}",
        "Open that address once: it signs you in.",
    ]
    strange = second(other, server.port)
    assert (strange.returncode, strange.stdout) == (1, "")
    told = rf"Another copy of the course runs at {server.address}; for another address: make start PORT=\d+\n"
    assert re.fullmatch(told, strange.stderr)

    # Killed, the server leaves its note; whoever serves there next is not taken for it.
    (note,) = (mine / "_build/jupyter/runtime").glob("jpserver-*.json")
    server.stop(signal.SIGKILL)
    assert note.exists()
    theirs = serve(other, "--port", str(server.port))
    assert re.fullmatch(told, second(mine, server.port).stderr)
    assert f"{theirs.address}?token=" in second(other, server.port).stdout
    theirs.stop()
    assert not list((other / "_build/jupyter/runtime").glob("jpserver-*.json"))


def test_a_port_that_was_taken_in_between_is_one_line(serve, tmp_path):
    (tmp_path / "_build/html").mkdir(parents=True)
    server = serve(tmp_path)
    command = [sys.executable, "-m", "coursebook.server", "--root", tmp_path, "--port", str(server.port)]
    done = subprocess.run([*command, "--no-browser"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Port {server.port} is taken; for another address: make start PORT=NUMBER\n"


def test_two_starts_at_once_are_one_server_and_one_clear_line(begin, tmp_path):
    folder, port = clone(tmp_path), free_port()
    first = begin(folder, port)
    wait_for_lock(folder)
    first.send_signal(signal.SIGSTOP)  # it is at work and surely does not serve yet
    late = begin(folder, port)
    line_of(late, "Another start of this course is at work; waiting for it …")
    first.send_signal(signal.SIGCONT)
    ready = line_of(first, "The course is ready")
    assert late.stdout.read().splitlines() == [
        f"The course already runs:  {re.search(r'http://.+', ready)[0]}",
        "Open that address once: it signs you in.",
    ]
    assert late.wait(60) == 0
    assert first.poll() is None
    first.send_signal(signal.SIGINT)
    assert first.wait(60) == 0


def test_a_start_that_waits_takes_over_where_the_other_is_killed(begin, tmp_path):
    folder, port = clone(tmp_path), free_port()
    first = begin(folder, port)
    wait_for_lock(folder)
    first.send_signal(signal.SIGSTOP)
    late = begin(folder, port)
    line_of(late, "waiting for it")
    first.kill()
    assert f"http://127.0.0.1:{port}/?token=" in line_of(late, "The course is ready")


@pytest.mark.proof
def test_a_set_up_killed_while_the_environment_is_made_is_healed_by_the_next(tmp_path):
    for name in ("start.py", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    # Nothing is fetched: what counts here is what the installer finds.
    surroundings = os.environ | {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}
    command = [sys.executable, str(tmp_path / "start.py"), "setup"]
    first = subprocess.Popen(command, env=surroundings, start_new_session=True, stdout=-3, stderr=-3)
    while not (tmp_path / ".venv" / "pyvenv.cfg").exists():
        assert first.poll() is None
        time.sleep(0.005)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(60)
    python = tmp_path / ".venv" / "bin" / "python"
    has_pip = [str(python), "-m", "pip", "--version"]
    assert not python.exists() or subprocess.call(has_pip, stdout=-3, stderr=-3) != 0
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1  # without a network it cannot end well; but it got as far as that
    assert done.stdout.splitlines()[0] == "Making the environment .venv …"
    assert "No module named pip" not in done.stderr + (tmp_path / "_build/log/setup.txt").read_text()
    assert subprocess.call(has_pip, stdout=-3) == 0
