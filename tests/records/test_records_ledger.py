"""The ledger over the years: killed, shared, on a server, lost and restored."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from autograder.records import (
    awards,
    backup,
    chain,
    evidence,
    issue,
    issuer,
    office,
    publish,
    safejson,
    status,
)
from autograder.records.cli import main
from autograder.records.errors import Fault, Refused
from autograder.records.ledger import Ledger
from tests.postgres import SERVERS, new_database
from tests.records.people import named

HERE = Path(__file__).parent


def make(folder, db=None):
    url = "https://records.example.edu/quantum"
    return issuer.create(folder, name="U", url=url, did=None, passphrase=None, db=db)


def work(home, evidence_path, awards_path, out):
    shown = evidence.load(evidence_path)
    return issue.Run(home, home.signer(), shown, awards.load(awards_path), out, "id", False)


def issued(run, *names):
    return list(issue.issue(run, run.evidence.chosen(names)))


@pytest.fixture
def run(tmp_path, evidence_path, awards_path):
    return work(make(tmp_path / "issuer"), evidence_path, awards_path, tmp_path / "out")


class TestKilledBeforeEachStep:
    """SIGKILL leaves nothing or a whole record, and the next run ends the work without a second one."""

    def drill(self, folder, evidence_path, awards_path, tmp_path, address=""):
        words = [HERE / "killing.py", folder, evidence_path, awards_path, tmp_path, address]
        done = subprocess.run(
            [sys.executable, *map(str, words)], capture_output=True, text=True, check=False, timeout=500
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def judge(self, told):
        assert [one["killed"] for one in told] == [True] * (len(told) - 1) + [False]
        assert {one["lines"] for one in told} == {0, 2}
        assert {one["files"] for one in told} == {0, 1, 2}
        assert all(one["again"] == 0 and one["end"] == {"lines": 2, "files": 2} for one in told)
        assert len(told) > 15

    @pytest.mark.slow
    def test_sqlite(self, evidence_path, awards_path, tmp_path):
        home = make(tmp_path / "issuer")
        self.judge(self.drill(home.path, evidence_path, awards_path, tmp_path))

    @pytest.mark.proof
    def test_postgres(self, postgres, evidence_path, awards_path, tmp_path):
        home = make(tmp_path / "issuer", new_database(postgres, "kill0"))
        new_database(postgres, "kill_kept")
        address = postgres.format(name="kill{step}")
        self.judge(self.drill(home.path, evidence_path, awards_path, tmp_path, address))


ISSUER = """
import json, sys
from pathlib import Path
from autograder.records import awards, evidence, issue, issuer
folder, shown, wanted, out, db = sys.argv[1:]
issue.BATCH = 5
home = issuer.open_home(Path(folder), db or None)
shown, wanted = evidence.load(Path(shown)), awards.load(Path(wanted))
run = issue.Run(home, home.signer(), shown, wanted, Path(out), "id", False)
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([one.result for one in issue.issue(run, run.evidence.learners)]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_offices_that_issue_at_the_same_moment(kind, evidence_path, awards_path, tmp_path, request):
    """Four processes, one class in four batches: each record once, no place twice, whoever is first."""
    db = request.getfixturevalue("db") if kind == "postgres" else None
    home = make(tmp_path / "issuer", db)
    document = json.loads(evidence_path.read_text())
    learner = document["learners"][0]
    document["learners"] = [named(learner, f"person{number}") for number in range(20)]
    large = tmp_path / "evidence.json"
    large.write_text(json.dumps(document))
    words = [sys.executable, "-c", ISSUER, home.path, large, awards_path, tmp_path / "out", db or ""]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    offices = [subprocess.Popen([*map(str, words)], **pipes) for _ in range(4)]
    assert [one.stdout.readline() for one in offices] == ["ready\n"] * 4
    for one in offices:
        one.stdin.write("\n")
        one.stdin.flush()
    told = [json.loads(one.communicate(timeout=300)[0]) for one in offices]

    assert sum(results.count("issued") for results in told) == 20
    assert all(set(results) <= {"issued", "already"} and len(results) == 20 for results in told)
    with closing(home.open_ledger()) as ledger:
        places = [row.place for row in ledger.events("issue")]
    assert len(set(places)) == len(places) == 20 == chain.check_ledger(home, None)
    assert len(list((tmp_path / "out").glob("*.json"))) == 20


@pytest.mark.slow
class TestPostgres:
    @pytest.fixture
    def desk(self, db, evidence_path, awards_path, tmp_path):
        def call(*words, db=db):
            return CliRunner().invoke(main, [str(one) for one in (*words, *(("--db", db) if db else ()))])

        call.folder, call.db = tmp_path, db
        call.told = ("--evidence", evidence_path, "--awards", awards_path, "--issuer", tmp_path / "issuer")
        url = "https://records.example.edu/quantum"
        made = call("init", "--out", tmp_path / "issuer", "--name", "U", "--url", url)
        assert made.exit_code == 0, made.output
        return call

    def test_every_command(self, desk):
        folder = desk.folder
        own = ("--issuer", folder / "issuer")
        assert not (folder / "issuer" / "ledger.sqlite").exists()
        done = desk("issue", *desk.told, "--out", folder / "out", "--learner", "ada", "--learner", "ben")
        assert done.exit_code == 0, done.output
        ada = json.loads(next((folder / "out").glob("ada-*")).read_text())["id"]
        ben = json.loads(next((folder / "out").glob("ben-*")).read_text())["id"]
        assert desk("suspend", ada, *own, "--reason", "review").exit_code == 0
        assert desk("revoke", ben, *own, "--reason", "wrong").exit_code == 0
        assert "suspended\tada" in desk("due", *desk.told).stdout
        assert desk("publish", folder / "site", *own).exit_code == 0
        head = folder / "site" / "ledger" / "head.json"
        assert "4 lines, all whole, and the published" in desk("verify-ledger", *own, "--head", head).stdout
        assert desk("resume", ada, *own, "--reason", "cleared").exit_code == 0
        assert desk("export", *own, "--out", folder / "c.csv").exit_code == 0
        assert '"ada"' in (folder / "c.csv").read_text() and '"ben"' not in (folder / "c.csv").read_text()
        assert "1 copy erased" in desk("erase", "ada", *own).stdout
        assert desk("verify-ledger", *own).exit_code == 0
        assert desk("rotate", *own, "--compromised", "2026-01-01").exit_code == 0
        assert desk("reissue", *own, "--out", folder / "anew").exit_code == 0

    def test_the_life_of_a_record(self, desk):
        """Found, corrected, shown in public, looked back at, and taken back by a list, as in a file."""
        own, out = ("--issuer", desk.folder / "issuer"), ("--out", desk.folder / "out")

        def told(*words):
            done = desk(*words, *own, "--json")
            assert done.exit_code == 0, done.output
            return json.loads(done.stdout)

        desk("issue", *desk.told, *out, "--learner", "ada", "--learner", "ben")
        ada, ben = told("list", "--of-fact", "us.4a906.a", "--state", "good")
        assert (ada["learner"], ben["learner"]) == ("ada", "ben")
        assert desk("public", ada["record"], "--name", "Ada", *own).exit_code == 0
        words = ("--learner", "p17", "--reason", "new ids", *out)
        (new,) = told("replace", ada["record"][9:17], *words)
        assert (new["learner"], new["award"]) == ("p17", ada["award"])
        shown = told("show", new["record"])
        assert (shown["state"], shown["predecessor"]) == ("good", ada["record"]) and shown["facts"]
        gone = told("show", ada["record"])
        assert (gone["state"], gone["successor"], gone["reason"]) == ("replaced", new["record"], "new ids")
        assert {one["record"] for one in told("holders", "--of-fact", "us.4a906.a")} == {
            new["record"],
            ben["record"],
        }
        held = {one["record"]: one["now"] for one in told("history", "p17")["records"]}
        assert held == {ada["record"]: "replaced", new["record"]: "good"}
        assert desk("publish", desk.folder / "site", *own).exit_code == 0
        assert new["record"] in (desk.folder / "site" / "index.html").read_text()
        wrong = desk.folder / "wrong.txt"
        wrong.write_text(f"{new['record']}\n{ben['record']}\n")
        for more, state in (("--dry-run",), "good"), ((), "revoked"):
            assert desk("revoke", "--list", wrong, "--reason", "leaked", *own, *more).exit_code == 0
            assert {one["state"] for one in told("list")} == {"replaced", state}
        assert told("list", "--on", "2020-01-01") == []
        assert desk("verify-ledger", *own).exit_code == 0

    def test_it_is_append_only(self, desk):
        desk("issue", *desk.told, "--out", desk.folder / "out")
        with psycopg.connect(desk.db, autocommit=True) as connection:
            for statement in ("UPDATE ledger SET at = 'x'", "DELETE FROM ledger", "TRUNCATE ledger"):
                with pytest.raises(psycopg.Error, match="append-only"):
                    connection.execute(statement)

    def test_forgetting_the_address_makes_no_second_ledger(self, desk):
        told = desk("issue", *desk.told, "--out", desk.folder / "out", db=None)
        assert told.exit_code == 2 and "there is no ledger" in told.stderr and "--db" in told.stderr
        assert not (desk.folder / "issuer" / "ledger.sqlite").exists()

    def test_another_issuers_ledger(self, desk, postgres):
        other = make(desk.folder / "other", new_database(postgres, "another"))
        told = desk("verify-ledger", "--issuer", other.path)
        assert told.exit_code == 2 and "another issuer's ledger" in told.stderr
        assert desk("init", "--out", desk.folder / "x", "--name", "U", "--url", "https://a.b").exit_code == 2
        assert not (desk.folder / "x").exists()

    def test_a_server_that_is_not_there_keeps_its_password(self, desk):
        for address in (
            "postgresql://records:hunter2hunter2@/x?host=/nowhere",
            "mysql://records:hunter2hunter2@/x",
            "postgresql://records:hunter2hunter2@[::1/x",
        ):
            told = desk("verify-ledger", "--issuer", desk.folder / "issuer", db=address)
            assert told.exit_code == 2 and told.stderr.count("\n") == 1
            assert "hunter2" not in told.output + told.stderr

    def test_dump_and_restore(self, desk, postgres):
        own = ("--issuer", desk.folder / "issuer")
        desk("issue", *desk.told, "--out", desk.folder / "out")
        desk("publish", desk.folder / "site", *own)
        saved = desk("backup", desk.folder / "b.tar.gz", *own)
        assert saved.exit_code == 0 and "without the ledger" in saved.stdout and "pg_dump" in saved.stderr
        dump = subprocess.run(
            [SERVERS[-1] / "pg_dump", "--no-owner", "-d", desk.db], capture_output=True, check=True
        ).stdout
        fresh = new_database(postgres, "restored")
        subprocess.run(
            [SERVERS[-1] / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", fresh],
            input=dump,
            capture_output=True,
            check=True,
        )
        words = ("--out", desk.folder / "again", "--head", desk.folder / "site" / "ledger" / "head.json")
        told = desk("restore", desk.folder / "b.tar.gz", *words, db=fresh)
        assert told.exit_code == 0 and "2 lines of the ledger, all whole" in told.stdout, told.output
        with (
            psycopg.connect(fresh, autocommit=True) as connection,
            pytest.raises(psycopg.Error, match="append-only"),
        ):
            connection.execute("DELETE FROM ledger")


class TestBackup:
    def head(self, run, tmp_path):
        publish.publish(run.home, tmp_path / "site", run.signer)
        return tmp_path / "site" / "ledger" / "head.json"

    def test_there_and_back(self, run, tmp_path, evidence_path, awards_path):
        before = issued(run)
        head = self.head(run, tmp_path)
        assert backup.backup(run.home, tmp_path / "b.tar.gz") == 2
        assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
        shutil.rmtree(run.home.path)
        assert backup.restore(tmp_path / "b.tar.gz", run.home.path, db=None, head=head, lost=False) == 2
        again = work(issuer.open_home(run.home.path), evidence_path, awards_path, tmp_path / "anew")

        assert [one.record for one in issued(again)] == [one.record for one in before]
        for path in (again.home.path / "keys").iterdir():
            assert path.stat().st_mode & 0o777 == 0o600
        assert again.home.path.stat().st_mode & 0o077 == 0
        assert (again.home.path / "did.json").read_bytes() == (tmp_path / "site" / "did.json").read_bytes()

    def test_while_somebody_writes(self, run, tmp_path):
        issued(run, "ada")
        with closing(run.home.open_ledger()) as other:
            other._db.execute("BEGIN")
            other._db.execute("SELECT count(*) FROM ledger").fetchone()
            issued(run, "ben")
            assert backup.backup(run.home, tmp_path / "b.tar.gz") == 2

    def test_an_old_backup_is_refused(self, run, tmp_path):
        issued(run, "ada")
        backup.backup(run.home, tmp_path / "b.tar.gz")
        issued(run, "ben")
        head = self.head(run, tmp_path)
        with pytest.raises(Refused, match="ends before line 2"):
            backup.restore(tmp_path / "b.tar.gz", tmp_path / "again", db=None, head=head, lost=False)
        assert not (tmp_path / "again").exists()

    def test_after_a_loss_no_place_is_given_twice(self, run, tmp_path, evidence_path, awards_path):
        issued(run, "ada")
        backup.backup(run.home, tmp_path / "b.tar.gz")
        issued(run, "ben")
        head = self.head(run, tmp_path)
        assert backup.restore(tmp_path / "b.tar.gz", tmp_path / "again", db=None, head=head, lost=True) == 2
        home = issuer.open_home(tmp_path / "again")
        again = work(home, evidence_path, awards_path, tmp_path / "anew")
        (ben,) = issued(again, "ben")
        with closing(home.open_ledger()) as ledger:
            row = ledger.issue_of(ben.record)
        assert ben.result == "issued" and row.place >= status.ENTRIES
        record = safejson.read(Path(ben.file))
        assert record["credentialStatus"]["statusListCredential"].endswith("/status/revocation-3.json")
        publish.publish(home, tmp_path / "new site", again.signer)
        assert (tmp_path / "new site" / "status" / "suspension-3.json").exists()
        with pytest.raises(Refused, match="nothing is lost"):
            backup.restore(
                tmp_path / "b.tar.gz",
                tmp_path / "third",
                db=None,
                head=self.earlier(run, tmp_path),
                lost=True,
            )

    def earlier(self, run, tmp_path):
        """A head that the backup reaches, made by the same key."""
        shutil.copytree(run.home.path, tmp_path / "copy")
        home = issuer.open_home(tmp_path / "copy")
        (tmp_path / "copy" / "ledger.sqlite").unlink()
        for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
            (tmp_path / "copy" / name).unlink(missing_ok=True)
        with tarfile.open(tmp_path / "b.tar.gz") as archive:
            (tmp_path / "copy" / "ledger.sqlite").write_bytes(archive.extractfile("ledger.sqlite").read())
        publish.publish(home, tmp_path / "early", run.signer)
        return tmp_path / "early" / "ledger" / "head.json"

    @pytest.mark.parametrize(
        "member",
        ["../evil", "/etc/evil", "keys/../../evil", "keys/a/b.json", "notes.txt", "issuer.json"],
    )
    def test_what_is_no_backup(self, run, tmp_path, member):
        head = self.head(run, tmp_path)
        backup.backup(run.home, tmp_path / "good.tar.gz")
        with (
            tarfile.open(tmp_path / "good.tar.gz") as good,
            tarfile.open(tmp_path / "b.tar.gz", "w:gz") as bad,
        ):
            for entry in good:
                bad.addfile(entry, good.extractfile(entry))
            bad.addfile(tarfile.TarInfo(member))
        with pytest.raises(Fault):
            backup.restore(tmp_path / "b.tar.gz", tmp_path / "again", db=None, head=head, lost=False)
        assert not (tmp_path / "again").exists() and not (tmp_path / "evil").exists()
        assert not list(tmp_path.glob(".part-*"))

    @pytest.mark.parametrize("content", [b"", b"not an archive", None])
    def test_what_is_no_archive(self, run, tmp_path, content):
        head = self.head(run, tmp_path)
        if content is not None:
            (tmp_path / "b.tar.gz").write_bytes(content)
        with pytest.raises(Fault):
            backup.restore(tmp_path / "b.tar.gz", tmp_path / "again", db=None, head=head, lost=False)


class TestPlaces:
    def test_a_list_that_is_half_full_is_left(self):
        used = set(range(0, status.ENTRIES, 2))

        def count(low, high):
            return len([place for place in used if low <= place < high])

        assert status.free_place(used.__contains__, count) // status.ENTRIES == 1
        used.remove(0)
        assert status.free_place(used.__contains__, count) // status.ENTRIES == 0
        assert status.free_place(used.__contains__, count, 3 * status.ENTRIES) // status.ENTRIES == 3

    def test_a_place_in_the_second_list(self, run):
        place = status.ENTRIES + 5
        entry = status.entry(run.home.issuer, place)
        assert entry["statusListIndex"] == "5" and entry["id"].endswith("/status/revocation-2.json#5")
        first = status.credential(run.home.issuer, [place], publish.times.now())
        second = status.credential(run.home.issuer, [place], publish.times.now(), number=2)
        assert not status.is_set(status.decode(first["credentialSubject"]["encodedList"]), "5")
        assert status.is_set(status.decode(second["credentialSubject"]["encodedList"]), "5")


def test_a_ledger_is_never_made_by_the_way(tmp_path, run):
    (run.home.path / "ledger.sqlite").unlink()
    with pytest.raises(Fault, match="there is no ledger"):
        issued(run)
    assert not (run.home.path / "ledger.sqlite").exists()


def test_another_ledger_in_its_place(tmp_path, run):
    Ledger(tmp_path / "other.sqlite", create=True).close()
    (tmp_path / "other.sqlite").rename(run.home.path / "ledger.sqlite")
    with pytest.raises(Fault, match="another issuer's ledger"):
        issued(run)


def test_heads_are_append_only(run, tmp_path):
    issued(run)
    publish.publish(run.home, tmp_path / "site", run.signer)
    with (
        closing(sqlite3.connect(run.home.ledger)) as db,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        db.execute("DELETE FROM heads")


class TestDue:
    def lines(self, run, **other):
        return {
            one.learner: one
            for one in office.due(run.home, run.evidence, run.awards, **{"days": 90, **other})
        }

    def test_suspended_records_are_shown(self, run):
        (done,) = issued(run, "ada")
        office.mark(run.home, "suspend", done.record, "review")
        assert self.lines(run)["ada"].state == "suspended"
        with pytest.raises(Refused, match="suspended already"):
            office.mark(run.home, "suspend", done.record, "review")
        office.mark(run.home, "resume", done.record, "done")
        with pytest.raises(Refused, match="not suspended"):
            office.mark(run.home, "resume", done.record, "done")
        assert self.lines(run)["ada"].state == "holds"

    def test_earlier_classes_are_shown_when_their_records_end(self, run):
        issued(run, "ada", "ben")
        rest = run.evidence.model_copy(update={"learners": run.evidence.chosen(("cleo",))})
        shown = {one.learner: one for one in office.due(run.home, rest, run.awards, 3650)}
        soon = {one.learner: one for one in office.due(run.home, rest, run.awards, 90)}
        assert {name: one.state for name, one in shown.items()} == {
            "cleo": "lacks",
            "ada": "expires",
            "ben": "expires",
        }
        assert shown["ada"].note == "not in this evidence" and set(soon) == {"cleo"}
