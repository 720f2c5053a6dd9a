"""What the folders of the workspace tell of a learner's progress.

The files were written by other parts of the course, or by hand: what cannot be read is passed over.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault
from pydantic import ValidationError

from coursebook.progress import state
from coursebook.progress.state import Finished, Practised, Progress
from coursebook.server import transcripts
from coursebook.server.places import DOCNAME, NAME

FILE = "progress.json"
UNREADABLE = "progress-unreadable.json"
_LARGEST = 1_000_000


def known(workspace: Path) -> tuple[Progress, InputFault | None]:
    """Return all that the workspace knows, and the fault of a progress.json that cannot be read."""
    kept, fault = state.blank(), None
    if (workspace / FILE).exists():
        try:
            kept = state.read(workspace / FILE)
        except InputFault as found:
            fault = found
    return state.merge(kept, seen(workspace)), fault


def seen(workspace: Path) -> Progress:
    """Return what the folders show."""
    data = {
        "schema": state.FORM,
        "opened": dict(_labs(workspace)) | dict(_exercises(workspace)),
        "finished": {name: one.model_dump(exclude_none=True) for name, one in _finished(workspace)},
        "practice": {name: one.model_dump(exclude_none=True) for name, one in _practised(workspace)},
        "handin": dict(_handed_in(workspace)),
    }
    return Progress.model_validate({key: value for key, value in data.items() if value})


def _when(path: Path) -> str:
    """Say when a file was written."""
    return state.iso(datetime.fromtimestamp(int(path.stat().st_mtime), UTC))


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    """Name plain files of a folder, some hundreds at most."""
    found = (path for path in sorted(folder.rglob(pattern)) if path.is_file() and not path.is_symlink())
    for _, path in zip(range(state.MOST), found, strict=False):
        yield path


def _labs(workspace: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages whose notebooks were opened, and when they were handed out."""
    home = workspace / "labs"
    for path in _files(home, "*.ipynb"):
        name = path.relative_to(home).with_suffix("").as_posix()
        given = workspace / ".given" / "labs" / f"{name}.ipynb.sha256"
        if DOCNAME.fullmatch(name) and given.is_file():
            yield f"modules/{name}", _when(given)


def _exercises(workspace: Path) -> Iterator[tuple[str, str]]:
    """Yield the exercises whose notebooks were opened."""
    for path in _files(workspace / ".given" / "exercises", "*.ipynb.sha256"):
        name = path.parent.name
        if NAME.fullmatch(name) and (workspace / "exercises" / name).is_dir():
            yield f"exercises/{name}", _when(path)


def _finished(workspace: Path) -> Iterator[tuple[str, Finished]]:
    """Yield what was played to an end, by its transcript."""
    for path in _files(workspace / "transcripts", "*.json"):
        try:
            walk = transcripts.parse(path.read_bytes()[: transcripts.LARGEST + 1], path.stem)
        except (InputFault, OSError):
            continue
        yield walk.case, Finished(at=state.iso(state.moment(walk.finished)))


def _object(data: bytes) -> dict[str, Any]:
    """Read a JSON object; anything else is an empty one."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _practised(workspace: Path) -> Iterator[tuple[str, Practised]]:
    """Yield the last practice result of each exercise: `practice/1`, which may say more than is read here."""
    for path in _files(workspace / "practice", "*.json"):
        data = _object(path.read_bytes()[:_LARGEST])
        if data.get("schema") != "practice/1" or not NAME.fullmatch(path.stem):
            continue
        try:
            at = state.iso(datetime.fromisoformat(str(data["when"])).astimezone(UTC))
            pending = data.get("pending")
            # Points that wait for a person may be told as a number or as a list of the cells.
            points = sum(_points(one) for one in pending) if isinstance(pending, list) else _points(pending)
            yield (
                path.stem,
                Practised(at=at, score=data["score"], max_score=data["max_score"], pending=points or None),
            )
        except (KeyError, ValueError, TypeError, OverflowError, ValidationError):
            continue


def _points(value: Any) -> float:
    found = value.get("points", value.get("max_score", 0)) if isinstance(value, dict) else value
    return float(found) if isinstance(found, (int, float)) else 0.0


def _handed_in(workspace: Path) -> Iterator[tuple[str, str]]:
    """Yield the exercises that were packed, and when for the last time."""
    last: dict[str, str] = {}
    for path in _files(workspace / "hand-in", "*.zip"):
        try:
            with zipfile.ZipFile(path) as archive:
                if archive.getinfo("manifest.json").file_size > _LARGEST:
                    continue
                manifest = _object(archive.read("manifest.json"))
            name, at = str(manifest["exercise"]), state.iso(datetime.fromisoformat(str(manifest["created"])))
        except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
            continue
        if NAME.fullmatch(name):
            last[name] = max(at, last.get(name, ""))
    yield from last.items()
