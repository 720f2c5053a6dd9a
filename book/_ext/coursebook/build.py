"""Build the book: as one function for start.py and the tests, and as a command.

Example: python -m coursebook.build --root .
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from coursefacts import load
from coursefacts.command import Commands
from coursefacts.errors import InputFault, shorten

_RUN = "from jupyter_book.cli.main import main; main()"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_RAISED = re.compile(r"[A-Za-z_.]+(Error|Exception|Unreadable|Fault)\b.*: ")
_SAVED = re.compile(r"Notebook exception traceback saved in: (\S+\.err\.log)")
_HERE = Path(__file__).resolve().parents[3]


class BuildFailed(Exception):
    """The book has faults; the text holds one line for each, and where the whole log is."""


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one build run at a time in a folder; the lock goes with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".book.lock").open("w") as handle:
        try:
            import fcntl
        except ImportError:  # Windows: two builds at once are the user's own doing there
            yield
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _whole(built: Path) -> Iterator[None]:
    """Begin anew where the last build was killed: by its time, half a page is newer than its source."""
    mark = built / ".book.unfinished"
    if mark.exists():
        for name in ("html", ".doctrees"):
            shutil.rmtree(built / name, ignore_errors=True)
        for folder in (built / ".jupyter_cache").glob("*/"):
            _drop_torn(folder)
    mark.touch()
    yield
    mark.unlink()


def _drop_torn(folder: Path) -> None:
    """Forget a cache's notebooks that were not written to their end; the others need no kernel."""
    from jupyter_cache import get_cache
    from jupyter_cache.cache.db import NbCacheRecord

    cache = get_cache(folder)
    for record in cache.list_cache_records():
        try:
            cache.get_cache_bundle(record.pk)
        except (KeyError, ValueError, OSError):
            NbCacheRecord.remove_record(record.pk, cache.db)


def build(root: Path) -> Path:
    """Build the book of a repository and return the folder of its pages.

    Only what changed is built anew. Raises InputFault where the configuration or the facts cannot be read,
    BuildFailed where the book has a fault.
    """
    root = root.resolve()
    if not (root / "_config.yml").is_file() or not (root / "book" / "_toc.yml").is_file():
        raise InputFault("no book here", path=root, remedy="give the repository with --root DIR")
    built = root / "_build"
    with _alone(built), _whole(built):
        done = subprocess.run(
            [sys.executable, "-c", _RUN, "build", "book", "--config", "_config.yml", "--path-output", ".",
             "-n", "-W", "--keep-going", "--quiet"],
            cwd=root,
            env=environment(built),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )  # fmt: skip
        log = built / "book.log"
        said = _COLOUR.sub("", done.stdout + done.stderr)
        log.write_text(said, encoding="utf-8")
    if done.returncode:
        # Facts that cannot be read stop the build at once; they have their own words and exit code.
        load(root / "book" / "facts")
        raise BuildFailed("\n".join([*faults(said, root), f"(all of it: {shorten(log)})"]))
    return built / "html"


def environment(built: Path) -> dict[str, str]:
    """Return the environment of a build: quiet kernels, no colour, nothing of the user's own Jupyter."""
    venv = str(Path(sys.executable).parent)
    return os.environ | {
        "PATH": os.pathsep.join([venv, os.environ.get("PATH", "")]),
        "NO_COLOR": "1",
        "PYTHONWARNINGS": "ignore",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "IPYTHONDIR": str(built / "ipython"),
        "JUPYTER_CONFIG_DIR": str(built / "jupyter" / "config"),
    }


def faults(log: str, root: Path) -> list[str]:
    """Pick the lines of a build's log that name a fault, each once, with paths relative to the root."""
    found = dict.fromkeys(
        _with_cause(line.strip()).replace(f"{root}{os.sep}", "")
        for line in log.splitlines()
        if any(mark in line for mark in ("WARNING:", "ERROR:", "CRITICAL:", "cannot be read"))
    )
    # A build that broke down says why in the last line of a traceback.
    return list(found) or [line for line in log.splitlines() if _RAISED.match(line)][:1]


def _with_cause(line: str) -> str:
    """Say what a code cell raised instead of only where the traceback was saved."""
    saved = _SAVED.search(line)
    if saved is None or not Path(saved[1]).is_file():
        return line
    traceback = _COLOUR.sub("", Path(saved[1]).read_text(encoding="utf-8")).strip().splitlines()
    return line.replace(
        saved[0], f"the code cell raised {traceback[-1] if traceback else 'something'}; {saved[0]}"
    )


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--root", type=click.Path(path_type=Path), default=None, help="The repository; by default this one."
)
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Build the book into _build/html.

    Example: python -m coursebook.build --root .
    """
    try:
        pages = build(root or (Path.cwd() if (Path.cwd() / "_config.yml").is_file() else _HERE))
    except BuildFailed as failed:
        click.echo(str(failed), err=True)
        context.exit(1)
    click.echo(f"The book is in {shorten(pages)}.")


if __name__ == "__main__":
    main()
