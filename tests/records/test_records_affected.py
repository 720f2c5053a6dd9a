"""From an erratum to the person: a record of 0.1.0, a correction, and whom to tell what."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from coursefacts.__main__ import main as coursefacts

from autograder.records.cli import main

FACT = (Path(__file__).parents[1] / "coursefacts" / "sound.yml").read_text(encoding="utf-8")
ERRATUM = """\
id: e2027-01
title: The list begins at 35 qubits
date: "2027-01-10"
level: wrong-in-law
mended_in: "0.2.0"
facts: [us.4a906.a]
taught: Machines with at least 34 qubits are listed.
right: Machines with at least 35 qubits are listed.
do: Look again at every answer that you gave about a machine of 34 qubits.
"""


class Desk:
    """A course with a few facts beside an issuer with a class: what an institution has, and no git."""

    def __init__(self, folder: Path, evidence: Path, awards: Path) -> None:
        self.facts, self.errata = folder / "book" / "facts", folder / "book" / "errata"
        self.issuer, self.out, self.list = folder / "issuer", folder / "issued", folder / "changed.json"
        for name in ("us.4a906.a", "eu.4a506.a", "us.15cfr734.8"):
            self.write_fact(name, FACT.replace("us.test.a", name))
        self.teach("release", "0.1.0", "--on", "2026-11-22")
        made = self.run("init", "--out", self.issuer, "--name", "Example U", "--url", "https://r.example.edu")
        assert made.exit_code == 0
        told = ("--evidence", evidence, "--awards", awards, "--issuer", self.issuer, "--out", self.out)
        assert self.run("issue", *told, "--learner", "ada").exit_code == 0

    def write_fact(self, name: str, text: str) -> None:
        path = self.facts / "control-list" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def correct(self, erratum: str = ERRATUM) -> None:
        self.write_fact("us.4a906.a", FACT.replace("us.test.a", "us.4a906.a").replace("34", "35"))
        self.errata.mkdir(exist_ok=True)
        (self.errata / "e2027-01.yml").write_text(erratum, encoding="utf-8")

    def run(self, *words: Any) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    def teach(self, *words: str) -> Result:
        return CliRunner().invoke(coursefacts, [*words, "--facts", str(self.facts)])

    def changed(self, since: str = "0.1.0") -> dict[str, Any]:
        told = self.teach("changed", "--since", since, "--json")
        assert told.exit_code == 0, told.output
        self.list.write_text(told.stdout, encoding="utf-8")
        return json.loads(told.stdout)

    def affected(self, *words: Any) -> Result:
        return self.run("affected", self.list, *(words or ("--issuer", self.issuer)))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, evidence_path: Path, awards_path: Path) -> Path:
    folder = tmp_path_factory.mktemp("institution")
    Desk(folder, evidence_path, awards_path)
    return folder


@pytest.fixture
def desk(issued: Path, tmp_path: Path) -> Desk:
    folder = tmp_path / "copy"
    shutil.copytree(issued, folder)
    desk = Desk.__new__(Desk)
    desk.facts, desk.errata = folder / "book" / "facts", folder / "book" / "errata"
    desk.issuer, desk.out, desk.list = folder / "issuer", folder / "issued", folder / "changed.json"
    return desk


def test_while_nothing_has_changed_nobody_is_named(desk: Desk) -> None:
    assert desk.changed()["errata"] == []
    told = desk.affected()
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr == "0 of 1 records teach something that changed since 0.1.0\n"


def test_an_erratum_finds_its_holder(desk: Desk) -> None:
    desk.correct()
    assert (
        "was: Machines with at least 34\xa0qubits are listed."
        in desk.teach("changed", "--since", "0.1.0").stdout
    )
    (change,) = desk.changed()["facts"]
    assert (change["id"], change["change"], change["errata"]) == ("us.4a906.a", "corrected", ["e2027-01"])
    told = desk.affected()
    assert told.exit_code == 0
    words = told.stdout.split("\t")
    assert words[0] == "ada" and words[3] == "0.1.0"
    assert words[-2:] == ["e2027-01 wrong-in-law", "us.4a906.a corrected\n"]
    (found,) = json.loads(desk.affected("--issuer", desk.issuer, "--json").stdout)
    assert found["errata"][0]["do"].startswith("Look again")
    # The issued files say the same as the ledger, also where they are all that somebody has.
    (from_file,) = json.loads(desk.affected(desk.out, "--json").stdout)
    assert {**from_file, "holder": "ada"} == found and from_file["holder"] == "ada"


def test_an_erratum_beside_a_fact_that_stands_finds_its_holder(desk: Desk) -> None:
    """What a case said wrongly next to a right fact: nothing in the fact itself tells."""
    desk.errata.mkdir()
    (desk.errata / "e2027-01.yml").write_text(
        ERRATUM.replace("us.4a906.a", "us.15cfr734.8"), encoding="utf-8"
    )
    assert desk.changed()["facts"] == []
    assert "e2027-01 wrong-in-law" in desk.affected().stdout


def test_what_the_record_does_not_cite_does_not_touch_it(desk: Desk) -> None:
    desk.write_fact("us.other", FACT.replace("us.test.a", "us.other"))
    desk.write_fact("us.4a906.a.2027", FACT.replace("us.test.a", "us.4a906.a.2027"))
    assert [one["change"] for one in desk.changed()["facts"]] == ["new", "new"]
    assert desk.affected().stdout == ""


def test_a_change_of_law_and_a_repeal_are_told(desk: Desk) -> None:
    old = FACT.replace("us.test.a", "us.4a906.a").replace("until: null", 'until: "2027-01-31"')
    desk.write_fact("us.4a906.a", old.replace("status: in-force", "status: repealed"))
    new = FACT.replace("us.test.a", "us.4a906.b").replace("2024-09-06", "2027-02-01").replace("34", "40")
    desk.write_fact("us.4a906.b", new.replace("supersedes: null", "supersedes: us.4a906.a"))
    gone = FACT.replace("us.test.a", "eu.4a506.a").replace("status: in-force", "status: repealed")
    desk.write_fact("eu.4a506.a", gone)
    told = {one["id"]: one for one in desk.changed()["facts"]}
    assert {name: one["change"] for name, one in told.items()} == {
        "eu.4a506.a": "repealed",
        "us.4a906.a": "superseded",
        "us.4a906.b": "new",
    }
    assert told["us.4a906.a"]["successor"] == "us.4a906.b"
    assert desk.affected().stdout.endswith("eu.4a506.a repealed, us.4a906.a superseded\n")


def test_whoever_was_taught_the_mended_version_is_left_alone(desk: Desk) -> None:
    desk.correct()
    assert desk.teach("release", "0.2.0", "--on", "2027-02-01").exit_code == 0
    desk.changed()
    assert "e2027-01" in desk.affected().stdout, "0.1.0 was before it"
    (file,) = desk.out.iterdir()
    later = file.with_name("later.json")
    later.write_text(
        file.read_text("utf-8").replace('"version":"0.1.0"', '"version":"0.2.0"'), encoding="utf-8"
    )
    assert desk.affected(later).stdout == ""
    assert desk.changed("0.2.0")["errata"] == []
    told = desk.affected()
    assert told.stdout == ""
    assert (
        "1 of them are of versions before 0.2.0; ask again with python -m coursefacts changed --since 0.1.0"
        in told.stderr
    )


def test_a_revoked_record_is_left_out_and_an_erased_copy_is_counted(desk: Desk) -> None:
    desk.correct()
    desk.changed()
    (file,) = desk.out.iterdir()
    assert desk.run("erase", "ada", "--issuer", desk.issuer).exit_code == 0
    told = desk.affected()
    assert told.stdout == "" and "1 copies were erased: what they taught cannot be seen" in told.stderr
    identity = json.loads(file.read_text("utf-8"))["id"]
    assert desk.run("revoke", identity, "--issuer", desk.issuer, "--reason", "wrong person").exit_code == 0
    assert "0 of 0 records" in desk.affected().stderr and "erased" not in desk.affected().stderr


BROKEN = {
    "not json": ("{", "is not JSON"),
    "a list": ("[]", "$:"),
    "another schema": ({"schema": "coursefacts.changed/2"}, "$.schema"),
    "no version": ({"since": "first"}, "$.since"),
    "a level of one's own": ({"errata": [{"level": "bad"}]}, "$.errata[0]"),
    "something more": ({"holders": []}, "$.holders"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_list_that_is_none_is_one_line(desk: Desk, name: str) -> None:
    change, words = BROKEN[name]
    whole = desk.changed()
    desk.list.write_text(
        change if isinstance(change, str) else json.dumps({**whole, **change}), encoding="utf-8"
    )
    told = desk.affected()
    assert told.exit_code == 2 and told.stdout == ""
    assert len(told.stderr.splitlines()) == 1 and words in told.stderr
    assert "coursefacts changed --since VERSION --json" in told.stderr


def test_wrong_usage_is_one_line(desk: Desk) -> None:
    desk.changed()
    for words in ((), ("--issuer", desk.issuer, desk.out)):
        told = desk.run("affected", desk.list, *words)
        assert told.exit_code == 2 and "either --issuer or records" in told.stderr
    told = desk.affected(desk.list)
    assert told.exit_code == 2 and "changed.json: is not a record of this program" in told.stderr
    for version in ("0.0.9", "soon", "../0.1.0"):
        told = desk.teach("changed", "--since", version)
        assert told.exit_code == 2
        assert told.stderr == f"no version '{version}' of the course has gone out; the versions are 0.1.0\n"
