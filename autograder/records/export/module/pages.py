"""The pages of a module, made fit to stand alone: in their order, and with no link that leads nowhere."""

from __future__ import annotations

import html
import json
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from autograder.records.errors import Fault

LINK = re.compile(r'<a\b([^>]*?)\shref="([^"]*)"([^>]*)>')
NEXT = re.compile(r'<link rel="next" href="([^"#]+)"')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
CASE = re.compile(r'data-case="([^"]+)" data-kind="(case|quiz)"')
LOGIC = re.compile(r'<script[^>]*class="case-logic"[^>]*>(.*?)</script>', re.DOTALL)
MAX_PAGES = 200


@dataclass(frozen=True)
class Page:
    """One page of the package, its path that of the book."""

    path: str
    title: str
    html: bytes
    cases: tuple[dict[str, Any], ...]

    def told(self) -> dict[str, Any]:
        """What the shell must know of the page."""
        return {"path": self.path, "title": self.title, "cases": list(self.cases)}


def find(site: Path, module: str) -> list[Page]:
    """The module's pages in the order in which the book turns them."""
    folder = site / module
    start = folder / "index.html"
    if not start.is_file() or site.resolve() not in folder.resolve().parents:
        remedy = "name the built book (make book) and a folder in it, such as modules/export-controls"
        raise Fault("is not a module of a built book", path=folder, remedy=remedy)
    names = sorted(path.name for path in folder.glob("*.html"))
    if len(names) > MAX_PAGES:
        raise Fault(f"has more than {MAX_PAGES} pages", path=folder)
    ordered = _turned(folder, names)
    known = {f"{module}/{name}" for name in ordered}
    return [_page(folder / name, f"{module}/{name}", known) for name in ordered]


def _turned(folder: Path, names: list[str]) -> list[str]:
    """Follow the links to the next page as far as they stay in the module; what none leads to comes last."""
    order, name = [], "index.html"
    while name in names and name not in order:
        order.append(name)
        onward = NEXT.search(_read(folder / name))
        name = html.unescape(onward.group(1)) if onward else ""
    return order + [other for other in names if other not in order]


def _page(file: Path, path: str, known: set[str]) -> Page:
    text = _read(file)
    heading = HEADING.search(text)
    title = html.unescape(TAG.sub("", PERMALINK.sub("", heading.group(1)))).strip() if heading else file.stem
    depth = path.count("/")
    style = f'<link rel="stylesheet" href="{"../" * depth}inside.css">\n</head>'
    alone = LINK.sub(lambda link: _link(link, path, known), text).replace("</head>", style, 1)
    return Page(path, title, alone.encode("utf-8"), _cases(text, file))


def _link(link: re.Match[str], path: str, known: set[str]) -> str:
    """Keep links within the package, open others' in a new window, unlink pages that stayed behind."""
    before, target, after = link.groups()
    address = html.unescape(target)
    if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        return f'<a{before} href="{target}" target="_blank" rel="noopener noreferrer"{after}>'
    local = unquote(address.partition("#")[0].partition("?")[0])
    goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), local)) if local else path
    if goal in known or goal.partition("/")[0] in ("_static", "_images", "_downloads"):
        return link.group()
    return f'<a{before} title="This page is in the course book and not in this package."{after}>'


def _cases(text: str, file: Path) -> tuple[dict[str, Any], ...]:
    """The cases and quizzes in a page, with what their score is counted from."""
    found = []
    for place in CASE.finditer(text):
        logic = LOGIC.search(text, place.end())
        try:
            content = json.loads(logic.group(1)) if logic else None
            items = content["logic"].get("items", []) if content else []
            until = content.get("until", {}) if content else {}
            asked = [{"id": item["id"], "forms": item["forms"]} for item in items]
            last = [until.get(item["id"]) for item in items]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Fault(
                "holds a case whose logic cannot be read", path=file, remedy="build the book anew"
            ) from None
        if content is None:
            raise Fault("holds a case without its logic", path=file, remedy="build the book anew")
        found.append(
            {
                "id": place.group(1),
                "kind": place.group(2),
                "digest": content["digest"],
                "items": asked,
                "until": last,
            }
        )
    return tuple(found)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Fault("cannot be read as a page", path=file, remedy="build the book anew") from None
