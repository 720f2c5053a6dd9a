"""An instructor's term by the guide: 25 learners, three platforms, a mended test, an extension, two markers.

Every command of book/guides/instructor.md is run here, as it stands there and in its order; nothing is done
by any other way than commands, the marking page and the files that people edit.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder import secret
from autograder.course import DEFAULT, Course
from autograder.names import letters, split
from autograder.sheets import Drawer
from tests.content.classroom import as_saved

EXERCISE = "incidents"
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "book/guides/instructor.md").read_text(encoding="utf-8")
COMMANDS = [
    re.sub(r"\s+# .*", "", line)
    for kind, block in re.findall(r"^```(.*?)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.strip() and not kind
]
PEOPLE = (
    "Ada Example", "Björn Müller-Lüdenscheidt", "Seán O'Brien", "María García López", "Zoë van den Berg",
    "王小明", "Ελένη Παπαδοπούλου", "Иван Петров", "ليلى حداد", "Lan Nguyen", "Lan Nguyen", "Sukarno",
    "Smith, Jane", "=cmd|calc Eve", "Jürgen Groß", "Łukasz Żółć", "Nguyễn Thị Minh", "Anne-Marie d'Arc",
    "José da Silva", "Ngozi Okafor", "Tom Baker", "Tom Baker-Jones", "Yuki Tanaka", "Olga Novak", "Max Late",
)  # fmt: skip
MISTAKES = ROOT / "exercises/source" / EXERCISE / "wrong"
LOSES_THE_TEST = MISTAKES / "rings_at_three_sigma.py"
# Mistakes that show on every sheet; who makes which follows from the number.
WRONG = [
    MISTAKES / f"{name}.py"
    for name in (
        "believes_the_majority", "rings_at_three_sigma", "forgets_the_base_rate",
        "reads_the_stamps_as_printed", "rings_at_three_sigma", "starts_every_clock", "tomorrow",
    )
]  # fmt: skip


@dataclass
class Person:
    """One learner: what they do decides which mark must come out."""

    id: str
    name: str
    platform: str
    does: str
    section: str

    @property
    def number(self) -> int:
        return int(self.id.removeprefix("s0"))

    @property
    def login(self) -> str:
        return f"user{self.number}"


def everybody() -> list[Person]:
    """Nine on Moodle, nine on Canvas, five on Brightspace; one hands in nothing, and one comes late."""
    does = ["right", "wrong", "right", "wrong", "blank", "right", "wrong", "right", "copied"]
    found = []
    for at, name in enumerate(PEOPLE):
        platform = ("moodle", "canvas", "brightspace")[at // 9]
        found.append(Person(f"s0{101 + at}", name, platform, does[at % 9], "AB"[at % 2]))
    found[3].does, found[12].does, found[20].does = "unreadable", "late", "missing"
    found[14].does = "late, extended"
    return found


class Term:
    """The instructor's machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people = everybody()
        self.done: list[str] = []
        self.due = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        shutil.copytree(ROOT / "exercises/source", folder / "exercises/source")

    @property
    def course(self) -> Course:
        """Where the commands keep it."""
        return Course(self.folder / DEFAULT)

    def run(self, command: str, ends: int = 0) -> str:
        """Run one of the guide's commands; only the dates in it are put into this term's place."""
        assert command in COMMANDS, f"the guide has no such command: {command}"
        self.done.append(command)
        command = re.sub(r"(?<=--due )\S+", self.due.isoformat(), command)
        command = re.sub(r"(?<=--on )\S+", datetime.now(UTC).date().isoformat(), command)
        more = self.due + timedelta(days=2)
        return self.other(re.sub(r"(?<=--until )\S+", more.isoformat(), command), ends)

    def other(self, command: str, ends: int = 0) -> str:
        """Run a command that stands in the guide's sentences."""
        words = shlex.split(command)
        words[0] = str(Path(sys.executable).parent / words[0])
        env = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        done = subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == ends, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def status(self) -> dict[str, dict]:
        """Where everybody stands, by id."""
        (one,) = json.loads(self.other(f"autograder status {EXERCISE} --json"))["exercises"]
        return {each["learner"]: each for each in one["learners"]}

    def token(self, person: Person) -> str:
        path = self.course.root / "variants" / EXERCISE / f"{person.id}.json"
        return json.loads(path.read_text())["token"]

    def notebook(self, person: Person) -> bytes:
        """What a learner hands in."""
        if person.does == "unreadable":
            return b'{"cells": ['
        owner = self.people[person.number - 102] if person.does == "copied" else person
        wrong = WRONG[person.number % len(WRONG)] if person.does == "wrong" else None
        blank = person.does == "blank"
        token = self.token(owner)
        with Drawer() as drawer:
            sealed = drawer.sheet(secret.load(self.course.home), EXERCISE, token)
        made = json.loads(as_saved(self.course.root, EXERCISE, token, wrong, blank=blank, sealed=sealed))
        for cell in made["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "report" and not blank:
                cell["source"] = f"Dear colleagues, this is the report of number {person.number}."
        made["metadata"]["saved_by"] = person.id
        return json.dumps(made).encode()

    def hand_in(self) -> None:
        """Lay the downloads of three platforms into one folder, with the names that these give."""
        downloads = self.folder / "downloads"
        downloads.mkdir()
        files: dict[str, list[tuple[str, bytes, datetime]]] = {"moodle": [], "canvas": [], "brightspace": []}
        for person in self.people:
            if person.does == "missing":
                continue
            late = person.does.startswith("late")
            when = self.due + (timedelta(hours=3) if late else -timedelta(hours=5))
            files[person.platform].append((named(person, when, late=late), self.notebook(person), when))
        with zipfile.ZipFile(downloads / "moodle.zip", "w") as archive:
            for name, data, when in files["moodle"]:
                archive.writestr(zipfile.ZipInfo(name, when.timetuple()[:6]), data)
        for platform in ("canvas", "brightspace"):
            for name, data, when in files[platform]:
                path = downloads / platform / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                os.utime(path, (when.timestamp(), when.timestamp()))


def named(person: Person, when: datetime, *, late: bool) -> str:
    """Name a file as its platform does."""
    given, family = split(person.name)
    if person.platform == "moodle":
        return f"{given} {family}_{person.number}_assignsubmission_file/exercise.ipynb".strip()
    if person.platform == "canvas":
        mark = "_LATE" if late else ""
        return f"{letters(family + given)}{mark}_{person.number}_{person.number + 5000}_exercise.ipynb"
    clock = when.astimezone().strftime("%b %-d, %Y %-I%M %p")
    return f"{person.number}-99 - {given} {family} - {clock}/exercise.ipynb"


class Marker:
    """A person at the marking page, with a keyboard."""

    def __init__(self, term: Term, command: str, browser) -> None:
        assert command in COMMANDS, f"the guide has no such command: {command}"
        term.done.append(command)
        words = [*shlex.split(command)[1:], "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", *words], cwd=term.folder, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "book/_ext")))},
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.goto(re.search(r"http://\S+", line).group())
        # The samples come first, each with what the authors gave.
        self.enter()
        for points in ("22222", "00101"):
            self.give(points)
            self.enter()

    def press(self, keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def give(self, points: str) -> None:
        """Give the points of the five parts, and save."""
        self.press(points)
        self.enter()

    def says(self, text: str) -> bool:
        return text in self.page.locator("main").inner_text()

    def stop(self) -> None:
        self.context.close()
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()


def marks(path: Path) -> dict[str, dict[str, str]]:
    """Read a file of marks by its first column."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def by_state(term: Term) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for learner, one in term.status().items():
        found.setdefault(one["state"], set()).add(learner)
    return found


def special_cases(term: Term) -> None:
    """Say what lateness costs, excuse, settle a doubt, give a part to everybody; nobody else is touched."""
    before = term.status()

    def changed(field: str) -> dict[str, tuple]:
        now = term.status()
        return {
            who: (one[field], now[who][field]) for who, one in before.items() if one[field] != now[who][field]
        }

    late = f'autograder late {EXERCISE} --points 2 --per day --grace 30 --at-most 10 --why "as announced"'
    term.run(late)
    assert changed("penalty") == {"s0113": (0, 2)} and list(changed("score")) == ["s0113"]
    term.run(f'autograder late {EXERCISE} --off --why "the platform was down"')
    assert term.status() == before

    term.run(f'autograder excuse {EXERCISE} s0104 --why "passed it last year"')
    term.run(f'autograder marks accept {EXERCISE} s0109 --why "I asked her"')
    assert changed("state") == {"s0104": ("held", "excused"), "s0109": ("to look at", "settled")}
    term.run(f'autograder marks give {EXERCISE} check-ends --why "the check was wrong"')
    gained = {now - score for score, now in changed("score").values()}
    assert gained == {3.0} and {"s0105", "s0114", "s0123"} <= set(changed("score"))  # who left it blank too


@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.timeout(3000)
def test_a_term_by_the_guide_loses_nothing_and_needs_no_sql(tmp_path, chromium):
    here = tmp_path / "clone"
    term = Term(here)
    lines = [f'{one.id},"{one.name}",{one.login}@example.org,{one.section}' for one in term.people]
    head = "learner,name,email,section"
    (here / "roster.csv").write_text("\n".join([head, *lines[:-1], ""]), encoding="utf-8")
    (here / "late.csv").write_text("\n".join([head, lines[-1], ""]), encoding="utf-8")
    ids = {one.id for one in term.people}
    doing = {
        does: {one.id for one in term.people if one.does == does}
        for does in {one.does for one in term.people}
    }

    # Before the term, and hand out.
    assert "isolates learner code here" in term.run("autograder doctor")
    term.run(f"autograder release {EXERCISE} --init-secret --roster roster.csv --due 2026-12-11T18:00+01:00")
    term.run("autograder roster late.csv")
    handout = f"autograder handout {EXERCISE} --out ../hand-outs"
    if handout in COMMANDS:
        term.run(handout)
        assert len(list((tmp_path / "hand-outs").glob("*.zip"))) == len(ids)
    assert by_state(term) == {"missing": ids}

    # Collect: three platforms' downloads at once; then everybody is somewhere, and nobody is lost.
    term.hand_in()
    told = term.run("autograder collect downloads --file-times")
    assert "24 taken" in told and " 0 refused" in told, told
    first = term.run(f"autograder status {EXERCISE}")
    assert "24 of 25 handed in, 2 late" in first and "s0121" in first
    term.run(f"autograder grade {EXERCISE} --jobs 2")
    term.run(f"autograder status {EXERCISE} --csv status.csv")
    letters_ = ids - doing["missing"] - doing["unreadable"] - doing["blank"] - doing["copied"]
    expected = {
        "missing": doing["missing"], "held": doing["unreadable"], "to look at": doing["copied"],
        "settled": doing["blank"], "to mark": letters_,
    }  # fmt: skip
    assert by_state(term) == expected
    assert set(marks(here / "status.csv")) == {EXERCISE} and "24 known" in term.other(
        "autograder collect downloads --file-times"
    )
    assert {learner for learner, one in term.status().items() if one["late"]} == {"s0113", "s0115"}
    term.run(f"autograder extend {EXERCISE} s0115 --until 2026-12-13T18:00+01:00")
    assert {learner for learner, one in term.status().items() if one["late"]} == {"s0113"}

    # Mark: Ada everything, Ben a second time.
    ada = Marker(term, f"autograder mark {EXERCISE} --as Ada", chromium)
    while not ada.says("Nothing is left for you."):
        ada.give("21212")
    ada.stop()
    ben = Marker(term, f"autograder mark {EXERCISE} --as Ben", chromium)
    ben.enter()
    ben.give("21211")
    assert ben.says("the first mark stands")
    ben.enter()
    ben.give("00000")
    assert ben.says("waits until somebody settles it")
    with ben.page.expect_navigation():
        ben.page.get_by_role("link", name="settle it now").click()
    ben.give("11111")
    ben.stop()
    before = term.status()
    assert {one["state"] for learner, one in before.items() if learner in letters_} == {"settled"}
    points = sorted(one["score"] for one in before.values() if one["score"] is not None)

    # Mend a bad test: nobody loses a point or a mark, and those who were wronged get theirs.
    report = term.run(f"autograder report {EXERCISE} --html report.html --pdf report.pdf")
    assert "check-threshold" in report and (here / "report.pdf").read_bytes().startswith(b"%PDF")
    source = here / "exercises/source" / EXERCISE / "exercise.py"
    text = source.read_text(encoding="utf-8")
    assert text.count("assert threshold >= low") == 1
    # A neighbour's threshold may be right or not; so that the mend is for these three alone, it names theirs.
    mended = text.replace("assert threshold >= low", "assert threshold >= low or threshold == 3.0")
    source.write_text(mended, encoding="utf-8")
    term.run(f"autograder release {EXERCISE}")
    term.run(f"autograder grade {EXERCISE}")
    after = term.status()
    gained = {
        learner: after[learner]["score"] - one["score"]
        for learner, one in before.items()
        if one["score"] is not None and after[learner]["score"] != one["score"]
    }
    # Those who had lost this item get its point, and nobody else anything.
    assert gained == {"s0102": 1.0, "s0116": 1.0, "s0120": 1.0}, (gained, points)
    assert {learner: one["state"] for learner, one in after.items()} == {
        learner: one["state"] for learner, one in before.items()
    }

    # Give back.
    term.run(f"autograder feedback {EXERCISE} --zip feedback.zip --for moodle")
    with zipfile.ZipFile(here / "feedback.zip") as archive:
        pages = {
            name.partition("/")[0].rsplit("_", 3)[1]: archive.read(name).decode()
            for name in archive.namelist()
        }
    assert set(pages) == {str(one.number) for one in term.people if one.platform == "moodle"}
    assert f"<strong>{after['s0102']['score']:g} of 30 points</strong>." in pages["102"]
    for platform in ("canvas", "moodle"):
        term.run(f"autograder grades {EXERCISE} --for {platform} --out marks-{platform}.csv")
    term.run(f"autograder grades {EXERCISE} --for csv --out marks-all.csv")
    table = marks(here / "marks-all.csv")
    title = next(name for name in table["s0101"] if name not in ("learner", "name", "email", "section"))
    empty = doing["missing"] | doing["unreadable"] | doing["copied"]
    assert {learner for learner, row in table.items() if row[title] == ""} == empty
    assert {learner: float(row[title]) for learner, row in table.items() if row[title]} == {
        learner: one["score"] for learner, one in after.items() if learner not in empty
    }
    assert float(table["s0101"][title]) == 28 and float(table["s0105"][title]) == 0

    # Talk, where it matters.
    term.run(f"autograder viva {EXERCISE} s0101 --pdf talk.pdf")
    assert (here / "talk.pdf").read_bytes().startswith(b"%PDF")
    term.run(f'autograder viva {EXERCISE} s0101 --record passed --examiner "Ada Roy" --on 2026-12-14')

    # Record.
    # It ends with 1, because what is held or to be looked at blocks.
    term.run("autograder evidence --out evidence.json", ends=1)
    evidence = {one["learner"]: one for one in json.loads((here / "evidence.json").read_text())["learners"]}
    assert set(evidence) == ids
    sure = {
        learner for learner, one in evidence.items() if any(piece["certifiable"] for piece in one["evidence"])
    }
    assert sure == letters_ | doing["blank"]
    assurance = {who: {piece["assurance"] for piece in evidence[who]["evidence"]} for who in letters_}
    assert assurance.pop("s0101") == {"supervised"}
    assert set().union(*assurance.values()) == {"marked by a person"}

    special_cases(term)

    # And that was the whole guide.
    assert [command for command in COMMANDS if command not in term.done] == []


def test_the_guides_table_names_every_command():
    """Whoever looks for a command finds it; what it names exists."""
    from autograder.cli import main

    named = set(re.findall(r"^\| `autograder (\w+)", GUIDE, re.MULTILINE))
    assert named == set(main.commands)
