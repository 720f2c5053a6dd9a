"""The command `records` as an institution meets it: words, exit codes, files."""

import json
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.records import issuer, times
from autograder.records.cli import main

# Each verification starts the child process that canonicalises.
pytestmark = pytest.mark.slow
COMMANDS = sorted(main.commands)


def snapshot_of(desk):
    """The options that hand the published status lists to the verifier, the accepted date last."""
    listed = [desk.folder / "site" / "status" / f"{name}-1.json" for name in ("revocation", "suspension")]
    day = json.loads(listed[0].read_text())["validFrom"][:10]
    return ("--status-list", listed[0], "--status-list", listed[1], "--accept-status-as-of", day)


def secret(file, text):
    """A file that its owner alone may read."""
    file.write_text(text)
    file.chmod(0o600)


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
    assert "wrong person" not in "".join(
        path.read_text("latin-1") for path in (desk.folder / "site").rglob("*.*")
    )
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
    """Said before anything is signed or noted, so that nothing stands in the ledger and nowhere else."""
    desk.out.write_text("a file where a folder belongs")
    words = ("--issuer", desk.issuer)
    for told in (
        desk.issue("--learner", "ada"),
        desk.run("reissue", "--out", desk.out, *words),
        desk.run(
            "replace", "5f0e12ab", "--holder", "none", "--reason", "x", "--out", desk.out / "in", *words
        ),
        desk.run("publish", desk.out, *words),
    ):
        assert told.exit_code == 2 and "name a folder" in told.stderr and told.stderr.count("\n") == 1
    with closing(issuer.open_home(desk.issuer).open_ledger()) as ledger:
        assert ledger.head() is None and ledger.head_before("9999-01-01T00:00:00Z") is None


def test_an_institution_without_a_name(desk):
    told = desk.run("init", "--out", desk.folder / "x", "--name", " ", "--url", "https://example.edu")
    assert told.exit_code == 2 and told.stderr == "the institution's name is empty; give --name\n"


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
        secret(tmp_path / "phrase", "correct horse\n")
        desk = Desk(tmp_path, evidence_path, awards_path)
        assert desk.init("--passphrase-file", tmp_path / "phrase").exit_code == 0
        return desk

    def test_right(self, desk):
        assert desk.issue("--learner", "ada", "--passphrase-file", desk.folder / "phrase").exit_code == 0

    def test_wrong_or_missing(self, desk):
        secret(desk.folder / "wrong", "wrong horse\n")
        for words in ((), ("--passphrase-file", desk.folder / "wrong")):
            told = desk.issue("--learner", "ada", *words)
            assert told.exit_code == 2 and "passphrase" in told.stderr and "horse" not in told.output

    def test_too_short(self, desk):
        secret(desk.folder / "short", "abc\n")
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
    typo = desk.run("erase", "Ada", "--issuer", desk.issuer)
    assert typo.exit_code == 1 and "nothing is kept here under the id Ada" in typo.stderr
    assert "1 copy erased" in desk.run("erase", "ada", "--issuer", desk.issuer).stdout


class TestManyFiles:
    def test_a_folder(self, desk, record, snapshot):
        desk.issue("--learner", "ben")
        desk.run("publish", desk.folder / "site", "--issuer", desk.issuer)
        told = desk.verify(desk.out, *snapshot)
        lines = [json.loads(line) for line in told.stdout.splitlines()]

        assert told.exit_code == 0 and len(lines) == 2 and all(line["valid"] for line in lines)
        assert {Path(line["file"]).name[:3] for line in lines} == {"ada", "ben"}
        assert "2 valid, 0 not valid, 0 unreadable" in told.stderr

    def test_good_and_bad_ones(self, desk, record, snapshot):
        changed = desk.folder / "changed.json"
        changed.write_text(record.read_text().replace("Export controls for", "Every module of"))
        (desk.folder / "none.json").write_text("{")
        told = desk.verify(record, changed, *snapshot)
        assert told.exit_code == 1 and "1 valid, 1 not valid" in told.stderr
        assert f"{changed}: NOT proof" in told.stderr
        told = desk.verify(record, changed, desk.folder / "none.json", *snapshot)
        assert told.exit_code == 2 and "1 unreadable" in told.stderr
        assert [json.loads(line)["valid"] for line in told.stdout.splitlines()] == [True, False, False]

    def test_an_empty_folder(self, desk):
        (desk.folder / "empty").mkdir()
        assert desk.verify(desk.folder / "empty").exit_code == 2

    def test_more_files_than_are_held_at_once(self, desk, record, snapshot):
        told = desk.verify(*[record] * 450, *snapshot)
        assert told.exit_code == 0 and "450 valid" in told.stderr


def test_online_where_nobody_answers(desk, record):
    """The name of the issuer's host leads nowhere, and the answer is that the status is unknown."""
    told = desk.verify(record, "--online")
    verdict = json.loads(told.stdout)

    assert told.exit_code == 1 and verdict["status"] == "unknown"
    assert "cannot be had" in told.stderr and "Traceback" not in told.stderr


class TestDrills:
    """What the record format page tells an institution to do, command by command."""

    def run(self, desk, *words):
        told = desk.run(*words)
        assert told.exit_code == 0, told.output + told.stderr
        return told

    def test_theft(self, desk, record):
        own = ("--issuer", desk.issuer)
        self.run(desk, "publish", desk.folder / "site", *own)
        after = times.text(times.now() + timedelta(seconds=1))
        while times.now() < times.moment(after):
            pass
        self.run(desk, "issue", *self.told(desk), "--out", desk.out, "--learner", "ben")
        ben = next(desk.out.glob("ben-*"))
        told = self.run(desk, "rotate", *own, "--compromised", after)
        assert "1 records stand by the head of" in told.stderr and "records reissue" in told.stderr
        told = self.run(desk, "reissue", *own, "--out", desk.folder / "anew")
        assert told.stdout.startswith("issued\tben\texport-controls\t")
        self.run(desk, "publish", desk.folder / "site", *own)
        digests = ("--digests", desk.folder / "site" / "ledger" / "digests.txt")
        lists = snapshot_of(desk)
        assert desk.verify(record, *lists).exit_code == 1
        assert desk.verify(record, *lists, *digests).exit_code == 0
        assert desk.verify(ben, *lists, *digests).exit_code == 1
        assert desk.verify(next((desk.folder / "anew").iterdir()), *lists).exit_code == 0
        assert (
            "No record has to be issued"
            in self.run(desk, "reissue", *own, "--out", desk.folder / "anew").stderr
        )

    def told(self, desk):
        return ("--evidence", desk.evidence, "--awards", desk.awards, "--issuer", desk.issuer)

    def test_a_retired_key(self, desk, record):
        key = json.loads((desk.issuer / "issuers.json").read_text())["issuers"][0]["keys"][0]
        own = ("--issuer", desk.issuer)
        assert "in use" in desk.run("distrust", key["id"], "--since", "2026-01-01", *own).stderr
        self.run(desk, "rotate", *own)
        assert (
            "no record of this key stands"
            in self.run(desk, "distrust", key["publicKeyMultibase"], "--since", "2026-01-01", *own).stderr
        )
        assert desk.run("distrust", "z6Mkx", "--since", "2026-01-01", *own).exit_code == 2
        assert desk.run("distrust", key["id"], "--since", "2099-01-01", *own).exit_code == 2

    def test_backup_and_restore(self, desk, record):
        own = ("--issuer", desk.issuer)
        self.run(desk, "publish", desk.folder / "site", *own)
        head = ("--head", desk.folder / "site" / "ledger" / "head.json")
        self.run(desk, "backup", desk.folder / "b.tar.gz", *own)
        self.run(desk, "restore", desk.folder / "b.tar.gz", "--out", desk.folder / "again", *head)
        told = self.run(desk, "verify-ledger", "--issuer", desk.folder / "again", *head)
        assert "1 lines, all whole, and the published head is among them" in told.stdout
        self.run(desk, "issue", *self.told(desk), "--out", desk.out, "--learner", "ben")
        self.run(desk, "publish", desk.folder / "site", *own)
        words = ("restore", desk.folder / "b.tar.gz", "--out", desk.folder / "third", *head)
        assert desk.run(*words).exit_code == 1
        self.run(desk, *words, "--lost")

    def test_suspension(self, desk, record):
        identity = json.loads(record.read_text())["id"]
        why = ("--issuer", desk.issuer, "--reason", "asked the dean")
        self.run(desk, "suspend", identity, *why)
        self.run(desk, "publish", desk.folder / "site", "--issuer", desk.issuer)
        told = desk.verify(record, *snapshot_of(desk))
        assert told.exit_code == 1 and json.loads(told.stdout)["status"] == "suspended"
        self.run(desk, "resume", identity, *why)
        self.run(desk, "publish", desk.folder / "site", "--issuer", desk.issuer)
        assert desk.verify(record, *snapshot_of(desk)).exit_code == 0
        published = b"".join(path.read_bytes() for path in (desk.folder / "site").rglob("*.*"))
        assert b"dean" not in published


SECRETS = ("correct horse", "wrong horse", "Ada Example", "ada@example.edu", "hunter2hunter2")


def test_no_error_holds_a_key_a_passphrase_or_a_person(tmp_path, evidence_path, awards_path):
    """Every command with everything wrong that can be: what it says names files and places, and nobody."""
    desk = Desk(tmp_path, evidence_path, awards_path)
    secret(tmp_path / "right", "correct horse battery\n")
    secret(tmp_path / "wrong", "wrong horse battery\n")
    right, wrong = (("--passphrase-file", tmp_path / name) for name in ("right", "wrong"))
    assert desk.init(*right).exit_code == 0
    own = ("--issuer", desk.issuer)
    for number, change in enumerate(
        [
            lambda d: d["learners"][0].update(email=5),
            lambda d: d["learners"][0].update(learner="ada example/@"),
            lambda d: d["learners"].append(d["learners"][0]),
            lambda d: d["learners"][0]["evidence"][0].update(title="Ada Example\u0007"),
            lambda d: d["learners"][0].update(extra="ada@example.edu"),
        ]
    ):
        document = json.loads(evidence_path.read_text())
        change(document)
        (tmp_path / f"e{number}.json").write_text(json.dumps(document))
    bad = sorted(tmp_path.glob("e?.json"))
    (key,) = (desk.issuer / "keys").iterdir()
    told = [
        desk.issue(*wrong),
        desk.issue(),
        desk.issue(*right, "--learner", "Ada Example"),
        desk.issue(*right, "--holder", "email", "--json"),
        *[
            desk.run("issue", "--evidence", one, "--awards", desk.awards, *own, "--out", desk.out)
            for one in bad
        ],
        *[desk.run("due", "--evidence", one, "--awards", desk.awards, *own) for one in bad],
        desk.run("due", "--evidence", evidence_path, "--awards", desk.awards, *own),
        desk.run("publish", tmp_path / "site", *own, *wrong),
        desk.run("reissue", *own, "--out", desk.out, *wrong),
        desk.run("rotate", *own, "--passphrase-file", key),
        desk.run("issue", "--evidence", key, "--awards", desk.awards, *own, "--out", desk.out),
        desk.run("verify", key, "--issuers", key),
        desk.run("verify-ledger", *own, "--db", "postgresql://u:hunter2hunter2@/x?host=/nowhere"),
        desk.run("backup", tmp_path / "b.tar.gz", *own),
        desk.run("restore", key, "--out", tmp_path / "x", "--head", key),
        desk.run("verify", tmp_path / "right", "--issuers", tmp_path / "right"),
    ]
    stored = [json.loads(path.read_text()) for path in (desk.issuer / "keys").iterdir()]
    hidden = [*SECRETS, *[one["encrypted"]["data"] for one in stored if "encrypted" in one]]
    hidden += [one["secretKeyMultibase"] for one in stored if "secretKeyMultibase" in one]
    for ended in told:
        assert ended.exit_code in (0, 1, 2)
        said = ended.output + ended.stderr
        assert "Traceback" not in said and not [one for one in hidden if one in said], said


def test_nothing_secret_is_shown(desk, record, snapshot):
    (key,) = (desk.issuer / "keys").iterdir()
    secret = json.loads(key.read_text())["secretKeyMultibase"]
    outputs = [
        desk.verify(record, *snapshot).output,
        desk.issue().output,
        desk.run("publish", desk.folder / "site", "--issuer", desk.issuer).output,
    ]
    published = [path.read_text("latin-1") for path in (desk.folder / "site").rglob("*.*")]

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
