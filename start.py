#!/usr/bin/env python3
"""Start the course, and hand its chores on: `python3 start.py --help`.

Standard library only, because it makes the environment that everything else runs in; and no grammar newer
than Python 3.7's, so that a Python too old for the course can still say so in one line.
What needs the environment is in `coursebook.chores`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "_build"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "ready.json"
SETUP_LOG = BUILD / "log" / "setup.txt"
UNFINISHED = BUILD / "unfinished"  # stands while .venv is changed; who finds it begins .venv anew
SERVERS = BUILD / "jupyter" / "runtime"  # each server's note, for its owner alone, until the server ends
# What is handed on once the environment stands: the words for its Python.
HANDED_ON = {
    "book": ("-m", "coursebook.build"),
    "handin": ("-m", "coursebook.chores", "handin"),
    "practice": ("-m", "coursebook.chores", "practice"),
    "progress": ("-m", "coursebook.progress"),
    "demo": ("-m", "autograder.demo"),
    **{name: ("tests/chores.py", name) for name in ("check", "test", "proof", "bench")},
}
SUPPORTED = ("3.11", "3.12", "3.13")
OTHERS = ("firefox-esr", "WebKitWebDriver", "Xvfb")  # the other browsers of the proofs, and a display
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Stop(Exception):
    """End with one line for the reader. 1: the work failed. 2: something outside the course is lacking."""

    def __init__(self, line: str, code: int = 1) -> None:
        self.line, self.code = line, code


def fitting_python() -> str:
    """Name a Python that the course runs on: this one, or one of the same machine."""
    running = ".".join(map(str, sys.version_info[:2]))
    mine = sys.executable if running in SUPPORTED else None
    for found in [mine, *(shutil.which("python" + v) for v in SUPPORTED)]:
        if found:
            return found
    lacking = f"This course needs Python 3.11, 3.12 or 3.13, and this is Python {running}"
    raise Stop(f"{lacking}; install one (Debian, Ubuntu: sudo apt-get install python3.12 python3.12-venv)", 2)


def version_of(python: Path | str) -> str:
    """Ask an interpreter for its version; an empty answer means that it does not run."""
    question = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    try:
        answer = subprocess.run([str(python), "-I", "-S", "-c", question], capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode().strip() if answer.returncode == 0 else ""


def digest_of(paths: Sequence[Path], *words: str) -> str:
    """Digest the names and contents of files, together with some words."""
    total = hashlib.sha256("\n".join(words).encode())
    for path in sorted(paths):
        total.update(str(path).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def wanted() -> str:
    """Digest what .venv should hold. The folder counts: the scripts of a moved .venv point nowhere."""
    return digest_of([ROOT / "constraints.txt", ROOT / "pyproject.toml"], str(ROOT))


def stamp() -> tuple[str, set[str], str]:
    """Read what was last installed: digest, optional parts, version of Python; or nothings."""
    try:
        read = json.loads(STAMP.read_text(encoding="utf-8"))
        return str(read["digest"]), set(map(str, read["extras"])), str(read["python"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", set(), ""


def is_ready(extras: Sequence[str]) -> bool:
    """Tell whether .venv holds what is asked for, without starting anything heavy."""
    digest, parts, python = stamp()
    return digest == wanted() and set(extras) <= parts and python != "" and python == version_of(PYTHON)


def environment() -> dict[str, str]:
    """Prepare the environment for the course's programs: .venv first, nothing of another Python."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    kept["PATH"] = str(BIN) + os.pathsep + kept.get("PATH", os.defpath)
    # uv would otherwise fetch an interpreter of its own where it finds none that it likes.
    kept.update(VIRTUAL_ENV=str(VENV), UV_PYTHON_DOWNLOADS="never", PIP_DISABLE_PIP_VERSION_CHECK="1")
    return kept


@contextlib.contextmanager
def alone() -> Iterator[int | None]:
    """Let one process at a time change .venv and _build; a second one waits and says so."""
    BUILD.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows has no flock; two starts at the same moment are rare enough there
        yield None
        return
    with (BUILD / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another start of this course is at work; waiting for it …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.set_inheritable(handle.fileno(), True)  # what outlives a killed start still holds it
        yield handle.fileno()


def quietly(words: str, *command: object) -> bool:
    """Run a step with its output in _build/log, saying what goes on and, on a terminal, for how long."""
    SETUP_LOG.parent.mkdir(parents=True, exist_ok=True)
    began, shown = time.monotonic(), sys.stdout.isatty()
    print(words + " …", end="" if shown else "\n", flush=True)
    line = [str(word) for word in command]
    with SETUP_LOG.open("ab", buffering=0) as log:
        log.write(f"\n$ {' '.join(line)}\n".encode())
        # A child keeps the lock of a start that is killed; but a service that apt-get starts would for ever.
        files = {"stdout": log, "stderr": log, "close_fds": line[0] == "apt-get"}
        try:
            process = subprocess.Popen(line, cwd=str(ROOT), env=environment(), **files)
        except OSError:  # a program that somebody removed
            return False
        while process.poll() is None:
            time.sleep(0.2)
            if shown:
                print(f"\r{words} … {time.monotonic() - began:.0f} s", end="", flush=True)
    if shown:
        print(flush=True)
    return process.returncode == 0


def told() -> list[str]:
    """Return the lines that the last quiet step wrote."""
    return SETUP_LOG.read_text(encoding="utf-8", errors="replace").rpartition("\n$ ")[2].splitlines()[1:]


def is_whole() -> bool:
    """Tell whether .venv can be built upon: made here and to its end, with a Python that fits and its pip."""
    notes = VENV / "pyvenv.cfg"  # venv notes its command
    at_home = notes.is_file() and f" {VENV}\n" in notes.read_text(encoding="utf-8")
    fits = at_home and not UNFINISHED.exists() and version_of(PYTHON) in SUPPORTED
    pip = [str(PYTHON), "-m", "pip", "--version"]
    return fits and subprocess.run(pip, capture_output=True).returncode == 0


def make_venv(python: str) -> None:
    """Make .venv anew, and say what to install where this Python cannot."""
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
        apt_get([f"python{version_of(python)}-venv"], "This Python lacks the module that makes environments")
    if not quietly("Making the environment .venv", python, "-m", "venv", "--clear", VENV):
        raise Stop("The environment .venv could not be made; see _build/log/setup.txt.")


def install(extras: Sequence[str]) -> None:
    """Install exactly what constraints.txt says: with uv, or with pip where uv gets no answer."""
    limits = ["-c", ROOT / "constraints.txt"]
    # The project itself is built without isolation, so that its build tools obey constraints.txt too.
    target = ["--no-build-isolation", "-e", f".[{','.join(extras)}]" if extras else "."]
    pip = [PYTHON, "-m", "pip", "install", *limits]
    uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--compile-bytecode", *limits]
    words, build = "Installing about 200 packages (330 MB to fetch)", "Fetching the build tools"
    if quietly("Fetching the installer", *pip, "uv"):
        if quietly(build, *uv, "hatchling", "editables") and quietly(words, *uv, *target):
            return
        # A company mirror that only pip's own settings know is the usual reason.
        print("uv could not install them; trying pip, which takes longer.", flush=True)
    if not (quietly(build, *pip, "hatchling", "editables") and quietly(words, *pip, *target)):
        more = "The packages could not be installed; more in _build/log/setup.txt."
        raise Stop("\n".join([*told()[-12:], more]))


def setup(extras: Sequence[str] = ()) -> None:
    """Bring .venv to what constraints.txt and pyproject.toml ask for; do nothing when it is there."""
    if is_ready(extras):
        return
    chosen, had = fitting_python(), stamp()[1]
    # What was moved, copied or left half done is made anew, because an installer takes half a package for
    # a whole one; what was fetched lies in the installer's cache. What was made by hand is taken over.
    whole = is_whole()
    BUILD.mkdir(exist_ok=True)
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    if not whole:
        make_venv(chosen)
    parts = sorted({*extras, *had})
    install(parts)
    STAMP.write_text(json.dumps({"digest": wanted(), "extras": parts, "python": version_of(PYTHON)}))
    UNFINISHED.unlink()


def apt_get(packages: Sequence[str], lack: str) -> None:
    """Install system packages where we may (root, apt); else say the exact command and end."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quietly("Reading the system's package list", "apt-get", "update")
        if quietly("Installing " + " ".join(packages), "apt-get", "install", "-y", *packages):
            return
    raise Stop(f"{lack}; run: sudo apt-get update && sudo apt-get install -y {' '.join(packages)}", 2)


def ready(*extras: str, chromium: bool = False) -> None:
    """Have the environment, and for tests a real Chromium and PostgreSQL; never skip for want of one."""
    with alone():
        setup(extras)
        if chromium and not any(map(shutil.which, CHROMIUM)):
            apt_get(["chromium", "fonts-liberation", "fonts-dejavu-core"], "The tests need a real Chromium")
        if chromium and not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):  # out of the PATH
            apt_get(["postgresql"], "The tests need a real PostgreSQL")
        if chromium and not shutil.which("pdftotext"):
            apt_get(["poppler-utils"], "The tests need a reader of PDF that is not ours")


def port_of(text: str) -> int:
    """Read a port number."""
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}.", 2)


def is_free(port: int) -> bool:
    """Tell whether a server could listen there; a port just left counts as free, as for the server itself."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def is_served(port: int) -> bool:
    """Tell whether this clone already serves there, and where; end when somebody else has the port."""
    if is_free(port):
        return False
    address, status = f"http://127.0.0.1:{port}/", {}
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy cannot see this machine
    with contextlib.suppress(OSError, ValueError, TypeError):
        status = dict(json.loads(direct.open(address + "course/status", timeout=5).read(1000)))
    for note in SERVERS.glob("jpserver-*.json"):  # one that was killed leaves its note: its mark fits no more
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            token = str(json.loads(note.read_text(encoding="utf-8"))["token"])
            if status.get("mark") == hashlib.sha256(b"course server " + token.encode()).hexdigest():
                print(f"The course already runs:  {address}?token={token}")
                print("Open that address once: it signs you in.")
                return True
    other = next((p for p in range(port + 1, min(port + 100, 65536)) if is_free(p)), 8888)
    what = f"Another copy of the course runs at {address}" if "mark" in status else f"Port {port} is taken"
    raise Stop(f"{what}; for another address: make start PORT={other}")


def when_changed(mark: Path, folders: Sequence[str], work: Callable[[], bool]) -> None:
    """Do the work unless it was done from the same files; so a second start is quick."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    digest = digest_of([*filter(Path.is_file, found), *ROOT.glob("*.yml")], wanted())
    if mark.is_file() and mark.read_text() == digest:
        return
    mark.unlink(missing_ok=True)
    if work():
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(digest)


def build_book() -> bool:
    """Build the book; a fault in one page must not keep a learner from the others."""
    page = BUILD / "html" / "index.html"
    words = "Building what changed in the book" if page.exists() else "Building the book"
    if quietly(words, PYTHON, "-m", "coursebook.build", "--root", ROOT):
        return True
    print(*told(), sep="\n", flush=True)
    if not page.exists():
        raise Stop("The book could not be built; the lines above say why.")
    print("The book has the faults above; you get it as far as it could be built.", flush=True)
    return False


def release() -> bool:
    """Make the reader's version of each exercise; an instructor's course lies elsewhere."""
    command = (BIN / "autograder", "release", "--quick", "--course", BUILD / "practice")
    made = quietly("Preparing the exercises", *command)
    if not made:
        print("The exercises could not be prepared (_build/log/setup.txt); book and labs work without them.")
    return made


def start(words: Sequence[str]) -> int:
    """Set up, build, and serve book and JupyterLab at one address."""
    parser = argparse.ArgumentParser(prog="start.py start", description=start.__doc__)
    parser.add_argument("--port", help="default: the environment's PORT, or 8888")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    options = parser.parse_args(words)
    port = port_of(options.port or os.environ.get("PORT") or "8888")
    if is_served(port):  # asked before anything is installed or built
        return 0
    command = [str(PYTHON), "-m", "coursebook.server", "--root", str(ROOT), "--port", str(port)]
    command += ["--no-browser"] if options.no_browser else []
    with alone() as lock:
        if is_served(port):  # by a start that was quicker
            return 0
        setup()
        when_changed(BUILD / "html" / ".built", ["book", "exercises", "scenarios"], build_book)
        when_changed(BUILD / "practice" / ".released", ["autograder", "exercises", "book/_ext"], release)
        if lock is not None:
            # The server lets go when it answers, so that a start that waits finds it or its end.
            command += ["--lock", str(lock)]
            # The same process, so that Ctrl-C and a kill reach the server itself and its exit code is ours.
            os.execve(command[0], command, environment())
    return subprocess.call(command, env=environment())


def only_setup(words: Sequence[str]) -> int:
    """Make .venv and install what constraints.txt says."""
    parser = argparse.ArgumentParser(prog="start.py setup", description=only_setup.__doc__)
    parser.add_argument("--test", action="store_true", help="the tests' tools and Chromium too")
    testing = parser.parse_args(words).test
    ready(*(["test"] if testing else []), chromium=testing)
    return 0


def clean(words: Sequence[str]) -> int:
    """Delete what is generated: _build and caches. Your workspace, your course and .venv stay."""
    argparse.ArgumentParser(prog="start.py clean", description=clean.__doc__).parse_args(words)
    caches = (ROOT / f".{name}_cache" for name in ("pytest", "mypy", "ruff", "import_linter"))
    with alone():
        for path in [*BUILD.glob("*"), *caches]:
            if path.name == "course" and ((path / "secret.key").exists() or (path / "submitted").exists()):
                print(f"{path} holds a class, so it stays; the next autograder command moves it to course/.")
            elif path.is_dir():
                shutil.rmtree(str(path), ignore_errors=True)
            elif path not in (BUILD / "lock", UNFINISHED) and path.exists():
                path.unlink()
    return 0


def overview() -> str:
    """Say what there is, in the words of the Makefile's comments: `#: text` and `target: ## text`."""
    shown = []
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        name, mark, words = line.partition(": ")
        if mark and words.lstrip().startswith("## "):
            shown.append(f"    {name:10}{words.lstrip()[3:]}")
        elif line.startswith("#:"):
            shown.append(line[3:])
    return "\n".join(shown)


def main(words: Sequence[str]) -> int:
    """Run one command; where none is named, the course starts."""
    asked = list(words)
    if asked and asked[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if not asked or asked[0].startswith("-"):
        asked.insert(0, "start")
    name, rest = asked[0], asked[1:]
    mine = {"start": start, "setup": only_setup, "clean": clean}
    try:
        fitting_python()
        if name in mine:
            return mine[name](rest)
        if name not in HANDED_ON:
            raise Stop(f"There is no command {name!r}; all of them: python3 start.py --help", 2)
        testing = HANDED_ON[name][0] == "tests/chores.py"
        if name == "proof" and not all(map(shutil.which, OTHERS)):
            apt_get(["firefox-esr", "webkit2gtk-driver", "xvfb"], "The proofs need a real Firefox and WebKit")
        ready(*(["test"] if testing else []), chromium=testing and name != "check")
        return subprocess.call([str(PYTHON), *HANDED_ON[name], *rest], cwd=str(ROOT), env=environment())
    except Stop as stop:
        print(stop.line, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
