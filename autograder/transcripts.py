"""What case transcripts are worth, asked of the command `scenarios replay`: a process and not an import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.files import iso, now

__all__ = ["replayed"]

_SECONDS = 60
_MOST = 100


def replayed(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Replay every transcript of a hand-in; return (evidence, blocked)."""
    evidence: dict[tuple[str, str], dict[str, Any]] = {}
    blocked: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.json"))[:_MOST]:
        if path.is_symlink() or not path.is_file():
            continue
        said = _replay(path)
        kind = said["kind"] if said.get("kind") in {"case", "quiz"} else "case"
        ident = str(said.get("case") or path.stem)[:100]
        if not said.get("valid"):
            reason = str(said.get("message") or "the transcript cannot be replayed")[:300]
            blocked.append({"kind": kind, "id": ident, "reason": reason})
        elif not said.get("completed"):
            blocked.append({"kind": kind, "id": ident, "reason": "it was not played to its end"})
        else:
            evidence[kind, ident] = _entry(kind, ident, said, path)
    return list(evidence.values()), blocked


def _replay(path: Path) -> dict[str, Any]:
    command = [str(Path(sys.executable).parent / "scenarios"), "replay", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        raise InputFault(
            "the command `scenarios` is not installed", remedy="install the course again"
        ) from None
    except subprocess.TimeoutExpired:
        return {"valid": False, "message": "replaying it took too long"}
    try:
        said = json.loads(done.stdout)
    except ValueError:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return {"valid": False, "message": words[-1] if words else "the transcript cannot be replayed"}
    return said if isinstance(said, dict) else {"valid": False}


def _entry(kind: str, ident: str, said: dict[str, Any], path: Path) -> dict[str, Any]:
    entry = {
        "kind": kind,
        "id": ident,
        "title": str(said.get("title") or ident),
        "completed": True,
        "ending": said.get("ending"),
        "digest": said.get("case_digest"),
        "assurance": "self-reported",
        "facts": [str(fact) for fact in said.get("facts") or []],
        "date": _finished(path),
    }
    if kind == "quiz":
        entry |= {key: said[key] for key in ("correct", "items") if isinstance(said.get(key), int | float)}
        entry.pop("ending")
    return entry


def _finished(path: Path) -> str:
    """When the learner's transcript says that it was finished: their word, as all of a transcript's times."""
    from datetime import datetime

    try:
        text = json.loads(path.read_text(encoding="utf-8")).get("finished")
        return iso(datetime.fromisoformat(text).astimezone())
    except (ValueError, TypeError, AttributeError, OSError):
        return iso(now())
