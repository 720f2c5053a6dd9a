"""What `{cite}` and `{term}` may name: the entries of the book's bibliography and of its glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
_GLOSSARY = re.compile(r"^(`{3,}|:{3,})\{glossary\}.*?\n(.*?)^\1", re.MULTILINE | re.DOTALL)
_ROLE = re.compile(r"\{(?P<role>cite(?::\w+)?|term)\}`(?P<content>[^`]+)`")
_TITLED = re.compile(r".*<([^>]+)>", re.DOTALL)


@dataclass(frozen=True)
class References:
    """Keys of the bibliography and terms of the glossary; None where the book has no such file."""

    cites: frozenset[str] | None = None
    terms: frozenset[str] | None = None


def beside(case: Path) -> References:
    """Read those of the book that a case file belongs to: scenarios/cases/<case>/case.md beside book/."""
    parents = case.resolve().parents
    book = parents[3] / "book" if len(parents) > 3 else Path("book")
    cites, terms = _text(book / "references.bib"), _text(book / "reference" / "glossary.md")
    return References(
        None if cites is None else frozenset(_ENTRY.findall(cites)),
        None if terms is None else frozenset(_terms(terms)),
    )


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _terms(text: str) -> Iterator[str]:
    for _, body in _GLOSSARY.findall(text):
        # Terms begin their lines, what they mean is indented.
        yield from (line.strip().lower() for line in body.splitlines() if line and not line[0].isspace())


def named(source: str) -> Iterator[tuple[int, str, str]]:
    """Find what some prose names: lines before it, `cite` or `term`, and the name."""
    for match in _ROLE.finditer(source):
        titled = _TITLED.fullmatch(match["content"])
        names = titled.group(1) if titled else match["content"]
        before = source.count("\n", 0, match.start())
        if match["role"] == "term":
            yield before, "term", " ".join(names.split()).lower()
        else:
            yield from ((before, "cite", name.strip()) for name in names.split(","))
