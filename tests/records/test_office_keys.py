"""Keys over the years: one for publishing alone, another passphrase, the life of the lists, a past day."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.records import awards, evidence, issue, issuer, proof, publish, safejson, times
from autograder.records.cli import main
from autograder.records.lists import Lists
from autograder.records.verify import Settings, verify


class Desk:
    """An issuer whose signing key has a passphrase, and the command."""

    def __init__(self, folder, evidence_path, awards_path):
        self.folder, self.issuer, self.site = folder, folder / "issuer", folder / "site"
        self.files = ("--evidence", evidence_path, "--awards", awards_path)
        self.phrase = self.secret("phrase", "correct horse battery")
        url = "https://records.example.edu/quantum"
        done = self.run("init", "--out", self.issuer, "--name", "U", "--url", url, *self.phrase)
        assert done.exit_code == 0, done.output
        self.home = issuer.open_home(self.issuer)

    def secret(self, name, text):
        file = self.folder / name
        file.write_text(f"{text}\n")
        file.chmod(0o600)
        return ("--passphrase-file", file)

    def run(self, *words):
        return CliRunner().invoke(main, [str(word) for word in words])

    def own(self, *words):
        return self.run(*words, "--issuer", self.issuer)

    def issue(self, *words):
        done = self.own(
            "issue", *self.files, "--out", self.folder / "out", "--json", "--learner", "ada", *words
        )
        return Path(json.loads(done.stdout)[0]["file"]) if done.exit_code == 0 else done

    def publish(self, *words):
        done = self.own("publish", self.site, *words)
        assert done.exit_code == 0, done.output + done.stderr
        return json.loads((self.site / "status/revocation-1.json").read_text())

    def verify(self, file):
        lists = [word for path in (self.site / "status").iterdir() for word in ("--status-list", path)]
        words = ("--issuers", self.site / "issuers.json", "--accept-status-as-of", "2026-01-01")
        return self.run("verify", file, *lists, *words)

    def due(self, *words):
        return self.own("due", *self.files, *words)


@pytest.fixture
def desk(tmp_path, evidence_path, awards_path):
    return Desk(tmp_path, evidence_path, awards_path)


class TestPublishingKey:
    def test_a_job_without_the_passphrase(self, desk):
        record = desk.issue(*desk.phrase)
        assert desk.own("publish", desk.site).exit_code == 2
        made = desk.own("rotate", "--publishing")
        assert made.exit_code == 0, made.output
        key = made.stdout.strip()
        # The job's machine has no signing key at all.
        signing = desk.home.key_file(desk.home.active)
        signing.rename(desk.folder / "vault.json")
        listed = desk.publish()
        assert {one["verificationMethod"] for one in listed["proof"]} == {key}
        did = json.loads((desk.site / "did.json").read_text())
        assert key in did["assertionMethod"] and len(did["assertionMethod"]) == 2
        assert desk.verify(record).exit_code == 0, desk.verify(record).stderr
        identity = json.loads(record.read_text())["id"]
        assert desk.own("revoke", identity, "--reason", "x").exit_code == 0
        desk.publish()
        assert "NOT status: revoked" in desk.verify(record).stderr
        head = desk.site / "ledger/head.json"
        assert desk.own("verify-ledger", "--head", head).exit_code == 0
        (desk.folder / "vault.json").rename(signing)
        assert desk.issue(*desk.phrase, "--again", "--reason", "x").exists()

    def test_it_signs_no_record(self, desk, evidence_path, awards_path):
        """A thief of this key can sign nothing that our verifier takes for a record."""
        record = safejson.read(desk.issue(*desk.phrase))
        desk.own("rotate", "--publishing")
        desk.publish()
        home = issuer.open_home(desk.issuer)
        thief = home.signer(None, home.publishing)
        forged = {**record, "name": "Everything"}
        del forged["proof"]
        forged = proof.sign_set(forged, thief, times.text(times.now()))
        trusted = issuer.load_list(desk.site / "issuers.json")
        verdict = verify(forged, Settings(trusted, times.now(), lists=Lists([])))
        assert not verdict.valid
        assert any("its key signs status lists, and no records" in one.message for one in verdict.checks)
        # Nor does it sign by mistake.
        shown = evidence.load(evidence_path)
        run = issue.Run(home, thief, shown, awards.load(awards_path), desk.folder / "more", "id", False)
        with pytest.raises(issuer.Fault, match="does not verify right after it was signed"):
            list(issue.issue(run, shown.chosen(("ben",))))

    def test_a_stolen_one_is_replaced_and_no_record_with_it(self, desk):
        record = desk.issue(*desk.phrase)
        old = desk.own("rotate", "--publishing").stdout.strip()
        before = desk.publish()
        done = desk.own("rotate", "--publishing", "--compromised", times.text(times.now()))
        assert done.exit_code == 0 and "no record" in done.stderr and done.stdout.strip() != old
        desk.own("publish", desk.site)
        assert desk.verify(record).exit_code == 0
        stale = desk.folder / "stale.json"
        stale.write_text(json.dumps(before))
        words = ("--issuers", desk.site / "issuers.json", "--accept-status-as-of", "2026-01-01")
        told = desk.run("verify", record, "--status-list", stale, *words)
        assert told.exit_code == 1 and "its key was reported compromised" in told.stderr
        assert (
            "No record has to be issued anew"
            in desk.own("reissue", "--out", desk.folder / "anew", *desk.phrase).stderr
        )
        assert len(list((desk.issuer / "keys").iterdir())) == 2

    def test_the_signing_key_is_rotated_beside_it(self, desk):
        record = desk.issue(*desk.phrase)
        desk.own("rotate", "--publishing")
        assert desk.own("rotate", *desk.phrase).exit_code == 0
        desk.publish()
        assert desk.verify(record).exit_code == 0
        assert desk.own("backup", desk.folder / "b.tar.gz").exit_code == 0
        words = ("--out", desk.folder / "again", "--head", desk.site / "ledger/head.json")
        assert desk.run("restore", desk.folder / "b.tar.gz", *words).exit_code == 0
        told = json.loads(desk.run("settings", "--issuer", desk.folder / "again", "--json").stdout)
        assert told["signing key"] != told["publishing key"] is not None

    def test_without_one_the_issuer_list_is_as_before(self, desk):
        """Verifiers of version 0.1.0 refuse a field that they do not know."""
        assert "signs" not in (desk.issuer / "issuers.json").read_text()
        desk.own("rotate", "--publishing")
        listed = json.loads((desk.issuer / "issuers.json").read_text())["issuers"][0]["keys"]
        assert [one.get("signs") for one in listed] == [None, "publications"]

    def test_there_is_none_to_report(self, desk):
        for words in (("rotate", "--publishing", "--compromised", "2026-11-01"),):
            done = desk.own(*words)
            assert done.exit_code == 1 and "has no key for publishing" in done.stderr


class TestPassphrase:
    def test_another_one_for_the_same_key(self, desk):
        record = desk.issue(*desk.phrase)
        before = desk.home.active
        new = desk.secret("new", "another long sentence")
        done = desk.own("passphrase", *desk.phrase, "--new-passphrase-file", new[1])
        assert done.exit_code == 0 and "make a new backup" in done.stderr
        assert issuer.open_home(desk.issuer).active == before
        assert desk.own("publish", desk.site, *desk.phrase).exit_code == 2
        desk.publish(*new)
        assert desk.verify(record).exit_code == 0
        assert (desk.issuer / "keys").glob("*") and len(list((desk.issuer / "keys").iterdir())) == 1
        (file,) = (desk.issuer / "keys").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600

    def test_a_wrong_one_changes_nothing(self, desk):
        (file,) = (desk.issuer / "keys").iterdir()
        before = file.read_bytes()
        wrong, new = desk.secret("wrong", "wrong horse battery"), desk.secret("new", "another long sentence")
        done = desk.own("passphrase", *wrong, "--new-passphrase-file", new[1])
        assert done.exit_code == 2 and "does not open this key" in done.stderr and file.read_bytes() == before
        short = desk.secret("short", "short")
        assert desk.own("passphrase", *desk.phrase, "--new-passphrase-file", short[1]).exit_code == 2
        assert desk.own("passphrase", *desk.phrase).exit_code == 2 and file.read_bytes() == before
        assert (
            desk.own("passphrase", "--publishing", *desk.phrase, "--new-passphrase-file", new[1]).exit_code
            == 1
        )


class TestListLife:
    def test_it_is_a_setting_that_lasts(self, desk):
        assert desk.own("settings", "--list-days", "21").exit_code == 0
        listed = desk.publish(*desk.phrase)
        life = times.moment(listed["validUntil"]) - times.moment(listed["validFrom"])
        assert life == timedelta(days=21)
        page = (desk.site / "index.html").read_text()
        assert "older than 21 days" in page and "seven days" not in page
        assert desk.own("rotate", *desk.phrase).exit_code == 0
        assert "list days\t21" in desk.own("settings").stdout
        for days in ("0", "93", "x"):
            assert desk.own("settings", "--list-days", days).exit_code == 2

    def test_due_warns_before_they_end(self, desk, monkeypatch):
        desk.issue(*desk.phrase)
        assert "status lists" not in desk.due().stderr, "nothing was published yet"
        desk.publish(*desk.phrase)
        began = times.now()
        for days, words in ((4, None), (5, "status lists end on "), (8, "status lists ended on ")):
            monkeypatch.setattr(times, "now", lambda days=days: began + timedelta(days=days))
            told = desk.due()
            assert told.exit_code == 0
            assert words in told.stderr if words else "status lists" not in told.stderr
        assert "records publish DIR" in told.stderr and "status is unknown now" in told.stderr


class TestHistory:
    """Whether somebody held a record on a day, when it has been replaced since."""

    @pytest.fixture
    def life(self, desk, monkeypatch):
        """Issued on day 0, corrected on day 10 under another id, revoked on day 20."""
        began = times.now()

        def on(days):
            monkeypatch.setattr(times, "now", lambda: began + timedelta(days=days))
            return (began + timedelta(days=days)).strftime("%Y-%m-%d")

        desk.issue(*desk.phrase)
        on(10)
        first = json.loads(desk.own("list", "--json").stdout)[0]["record"]
        out = ("--out", desk.folder / "out", *desk.phrase)
        done = desk.own("replace", first, "--learner", "p17", "--reason", "new ids", *out, "--json")
        second = json.loads(done.stdout)[0]["record"]
        on(20)
        desk.own("revoke", second, "--reason", "left")
        return on, first, second

    def states(self, desk, person, day):
        done = desk.own("history", person, "--on", day, "--json")
        assert done.exit_code == 0, done.stderr
        return {one["record"]: (one["state"], one["now"]) for one in json.loads(done.stdout)["records"]}

    def test_the_day_decides(self, desk, life):
        on, first, second = life
        days = {number: on(number) for number in (5, 15, 25)}
        assert self.states(desk, "p17", days[5]) == {first: ("good", "replaced")}
        assert self.states(desk, "p17", days[15]) == {
            first: ("replaced", "replaced"),
            second: ("good", "revoked"),
        }
        assert self.states(desk, "p17", days[25])[second] == ("revoked", "revoked")
        assert self.states(desk, "ada", days[5]) == {first: ("good", "replaced")}
        assert desk.own("history", "nobody", "--on", days[5]).exit_code == 1
        # The list answers for a past day, too.
        told = json.loads(desk.own("list", "--on", days[5], "--json").stdout)
        assert [one["state"] for one in told] == ["good"]

    def test_an_auditor_can_check_it(self, desk, life):
        on, first, _ = life
        day, file = on(5), desk.folder / "statement.json"
        on(25)
        done = desk.own("history", "p17", "--on", day, "--out", file, *desk.phrase)
        assert done.exit_code == 0 and f"good\tp17\texport-controls\t{first}" in done.stdout
        check = ("verify-history", file, "--issuers", desk.issuer / "issuers.json")
        told = desk.run(*check)
        assert told.exit_code == 0 and "signed by did:web:records.example.edu:quantum" in told.stderr
        assert f"good\tp17\texport-controls\t{first}" in told.stdout and "replaced since" in told.stdout
        text = file.read_text()
        assert "new ids" not in text, "reasons stay in the office"
        for before, after in (
            ('"good"', '"revoked"'),
            ('"p17"', '"p18"'),
            (f'"on": "{day}', '"on": "2020-01-01'),
        ):
            assert before in text
            file.write_text(text.replace(before, after, 1))
            told = desk.run(*check)
            assert told.exit_code == 1 and "does not hold" in told.stderr, before
        file.write_text(text)
        desk.own("rotate", "--compromised", "2026-01-01", *desk.phrase)
        assert "was reported stolen" in desk.run(*check).stderr
        for content in ("[]", "{}", '{"schema":"record-history/1"}', text.replace("did:web", "did:wob")):
            file.write_text(content)
            assert desk.run(*check).exit_code == 1


def test_publish_takes_any_signer_that_is_given(make_issuer, tmp_path):
    home = issuer.rotate(make_issuer(), None, signs="publications")
    publish.publish(home, tmp_path / "site", home.signer(None, home.publishing))
    assert home.active == home.issuer.keys[0] and home.publishing == home.issuer.keys[1]
