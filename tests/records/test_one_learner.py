"""One learner never stops a class: the fault names file and learner, the others go on, exit 1 at the end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.records.cli import main


class Class:
    """An issuer and a class whose evidence a test may spoil."""

    def __init__(self, folder: Path, evidence: Path, awards: Path) -> None:
        self.folder, self.awards = folder, awards
        self.evidence = folder / "evidence.json"
        self.told = json.loads(evidence.read_text())
        self.write()
        url = "https://records.example.edu"
        assert self.run("init", "--out", folder / "issuer", "--name", "U", "--url", url).exit_code == 0

    def write(self):
        self.evidence.write_text(json.dumps(self.told))

    def run(self, *words):
        return CliRunner().invoke(main, [str(word) for word in words])

    def issue(self, *words):
        files = ("--evidence", self.evidence, "--awards", self.awards, "--out", self.folder / "out")
        return self.run("issue", *files, "--issuer", self.folder / "issuer", *words)

    def due(self):
        files = ("--evidence", self.evidence, "--awards", self.awards)
        return self.run("due", *files, "--issuer", self.folder / "issuer")

    def learner(self, name):
        return next(one for one in self.told["learners"] if one["learner"] == name)


@pytest.fixture
def group(tmp_path, evidence_path, awards_path):
    return Class(tmp_path, evidence_path, awards_path)


def issued(told):
    return sorted(one["learner"] for one in json.loads(told.stdout) if one["result"] == "issued")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda one: one["evidence"][0].update(score=-1), "(ada): evidence[0].exercise.score: "),
        (lambda one: one["evidence"][0].update(date="yesterday"), "(ada): evidence[0].exercise.date: "),
        (
            lambda one: one["evidence"].append(one["evidence"][0]),
            "(ada): exercise export-controls stands",
        ),
        (lambda one: one.update(learner="a b"), "(no usable id): learner: "),
        (lambda one: one.update(learner=5), "(no usable id): learner: "),
        (lambda one: one.update(name="x" * 3000), "(ada): name: "),
        (lambda one: one.update(learner="ben"), "(ben): stands twice in the file"),
    ],
)
def test_a_learner_who_cannot_be_read_is_left_out(group, spoil, words):
    place = group.told["learners"].index(group.learner("ada"))
    spoil(group.learner("ada"))
    group.write()
    told = group.issue("--json")
    assert told.exit_code == 1 and "Traceback" not in told.stderr
    assert f"{group.evidence}: $.learners[" in told.stderr and f"$.learners[{place}] " in told.stderr
    assert words in told.stderr
    assert "left out; all others are done" in told.stderr
    others = {"ben"} - ({"ben"} if "ben" in words else set())
    assert others <= set(issued(told)) and "ada" not in issued(told)

    due = group.due()
    assert due.exit_code == 1 and "left out" in due.stderr and "\tada\t" not in due.stdout
    assert len(due.stdout.splitlines()) == len(json.loads(told.stdout))


def test_nobody_is_left_out_of_a_class_in_order(group):
    told = group.issue()
    assert "left out" not in told.stderr and group.due().exit_code == 0


@pytest.mark.parametrize("name", ["\ue000\ue001", "x" * 201])
def test_a_name_that_cannot_be_drawn_stops_nobody_elses_sheet(group, name):
    records = [Path(one["file"]) for one in json.loads(group.issue("--json").stdout) if one["file"]]
    group.learner("ada")["name"] = name
    group.write()
    words = ("--issuer", group.folder / "issuer", "--evidence", group.evidence)
    broken = group.folder / "broken.json"
    broken.write_text("{}")
    (hers,) = [path for path in records if path.name.startswith("ada-")]
    told = group.run("carry", hers, broken, *[path for path in records if path != hers], "--out",
                     group.folder / "sheets", "--format", "pdf", *words)  # fmt: skip

    assert told.exit_code == 1
    made = {path.stem for path in (group.folder / "sheets").iterdir()}
    assert made == {path.stem for path in records} - {hers.stem} and made
    lines = told.stderr.splitlines()
    assert any(line.startswith(f"{hers}: ada: ") for line in lines)
    assert any(line.startswith(f"{broken}: ") for line in lines)
    assert "2 left out" in told.stderr
