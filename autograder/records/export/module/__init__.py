"""A module of the built book made fit for a learning platform: pages, cases, quiz, and a shell around them.

The packer reads a folder of HTML by its path and imports nothing of the course. The platform sees one unit,
which reports how far the learner is, whether everything was gone through, and the quiz's score at first go.
How it is spoken to is another matter: `export.scorm` and `export.cmi5` each add one script and one manifest.
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
from autograder.records.export.module import pages

__all__ = ["Content", "Package", "gather", "zipped"]

FRONT = Path(__file__).parent / "front"
# The oldest moment a zip can write, so that the same module always makes the same package.
EPOCH = (1980, 1, 1, 0, 0, 0)
ASSETS = ("_static", "_images", "_downloads")
HOLE = re.compile(r"\{\{(\w+)\}\}")
MARKING = "content/_static/case.js"
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

    @property
    def name(self) -> str:
        """The module's own name."""
        return self.module.rpartition("/")[2]


@dataclass(frozen=True)
class Content:
    """A module's files by their path in the package, its title, and whether it has a score."""

    title: str
    files: dict[str, bytes]
    has_quiz: bool


def gather(wanted: Package, platform: Path, *, connects: bool = False) -> Content:
    """Everything but the manifest; a Fault says what the folder lacks.

    platform: the script that speaks to the learning platform.
    connects: whether it asks over the network, at an address that only the platform knows.
    """
    found = pages.find(wanted.site, wanted.module)
    files = {f"content/{page.path}": page.html for page in found}
    for path in _assets(wanted.site):
        files[f"content/{path.relative_to(wanted.site).as_posix()}"] = path.read_bytes()
    title = found[0].title
    told = {
        "title": title,
        "passMark": wanted.pass_mark,
        "pages": [page.told() for page in found],
    }
    files |= {name: (FRONT / name).read_bytes() for name in ("shell.js", "shell.css")}
    files[platform.name] = platform.read_bytes()
    files["content/inside.css"] = (FRONT / "inside.css").read_bytes()
    files["index.html"] = _shell(title, told, platform.name, "*" if connects else "'none'")
    has_quiz = any(case["kind"] == "quiz" for page in found for case in page.cases)
    if has_quiz and MARKING not in files:
        raise Fault(
            f"has a quiz and no {MARKING}, which marks it", path=wanted.site, remedy="build the book anew"
        )
    return Content(title, files, has_quiz)


def _assets(site: Path) -> list[Path]:
    """Styles, scripts, fonts and pictures: the folders beside the pages."""
    found = [path for name in ASSETS for path in sorted((site / name).rglob("*")) if path.is_file()]
    if len(found) > MAX_FILES:
        raise Fault(f"has more than {MAX_FILES} files beside its pages", path=site)
    return found


def _shell(title: str, told: dict[str, Any], platform: str, connect: str) -> bytes:
    data = json.dumps(told, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    parts = {"title": html.escape(title), "told": data, "platform": platform, "connect": connect}
    template = (FRONT / "shell.html").read_text("utf-8")
    return HOLE.sub(lambda hole: parts[hole.group(1)], template).encode("utf-8")


def zipped(files: dict[str, bytes], manifest: str) -> bytes:
    """The package; platforms look for its manifest first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != manifest, name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()
