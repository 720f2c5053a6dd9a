"""Records over the years, as an office meets them: found, corrected, renewed, taken back."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from autograder.records import chain, inventory, times
from autograder.records.cli import main
from autograder.records.errors import Fault
from autograder.records.ledger import Ledger

VARIANTS = {"2026": "1" * 64, "2027": "2" * 64}


class Office:
    """An issuer's folder, a class and its awards, which a test may change, and the command."""

    def __init__(self, folder, evidence_path, awards_path):
        self.folder, self.issuer, self.out = folder, folder / "issuer", folder / "issued"
        self.told = json.loads(evidence_path.read_text())
        self.told["learners"] = [one for one in self.told["learners"] if one["learner"] in ("ada", "ben")]
        for learner in self.told["learners"]:
            self.exercise(learner["learner"]).update(variant=VARIANTS["2026"])
        self.awards = yaml.safe_load(awards_path.read_text())
        url = "https://records.example.edu"
        assert self.run("init", "--out", self.issuer, "--name", "U", "--url", url).exit_code == 0

    def learner(self, name):
        return next(one for one in self.told["learners"] if one["learner"] == name)

    def exercise(self, name):
        return self.learner(name)["evidence"][0]

    def files(self):
        evidence, awards = self.folder / "evidence.json", self.folder / "awards.yml"
        evidence.write_text(json.dumps(self.told))
        awards.write_text(yaml.safe_dump(self.awards, sort_keys=False))
        return ("--evidence", evidence, "--awards", awards)

    def run(self, *words, text=None):
        done = CliRunner().invoke(main, [str(word) for word in words], input=text)
        assert "Traceback" not in done.output + done.stderr
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def own(self, command, *words, text=None):
        return self.run(command, *words, "--issuer", self.issuer, text=text)

    def issue(self, *words):
        done = self.own("issue", *self.files(), "--out", self.out, "--json", *words)
        return {one["learner"]: one for one in json.loads(done.stdout)}

    def due(self):
        done = self.own("due", *self.files(), "--json")
        assert done.exit_code == 0, done.output
        return {one["learner"]: one for one in json.loads(done.stdout)}

    def listed(self, *words):
        return json.loads(self.own("list", "--json", *words).stdout)

    def replace(self, *words):
        return self.own("replace", *words, "--out", self.out, "--json")


@pytest.fixture
def office(tmp_path, evidence_path, awards_path):
    return Office(tmp_path, evidence_path, awards_path)


def holder(file):
    return json.loads(Path(file).read_text())["credentialSubject"].get("identifier")


class TestReplace:
    def test_a_wrong_address(self, office):
        office.learner("ada")["email"] = "aad@example.edu"
        wrong = office.issue("--holder", "email")["ada"]
        office.learner("ada")["email"] = "ada@example.edu"
        why = ("--reason", "wrong e-mail address")
        (right,) = json.loads(office.replace(wrong["record"], *office.files(), *why).stdout)

        before, after = (json.loads(Path(one["file"]).read_text()) for one in (wrong, right))
        assert before["credentialSubject"]["identifier"] != after["credentialSubject"]["identifier"]
        assert (before["validUntil"], before["awardedDate"]) == (after["validUntil"], after["awardedDate"])
        told = json.loads(office.own("show", wrong["record"], "--json").stdout)
        assert (told["state"], told["successor"]) == ("replaced", right["record"])
        assert told["events"][-1]["event"] == "revoke" and told["events"][-1]["at"] == told["since"]
        assert told["reason"] == "wrong e-mail address"
        later = json.loads(office.own("show", right["record"], "--json").stdout)
        assert (later["state"], later["predecessor"]) == ("good", wrong["record"])
        # Nothing more is issued for this work, and nobody is told that something is due.
        assert office.issue("--holder", "email")["ada"] | {"reason": ""} == right | {
            "result": "already",
            "reason": "",
        }
        assert office.due()["ada"]["state"] == "holds"
        again = office.replace(wrong["record"], *office.files(), *why)
        assert again.exit_code == 1 and f"was replaced by {right['record']}" in again.stderr

    def test_without_the_evidence(self, office):
        first = office.issue("--learner", "ada")["ada"]
        why = ("--reason", "new scheme of ids")
        (second,) = json.loads(office.replace(first["record"][9:17], "--learner", "p00017", *why).stdout)
        assert holder(second["file"])[0]["identityHash"] == "p00017" == second["learner"]
        (third,) = json.loads(office.replace(second["record"], "--holder", "none", *why).stdout)
        assert holder(third["file"]) is None
        words = ("--holder", "email", "--email", "ada@example.edu")
        (fourth,) = json.loads(office.replace(third["record"], *words, *why).stdout)
        assert holder(fourth["file"])[0]["hashed"] is True
        # Known under either id, her work earns nothing more.
        assert office.issue("--learner", "ada")["ada"]["record"] == fourth["record"]
        office.learner("ada")["learner"] = "p00017"
        assert office.issue()["p00017"]["record"] == fourth["record"]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--holder", "id"), "nothing would change"),
            (("--holder", "email"), "add --email ADDRESS"),
            (("--holder", "email", "--email", "ada"), "no e-mail address to name the holder by"),
        ],
    )
    def test_what_changes_nothing_is_not_done(self, office, words, said):
        first = office.issue("--learner", "ada")["ada"]
        done = office.replace(first["record"], *words, "--reason", "x")
        assert done.exit_code in (1, 2) and said in done.stderr
        assert len(office.listed()) == 1

    def test_many_of_a_wrong_version(self, office):
        for one in office.issue().values():
            assert one["result"] == "issued"
        office.told["course"]["version"] = "0.2.0"
        # The list of the command is a list for the other one, and one person's fault stops nobody.
        office.exercise("ben").update(score=1.0)
        listed = office.own("list").stdout
        why = ("--reason", "wrong version of the course")
        done = office.own("replace", "--list", "-", *office.files(), *why, "--out", office.out, text=listed)
        assert done.exit_code == 1 and "the evidence does not support it" in done.stderr
        assert {(one["learner"], one["version"], one["state"]) for one in office.listed()} == {
            ("ada", "0.1.0", "replaced"),
            ("ada", "0.2.0", "good"),
            ("ben", "0.1.0", "good"),
        }

    def test_a_list_costs_as_much_as_it_is_long(self, office, monkeypatch):
        """The chain is gone through once, and no record looks at what became of all others."""
        records = [one["record"] for one in office.issue().values()]
        looked, check = [], chain.check
        monkeypatch.setattr(chain, "check", lambda *told, **more: looked.append(check(*told, **more)))
        for name in ("suspended", "revoked", "rows"):
            monkeypatch.setattr(Ledger, name, lambda _, name=name: looked.append(name) or {})
        done = office.replace(*records, "--holder", "none", "--reason", "asked for it")
        assert done.exit_code == 0 and len(json.loads(done.stdout)) == 2
        assert looked == ["rows", None]

    def test_it_never_lengthens_a_record(self, office):
        first = office.issue("--learner", "ada")["ada"]
        office.exercise("ada").update(submission_sha256="e" * 64, date="2026-11-29T09:00:00Z", score=30.0)
        (second,) = json.loads(office.replace(first["record"], *office.files(), "--reason", "better").stdout)
        ends = [json.loads(Path(one["file"]).read_text())["validUntil"] for one in (first, second)]
        assert ends[0] == ends[1] == "2029-11-20T09:00:00Z"
        office.exercise("ada").update(variant=VARIANTS["2027"])
        done = office.replace(second["record"], *office.files(), "--reason", "renewed")
        assert done.exit_code == 1 and "that is a renewal: records issue" in done.stderr

    def test_what_is_suspended_stays_so(self, office):
        first = office.issue("--learner", "ada")["ada"]
        office.own("suspend", first["record"], "--reason", "under review")
        words = ("--holder", "none", "--reason", "asked for it")
        (second,) = json.loads(office.replace(first["record"], *words).stdout)
        assert "still suspended" in second["reason"]
        (entry,) = office.listed("--state", "suspended")
        assert (entry["record"], entry["reason"]) == (second["record"], "under review")


class TestRenewal:
    @pytest.fixture
    def yearly(self, office):
        """A year of validity, and records of last year's class that are about to end."""
        office.awards["awards"][0]["valid_for"] = "P12M"
        long_ago = times.text(times.now() - timedelta(days=340))
        for name in ("ada", "ben"):
            office.exercise(name).update(date=long_ago)
        assert {one["result"] for one in office.issue().values()} == {"issued"}
        assert {one["state"] for one in office.due().values()} == {"expires"}
        return office

    def allow_refresher(self, office):
        office.awards["awards"][0]["renewal"] = {
            "criteria": "Do the short exercise of the year.",
            "needs": {"exercises": {"refresher": {"percent": 80}}},
            "grace": "P30D",
        }

    def refresher(self, office):
        day = {"date": times.text(times.now()), "variant": "3" * 64, "submission_sha256": "e" * 64}
        return {**office.exercise("ada"), "id": "refresher", "title": "Refresher", **day}

    def test_the_same_work_never_renews(self, yearly):
        today = times.text(times.now())
        yearly.exercise("ada").update(date=today)
        yearly.exercise("ben").update(date=today, submission_sha256="e" * 64)
        done = yearly.issue()
        assert {one["result"] for one in done.values()} == {"already"}
        assert "another hand-in on the same variant" in done["ben"]["reason"]
        assert {one["note"] for one in yearly.due().values()} == {"a renewal needs work on a fresh variant"}
        assert len(yearly.listed()) == 2

    def test_work_on_a_fresh_variant_does(self, yearly):
        yearly.exercise("ada").update(
            date=times.text(times.now()), variant=VARIANTS["2027"], submission_sha256="e" * 64
        )
        due = yearly.due()
        assert (due["ada"]["state"], due["ben"]["state"]) == ("renews", "expires")
        assert due["ada"]["note"].startswith(f"follows {due['ada']['record']}, which ends on ")
        done = yearly.issue()
        assert (done["ada"]["result"], done["ben"]["result"]) == ("issued", "already")
        assert yearly.due()["ada"]["state"] == "holds"
        first, second = yearly.listed("--learner", "ada")
        assert first["state"] == second["state"] == "good" and first["expires"] < second["expires"]
        assert yearly.issue()["ada"]["result"] == "already"

    def test_an_unknown_variant_is_never_fresh(self, yearly):
        yearly.exercise("ada").update(date=times.text(times.now()), submission_sha256="e" * 64)
        del yearly.exercise("ada")["variant"]
        assert yearly.issue()["ada"]["result"] == "already"

    def test_next_years_evidence_says_nothing_against_this_years_record(self, yearly):
        yearly.exercise("ada").update(variant=VARIANTS["2027"], score=1.0, submission_sha256="e" * 64)
        yearly.learner("ben")["evidence"] = []
        assert {one["state"] for one in yearly.due().values()} == {"expires"}
        yearly.exercise("ada").update(variant=VARIANTS["2026"])
        assert yearly.due()["ada"]["state"] == "check"

    def test_a_refresher_is_enough_in_time(self, yearly):
        self.allow_refresher(yearly)
        short = self.refresher(yearly)
        new = {**yearly.learner("ada"), "learner": "new", "email": "new@example.edu"}
        new["evidence"] = [{**short, "submission_sha256": "f" * 64}]
        yearly.told["learners"].append(new)
        yearly.learner("ada")["evidence"] = [short]
        done = yearly.issue("--learner", "ada", "--learner", "new")
        assert done["ada"]["result"] == "issued"
        assert done["new"]["result"] == "lacking", "whoever has nothing yet does everything"
        record = json.loads(Path(done["ada"]["file"]).read_text())
        narrative = record["credentialSubject"]["achievement"]["criteria"]["narrative"]
        assert narrative.startswith("Do the short exercise of the year.")

    @pytest.mark.parametrize(("days", "result"), [(20, "issued"), (60, "lacking")])
    def test_after_the_end_it_counts_in_the_time_of_grace(self, yearly, monkeypatch, days, result):
        self.allow_refresher(yearly)
        ends = times.moment(yearly.listed("--learner", "ada")[0]["expires"])
        monkeypatch.setattr(times, "now", lambda: ends + timedelta(days=days))
        yearly.learner("ada")["evidence"] = [self.refresher(yearly)]
        assert yearly.due()["ben"]["state"] == "expired"
        done = yearly.issue()
        assert done["ada"]["result"] == result
        assert done["ben"]["result"] == "lacking" and "needs work on a fresh variant" in done["ben"]["reason"]


class TestFind:
    def test_by_each_question(self, office):
        done = office.issue()
        ada = done["ada"]["record"]
        office.own("suspend", done["ben"]["record"], "--reason", "review")
        for words, names in (
            ((), ["ada", "ben"]),
            (("--learner", "ada"), ["ada"]),
            (("--award", "export-controls"), ["ada", "ben"]),
            (("--award", "other"), []),
            (("--state", "suspended"), ["ben"]),
            (("--state", "good", "--state", "suspended"), ["ada", "ben"]),
            (("--version", "0.1.0"), ["ada", "ben"]),
            (("--version", "0.2.0"), []),
            (("--of-fact", "us.4a906.a"), ["ada", "ben"]),
            (("--of-fact", "us.4a906"), []),
            (("--since", times.text(times.now())[:10]), ["ada", "ben"]),
            (("--until", "2026-01-01"), []),
            (("--expires-until", "2029-11-20"), ["ada", "ben"]),
            (("--expires-until", "2029-11-19"), []),
        ):
            assert [one["learner"] for one in office.listed(*words)] == names, words
        lines = office.own("list").stdout.splitlines()
        assert lines[0].split("\t")[:4] == ["good", "ada", "export-controls", ada]
        assert "review" in lines[1] and lines[1].startswith("suspended\tben")

    def test_a_long_list_is_told_as_it_is_read(self, office, monkeypatch):
        """Twenty thousand records are not held in memory, and the list reads as if they had been."""
        assert office.own("list", "--json").stdout == "[]\n"
        office.issue()
        whole = office.own("list", "--json").stdout
        assert whole == json.dumps(json.loads(whole), indent=2) + "\n" and len(json.loads(whole)) == 2
        entries = inventory.entries

        def cut_off(*told):
            yield next(entries(*told))
            raise Fault("the power failed")

        monkeypatch.setattr(inventory, "entries", cut_off)
        assert json.loads(whole)[0]["record"] in office.own("list").stdout

    def test_the_file_comes_back(self, office):
        ada = office.issue("--learner", "ada")["ada"]
        before = Path(ada["file"]).read_bytes()
        Path(ada["file"]).unlink()
        done = office.own("show", ada["record"][9:17], "--out", office.out)
        assert done.exit_code == 0 and Path(ada["file"]).read_bytes() == before
        assert "state\tgood" in done.stdout and "learner\tada" in done.stdout
        office.own("erase", "ada")
        (entry,) = office.listed()
        assert entry["erased"] and entry["learner"] == "" and entry["award"] == "export-controls"
        done = office.own("show", ada["record"], "--out", office.out)
        assert done.exit_code == 1 and "was erased" in done.stderr

    def test_who_is_forgotten_when_the_time_of_keeping_ends(self, office):
        """All records of a person or none: work that renews a record is held against the earlier ones."""
        office.awards["awards"][0]["valid_for"] = "P12M"
        begun = times.now() - timedelta(days=400)
        for name in ("ada", "ben"):
            office.exercise(name).update(date=times.text(times.now() - timedelta(days=300)))
        office.issue()
        renewed = {
            "date": times.text(times.now()),
            "variant": VARIANTS["2027"],
            "submission_sha256": "e" * 64,
        }
        office.exercise("ada").update(renewed)
        office.issue()
        assert "0 copies erased" in office.own("erase", "--ended-before", times.text(begun)).stdout
        day = times.text(times.now() + timedelta(days=100))
        tried = office.own("erase", "--ended-before", day, "--dry-run")
        assert tried.stdout == "would be erased\tben\t1 copy\n1 copy would be erased\n"
        assert [one["erased"] for one in office.listed()] == [False] * 3
        done = office.own("erase", "--ended-before", day)
        assert done.stdout == "erased\tben\t1 copy\n1 copy erased\n" and "backups" in done.stderr
        assert [one["learner"] for one in office.listed()] == ["ada", "", "ada"]
        typo = office.own("erase", "ada", "Ben")
        assert typo.exit_code == 1 and "under the id Ben; nobody was forgotten" in typo.stderr
        assert [one["learner"] for one in office.listed()] == ["ada", "", "ada"]
        assert office.own("erase", "ada", "--ended-before", day).exit_code == 2

    @pytest.mark.parametrize("name", ["urn:uuid:", "1234567", "%%%%%%%%", "________", "../../etc", "ada"])
    def test_a_name_that_names_nothing(self, office, name):
        office.issue()
        done = office.own("show", name)
        assert done.exit_code == 1 and "was issued here" in done.stderr and done.stderr.count("\n") == 1

    def test_holders(self, office):
        done = office.issue()
        office.own("revoke", done["ben"]["record"], "--reason", "x")
        told = office.own("holders", "--of-fact", "us.4a906.a")
        assert told.stdout.split("\t")[:3] == ["ada", "export-controls", done["ada"]["record"]]
        assert "1 records of 1 people teach us.4a906.a" in told.stderr
        assert office.own("holders", "--of-fact", "us.4a906.a", "--of-version", "0.2.0").stdout == ""
        office.own("erase", "ada")
        assert "1 copies were erased" in office.own("holders", "--of-fact", "us.4a906.a").stderr


class TestMany:
    def test_a_dry_run_first(self, office):
        office.issue()
        why = ("--reason", "the exam was leaked")
        listed = office.folder / "wrong.txt"
        listed.write_text(office.own("list").stdout + "\nurn:uuid:00000000-0000-4000-8000-000000000000\n")
        tried = office.own("revoke", "--list", listed, *why, "--dry-run")
        assert tried.exit_code == 1 and tried.stdout.count("would be revoked") == 2
        assert "no record urn:uuid:00000000" in tried.stderr and "Nothing was written" in tried.stderr
        assert {one["state"] for one in office.listed()} == {"good"}
        done = office.own("revoke", "--list", listed, *why)
        assert done.exit_code == 1 and done.stdout.count("revoked\t") == 2
        assert {(one["state"], one["reason"]) for one in office.listed()} == {("revoked", why[1])}

    def test_a_list_that_is_none_does_nothing(self, office):
        office.issue()
        listed = office.folder / "wrong.txt"
        listed.write_text(office.own("list").stdout + "\nada\n")
        done = office.own("revoke", "--list", listed, "--reason", "x")
        assert done.exit_code == 2 and f"{listed}:4: no record" in done.stderr
        assert {one["state"] for one in office.listed()} == {"good"}
        listed.write_bytes(b"\xff\xfe")
        assert "is not UTF-8 text" in office.own("revoke", "--list", listed, "--reason", "x").stderr
        assert office.own("revoke", "--reason", "x").exit_code == 2


class TestTogether:
    """Modules taught in several courses add up to one award."""

    @pytest.fixture
    def two(self, office):
        """The exercise from one course, case and quiz from another of an older version."""
        whole = office.files()
        parts = []
        for number, version in ((0, "0.2.0"), (1, "0.1.0")):
            told = json.loads(json.dumps(office.told))
            told["course"]["version"] = version
            for learner in told["learners"]:
                learner["evidence"] = [
                    piece for piece in learner["evidence"] if (piece["kind"] != "exercise") == bool(number)
                ]
            parts.append(office.folder / f"part{number}.json")
            parts[-1].write_text(json.dumps(told))
        return [word for part in parts for word in ("--evidence", part)], whole[2:], parts

    def issue(self, office, evidence, awards):
        done = office.own("issue", *evidence, *awards, "--out", office.out, "--json")
        return done, {one["learner"]: one for one in json.loads(done.stdout or "[]")}

    def test_they_add_up(self, office, two):
        evidence, awards, _ = two
        assert {one["result"] for one in self.issue(office, evidence[:2], awards)[1].values()} == {"lacking"}
        done, found = self.issue(office, evidence, awards)
        assert done.exit_code == 0 and {one["result"] for one in found.values()} == {"issued"}
        record = json.loads(Path(found["ada"]["file"]).read_text())
        assert record["credentialSubject"]["achievement"]["version"] == "0.1.0"
        versions = [piece["narrative"].split("version ")[1][:5] for piece in record["evidence"]]
        assert versions == ["0.2.0", "0.1.0", "0.1.0"]

    def test_two_people_with_one_id_are_not_put_together(self, office, two):
        evidence, awards, parts = two
        told = json.loads(parts[1].read_text())
        told["learners"][0]["email"] = "another@example.edu"
        parts[1].write_text(json.dumps(told))
        done, found = self.issue(office, evidence, awards)
        assert done.exit_code == 1 and "two people with one id" in done.stderr
        assert str(parts[1]) in done.stderr and "ada" in done.stderr
        assert set(found) == {"ben"} and found["ben"]["result"] == "issued"

    def test_files_of_two_courses(self, office, two):
        evidence, awards, parts = two
        told = json.loads(parts[1].read_text())
        told["course"]["id"] = "another"
        parts[1].write_text(json.dumps(told))
        done, _ = self.issue(office, evidence, awards)
        assert done.exit_code == 2 and "different courses: another, open-by-default" in done.stderr


class TestTold:
    """What looks like a mistake is said before anything is issued."""

    def test_one_person_under_two_ids(self, office):
        twin = json.loads(json.dumps(office.learner("ada")))
        office.told["learners"].append({**twin, "learner": "ada2"})
        done = office.own("due", *office.files())
        assert "note: ada and ada2 have one e-mail address" in done.stderr
        office.issue("--learner", "ada")
        again = office.issue("--learner", "ada2")["ada2"]
        assert again["result"] == "refused" and "the same hand-in earned" in again["reason"]
        assert "for ada; where that is the same person: records replace" in again["reason"]
        due = office.due()["ada2"]
        assert due["state"] == "check" and "the same hand-in earned" in due["note"]

    def test_files_that_do_not_fit(self, office):
        office.awards["awards"][0]["needs"]["exercises"] = {"other": {"percent": 80}}
        done = office.own("due", *office.files())
        assert "nobody has anything for the award export-controls (other)" in done.stderr
