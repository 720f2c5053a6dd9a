"""The command `records` as an institution meets it: words, exit codes, files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.records.cli import main

# Each verification starts the child process that canonicalises.
pytestmark = pytest.mark.slow
COMMANDS = sorted(main.commands)


def snapshot_of(desk):
    """The options that hand the published status lists to the verifier, the accepted date last."""
    listed = [desk.folder / "site" / "status" / f"{name}-1.json" for name in ("revocation", "suspension")]
    day = json.loads(listed[0].read_text())["validFrom"][:10]
    return ("--status-list", listed[0], "--status-list", listed[1], "--accept-status-as-of", day)


class Desk:
    """A folder with an issuer, and the command."""

    def __init__(self, folder, evidence, awards):
        self.folder, self.evidence, self.awards = folder, evidence, awards
        self.issuer, self.out = folder / "issuer", folder / "issued"

    def run(self, *words):
        return CliRunner().invoke(main, [str(word) for word in words])

    def init(self, *words):
        address = "https://records.example.edu/quantum"
        return self.run("init", "--out", self.issuer, "--name", "Example U", "--url", address, *words)

    def issue(self, *words):
        told = ("--evidence", self.evidence, "--awards", self.awards, "--issuer", self.issuer)
        return self.run("issue", *told, "--out", self.out, *words)

    def verify(self, file, *words):
        return self.run("verify", file, "--issuers", self.issuer / "issuers.json", *words)


@pytest.fixture
def desk(tmp_path, evidence_path, awards_path):
    desk = Desk(tmp_path, evidence_path, awards_path)
    assert desk.init().exit_code == 0
    return desk


@pytest.fixture
def record(desk):
    assert desk.issue("--learner", "ada").exit_code == 0
    (file,) = desk.out.iterdir()
    return file


@pytest.fixture
def snapshot(desk):
    assert desk.run("publish", desk.folder / "site", "--issuer", desk.issuer).exit_code == 0
    return snapshot_of(desk)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(name):
    told = CliRunner().invoke(main, [name, "--help"]).output

    assert "Example:" in told and f"records {name}" in told


def test_from_key_to_verified_record(desk, record, snapshot):
    told = desk.verify(record, *snapshot)
    verdict = json.loads(told.stdout)

    assert told.exit_code == 0 and verdict["valid"] and verdict["status"] == "good"
    assert told.stderr.endswith("VALID\n") and "NOT" not in told.stderr


def test_without_a_list_the_status_is_unknown(desk, record):
    told = desk.verify(record)

    assert told.exit_code == 1 and json.loads(told.stdout)["status"] == "unknown"
    assert told.stderr.endswith("NOT VALID\n")


def test_a_date_needs_a_list(desk, record):
    told = desk.verify(record, "--accept-status-as-of", "2026-11-22")
    assert told.exit_code == 2 and "--status-list" in told.stderr


def test_a_list_older_than_accepted(desk, record, snapshot):
    told = desk.verify(record, *snapshot[:-1], "2099-01-01")
    assert told.exit_code == 1 and "older than you accept" in told.stderr


def test_at_another_time(desk, record, snapshot):
    assert desk.verify(record, *snapshot, "--at", "2029-11-20").exit_code == 1
    assert desk.verify(record, *snapshot, "--at", "2029-11-19").exit_code == 0
    assert desk.verify(record, *snapshot, "--at", "2020-01-01").exit_code == 1
    assert desk.verify(record, *snapshot, "--at", "soon").exit_code == 2


def test_changed(desk, record, snapshot):
    record.write_text(record.read_text().replace("Export controls for", "Every module of"))
    told = desk.verify(record, *snapshot)
    assert told.exit_code == 1 and "does not match" in told.stderr


def test_revoked(desk, record):
    identity = json.loads(record.read_text())["id"]
    reason = ("--issuer", desk.issuer, "--reason", "wrong person")
    assert desk.run("revoke", identity, *reason).exit_code == 0
    desk.run("publish", desk.folder / "site", "--issuer", desk.issuer)
    told = desk.verify(record, *snapshot_of(desk))

    assert told.exit_code == 1 and json.loads(told.stdout)["status"] == "revoked"
    assert "wrong person" not in "".join(path.read_text() for path in (desk.folder / "site").rglob("*.*"))
    again = desk.run("revoke", identity, *reason)
    assert again.exit_code == 1 and "revoked already" in again.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "is not JSON"), (b"[" * 5000, "nested"), (b"\xff\xfe", "UTF-8"), (b'{"a":1,"a":2}', "twice")],
)
def test_unreadable_files_get_one_line(desk, content, words):
    file = desk.folder / "x.json"
    file.write_bytes(content)
    told = desk.verify(file)

    assert told.exit_code == 2 and told.stdout == ""
    assert words in told.stderr and str(file) in told.stderr and told.stderr.count("\n") == 1


def test_missing_files_get_one_line(desk, record):
    for told in (
        desk.verify(desk.folder / "nothing.json"),
        desk.run("verify", record, "--issuers", desk.folder / "nothing.json"),
        desk.run("verify", record, "--issuers", record),
        desk.run("publish", desk.folder / "site", "--issuer", desk.folder / "nobody"),
        desk.run("verify-ledger", "--issuer", desk.folder / "nobody"),
        desk.run("due", "--evidence", record, "--awards", desk.awards, "--issuer", desk.issuer),
    ):
        assert told.exit_code == 2 and told.stderr.count("\n") == 1 and "Traceback" not in told.output


def test_a_broken_ledger_gets_one_line(desk):
    (desk.issuer / "ledger.sqlite").write_bytes(b"not a database" * 100)
    told = desk.issue()
    assert told.exit_code == 2 and "is not a ledger" in told.stderr and told.stderr.count("\n") == 1


def test_output_that_cannot_be_written(desk):
    desk.out.write_text("a file where a folder belongs")
    told = desk.issue("--learner", "ada")
    assert told.exit_code == 2 and "cannot be written" in told.stderr and told.stderr.count("\n") == 1


def test_a_class(desk):
    told = desk.issue("--json")
    results = {one["learner"]: one["result"] for one in json.loads(told.stdout)}

    assert told.exit_code == 1
    assert sorted(results.values()) == [
        "issued",
        "issued",
        "lacking",
        "lacking",
        "lacking",
        "lacking",
        "refused",
    ]
    assert "not certifiable" in desk.issue().stdout


def test_a_learner_who_was_named_and_lacks_something(desk):
    told = desk.issue("--learner", "cleo")
    assert told.exit_code == 1 and "79.6 % reached" in told.stdout and not desk.out.exists()


def test_an_unknown_learner(desk):
    assert desk.issue("--learner", "zoe").exit_code == 2


def test_demonstration(desk, snapshot):
    assert desk.issue("--learner", "dina").exit_code == 1
    told = desk.issue("--learner", "dina", "--demonstration")
    (file,) = desk.out.iterdir()
    shown = desk.verify(file, *snapshot)

    assert told.exit_code == 0 and shown.exit_code == 0
    assert json.loads(shown.stdout)["achievement"].startswith("Demonstration")
    assert "certifies nothing" in shown.stderr


class TestPassphrase:
    @pytest.fixture
    def desk(self, tmp_path, evidence_path, awards_path):
        (tmp_path / "phrase").write_text("correct horse\n")
        desk = Desk(tmp_path, evidence_path, awards_path)
        assert desk.init("--passphrase-file", tmp_path / "phrase").exit_code == 0
        return desk

    def test_right(self, desk):
        assert desk.issue("--learner", "ada", "--passphrase-file", desk.folder / "phrase").exit_code == 0

    def test_wrong_or_missing(self, desk):
        (desk.folder / "wrong").write_text("wrong horse\n")
        for words in ((), ("--passphrase-file", desk.folder / "wrong")):
            told = desk.issue("--learner", "ada", *words)
            assert told.exit_code == 2 and "passphrase" in told.stderr and "horse" not in told.output

    def test_too_short(self, desk):
        (desk.folder / "short").write_text("abc\n")
        told = desk.issue("--passphrase-file", desk.folder / "short")
        assert told.exit_code == 2 and "fewer than 8" in told.stderr


def test_a_passphrase_may_be_typed(tmp_path):
    words = [
        "init",
        "--out",
        str(tmp_path / "i"),
        "--name",
        "U",
        "--url",
        "https://u.example",
        "--ask-passphrase",
    ]
    told = CliRunner().invoke(main, words, input="correct horse\ncorrect horse\n")
    (key,) = (tmp_path / "i" / "keys").iterdir()

    assert told.exit_code == 0 and "horse" not in told.output and "encrypted" in json.loads(key.read_text())
    assert (
        CliRunner().invoke(main, [*words[:2], str(tmp_path / "j"), *words[3:]], input="a\na\n").exit_code == 2
    )
    assert not (tmp_path / "j").exists()


def test_rotation_and_ledger(desk, record, snapshot):
    assert desk.run("rotate", "--issuer", desk.issuer).exit_code == 0
    assert desk.verify(record, *snapshot).exit_code == 0
    head = desk.folder / "site" / "ledger" / "head.json"
    told = desk.run("verify-ledger", "--issuer", desk.issuer, "--head", head)
    assert told.exit_code == 0 and "1 lines, all whole, and the published head is among them" in told.stdout
    assert desk.issue("--learner", "ben").exit_code == 0
    assert len(list((desk.issuer / "keys").iterdir())) == 1


def test_due_export_erase(desk, record):
    due = desk.run("due", "--evidence", desk.evidence, "--awards", desk.awards, "--issuer", desk.issuer)
    export = desk.run("export", "--format", "csv", "--issuer", desk.issuer, "--out", desk.folder / "c.csv")

    assert due.exit_code == 0 and due.stdout.startswith("holds\tada\texport-controls\t2029-11-20\n")
    assert export.exit_code == 0 and '"ada",' in (desk.folder / "c.csv").read_text()
    assert "1 copies erased" in desk.run("erase", "ada", "--issuer", desk.issuer).stdout


def test_nothing_secret_is_shown(desk, record, snapshot):
    (key,) = (desk.issuer / "keys").iterdir()
    secret = json.loads(key.read_text())["secretKeyMultibase"]
    outputs = [
        desk.verify(record, *snapshot).output,
        desk.issue().output,
        desk.run("publish", desk.folder / "site", "--issuer", desk.issuer).output,
    ]
    published = [path.read_text() for path in (desk.folder / "site").rglob("*.*")]

    assert all(secret not in text for text in [*outputs, *published, record.read_text()])
    assert all("Ada Example" not in text and "ada@" not in text for text in [*outputs, *published])


def test_the_installed_command_needs_no_course(desk, record):
    """Records stand alone: nothing of the course, of Jupyter or of Sphinx is loaded."""
    code = (
        "import sys; from autograder.records.cli import main; "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('coursefacts', 'courselab', 'coursebook', 'scenarios', 'nbgrader', 'sphinx', 'IPython', 'qiskit')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    assert Path(sys.executable).with_name("records").exists()
