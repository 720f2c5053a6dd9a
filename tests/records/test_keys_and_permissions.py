"""The right key signs, what was signed verifies, secrets are the owner's alone, and a reader can read."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from autograder.records import awards, chain, evidence, issue, issuer, keys, publish, times
from autograder.records.cli import main
from autograder.records.errors import Fault
from autograder.records.reissue import reissue

# Root writes everywhere, so it goes without the two rights that let it; anybody else is as they are.
WITHOUT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
AS_A_READER = WITHOUT if os.geteuid() == 0 else ()
COMMAND = (sys.executable, "-c", "from autograder.records.cli import main; main()")


@pytest.fixture
def run(make_issuer, evidence_path, awards_path, tmp_path):
    home, shown = make_issuer(), evidence.load(evidence_path)
    return issue.Run(home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "id", False)


def issued(run, *names):
    return list(issue.issue(run, run.evidence.chosen(names)))


class TestTheKey:
    def test_another_key_under_the_name_of_the_one_in_use(self, run):
        file = run.home.key_file(run.home.active)
        keys.store(file, keys.make(), None)
        with pytest.raises(Fault, match="is not the key in use; restore it from a backup") as caught:
            run.home.signer()
        assert caught.value.path == file

    def test_what_does_not_verify_is_never_written_down(self, run, tmp_path):
        wrong = replace(run.signer, key=keys.make())
        with pytest.raises(Fault, match="does not verify right after it was signed"):
            issued(replace(run, signer=wrong), "ada", "ben")
        assert chain.check_ledger(run.home, None) == 0 and not run.out.exists()

        issued(run, "ada")
        home = issuer.rotate(run.home, None, compromised=times.text(times.now()))
        with pytest.raises(Fault, match="does not verify right after it was signed"):
            list(reissue(home, replace(home.signer(), key=wrong.key), tmp_path / "anew", every=True))
        assert chain.check_ledger(home, None) == 1 and not (tmp_path / "anew").exists()


class TestAReader:
    """An auditor has a copy that cannot be written, or the right to read and no more."""

    def call(self, *words):
        command = [*AS_A_READER, *COMMAND, *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    @pytest.fixture
    def locked(self, run, tmp_path):
        """The issuer's folder, of which nothing can be written."""
        issued(run, "ada")
        publish.publish(run.home, tmp_path / "site", run.signer)
        for path in (run.home.ledger, run.home.path / "issuer.json"):
            path.chmod(0o440)
        run.home.path.chmod(0o550)
        yield run.home.path
        run.home.path.chmod(0o750)

    def test_what_only_reads_works(self, locked, tmp_path, evidence_path, awards_path):
        told = [
            self.call("due", "--evidence", evidence_path, "--awards", awards_path, "--issuer", locked),
            self.call("export", "--issuer", locked, "--out", tmp_path / "completions.csv"),
            self.call("verify-ledger", "--issuer", locked, "--head", tmp_path / "site/ledger/head.json"),
        ]
        assert [(one.returncode, one.stderr) for one in told] == [(0, "")] * 3
        assert "holds\tada" in told[0].stdout and "1 lines, all whole" in told[2].stdout
        assert len((tmp_path / "completions.csv").read_text().splitlines()) == 2

    def test_what_writes_says_why_it_cannot(self, locked, tmp_path, evidence_path, awards_path):
        files = ("--evidence", evidence_path, "--awards", awards_path, "--out", tmp_path / "more")
        told = self.call("issue", *files, "--issuer", locked)
        assert told.returncode == 2 and "readonly" in told.stderr and told.stderr.count("\n") == 1
        assert "not a ledger" not in told.stderr and not (tmp_path / "more").exists()

    def test_while_somebody_writes(self, run, tmp_path):
        """What is not in the file yet stands in the one beside it, and is read as well."""
        issued(run, "ada")
        with closing(run.home.open_ledger()) as open_one:
            with open_one.transaction():
                open_one.append("note", "x")
            run.home.ledger.chmod(0o440)
            told = self.call("verify-ledger", "--issuer", run.home.path)
        assert (told.returncode, told.stdout) == (0, "2 lines, all whole\n"), told.stderr


class TestPermissions:
    @pytest.mark.parametrize("name", ["issuer.json", "ledger.sqlite"])
    @pytest.mark.parametrize("mode", [0o666, 0o644, 0o604, 0o660])
    def test_what_others_can_read_or_change_is_refused(self, run, name, mode):
        (run.home.path / name).chmod(mode)
        with pytest.raises(Fault, match=r"can be read or changed by others; run: chmod 600 .*" + name):
            issuer.open_home(run.home.path)
        (run.home.path / name).chmod(0o640)
        assert issuer.open_home(run.home.path).issuer == run.home.issuer

    def test_a_passphrase_file(self, run, tmp_path):
        phrase = tmp_path / "phrase"
        phrase.write_text("correct horse battery\n")
        phrase.chmod(0o640)
        words = ("--name", "U", "--url", "https://u.example", "--passphrase-file", str(phrase))
        told = CliRunner().invoke(main, ["init", "--out", str(tmp_path / "other"), *words])
        assert told.exit_code == 2 and "passphrase file can be read or changed by others" in told.stderr
        assert not (tmp_path / "other").exists()
        phrase.chmod(0o600)
        assert CliRunner().invoke(main, ["init", "--out", str(tmp_path / "other"), *words]).exit_code == 0
