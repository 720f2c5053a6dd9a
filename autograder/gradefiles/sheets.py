"""A table of marks for each platform, with the columns that its import asks for.

Who has no settled mark has an empty cell and never a 0: a platform would take that for a mark.

canvas      Student, ID, SIS User ID, SIS Login ID, Section, then the assignment; a row Points Possible;
            EX for who is excused (lib/gradebook_importer.rb of instructure/canvas-lms)
moodle      the assignment's grading worksheet: Identifier, Grade and Last modified (grade) are asked for
            (tried with Moodle 4.4); or, without a number of anybody, a table for Grades, Import
brightspace OrgDefinedId and Username with a # before them, TITLE Points Grade, End-of-Line Indicator
blackboard  Username, and the column as Blackboard calls it; its help asks for quotation marks in a CSV file
gradescope  its own columns; it imports no marks, so this is for comparing and for typing
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.names import split
from autograder.status import Standing

__all__ = ["PLATFORMS", "Grade", "Sheet", "make_sheet"]


@dataclass
class Grade:
    """One learner's line.

    score: None for an empty cell.
    why: why it is empty, or what else the instructor should know; empty for nothing.
    excused: whether nothing is asked of this learner.
    number: the platform's own number of this learner's hand-in, from the name of the collected file.
    """

    standing: Standing
    score: float | None
    why: str = ""
    excused: bool = False
    number: str = ""

    @property
    def text(self) -> str:
        """The mark as it stands in a cell."""
        return "" if self.score is None else f"{self.score:g}"


@dataclass
class Sheet:
    """A table to write.

    told: sentences for the instructor.
    quoted: whether every cell stands in quotation marks.
    """

    head: list[str]
    rows: list[list[str]]
    told: list[str]
    quoted: bool = False


def make_sheet(platform: str, title: str, points: float, grades: list[Grade]) -> Sheet:
    """Make the table of one exercise.

    title: the column's name on the platform.
    points: the exercise's points.
    """
    return PLATFORMS[platform](title, points, grades)


def _family_first(name: str) -> str:
    given, family = split(name)
    return f"{family}, {given}" if given else family


def _canvas(title: str, points: float, grades: list[Grade]) -> Sheet:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    rows = [["    Points Possible", "", "", "", "", f"{points:g}"]]
    for one in grades:
        who = one.standing.learner
        known = who.lms_id or who.sis_id or who.login
        name = who.sortable or _family_first(who.name)
        mark = "EX" if one.excused else one.text
        rows.append([name, who.lms_id, who.sis_id or ("" if known else who.id), who.login, who.section, mark])
    return Sheet(
        head,
        rows,
        [
            f"Canvas puts the marks into the assignment that is called '{title}' and makes a new one where "
            "there is none; the name with its number, as in an export, is surest (--column)"
        ],
    )


def _moodle(title: str, points: float, grades: list[Grade]) -> Sheet:
    numbered = [one for one in grades if one.number]
    if not numbered:
        head = ["ID number", "Username", "Email address", "Full name", title]
        rows = [
            [
                one.standing.learner.sis_id or one.standing.learner.id,
                one.standing.learner.login,
                one.standing.learner.email or "",
                one.standing.learner.name,
                one.text,
            ]
            for one in grades
            if one.score is not None
        ]
        said = (
            "no hand-in bears a number of Moodle's, so this is for Grades, Import, CSV file, where you say "
            "which column is whose; for the assignment itself download its grading worksheet and give it "
            "with --into"
        )
        return Sheet(head, rows, [said])
    head = ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)"]
    rows = [
        [
            f"Participant {one.number}",
            one.standing.learner.name,
            one.standing.learner.email or "",
            one.text,
            f"{points:g}",
            "-",
        ]
        for one in numbered
    ]
    left = len(grades) - len(numbered)
    told = [
        "Moodle keeps a grade that it has already, and says nothing, unless you allow updating records that "
        "have been modified more recently there; the downloaded worksheet, given with --into, has the times"
    ]
    if left:
        told.append(
            f"{left} have no number of Moodle's and are left out; its worksheet, given with --into, has them"
        )
    return Sheet(head, rows, told)


def _brightspace(title: str, points: float, grades: list[Grade]) -> Sheet:
    head = ["OrgDefinedId", "Username", f"{title} Points Grade", "End-of-Line Indicator"]
    rows = []
    for one in grades:
        who = one.standing.learner
        login = f"#{who.login}" if who.login else ""
        rows.append([f"#{who.sis_id or who.id}", login, one.text, "#"])
    return Sheet(head, rows, [f"the item in Brightspace is called '{title}', with {points:g} points"])


def _blackboard(title: str, points: float, grades: list[Grade]) -> Sheet:
    rows = [[one.standing.learner.login or one.standing.learner.id, one.text] for one in grades]
    told = []
    if "|" not in title:
        told.append(
            "Blackboard makes a new column of this; for an existing one give its whole name, with the number "
            "behind the bar, with --column, or a downloaded file with --into"
        )
    return Sheet(["Username", title], rows, told, quoted=True)


def _gradescope(title: str, points: float, grades: list[Grade]) -> Sheet:
    head = ["First Name", "Last Name", "SID", "Email", "Sections", title, "Max Points", "Status"]
    rows = []
    for one in grades:
        who = one.standing.learner
        first, last = split(who.sortable or who.name)
        status = "Missing" if one.standing.state == "missing" else "Graded" if one.text else "Ungraded"
        number = who.sis_id or who.id
        rows.append([first, last, number, who.email or "", who.section, one.text, f"{points:g}", status])
    return Sheet(
        head, rows, ["Gradescope imports no marks; this has its columns, for comparing and for typing"]
    )


def _csv(title: str, points: float, grades: list[Grade]) -> Sheet:
    head = [
        *("learner", "name", "email", "section", title, "of", "state", "late", "taken off", "attempts"),
        *("attempt", "why"),
    ]
    rows = []
    for one in grades:
        who, standing = one.standing.learner, one.standing
        state = "excused" if one.excused else standing.state
        rows.append(
            [
                *(who.id, who.name, who.email or "", who.section, one.text, f"{points:g}", state),
                *("yes" if standing.late else "", f"{standing.penalty:g}" if standing.penalty else ""),
                *(str(standing.attempts), str(standing.attempt or ""), one.why),
            ]
        )
    return Sheet(head, rows, [])


PLATFORMS: dict[str, Callable[[str, float, list[Grade]], Sheet]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "brightspace": _brightspace,
    "blackboard": _blackboard,
    "gradescope": _gradescope,
    "csv": _csv,
}
