"""No command goes on in an older copy of the issuer's folder, or with a ledger that somebody changed."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from autograder.records import times
from autograder.records.cli import main

# What only reads, or has no issuer's folder; each other command must stand in WRITES, and check the ledger.
READS = {
    *("list", "show", "holders", "affected", "verify-ledger"),
    *("verify", "verify-history", "profile-link", "init", "restore"),
}
OTHER = "go on in the folder that published last"
NOTHING = {"since": "0.1.0", "facts_digest": "0" * 64, "errata": [], "facts": []}
CHANGED = "restore the newest backup: records restore FILE --head HEAD"


class Copies:
    """An issuer that published, an older copy of its folder, and one in which a line was changed."""

    def __init__(self, folder, evidence, awards):
        self.folder, self.site, self.issued = folder, folder / "site", folder / "issued"
        self.older, self.changed = folder / "older", folder / "changed"
        self.class_ = ("--evidence", evidence, "--awards", awards)
        mine = folder / "mine"
        url = "https://records.example.edu/quantum"
        self.good("init", "--out", mine, "--name", "U", "--url", url)
        told = ("--issuer", mine)
        self.retired = self.good("settings", *told, "--json")["signing key"]
        self.good("rotate", *told)
        done = self.good("issue", *self.class_, "--out", self.issued, "--json", "--learner", "ada", *told)
        self.record, self.file = done[0]["record"], done[0]["file"]
        self.good("publish", self.site, *told)
        shutil.copytree(mine, self.older)
        shutil.copytree(mine, self.changed)
        self.good("revoke", self.record, "--reason", "fraud", *told)
        self.good("publish", self.site, *told)
        with closing(sqlite3.connect(self.changed / "ledger.sqlite")) as ledger:
            ledger.execute("DROP TRIGGER no_change_of_ledger")
            ledger.execute("UPDATE ledger SET data = replace(data, 'export-controls', 'other')")
            ledger.commit()
        self.phrase = folder / "phrase"
        self.phrase.write_text("another long sentence\n")
        self.phrase.chmod(0o600)

    def run(self, *words):
        done = CliRunner().invoke(main, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def good(self, *words):
        done = self.run(*words)
        assert done.exit_code == 0, done.output + done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    def writes(self):
        """Each command that writes, or hands out what others rely on, with words that are good."""
        record, out, why = self.record, ("--out", self.folder / "never"), ("--reason", "x")
        return {
            "issue": (*self.class_, *out),
            "due": self.class_,
            "publish": (self.site,),
            "erase": ("ada",),
            "revoke": (record, *why),
            "suspend": (record, *why),
            "resume": (record, *why),
            "replace": (record, "--holder", "none", *why, *out),
            "reissue": out,
            "history": ("ada", *out),
            "rotate": (),
            "distrust": (self.retired, "--since", times.text(times.now())),
            "passphrase": ("--new-passphrase-file", self.phrase),
            "settings": ("--list-days", "21"),
            "backup": (self.folder / "never",),
            "public": (record,),
            "carry": (self.file, *out),
            "export": out,
        }


@pytest.fixture(scope="module")
def copies(tmp_path_factory, evidence_path, awards_path):
    return Copies(tmp_path_factory.mktemp("copies"), evidence_path, awards_path)


def digests(folder):
    """What is in a folder, but for files of the database beside its own, which come and go by reading."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    kept = (path for path in found if not path.name.endswith(("-wal", "-shm")))
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.mark.parametrize("name", sorted(set(main.commands) - READS))
def test_it_is_refused_with_the_remedy(copies, name):
    """A new command that writes has no words in `writes` yet, so it fails here until it is held, too."""
    words = copies.writes()[name]
    for folder, what, remedy in (
        (copies.older, "of the ledger", OTHER),
        (copies.changed, "the ledger was changed at line 1", CHANGED),
    ):
        before = digests(folder), digests(copies.site)
        done = copies.run(name, *words, "--issuer", folder)
        assert done.exit_code == 1, (done.output, done.stderr)
        assert remedy in done.stderr and (what in done.stderr or "ledger ends before" in done.stderr)
        assert before == (digests(folder), digests(copies.site))
        assert not (copies.folder / "never").exists()


def test_where_the_newer_folder_is_lost_the_older_one_goes_on(copies, tmp_path):
    """By the words of the refusal: a backup that says so, restored with the loss noted."""
    file, head = tmp_path / "older.tar.gz", copies.site / "ledger/head.json"
    copies.good("backup", file, "--older", "--issuer", copies.older)
    refused = copies.run("restore", file, "--out", tmp_path / "again", "--head", head)
    assert refused.exit_code == 1 and refused.stderr.startswith(f"{head}: the ledger ends before line")
    wrong = copies.run("restore", file, "--out", tmp_path / "again", "--head", copies.file)
    assert wrong.exit_code == 2 and f"{copies.file}: is not a ledger head; name a published" in wrong.stderr
    assert not (tmp_path / "again").exists()
    copies.good("restore", file, "--out", tmp_path / "again", "--head", head, "--lost")
    copies.good("revoke", copies.record, "--reason", "fraud, as before", "--issuer", tmp_path / "again")
    copies.good("backup", tmp_path / "new.tar.gz", "--issuer", tmp_path / "again")


def test_what_only_reads_changes_nothing(copies):
    before = digests(copies.older)
    changed = copies.folder / "changed.json"
    changed.write_text(json.dumps({**NOTHING, "schema": "coursefacts.changed/1"}))
    for words in (
        ("list",),
        ("show", copies.record),
        ("holders", "--of-fact", "us.4a906.a"),
        ("affected", changed),
        ("verify-ledger",),
        ("settings",),
    ):
        copies.good(*words, "--issuer", copies.older)
    assert digests(copies.older) == before


def test_nor_does_an_older_copy_forget_keys_that_were_published(copies, tmp_path):
    """Replaced and stolen keys leave no line in the ledger, so its head alone cannot tell."""
    mine, older, site = tmp_path / "mine", tmp_path / "older", tmp_path / "site"
    copies.good("init", "--out", mine, "--name", "U", "--url", "https://records.example.edu/other")
    (key,) = copies.good("settings", "--json", "--issuer", mine)["signing key"].split()
    for words in (("rotate",), ("rotate", "--publishing"), ("publish", site)):
        copies.good(*words, "--issuer", mine)
    shutil.copytree(mine, older)

    stolen = ("distrust", key, "--since", times.text(times.now()))
    copies.good(*stolen, "--issuer", mine)
    copies.good("publish", site, "--issuer", mine)
    done = copies.run("publish", site, "--issuer", older)
    assert done.exit_code == 1 and f"{key} was reported stolen, and not in this folder" in done.stderr
    assert OTHER in done.stderr and "compromised" in (site / "issuers.json").read_text()
    # Where the other folder is lost, the report is made here.
    copies.good(*stolen, "--issuer", older)
    copies.good("publish", site, "--issuer", older)

    copies.good("rotate", "--issuer", mine)
    copies.good("publish", site, "--issuer", mine)
    done = copies.run("publish", site, "--issuer", older)
    assert done.exit_code == 1 and "is no key of this folder" in done.stderr and OTHER in done.stderr
    copies.good("rotate", "--publishing", "--issuer", mine)
    copies.good("publish", site, "--issuer", mine)
    done = copies.run("publish", site, "--issuer", older)
    assert done.exit_code == 1 and "signed with a key that is unknown here" in done.stderr
