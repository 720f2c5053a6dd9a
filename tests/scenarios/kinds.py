"""Which files hold cases and which quizzes, told from their heads: to build a case's states takes seconds."""

from __future__ import annotations

import re
from pathlib import Path


def kind_of(path: Path) -> str:
    """Tell a file's kind, case or quiz."""
    head = path.read_text(encoding="utf-8").split("\n---", 1)[0]
    said = re.search(r"^kind: *(\w+)", head, re.MULTILINE)
    return said[1] if said else "case"
