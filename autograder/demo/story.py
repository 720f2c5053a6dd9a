"""The story of one exercise, told by the commands that people would type."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from coursefacts import yamltext
from coursefacts.errors import InputFault

from autograder import secret
from autograder.course import NBGRADER, Course
from autograder.demo.cohort import COHORT, Invented, notebook_of, wrong_answers
from autograder.files import iso, now, write_bytes, write_json, write_text
from autograder.roster import write_table
from autograder.sheets import Drawer

__all__ = ["Story", "Teller"]

_COMMENT = "An invented instructor marked this for the demonstration."


@dataclass
class Story:
    """Where everything lies and what was given."""

    exercise: str
    source: Path
    awards: Path
    cases: Path
    out: Path
    issued: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, str] = field(default_factory=dict)

    @property
    def course(self) -> Path:
        """Nbgrader's folder of the course directory."""
        return self.out / "course" / NBGRADER


class Teller:
    """Runs the commands one after another, and stops with the first that fails."""

    def __init__(self, story: Story, quiet: bool = False) -> None:
        self.story = story
        self.quiet = quiet
        self.due = now() - timedelta(days=1)

    def tell(self) -> None:
        """Everything, in order."""
        if self.story.out.exists():
            shutil.rmtree(self.story.out)
        self.story.out.mkdir(parents=True)
        self.release()
        self.work()
        self.collect()
        self.grade()
        self.mark()
        self.look_back()
        self.certify()

    def run(self, *words: str | Path, ends: tuple[int, ...] = (0,)) -> str:
        """Run one of the course's commands; a wrong exit code ends the story."""
        command = [str(word) for word in words]
        if not self.quiet:
            print("$", " ".join(_short(word) for word in command), flush=True)
        command[0] = str(Path(sys.executable).parent / command[0])
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
        if done.returncode not in ends:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            last = said[-1] if said else "nothing was said"
            raise InputFault(
                f"{words[0]} {words[1]} ended with {done.returncode}: {last}", remedy="see above"
            )
        return done.stdout

    def release(self) -> None:
        """The instructor releases the exercise to a roster."""
        story = self.story
        roster = story.out / "roster.csv"
        rows = [(one.id, one.name, f"{one.id}@example.org") for one in COHORT]
        write_table(roster, ("learner", "name", "email"), rows)
        self.run(
            "autograder", "release", story.exercise, "--quick", "--source", story.source,
            "--course", story.course, "--roster", roster, "--init-secret", "--due", iso(self.due),
        )  # fmt: skip

    def work(self) -> None:
        """Everybody works; some hand in by the course's own command, some over an LMS."""
        course, name = Course(self.story.course), self.story.exercise
        source, released = (_read(folder) for folder in (course.source(name), course.release(name)))
        wrong = wrong_answers(self.story.source / name)
        played = self._play()
        key, drawer = secret.load(course.home), Drawer()
        for one in COHORT:
            sheet = drawer.sheet(key, name, self._token(one))
            workspace = self.story.out / "workspaces" / one.id
            path = workspace / "exercises" / name / "exercise.ipynb"
            text = notebook_of(one.kind, source, released, wrong, sheet.literal if sheet else {})
            write_text(path, _with_token(text, self._token(one)))
            for case, transcript in played.items() if one.plays else ():
                write_bytes(workspace / "transcripts" / f"{case}.json", transcript)
            self._hand_in(one, workspace, path)
        drawer.close()

    def _token(self, one: Invented) -> str:
        path = Course(self.story.course).root / "variants" / self.story.exercise / f"{one.id}.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["token"])

    def _play(self) -> dict[str, bytes]:
        """Play what the awards ask for: a case along its first walk, a quiz with the right answers."""
        played: dict[str, bytes] = {}
        where = ("--cases", self.story.cases)
        for case in _cases_of(self.story.awards):
            if not (self.story.cases / case).is_dir():
                continue
            target = self.story.out / "played" / f"{case}.json"
            target.parent.mkdir(parents=True, exist_ok=True)
            walks = sorted((self.story.cases / case / "walks").glob("*.txt"))
            if walks:
                self.run("scenarios", "play", case, "--walk", walks[0], "--save", target, *where)
                write_json(target, _read_and_discussed(json.loads(target.read_bytes())))
            else:
                write_json(target, _answered(json.loads(self.run("scenarios", "compile", case, *where))))
            played[case] = target.read_bytes()
        return played

    def _hand_in(self, one: Invented, workspace: Path, path: Path) -> None:
        name = self.story.exercise
        inbox = self.story.out / ("late" if one.way == "late" else "inbox")
        if one.way == "folder":
            write_text(inbox / one.id / f"{name}.ipynb", path.read_text(encoding="utf-8"))
            return
        said = self.run(
            "autograder", "handin", name, "--learner", one.id, "--token", self._token(one),
            "--workspace", workspace, "--json",
        )  # fmt: skip
        made = Path(json.loads(said)["file"])
        first, last = one.name.split()
        names = {
            "moodle": Path("download.zip"),
            "canvas": Path(f"{last}{first}_12345_67890_{made.stem}-1.zip".lower()),
        }
        target = inbox / names.get(one.way, Path(made.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        if one.way == "moodle":
            with zipfile.ZipFile(target, "w") as archive:
                archive.write(made, f"{one.name}_4711_assignsubmission_file/{made.name}")
        else:
            shutil.copy(made, target)

    def collect(self) -> None:
        """The instructor takes what came in time, and later what came late."""
        course = self.story.course
        in_time = iso(self.due - timedelta(hours=1))
        self.run("autograder", "collect", self.story.out / "inbox", "--course", course, "--received", in_time)
        self.run("autograder", "collect", self.story.out / "late", "--course", course, "--received", "now")

    def grade(self) -> None:
        """The class is graded."""
        results = self.story.out / "results.json"
        self.run(
            "autograder", "grade", self.story.exercise, "--course", self.story.course, "--jobs", "2",
            "--json", results,
        )  # fmt: skip

    def mark(self) -> None:
        """An invented instructor marks the written parts in a table, as others would on the page."""
        table = self.story.out / "marks.csv"
        words = ("autograder", "mark", self.story.exercise, "--course", self.story.course)
        self.run(*words, "--out", table)
        shares = {one.id: one.written for one in COHORT}
        with table.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        meta = Course(self.story.course).meta(self.story.exercise)
        rubric = meta.get("rubric", {"parts": []})
        parts = {part["name"]: float(part["points"]) for part in rubric["parts"]}
        for line in lines:
            share = shares[line["learner"]]
            if share is not None and line["state"] == "open" and parts:
                line |= _points(parts, share) | {"comment": _COMMENT}
        write_table(table, list(lines[0]), [list(line.values()) for line in lines])
        self.run(*words, "--as", "An invented instructor", "--in", table)

    def look_back(self) -> None:
        """Feedback, report, evidence."""
        story = self.story
        self.run("autograder", "feedback", story.exercise, "--course", story.course)
        said = self.run("autograder", "report", "--course", story.course, "--html", story.out / "report.html")
        write_text(story.out / "report.txt", said)
        self.run(
            "autograder", "evidence", "--course", story.course, "--out", story.out / "evidence.json",
            "--cases", story.cases, ends=(0, 1),
        )  # fmt: skip

    def certify(self) -> None:
        """An invented institution issues demonstration records, and a stranger verifies them."""
        out = self.story.out
        issuer, phrase = out / "issuer", out / "passphrase.txt"
        write_text(phrase, "only for this demonstration\n", 0o600)
        secret = ("--passphrase-file", phrase)
        self.run(
            "records", "init", "--out", issuer, "--name", "Example University (demonstration)",
            "--url", "https://records.example.edu", *secret,
        )  # fmt: skip
        self.run(
            "records", "issue", "--evidence", out / "evidence.json", "--awards", self.story.awards,
            "--issuer", issuer, "--out", out / "records", "--all", "--demonstration", *secret,
        )  # fmt: skip
        self.run("records", "publish", out / "site", "--issuer", issuer, *secret)
        issued = sorted((out / "records").glob("*.json"))
        self.run(
            "records", "carry", *issued, "--out", out / "certificates", "--format", "pdf",
            "--issuer", issuer, "--evidence", out / "evidence.json",
        )  # fmt: skip
        for path in issued:
            said = self.run(
                "records", "verify", path, "--issuers", issuer / "issuers.json",
                "--status-list", out / "site" / "status" / "revocation-1.json",
                "--status-list", out / "site" / "status" / "suspension-1.json",
                "--accept-status-as-of", str(now().date()), ends=(0, 1),
            )  # fmt: skip
            verdict = json.loads(said)
            learner = next(one.id for one in COHORT if path.name.startswith(f"{one.id}-"))
            self.story.issued[learner] = (
                "issued as a demonstration, verified" if verdict["valid"] else _why(verdict)
            )


def _why(verdict: dict[str, Any]) -> str:
    failed = [check["check"] for check in verdict["checks"] if not check["ok"]]
    return f"issued; not verified: {', '.join(failed)}"


def _with_token(text: str, token: str) -> str:
    """Let a notebook file bear its learner's token, as everybody writes it there."""
    return re.sub(r'TOKEN = \\"[^"\\]*\\"', lambda _: f'TOKEN = \\"{token}\\"', text)


def _read_and_discussed(transcript: dict[str, Any]) -> dict[str, Any]:
    """Let an invented learner have taken an hour, and say two sentences; a walk is played in no time."""
    said = "I would ask the people concerned before I decide. What they told me came too late to help."
    return {**transcript, "started": iso(now() - timedelta(hours=1)), "finished": iso(now()), "note": said}


def _answered(quiz: dict[str, Any]) -> dict[str, Any]:
    """Make the transcript of somebody who answers a quiz rightly."""
    return {
        "schema": "transcript/2",
        "case": quiz["id"],
        "case_digest": quiz["digest"],
        # Without a seed each question is asked in its first form.
        "choices": [_key(item["forms"][0]) for item in quiz["logic"]["items"]],
        "started": iso(now() - timedelta(minutes=10)),
        "finished": iso(now()),
    }


def _key(form: dict[str, Any]) -> int | list[int] | str:
    """Give what is right in a form of a question: an option, several, or something typed."""
    correct: list[int] = form["correct"]
    if form["asks"] != "choice":
        return str(form["typed"][correct[0] - 1][0])
    return correct if form["multiple"] else correct[0]


def _points(parts: dict[str, float], share: float) -> dict[str, str]:
    """Spend a share of a rubric's points on its parts, the first ones first."""
    left = round(share * sum(parts.values()) * 2) / 2
    given = {}
    for name, most in parts.items():
        given[f"part: {name}"] = f"{min(most, left):g}"
        left -= min(most, left)
    return given


def _read(folder: Path) -> Any:
    path = next(iter(sorted(folder.glob("*.ipynb"))))
    return json.loads(path.read_text(encoding="utf-8"), object_hook=_joined)


def _joined(found: dict[str, Any]) -> dict[str, Any]:
    """Make one text of a cell's lines."""
    if isinstance(found.get("source"), list):
        found["source"] = "".join(found["source"])
    return found


def _cases_of(awards: Path) -> list[str]:
    """List the cases and quizzes that awards ask for."""
    data = yamltext.read(awards).data
    needs = [award.get("needs", {}) for award in data["awards"]]
    return list(
        dict.fromkeys(name for need in needs for key in ("cases", "quizzes") for name in need.get(key) or [])
    )


def _short(word: str) -> str:
    try:
        return str(Path(word).relative_to(Path.cwd()))
    except ValueError:
        return f"'{word}'" if " " in word else word
