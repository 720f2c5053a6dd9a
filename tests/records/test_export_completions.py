"""The completion file: its columns, who is in it, and that no spreadsheet runs it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import awards, evidence, issue, issuer, office
from autograder.records.cli import main
from autograder.records.export import completions, layouts, people

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
    "record id",
]


@pytest.fixture
def desk(make_issuer, tmp_path, evidence_path, awards_path):
    """An issuer that has given Ada her record, and a way to give more."""
    home = make_issuer()

    def give(learner="ada", demonstration=False):
        content = json.loads(evidence_path.read_text())
        content["learners"] = [{**content["learners"][0], "learner": learner}]
        digest = hashlib.sha256(learner.encode()).hexdigest()
        content["learners"][0]["evidence"][0] |= {"submission_sha256": digest, "variant": "1" * 64}
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


def rows(home, feed=None, **told):
    return list(csv.reader(io.StringIO(completions.table(home, feed or completions.Feed(**told)))))


def test_columns_and_a_line(desk):
    home, give = desk
    record = give()
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
            record,
        ],
    ]
    assert rows(home, group="Physics 2026")[1][3] == "Physics 2026"
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
        assert file.read_bytes().decode() == completions.table(home, completions.Feed(group="=G"))
        assert file.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((), "needs --issuer"),
            (("--issuer", "nobody"), "is not an issuer's folder"),
            (("--format", "xlsx"), "--format"),
            (("--format", "scorm12"), "needs --html and --module"),
            (("--format", "cmi5"), "needs --html and --module"),
            (("--issuer", "nobody", "--layout", "kuali"), "only --evidence knows"),
            (("--issuer", "nobody", "--layout", "kuali", "--columns", "x"), "choose between"),
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


class TestLayouts:
    """Files as other offices' software reads them, by the real command."""

    def run(self, home, tmp_path, evidence_path, *words):
        out = tmp_path / "feed.csv"
        told = CliRunner().invoke(
            main,
            [
                *("export", "--issuer", str(home.path), "--out", str(out)),
                *("--evidence", str(evidence_path), *map(str, words)),
            ],
        )
        lines = list(csv.DictReader(io.StringIO(out.read_bytes().decode()))) if out.exists() else []
        return told, lines

    def test_kuali_reads_what_it_asks_for(self, desk, tmp_path, evidence_path):
        """Its loader maps a line by group id and stage number, and a person by the user name."""
        home, give = desk
        record = give()
        told, (line,) = self.run(home, tmp_path, evidence_path, "--layout", "kuali", "--group", "Physics")

        assert told.exit_code == 0 and told.stderr == ""
        wanted = "Group Id|Group|Passing Score|Stage Number|Stage|Institutional Username|Date Completed"
        assert {*wanted.split("|"), "Expiration Date", "Registration Date"} <= set(line)
        assert (line["Group Id"], line["Stage Number"], line["Institutional Username"]) == (
            "export-controls",
            "1",
            "ada",
        )
        assert (line["Group"], line["Score"], line["Passing Score"]) == ("Physics", "86.7", "80")
        assert (line["Date Completed"], line["Expiration Date"]) == ("11/20/2026", "11/20/2029")
        assert (line["First Name"], line["Last Name"], line["CR Number"]) == ("Ada", "Example", record)

    def test_cayuse_begins_in_its_fixed_order(self, desk, tmp_path, evidence_path):
        home, give = desk
        give()
        _, (line,) = self.run(home, tmp_path, evidence_path, "--layout", "cayuse")
        assert list(line)[:6] == ["Last Name", "First Name", "Group", "Curriculum", "Stage Number", "Stage"]
        assert list(line.values())[:2] == ["Example", "Ada"]

    def test_citi_has_the_headings_of_its_own_feed(self, desk, tmp_path, evidence_path):
        home, give = desk
        give()
        _, (line,) = self.run(home, tmp_path, evidence_path, "--layout", "citi")
        assert list(line)[:4] == ["First Name", "Last Name", "Employee Number", "CR Number"]
        assert {"Curriculum", "Learner Id", "Institutional User Name", "Email"} <= set(line)
        assert line["Email"] == "ada@example.edu" and line["Registration Date"] == ""

    def test_a_second_record_of_a_learner_is_the_second_stage(self, desk, tmp_path, evidence_path):
        home, give = desk
        give()
        content = json.loads(evidence_path.read_text())
        content["learners"] = [content["learners"][0]]
        content["learners"][0]["evidence"][0] |= {"submission_sha256": "f" * 64, "variant": "2" * 64}
        file = tmp_path / "later.json"
        file.write_text(json.dumps(content))
        wanted = awards.load(evidence_path.with_name("awards.yml"))
        run = issue.Run(home, home.signer(), evidence.load(file), wanted, tmp_path / "out", "none", False)
        (outcome,) = issue.issue(run, run.evidence.chosen(()))
        assert outcome.result == "issued"
        _, lines = self.run(home, tmp_path, evidence_path, "--layout", "kuali")
        assert [line["Stage Number"] for line in lines] == ["1", "2"]
        office.mark(home, "revoke", lines[0]["CR Number"], "made twice")
        _, lines = self.run(home, tmp_path, evidence_path, "--layout", "kuali")
        assert [line["Stage Number"] for line in lines] == ["1"]

    def test_a_map_of_columns_is_the_offices_own(self, desk, tmp_path, evidence_path):
        home, give = desk
        give()
        columns = tmp_path / "columns.yml"
        listed = [
            {"name": "Surname", "field": "last name"},
            {"name": "Training", "by_award": {"export-controls": "4711"}},
            {"name": "Source", "text": "=Open by Default"},
            {"name": "Done", "field": "completed on"},
        ]
        columns.write_text(yaml.safe_dump({"schema": "columns/1", "dates": "DD/MM/YYYY", "columns": listed}))
        told, (line,) = self.run(home, tmp_path, evidence_path, "--columns", columns)
        assert told.exit_code == 0
        assert list(line.values()) == ["Example", "4711", "'=Open by Default", "20/11/2026"]

        listed[1]["by_award"] = {"other": "1"}
        columns.write_text(yaml.safe_dump({"schema": "columns/1", "columns": listed}))
        before = (tmp_path / "feed.csv").read_bytes()
        told, _ = self.run(home, tmp_path, evidence_path, "--columns", columns)
        assert told.exit_code == 2 and "says nothing for the award export-controls" in told.stderr
        assert (tmp_path / "feed.csv").read_bytes() == before

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("schema: columns/1\ncolumns:\n  - {name: A, field: shoe size}\n", "c.yml:3"),
            ("schema: columns/1\ncolumns:\n  - {name: A}\n", "exactly one of field, text and by_award"),
            ("schema: columns/1\ncolumns: []\n", "$.columns"),
            ("a: [", "is not YAML"),
        ],
    )
    def test_a_wrong_map_names_its_line(self, desk, tmp_path, evidence_path, text, words):
        home, _ = desk
        file = tmp_path / "c.yml"
        file.write_text(text)
        told, _ = self.run(home, tmp_path, evidence_path, "--columns", file)
        assert told.exit_code == 2 and words in told.stderr and told.stderr.count("\n") == 1

    def test_groups_are_the_sections_of_the_roster(self, desk, tmp_path, evidence_path):
        home, give = desk
        give("ada")
        give("ben")
        roster = tmp_path / "roster.csv"
        roster.write_text("\ufefflearner;name;Section\nada;Ada;Tuesday\nben;Ben;\n", encoding="utf-8")
        _, lines = self.run(home, tmp_path, evidence_path, "--roster", roster, "--group", "Physics")
        assert [line["group"] for line in lines] == ["Tuesday", "Physics"]
        roster.write_text("learner,name\nada,Ada\n")
        told, _ = self.run(home, tmp_path, evidence_path, "--roster", roster)
        assert told.exit_code == 2 and "has no column 'section'" in told.stderr

    def test_groups_and_family_names_come_with_the_evidence(self, desk, tmp_path, evidence_path):
        """What the roster said reaches the feed by the evidence; a roster beside it goes first."""
        home, give = desk
        give("ada")
        give("ben")
        shown = json.loads(evidence_path.read_text())
        people_of = {one["learner"]: one for one in shown["learners"]}
        people_of["ada"] |= {"name": "Ada García López", "sortable": "García López, Ada", "section": "=A"}
        file = tmp_path / "class.json"
        file.write_text(json.dumps(shown))
        _, (ada, ben) = self.run(home, tmp_path, file, "--layout", "kuali", "--group", "Physics")
        assert (ada["First Name"], ada["Last Name"], ada["Group"]) == ("Ada", "García López", "'=A")
        assert ben["Group"] == "Physics"
        roster = tmp_path / "roster.csv"
        roster.write_text("learner,section\nada,Tuesday\n")
        _, (ada, _) = self.run(home, tmp_path, file, "--layout", "kuali", "--roster", roster)
        assert ada["Group"] == "Tuesday"

    def test_since_leaves_out_what_was_sent_before(self, desk, tmp_path, evidence_path):
        home, give = desk
        give()
        today = datetime.now(UTC)
        _, lines = self.run(home, tmp_path, evidence_path, "--since", f"{today:%Y-%m-%d}")
        assert len(lines) == 1
        _, lines = self.run(home, tmp_path, evidence_path, "--since", f"{today + timedelta(days=1):%Y-%m-%d}")
        assert lines == []

    def test_who_has_no_name_here_is_told(self, desk, tmp_path, evidence_path):
        """A learner of an earlier class stays in the file, with an empty name."""
        home, give = desk
        give("ada")
        give("zoe")
        told, lines = self.run(home, tmp_path, evidence_path, "--layout", "cayuse")
        assert told.exit_code == 0 and [line["Last Name"] for line in lines] == ["Example", ""]
        assert "1 of the learners have no name here (zoe)" in told.stderr


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Example", ("Ada", "Example")),
        ("Example, Ada", ("Ada", "Example")),
        ("María José García", ("María José", "García")),
        ("Sukarno", ("", "Sukarno")),
        ("", ("", "")),
    ],
)
def test_a_name_has_a_first_and_a_last_part(name, parts):
    assert people.split_name(name) == parts


@pytest.mark.parametrize("name", layouts.NAMES)
def test_no_layout_has_a_heading_twice(name):
    columns = [column.name for column in layouts.builtin(name).columns]
    assert len(columns) == len(set(columns))
