"""A module of the built book as a SCORM 1.2 package: its pages, cases and quiz, and a shell that reports.

The packer reads a folder of HTML by its path and imports nothing of the course. The platform sees one unit,
which reports how far the learner is, whether everything was gone through, and the quiz's score at first go.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.records.errors import Fault
from autograder.records.export.scorm import manifest, pages

__all__ = ["Package", "pack"]

FRONT = Path(__file__).parent / "front"
# The oldest moment a zip can write, so that the same module always makes the same package.
EPOCH = (1980, 1, 1, 0, 0, 0)
ASSETS = ("_static", "_images", "_downloads")
HOLE = re.compile(r"\{\{(\w+)\}\}")
MAX_FILES = 5_000


@dataclass(frozen=True)
class Package:
    """What to pack.

    site: the folder of the built book.
    module: the module's folder below it, such as `modules/export-controls`.
    pass_mark: the least score in percent, where the module has a quiz.
    """

    site: Path
    module: str
    pass_mark: int = 80
    version: str = ""


def pack(wanted: Package) -> bytes:
    """Make the zip; a Fault says what the folder lacks."""
    found = pages.find(wanted.site, wanted.module)
    content = {f"content/{page.path}": page.html for page in found}
    for path in _assets(wanted.site):
        content[f"content/{path.relative_to(wanted.site).as_posix()}"] = path.read_bytes()
    title = found[0].title
    told = {
        "title": title,
        "passMark": wanted.pass_mark,
        "pages": [page.told() for page in found],
    }
    content |= {name: (FRONT / name).read_bytes() for name in ("shell.js", "scorm.js", "shell.css")}
    content["content/inside.css"] = (FRONT / "inside.css").read_bytes()
    content["index.html"] = _shell(title, told)
    has_quiz = any(case["kind"] == "quiz" for page in found for case in page.cases)
    content["imsmanifest.xml"] = manifest.write(
        identity=f"open-by-default-{wanted.module.rpartition('/')[2]}",
        title=title,
        version=wanted.version,
        mastery=wanted.pass_mark if has_quiz else None,
        files=sorted(content),
    )
    return _zip(content)


def _assets(site: Path) -> list[Path]:
    """Styles, scripts, fonts and pictures: the folders beside the pages."""
    found = [path for name in ASSETS for path in sorted((site / name).rglob("*")) if path.is_file()]
    if len(found) > MAX_FILES:
        raise Fault(f"has more than {MAX_FILES} files beside its pages", path=site)
    return found


def _shell(title: str, told: dict[str, Any]) -> bytes:
    data = json.dumps(told, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    parts = {"title": html.escape(title), "told": data}
    template = (FRONT / "shell.html").read_text("utf-8")
    return HOLE.sub(lambda hole: parts[hole.group(1)], template).encode("utf-8")


def _zip(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # Platforms look for the manifest first.
        for name in sorted(content, key=lambda name: (name != "imsmanifest.xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content[name])
    return out.getvalue()
