"""The completion file: its columns, who is in it, and that no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import awards, evidence, issue, issuer, office
from autograder.records.cli import main
from autograder.records.export import completions

COLUMNS = [
    "person id",
    "course",
    "version",
    "group",
    "stage",
    "score",
    "pass mark",
    "completed on",
    "expires on",
]


@pytest.fixture
def desk(make_issuer, tmp_path, evidence_path, awards_path):
    """An issuer that has given Ada her record, and a way to give more."""
    home = make_issuer()

    def give(learner="ada", demonstration=False):
        content = json.loads(evidence_path.read_text())
        content["learners"] = [{**content["learners"][0], "learner": learner}]
        file = tmp_path / "evidence.json"
        file.write_text(json.dumps(content))
        shown = evidence.load(file)
        run = issue.Run(
            home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "none", demonstration
        )
        (outcome,) = issue.issue(run, shown.chosen(()))
        assert outcome.result == "issued"
        return outcome.record

    return home, give


def rows(home, group=None):
    return list(csv.reader(io.StringIO(completions.table(home, group))))


def test_columns_and_a_line(desk):
    home, give = desk
    give()
    assert rows(home) == [
        COLUMNS,
        [
            "ada",
            "open-by-default",
            "0.1.0",
            "export-controls",
            "Export controls for quantum science",
            "86.7",
            "80",
            "2026-11-20",
            "2029-11-20",
        ],
    ]
    assert rows(home, "Physics 2026")[1][3] == "Physics 2026"
    assert completions.table(home).count("\r\n") == 2


def test_only_what_stands_is_in_it(desk):
    home, give = desk
    kept = [give("ada"), give("ben"), give("cleo"), give("dora", demonstration=True)]
    office.mark(home, "revoke", kept[0], "wrong person")
    office.mark(home, "suspend", kept[1], "being looked at")
    assert [row[0] for row in rows(home)[1:]] == ["cleo"]
    office.mark(home, "resume", kept[1], "looked at")
    assert [row[0] for row in rows(home)[1:]] == ["ben", "cleo"]
    with closing(home.open_ledger()) as ledger:
        ledger.erase("cleo")
    assert "cleo" not in completions.table(home)


@pytest.mark.parametrize("person", ["=1+1", "+1", "-2", "@SUM(A1)", "=cmd|'!A1", "＝1", '=1";"=1'])
def test_a_formula_is_only_words(desk, person):
    home, give = desk
    give(person)
    assert rows(home)[1][0] == f"'{person}"


@given(st.text(max_size=30))
def test_no_cell_begins_like_a_formula(text):
    cell = completions.neutral(text)
    assert cell.lstrip()[:1] not in tuple("=+-@|%")
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("cell", ["\t=1", " =1", "\r\n@x", "\ufeff=1", "\u00a0+1", "|x", "%x"])
def test_blanks_before_a_formula_do_not_hide_it(cell):
    assert completions.neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["ada", "2026-11-20", "86.7", "", "a=b", "O'Neil", "x-y"])
def test_honest_cells_stay(cell):
    assert completions.neutral(cell) == cell


class TestCommand:
    def run(self, *words):
        return CliRunner().invoke(main, ["export", *map(str, words)])

    def test_it_writes_a_file_for_the_office_alone(self, desk, tmp_path):
        home, give = desk
        give()
        file = tmp_path / "c.csv"
        told = self.run("--issuer", home.path, "--group", "=G", "--out", file)

        assert told.exit_code == 0 and told.stdout == f"{file}\n"
        assert file.read_bytes().decode() == completions.table(home, "=G")
        assert file.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((), "needs --issuer"),
            (("--issuer", "nobody"), "is not an issuer's folder"),
            (("--format", "xlsx"), "--format"),
            (("--format", "scorm12"), "needs --html and --module"),
            (("--format", "scorm12", "--html", "x", "--module", "../y"), "outside of the book"),
            (("--format", "scorm12", "--html", "x", "--module", "y"), "is not a module of a built book"),
        ],
    )
    def test_wrong_usage_gets_one_line(self, tmp_path, words, told):
        result = self.run("--out", tmp_path / "x", *words)
        assert result.exit_code == 2 and told in result.stderr and result.stderr.count("\n") == 1
        assert not (tmp_path / "x").exists()


def test_an_issuer_with_no_record_has_an_empty_file(make_issuer):
    home: issuer.Home = make_issuer()
    assert rows(home) == [COLUMNS]
