"""What case transcripts are worth, asked of the command `scenarios`: a process and not an import."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.files import iso, now
from autograder.strangers import moment, shown

__all__ = ["exists", "replay_bytes", "replayed"]

# A walk is bounded, so it is the machine that is slow, and nobody's case should be lost by that.
_SECONDS = 300
MOST = 100
LARGEST = 2**20
_TOO_LARGE: dict[str, Any] = {"valid": False, "message": "the transcript is too large"}


def replayed(folder: Path, cases: Path | None) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Replay every transcript of a hand-in; return (evidence, blocked).

    cases: where the cases lie; None for those of this course.
    """
    evidence: dict[tuple[str, str], dict[str, Any]] = {}
    blocked: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.json"))[:MOST]:
        if path.is_symlink() or not path.is_file():
            continue
        said = replay_bytes(path.read_bytes(), cases) if path.stat().st_size <= LARGEST else _TOO_LARGE
        kind = said["kind"] if said.get("kind") in {"case", "quiz"} else "case"
        ident = shown(str(said.get("case") or path.stem), 100)
        if not said.get("valid"):
            reason = shown(str(said.get("message") or "the transcript cannot be replayed"))
            blocked.append({"kind": kind, "id": ident, "reason": reason})
        elif not said.get("completed"):
            blocked.append({"kind": kind, "id": ident, "reason": "it was not played to its end"})
        elif not said.get("counts"):
            reason = f"it does not count yet: {shown(str(said.get('why_not') or 'nobody can say why'))}"
            blocked.append({"kind": kind, "id": ident, "reason": reason})
        else:
            evidence[kind, ident] = _entry(kind, ident, said, path, cases)
    return list(evidence.values()), blocked


def _ask(word: str, what: str, cases: Path | None) -> bytes:
    command = [str(Path(sys.executable).parent / "scenarios"), word, what]
    if cases is not None:
        command += ["--cases", str(cases)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        raise InputFault("the command 'scenarios' is missing", remedy="install the course again") from None
    return done.stdout or done.stderr


@cache
def replay_bytes(data: bytes, cases: Path | None) -> dict[str, Any]:
    """Replay a transcript; a class that played one walk together is replayed once."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        path = Path(folder) / "transcript.json"
        path.write_bytes(data)
        return _replay(path, cases)


def _replay(path: Path, cases: Path | None) -> dict[str, Any]:
    try:
        answer = _ask("replay", str(path.resolve()), cases)
    except subprocess.TimeoutExpired:
        return {"valid": False, "message": "replaying it took too long"}
    try:
        said = json.loads(answer)
    except ValueError:
        # A file that is no transcript is told by the command in one line, which names the file.
        words = answer.decode("utf-8", "replace").strip().splitlines()
        return {"valid": False, "message": words[-1].replace(f"{path}:", "").strip() if words else None}
    return said if isinstance(said, dict) else {"valid": False}


@cache
def exists(case: str, cases: Path | None) -> bool:
    """Tell whether there is such a case."""
    try:
        return bool(json.loads(_ask("compile", case, cases))["id"] == case)
    except (ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return False


@cache
def _described(case: str, cases: Path | None) -> tuple[str, tuple[str, ...]]:
    """Find a case's title and the facts it teaches."""
    try:
        data = json.loads(_ask("compile", case, cases))
        return str(data["title"]), tuple(str(fact) for fact in data["facts"])
    except (ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return case, ()


def _entry(kind: str, ident: str, said: dict[str, Any], path: Path, cases: Path | None) -> dict[str, Any]:
    title, facts = _described(ident, cases)
    entry = {
        "kind": kind,
        "id": ident,
        "title": title,
        "completed": True,
        "digest": said.get("case_digest"),
        "assurance": "self-reported",
        "facts": list(facts),
        "date": _finished(path),
    }
    return entry | ({"ending": said.get("ending")} if kind == "case" else {})


def _finished(path: Path) -> str:
    """When the transcript says that it was finished: the learner's word, as all of a transcript's times."""
    try:
        said = moment(json.loads(path.read_bytes()).get("finished"))
    except (ValueError, RecursionError, AttributeError, OSError):
        said = None
    # What cannot be, or is still to come, is replaced by the present.
    return iso(min(said or now(), now()))
