"""What each released version of the course taught: a snapshot of all facts, one file a release.

An institution has no history of the repository beside its copy of the course, so the course brings its own:
`python -m coursefacts release VERSION` writes `facts/releases/VERSION.json` when a version goes out.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault
from coursefacts.model import Fact

SCHEMA = "coursefacts.release/1"
_VERSION = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")


def checked_version(text: str) -> str:
    """Return a version written 1.2.3; refuse any other."""
    if not _VERSION.fullmatch(text):
        raise ValueError(f"'{text}' is not a version of the course; write it as 1.2.3, in quotes")
    return text


def order(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by."""
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True)
class Taught:
    """A fact as a version taught it."""

    status: str
    text: str
    digest: str
    """Of its values, of its dates and of whom it binds, which the text need not show."""


@dataclass(frozen=True)
class Release:
    """A version of the course that went out, with all its facts."""

    version: str
    date: str
    facts: Mapping[str, Taught]


def taught(fact: Fact) -> Taught:
    """Sum up what a fact teaches; its source and review dates are not part of it."""
    plain = fact.to_json()
    rest = [plain["values"], plain["in_force"], plain["binds"]]
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return Taught(fact.status, fact.text(), hashlib.sha256(text.encode()).hexdigest()[:16])


def folder_in(facts: Path) -> Path:
    """Return where the snapshots of a folder of facts lie."""
    return facts / "releases"


def load_releases(facts: Path) -> list[Release]:
    """Read the snapshots of a folder of facts, the oldest first."""
    found = [_read(path) for path in folder_in(facts).glob("*.json")]
    return sorted(found, key=lambda release: order(release.version))


def find(releases: list[Release], version: str) -> Release:
    """Return the snapshot of a version; raise InputFault when it never went out."""
    for release in releases:
        if release.version == version:
            return release
    known = ", ".join(release.version for release in releases)
    remedy = f"the versions are {known}" if known else "no version of this course has gone out"
    raise InputFault(f"no version '{version}' of the course has gone out", remedy=remedy)


def write(facts: Mapping[str, Fact], folder: Path, version: str, date: datetime.date) -> Path:
    """Write the snapshot of a version, one fact a line; a version goes out once."""
    try:
        checked_version(version)
    except ValueError:
        raise InputFault(f"'{version}' is not a version", remedy="write it as 1.2.3") from None
    path = folder_in(folder) / f"{version}.json"
    earlier = load_releases(folder)
    if earlier and order(version) <= order(earlier[-1].version):
        raise InputFault(
            f"version {version} does not come after {earlier[-1].version}, which has gone out",
            remedy="choose the next version",
        )
    rows = [
        f"  {json.dumps(name)}: {json.dumps(vars(taught(fact)), ensure_ascii=False)}"
        for name, fact in facts.items()
    ]
    head = f'{{"schema": "{SCHEMA}", "version": "{version}", "date": "{date.isoformat()}", "facts": {{\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    # A reader never meets half a file.
    part = path.with_suffix(".part")
    part.write_text(head + ",\n".join(rows) + "\n}}\n", encoding="utf-8")
    part.replace(path)
    return path


def _read(path: Path) -> Release:
    """Read one snapshot."""
    remedy = "take the file of the release again"
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        facts = {str(name): Taught(**entry) for name, entry in data["facts"].items()}
        release = Release(checked_version(data["version"]), str(data["date"]), facts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InputFault("not the snapshot of a release", path=path, remedy=remedy) from None
    if data.get("schema") != SCHEMA or path.stem != release.version:
        raise InputFault(f"not the snapshot of version {path.stem}", path=path, remedy=remedy)
    return release
