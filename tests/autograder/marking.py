"""A marking server as the command starts it, and a person at its page."""

from __future__ import annotations

import csv
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE


@dataclass
class Marking:
    """A running server."""

    process: subprocess.Popen[str]
    address: str

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])


@contextmanager
def marking(course: Path, *options: object, marker: str = "Ada") -> Iterator[Marking]:
    """Start `autograder mark greeting` and stop it in the end."""
    words = ["mark", "greeting", "--course", course, "--as", marker, "--no-browser", "--port", "0", *options]
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *(str(word) for word in words)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"no address: {line!r}"
        yield Marking(process, found.group())
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)

    def enter(self) -> None:
        """Press Enter and wait for the page that follows."""
        with self.page.expect_navigation():
            self.press("Enter")


def rows(course: Path) -> list[dict[str, Any]]:
    """What the page's own table says."""
    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        db.row_factory = sqlite3.Row
        if not db.execute("select 1 from sqlite_master where name = 'course_mark'").fetchone():
            return []
        return [dict(row) for row in db.execute("select * from course_mark order by id")]


def grades(course: Path, cell: str = "why") -> dict[str, tuple[float | None, bool, str | None]]:
    """What the gradebook says of everybody's written part: points, whether it waits, comment."""
    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        found = db.execute(
            "select sa.student_id, g.manual_score, g.needs_manual_grade, c.manual_comment from grade g"
            " join base_cell b on b.id = g.cell_id"
            " join submitted_notebook sn on sn.id = g.notebook_id"
            " join submitted_assignment sa on sa.id = sn.assignment_id"
            " left join base_cell sb on sb.name = b.name and sb.notebook_id = b.notebook_id"
            " and sb.type = 'SolutionCell'"
            " left join comment c on c.notebook_id = sn.id and c.cell_id = sb.id"
            " where b.name = ? and b.type = 'GradeCell'",
            (cell,),
        )
        return {learner: (score, bool(waits), comment) for learner, score, waits, comment in found}


def lines_of(table: Path) -> list[dict[str, str]]:
    """Read a table of marks."""
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
