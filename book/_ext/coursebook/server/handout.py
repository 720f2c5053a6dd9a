"""Give the learner copies, and never write over what the learner changed.

    there is no copy                     it is written (so deleting is how to start afresh)
    the copy is what the course has now  nothing happens
    the copy is as it was handed out     it is replaced by what the course has now
    changed, nothing newer in the course it is kept
    changed, and the course has a newer  it is kept, and the newer one is put beside it, once

Running a notebook does not change it: only what stands in its cells counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from enum import Enum
from pathlib import Path
from typing import Any

# A learner's file beyond this is not read; it counts as changed.
LARGEST = 64_000_000


class Outcome(Enum):
    """What became of one file."""

    NEW = "new"
    CURRENT = "current"
    RENEWED = "renewed"
    KEPT = "kept"
    BESIDE = "beside"


def fingerprint(content: bytes, suffix: str) -> str:
    """Digest what counts of a file: of a notebook its cells' text, of any other file every byte."""
    if suffix == ".ipynb":
        # A damaged notebook is the learner's to mend: its bytes count.
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            content = json.dumps([_essence(cell) for cell in json.loads(content)["cells"]]).encode()
    return hashlib.sha256(content).hexdigest()


def _essence(cell: dict[str, Any]) -> list[Any]:
    """Reduce a cell to what an author or a learner writes."""
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    marks = cell.get("metadata", {}).get("nbgrader")
    return [cell["cell_type"], text, marks, cell.get("attachments") or None]


def hand_out_file(new: bytes, target: Path, record: Path) -> Outcome:
    """Bring one file to the learner; `record` remembers the digest of what was last handed out."""
    fresh = fingerprint(new, target.suffix)
    given = record.read_text(encoding="ascii", errors="replace") if record.is_file() else ""
    outcome = _decide(target, fresh, given)
    if outcome in (Outcome.NEW, Outcome.RENEWED):
        write_whole(target, new)
    if outcome is Outcome.BESIDE:
        write_whole(target.with_name(f"{target.stem}-new-{fresh[:8]}{target.suffix}"), new)
    if given != fresh:
        write_whole(record, fresh.encode())
    return outcome


def _decide(target: Path, fresh: str, given: str) -> Outcome:
    """Choose by the five rules."""
    if not target.exists():
        return Outcome.NEW
    readable = target.is_file() and target.stat().st_size <= LARGEST
    mine = fingerprint(target.read_bytes(), target.suffix) if readable else "unread"
    if mine == fresh:
        return Outcome.CURRENT
    if mine == given:
        return Outcome.RENEWED
    return Outcome.KEPT if fresh == given else Outcome.BESIDE


def hand_out_notebook(source: Path, workspace: Path, name: Path, base_url: str = "/") -> Outcome:
    """Bring one notebook to `workspace/name`."""
    content = with_base(source.read_bytes(), base_url)
    return hand_out_file(content, workspace / name, _record(workspace, name))


def hand_out_folder(source: Path, workspace: Path, name: Path, base_url: str = "/") -> dict[str, Outcome]:
    """Bring every file of a folder to `workspace/name`, each by itself."""
    outcomes = {}
    for path in sorted(p for p in source.rglob("*") if p.is_file() and not p.is_symlink()):
        inner = path.relative_to(source)
        content = path.read_bytes()
        content = with_base(content, base_url) if path.suffix == ".ipynb" else content
        target = workspace / name / inner
        outcomes[inner.as_posix()] = hand_out_file(content, target, _record(workspace, name / inner))
    return outcomes


def _record(workspace: Path, name: Path) -> Path:
    """Say where the digest of what was handed out is kept."""
    return workspace / ".given" / name.with_name(name.name + ".sha256")


def with_base(notebook: bytes, base_url: str) -> bytes:
    """Let a notebook's links to the book, which begin with a slash, begin where the server's addresses do."""
    if base_url == "/":
        return notebook
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            cell["source"] = text.replace("](/", f"]({base_url}")
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then give it its own, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files for the owner alone; a learner's files follow the learner's umask.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
