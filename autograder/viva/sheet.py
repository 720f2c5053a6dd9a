"""The marking sheet of a talk: the questions, and on a second sheet what to hear and a place to mark."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from autograder.feedback.page import frame
from autograder.feedback.safe import code, plain
from autograder.strangers import shown
from autograder.viva.questions import Asked

__all__ = ["GRADES", "Sheet", "as_html", "as_pdf"]

GRADES = ("explains it", "with help", "does not")
_LEAD = (
    "Talk for ten minutes. The questions are about what was handed in, so whoever made it can answer; "
    "another way of saying it, or a mistake that is seen now, is as good as the words below."
)
_BLANK = "_" * 20
_RULE = (
    "Passed: at most one question that is not explained, even with help. Nothing else is asked of anybody."
)


@dataclass(frozen=True)
class Sheet:
    """One talk: the exercise's title, whose work, which hand-in, and the questions."""

    title: str
    exercise: str
    name: str
    learner: str
    digest: str
    asked: list[Asked]

    @property
    def record(self) -> str:
        """The command that keeps the outcome."""
        return f"autograder viva {self.exercise} {self.learner} --record passed --examiner NAME --on DATE"


def as_html(sheet: Sheet) -> str:
    """Write it as a page that prints on two sheets; no word of the learner's is markup."""
    style = resources.files("autograder.viva").joinpath("page.css").read_text(encoding="utf-8")
    head = f"{plain(sheet.name)} ({plain(sheet.learner)}), hand-in {plain(sheet.digest[:12])}"
    asked = "".join(
        f"<li><p>{plain(one.ask)}</p>\n{code(one.code) if one.code else ''}</li>\n" for one in sheet.asked
    )
    boxes = "".join(f"<td>☐ {word}</td>" for word in GRADES)
    marked = "".join(
        f"<li><p>{plain(one.expect)}</p>\n<table><tr>{boxes}</tr></table></li>\n" for one in sheet.asked
    )
    body = (
        f'<section class="sheet">\n<h1>{plain(sheet.title)}: the talk</h1>\n<p>{head}</p>\n'
        f"<ol>\n{asked}</ol>\n</section>\n"
        f'<section class="sheet">\n<h1>For the examiner</h1>\n<p>{head}</p>\n<p>{_LEAD}</p>\n'
        f"<ol>\n{marked}</ol>\n<p>{_RULE}</p>\n"
        '<p class="lines">☐ passed ☐ not passed</p>\n'
        f'<p class="lines">Examiner: {_BLANK} Date: {_BLANK} Signature: {_BLANK}</p>\n'
        f"<p>Then: {code(sheet.record)}</p>\n</section>\n"
    )
    return frame(f"{sheet.title}: the talk", body, style)


def as_pdf(sheet: Sheet) -> bytes:
    """Set it on two A4 sheets; everything goes in as data."""
    import typst

    layout = resources.files("autograder.viva").joinpath("paper.typ").read_text(encoding="utf-8")
    told = asdict(sheet) | {"lead": _LEAD, "rule": _RULE, "grades": GRADES, "record": sheet.record}
    told["asked"] = [
        {name: shown(text, 2000) if name != "code" else _clean(text) for name, text in asdict(one).items()}
        for one in sheet.asked
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "viva.json").write_text(json.dumps(told), encoding="utf-8")
        (folder / "viva.typ").write_text(layout, encoding="utf-8")
        return typst.compile(str(folder / "viva.typ"), root=str(folder), format="pdf")


def _clean(text: str) -> str:
    return "\n".join(shown(line, 200) for line in text.splitlines())
