"""Issuing: who gets a record, once, whole or not at all; what the ledger keeps and finds."""

import copy
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import termios
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.records import (
    awards,
    backup,
    build,
    canonical,
    chain,
    decide,
    evidence,
    inventory,
    issue,
    issuer,
    models,
    office,
    proof,
    publish,
    safejson,
    shape,
    times,
)
from autograder.records.errors import Fault, Refused
from autograder.records.export import completions
from autograder.records.ledger import Ledger
from autograder.records.reissue import reissue
from tests.records.people import named
from tests.waiting import until


@pytest.fixture
def shown(evidence_path):
    return evidence.load(evidence_path)


@pytest.fixture
def run(make_issuer, shown, awards_path, tmp_path):
    home = make_issuer()
    return issue.Run(home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "id", False)


def issued(run, *names):
    return list(issue.issue(run, run.evidence.chosen(names)))


def records(run):
    return {path.name: safejson.read(path) for path in run.out.glob("*.json")}


def changed(run, change, who="ada"):
    """The run with one learner's evidence changed."""
    document = run.evidence.model_dump(mode="json", by_alias=True)
    change(next(one for one in document["learners"] if one["learner"] == who))
    return replace(run, evidence=models.load(evidence.Evidence, document, "evidence"))


def with_award(run, **change):
    award = run.awards.awards[0].model_copy(update=change)
    return replace(run, awards=run.awards.model_copy(update={"awards": (award,)}))


class TestDecision:
    def test_a_class(self, run):
        outcomes = {one.learner: one for one in issued(run)}

        assert {name: one.result for name, one in outcomes.items()} == {
            "ada": "issued",
            "ben": "issued",
            "cleo": "lacking",
            "dina": "refused",
            "eli": "lacking",
            "fay": "lacking",
            "gus": "lacking",
        }
        assert "79.6 % reached, 80 % needed" in outcomes["cleo"].reason
        assert "graded without isolation" in outcomes["dina"].reason
        assert "one written part is not marked yet" in outcomes["eli"].reason
        assert "practice" in outcomes["fay"].reason
        assert "visitor-and-chip: not completed" in outcomes["gus"].reason
        assert len(list(run.out.iterdir())) == 2

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d["evidence"].clear(), "nothing graded"),
            (lambda d: d["evidence"].pop(2), "quiz export-controls-quiz: not completed"),
            (lambda d: d["evidence"][0]["manual"].update(pending=True), "not marked yet"),
            (lambda d: d["evidence"][0].update(assurance="self-reported"), "the award needs auto-graded"),
            (lambda d: d["evidence"][0].update(score=23.999), "79.9 % reached"),
            (lambda d: d["evidence"][0].update(date="2020-01-01T00:00:00Z"), "expired since"),
            (lambda d: d["evidence"][0].update(date="2099-01-01T00:00:00Z"), "in the future"),
            (lambda d: d["evidence"][0].update(date="9999-01-01T00:00:00Z"), "in the future"),
            (
                lambda d: d["blocked"].append({"kind": "case", "id": "visitor-and-chip", "reason": "held"}),
                "case visitor-and-chip: held",
            ),
        ],
    )
    def test_what_is_missing_is_said(self, run, change, words):
        (outcome,) = issued(changed(run, change), "ada")

        assert outcome.result == "lacking" and words in outcome.reason
        assert not run.out.exists()

    def test_higher_assurance_is_enough(self, run):
        better = changed(run, lambda d: d["evidence"][0].update(assurance="supervised"))
        marked = with_award(better, least_assurance="marked by a person")
        assert issued(marked, "ada")[0].result == "issued"

    def test_the_date_of_a_case_is_the_learners_word(self, run):
        """A transcript dated far ahead must not lengthen a record's life."""
        ahead = changed(run, lambda d: d["evidence"][1].update(date="2099-01-01T00:00:00Z"))
        issued(ahead, "ada")
        (record,) = records(run).values()
        assert record["validUntil"] == "2029-11-20T09:00:00Z"

    def test_files_of_two_courses(self, run):
        other = run.awards.model_copy(update={"course": "another"})
        with pytest.raises(Fault, match="for the course another"):
            issue.prepare(run.home, run.evidence, other)

    def test_awards_of_another_issuer(self, run):
        other = run.awards.model_copy(update={"issuer": "did:web:elsewhere.example"})
        with pytest.raises(Fault, match="another issuer"):
            issue.prepare(run.home, run.evidence, other)


class TestDemonstration:
    def test_it_says_so_everywhere(self, run):
        (outcome,) = issued(replace(run, demonstration=True), "dina")
        (record,) = records(run).values()
        achievement = record["credentialSubject"]["achievement"]

        assert outcome.result == "issued"
        assert record["name"].startswith("Demonstration: ")
        assert achievement["name"].startswith("Demonstration: ")
        assert "certifies nothing" in record["description"]
        assert achievement["achievementType"] == "ext:Demonstration"
        assert "/demonstration/" in achievement["id"]

    def test_practice_earns_not_even_that(self, run):
        (outcome,) = issued(replace(run, demonstration=True), "fay")
        assert outcome.result == "lacking"

    def test_it_does_not_stand_in_the_way_of_the_real_one(self, run):
        issued(replace(run, demonstration=True), "ada")
        assert issued(run, "ada")[0].result == "issued"
        assert completions.table(run.home).count("\r\n") == 2


class TestOnce:
    def test_twice_gives_the_same_record(self, run):
        first, again = issued(run, "ada"), issued(run, "ada")

        assert (first[0].result, again[0].result) == ("issued", "already")
        assert first[0].record == again[0].record and len(records(run)) == 1

    def test_a_lost_file_comes_back(self, run):
        (first,) = issued(run, "ada")
        before = Path(first.file).read_bytes()
        Path(first.file).unlink()
        issued(run, "ada")
        assert Path(first.file).read_bytes() == before

    def test_what_was_revoked_does_not_come_back(self, run):
        (first,) = issued(run, "ada")
        office.revoke(run.home, first.record, "wrong person")
        Path(first.file).unlink()
        (again,) = issued(run, "ada")
        assert (again.result, again.reason) == ("already", "issued before, and revoked")
        assert again.file == "" and list(run.out.iterdir()) == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda d: d["evidence"][0].update(title="Export controls, second edition"),
            lambda d: d["evidence"][0].update(date="2026-11-21T09:00:00Z"),
            lambda d: d["evidence"][1].update(date="2026-11-21T09:00:00Z", ending="another"),
            lambda d: d["evidence"].reverse(),
        ],
    )
    def test_what_does_not_change_the_work_earns_no_second_record(self, run, change):
        issued(run, "ada")
        assert issued(changed(run, change), "ada")[0].result == "already"
        assert len(records(run)) == 1

    def test_a_better_score_that_the_record_does_not_show(self, run):
        issued(run, "ada")
        better = changed(run, lambda d: d["evidence"][0].update(score=29.0))
        assert issued(better, "ada")[0].result == "already"

    def test_a_changed_byte_is_the_same_work(self, run):
        (first,) = issued(run, "ada")
        other = changed(run, lambda d: d["evidence"][0].update(submission_sha256="e" * 64))
        (again,) = issued(other, "ada")
        assert (again.result, again.record) == ("already", first.record)
        assert "another hand-in on the same variant" in again.reason and len(records(run)) == 1

    def test_issuers_at_the_same_moment(self, run):
        outcomes = []
        workers = [threading.Thread(target=lambda: outcomes.extend(issued(run))) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert len([one for one in outcomes if one.result == "issued"]) == 2
        assert len(records(run)) == 2
        assert chain.check_ledger(run.home, None) == 2


class TestRecord:
    def test_scores_only_where_turned_on(self, run):
        issued(run, "ada")
        issued(with_award(run, scores_in_record=True), "ben")
        ada, ben = (
            next(doc for name, doc in records(run).items() if name.startswith(who)) for who in ("ada", "ben")
        )

        assert "result" not in ada["credentialSubject"] and "86.6" not in json.dumps(ada)
        assert ben["credentialSubject"]["result"][0]["value"] == "80.0"

    def test_holder(self, run):
        email, none = replace(run, holder="email"), replace(run, holder="none", out=run.out / "none")
        assert issued(email, "ben")[0].result == "lacking"
        issued(email, "ada")
        (record,) = records(email).values()
        (identity,) = record["credentialSubject"]["identifier"]

        assert identity["identityHash"] == build.email_hash("Ada@Example.edu ", identity["salt"])
        # As a word: the hash, the salt and the proof are of chance, and have those letters now and then.
        assert not re.search(r"\bada\b", json.dumps(record), re.IGNORECASE)
        issued(none, "ben")
        (record,) = records(none).values()
        assert "identifier" not in record["credentialSubject"]
        assert record["credentialSubject"]["id"].startswith("urn:uuid:")

    def test_every_piece_states_its_assurance(self, run):
        issued(run, "ada")
        (record,) = records(run).values()

        assert [piece["description"] for piece in record["evidence"]] == [
            "Assurance: auto-graded own variant.",
            "Assurance: self-reported.",
            "Assurance: self-reported.",
        ]
        assert "us.4a906.a, eu.4a506.a" in record["evidence"][0]["narrative"]
        assert "version 0.1.0" in record["evidence"][0]["narrative"]
        assert build.NOT_SHOWN in record["description"]
        assert (
            "Not covered: Cybersecurity"
            in record["credentialSubject"]["achievement"]["criteria"]["narrative"]
        )

    def test_extra_credit(self, run):
        above = changed(run, lambda d: d["evidence"][0].update(score=33.0))
        assert issued(above, "ada")[0].result == "issued"

    @pytest.mark.parametrize(
        "change",
        [
            lambda d: d.update(grade="A"),
            lambda d: d["credentialSubject"].update(endorsementJwt=["x"]),
            lambda d: d.update(name="a\u0007"),
            lambda d: d.update(name=" "),
            lambda d: d["evidence"][0].update(name="a\u202eb"),
            lambda d: d["evidence"][0].update(name=None),
            lambda d: d["evidence"][0].update(genre="essay"),
            lambda d: d["evidence"].clear(),
            lambda d: d.update(id="urn:uuid:5"),
            lambda d: d.update(validUntil="2026-11-20"),
            lambda d: d.update(validUntil="2020-11-20T09:00:00Z"),
            lambda d: d["@context"].reverse(),
            lambda d: d.update(credentialStatus=[d["credentialStatus"]]),
            lambda d: d["credentialStatus"].update(statusListIndex=5),
            lambda d: d["credentialStatus"].update(statusPurpose="message"),
            lambda d: d["credentialSubject"].update(identifier=[]),
            lambda d: d["credentialSubject"]["identifier"][0].update(hashed=True),
            lambda d: d["credentialSubject"].update(id="ada"),
            lambda d: d["issuer"].update(id="https://records.example.edu"),
            lambda d: d["issuer"].update(image={"id": "https://e.example/i", "type": "Image"}),
            lambda d: d["credentialSubject"]["achievement"].update(achievementType="Degree"),
            lambda d: d["credentialSubject"]["achievement"]["criteria"].update(narrative={"en": "x"}),
        ],
    )
    def test_the_gate_before_signing(self, run, change):
        issued(run, "ada")
        (record,) = records(run).values()
        plain = {key: value for key, value in record.items() if key != "proof"}
        shape.check(plain)
        change(plain)
        with pytest.raises(Fault):
            shape.check(plain)


TEXTS = st.text(min_size=1, max_size=60)
IDS = st.text(min_size=1, max_size=30).filter(lambda text: not re.search(r"[\\s/\\\\]", text))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    title=TEXTS,
    course=TEXTS,
    learner=IDS,
    score=st.floats(24, 30),
    facts=st.lists(st.from_regex(r"[a-z0-9][a-z0-9.]{0,20}", fullmatch=True), max_size=5),
    holder=st.sampled_from(["id", "none", "email"]),
    shown=st.booleans(),
)
def test_whatever_the_evidence_says_is_signed_whole_or_refused(
    office, evidence_path, awards_path, title, course, learner, score, facts, holder, shown
):
    """Any words in any place: either a Fault before signing, or a record that every check finds good."""
    document = json.loads(evidence_path.read_text())
    document["course"]["title"] = course
    (person,) = document["learners"][:1]
    person["learner"] = learner
    person["evidence"][0].update(title=title, score=score, facts=facts)
    document["learners"] = [person]
    award = awards.load(awards_path).awards[0].model_copy(update={"scores_in_record": shown})
    try:
        told = models.load(evidence.Evidence, document, "evidence")
        order = build.Order(
            build.new_record(),
            decide.decide(told.learners[0], award),
            told.course,
            office.home.issuer,
            5,
            times.text(times.now()),
            holder,
            False,
        )
        plain = build.credential(order)
        signed = proof.sign_set(plain, office.signer, order.moment)
    except (Fault, canonical.NotCanonical):
        return
    verdict = office.judge(safejson.parse(canonical.jcs(signed)))
    assert verdict.valid, verdict.as_json()
    assert ("result" in plain["credentialSubject"]) == shown


@pytest.mark.slow
def test_a_progress_bar_where_a_person_looks(run, evidence_path, awards_path, tmp_path):
    """On a terminal the bar is drawn on standard error; elsewhere there is none."""
    words = [sys.executable, "-c", CHILD, "issue", "--evidence", evidence_path, "--awards", awards_path]
    words += ["--issuer", run.home.path, "--out", tmp_path / "out", "--learner", "ada"]
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    done = subprocess.run([str(word) for word in words], stderr=theirs, stdout=subprocess.PIPE, check=True)
    os.close(theirs)
    assert b"records: 100%" in os.read(ours, 100_000) and b"records:" not in done.stdout
    os.close(ours)
    quiet = subprocess.run([str(word) for word in words], capture_output=True, check=True)
    assert b"records:" not in quiet.stderr


CHILD = """
import sys
from pathlib import Path
from autograder.records.cli import main
main(sys.argv[1:], standalone_mode=False)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 1, 5, 20])
def test_killed_after_some_records(after, make_issuer, evidence_path, awards_path, tmp_path):
    """What SIGKILL leaves: every file is a whole record that the ledger knows; the next run ends the work."""
    home, out, large = make_issuer(), tmp_path / "out", tmp_path / "evidence.json"
    document = json.loads(evidence_path.read_text())
    document["learners"] = [named(document["learners"][0], f"ada{number}") for number in range(40)]
    large.write_text(json.dumps(document))
    told = ["issue", "--evidence", str(large), "--awards", str(awards_path), "--issuer", str(home.path)]
    told += ["--out", str(out)]
    child = subprocess.Popen([sys.executable, "-c", CHILD, *told], stdout=subprocess.DEVNULL)
    until(lambda: len(list(out.glob("*.json"))) >= after or child.poll() is not None, f"{after} records")
    child.send_signal(signal.SIGKILL)
    child.wait()

    known = {}
    with closing(home.open_ledger()) as book:
        known = {row.record: row.digest for row in book.rows()}
        held = {one.record for one in book.holdings()}
    assert set(known) == held
    for file in out.glob("*.json"):
        record = safejson.read(file)
        assert known[record["id"]] == canonical.digest(record)
    chain.check_ledger(home, None)
    subprocess.run([sys.executable, "-c", CHILD, *told], check=True, stdout=subprocess.DEVNULL)
    with closing(home.open_ledger()) as book:
        assert book.count() == 40 == len({row.place for row in book.rows()})
    assert len([path for path in out.iterdir() if not path.name.startswith(".part-")]) == 40


class TestLedger:
    def test_it_is_append_only(self, run):
        issued(run)
        with closing(sqlite3.connect(run.home.ledger)) as db:
            for statement in ("UPDATE ledger SET at = 'x'", "DELETE FROM ledger"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    db.execute(statement)

    @pytest.mark.parametrize(
        "forgery",
        [
            "UPDATE ledger SET digest = 'x' WHERE seq = 1",
            "UPDATE ledger SET place = 5 WHERE seq = 2",
            "UPDATE ledger SET data = '{}' WHERE seq = 1",
            "DELETE FROM ledger WHERE seq = 1",
            "UPDATE holders SET text = '{}'",
        ],
    )
    def test_a_rewritten_line_is_found(self, run, forgery):
        issued(run)
        self.forge(run, forgery)
        with pytest.raises(Refused):
            chain.check_ledger(run.home, None)

    def test_a_cut_tail_is_found_with_a_published_head(self, run, tmp_path):
        issued(run)
        publish.publish(run.home, tmp_path / "site", run.signer)
        head = tmp_path / "site" / "ledger" / "head.json"
        assert chain.check_ledger(run.home, head) == 2
        self.forge(run, "DELETE FROM ledger WHERE seq = 2; DELETE FROM holders WHERE learner = 'ben'")
        assert chain.check_ledger(run.home, None) == 1
        with pytest.raises(Refused, match="ends before line 2"):
            chain.check_ledger(run.home, head)

    def test_a_rewritten_chain_is_found_with_a_published_head(self, run, make_issuer, tmp_path):
        shutil.copy(run.home.ledger, tmp_path / "empty")
        issued(run)
        publish.publish(run.home, tmp_path / "site", run.signer)
        shutil.copy(tmp_path / "empty", run.home.ledger)
        shutil.rmtree(run.out)
        issued(run)
        with pytest.raises(Refused, match="not the one that was published"):
            chain.check_ledger(run.home, tmp_path / "site" / "ledger" / "head.json")

    def test_a_forged_head_is_found(self, run, tmp_path):
        issued(run)
        publish.publish(run.home, tmp_path / "site", run.signer)
        file = tmp_path / "site" / "ledger" / "head.json"
        head = json.loads(file.read_text())
        file.write_text(json.dumps({**head, "seq": 1}))
        with pytest.raises(Refused, match="does not hold"):
            chain.check_ledger(run.home, file)

    def test_it_names_nobody(self, run):
        issued(run)
        with closing(run.home.open_ledger()) as book:
            told = json.dumps([vars(row) for row in book.rows()])
        assert '"ada"' not in told and '"ben"' not in told and "@" not in told

    def test_erasure_keeps_the_chain(self, run):
        issued(run)
        assert '"ada"' in completions.table(run.home)
        with closing(run.home.open_ledger()) as book:
            assert book.erase("ada") == 1
        assert chain.check_ledger(run.home, None) == 2
        assert '"ada"' not in completions.table(run.home)
        assert issued(run, "ada")[0].result == "already"

    def forge(self, run, statement):
        with closing(sqlite3.connect(run.home.ledger)) as db:
            db.executescript(
                f"DROP TRIGGER no_change_of_ledger; DROP TRIGGER no_removal_of_ledger; {statement};"
            )


class TestOffice:
    def test_revocation_reaches_the_list(self, run, tmp_path):
        (outcome,) = issued(run, "ada")
        office.revoke(run.home, outcome.record, "issued to the wrong person")
        publish.publish(run.home, tmp_path / "site", run.signer)
        with closing(run.home.open_ledger()) as book:
            (place,) = book.revoked().values()
        listed = json.loads((tmp_path / "site" / "status" / "revocation-1.json").read_text())
        bits = build.status.decode(listed["credentialSubject"]["encodedList"])

        assert sum(byte.bit_count() for byte in bits) == 1
        assert bits[place // 8] & (0x80 >> place % 8)
        assert completions.table(run.home).count("\r\n") == 1
        for again in (outcome.record, "urn:uuid:unknown"):
            with pytest.raises(Refused):
                office.revoke(run.home, again, "x")

    def test_due(self, run):
        issued(run, "ada")
        lines = {line.learner: line for line in office.due(run.home, run.evidence, run.awards, 90)}
        soon = {line.learner: line for line in office.due(run.home, run.evidence, run.awards, 3650)}
        worse = changed(run, lambda d: d["evidence"][0].update(score=1.0))
        regraded = {line.learner: line for line in office.due(run.home, worse.evidence, run.awards, 90)}

        assert {name: line.state for name, line in lines.items()} == {
            "ada": "holds",
            "ben": "earned",
            "cleo": "lacks",
            "dina": "uncertified",
            "eli": "lacks",
            "fay": "lacks",
            "gus": "lacks",
        }
        assert soon["ada"].state == "expires"
        assert regraded["ada"].state == "check" and "consider: records revoke" in regraded["ada"].note

    def test_published_files(self, run, tmp_path):
        issued(run)
        site = tmp_path / "site"
        publish.publish(run.home, site, run.signer)
        did = json.loads((site / "did.json").read_text())
        page = (site / "index.html").read_text()

        assert did["id"] == "did:web:records.example.edu:quantum"
        assert did["assertionMethod"] == [did["verificationMethod"][0]["id"]] == [run.signer.method]
        assert ' src="' not in page and '"ada"' not in page
        assert not any('"ada"' in path.read_text() for path in site.rglob("*.json"))

    def test_names_in_the_page_are_text(self, make_issuer, tmp_path):
        home = make_issuer("b", name="<img src=x onerror=alert(1)>")
        publish.publish(home, tmp_path / "site", home.signer())
        assert "<img" not in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize(
    ("url", "did", "where"),
    [
        ("https://records.example.edu", "did:web:records.example.edu", ".well-known/did.json"),
        ("https://records.example.edu/", "did:web:records.example.edu", ".well-known/did.json"),
        ("https://example.edu:8443/a/b", "did:web:example.edu%3A8443:a:b", "did.json"),
    ],
)
def test_identity_from_the_address(make_issuer, url, did, where):
    home = make_issuer(url=url)
    assert home.issuer.id == did and publish.did_path(home.issuer) == where


@pytest.mark.parametrize(
    "told",
    [
        {"url": "http://records.example.edu"},
        {"url": "https://user@records.example.edu"},
        {"url": "ftp://x"},
        {"url": "https://records.example.edu/?q"},
        {"did": "did:key:z6Mk"},
        {"name": ""},
        {"name": "a\u0007"},
    ],
)
def test_an_issuer_that_cannot_be(make_issuer, tmp_path, told):
    with pytest.raises(Fault):
        make_issuer(**told)
    assert list(tmp_path.iterdir()) == []


def test_an_issuer_is_never_overwritten(make_issuer):
    make_issuer()
    with pytest.raises(Fault, match="not empty"):
        make_issuer()


def test_decisions_rest_on_exact_shares(shown, awards_path):
    """A score that is 80 % only after rounding is not 80 %."""
    (award,) = awards.load(awards_path).awards
    learner = shown.chosen(("ben",))[0]
    assert decide.decide(learner, award).reached
    assert float(decide.decide(learner, award).percent) == 80.0
    assert not decide.decide(shown.chosen(("cleo",))[0], award).reached


def test_a_signer_signs_what_the_verifier_reads(run):
    (outcome,) = issued(run, "ada")
    record = safejson.read(Path(outcome.file))
    public = proof.multikey.public_bytes(run.home.active.publicKeyMultibase)
    for one in record["proof"]:
        proof.verify(record, one, public)
        with pytest.raises(proof.BadProof):
            proof.verify({**copy.deepcopy(record), "name": "x"}, one, public)
    assert times.moment(record["validFrom"]) <= times.now()


def test_what_is_due_is_told_without_the_records_in_memory(run, monkeypatch):
    """The text of twenty thousand records is 200 MB, and only their days are asked for."""
    issued(run, "ada")
    found = Ledger.holdings

    def of_somebody(ledger, **wanted):
        assert wanted, "the text of every record was read"
        return found(ledger, **wanted)

    monkeypatch.setattr(Ledger, "holdings", of_somebody)
    states = {one.learner: one.state for one in office.due(run.home, run.evidence, run.awards, 90)}
    assert (states["ada"], states["ben"]) == ("holds", "earned")


class TestAnOlderCopy:
    """A folder that was copied, restored by hand or changed signs nothing that takes a revocation back."""

    @pytest.fixture
    def two(self, run, tmp_path):
        """Two folders of one issuer; the first has revoked a record since, and published that."""
        (ada,) = issued(run, "ada")
        site = tmp_path / "site"
        publish.publish(run.home, site, run.signer)
        shutil.copytree(run.home.path, tmp_path / "copy")
        office.revoke(run.home, ada.record, "fraud")
        publish.publish(run.home, site, run.signer)
        home = issuer.open_home(tmp_path / "copy")
        return replace(run, home=home, signer=home.signer()), site

    def test_it_does_not_publish_over_the_newer_one(self, two, run):
        older, site = two
        before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        with pytest.raises(Refused, match="ends before line 2, which was published; this is an older"):
            publish.publish(older.home, site, older.signer)
        assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
        publish.publish(run.home, site, run.signer)

    def test_it_neither_issues_nor_reissues_nor_tells_what_is_due(self, two):
        older, _ = two
        for work in (
            lambda: issued(older, "ben"),
            lambda: list(office.due(older.home, older.evidence, older.awards, 90)),
            lambda: list(reissue(older.home, older.signer, older.out, every=True)),
        ):
            with pytest.raises(Refused, match="another copy of the issuer"):
                work()

    def test_two_chains_of_the_same_length(self, two, tmp_path):
        older, site = two
        (site / "ledger/head.json").rename(tmp_path / "away")
        issued(older, "ben")
        (tmp_path / "away").rename(site / "ledger/head.json")
        with pytest.raises(Refused, match="line 2 of the ledger is not the one that was published"):
            publish.publish(older.home, site, older.signer)

    def test_the_site_of_another_issuer(self, two, make_issuer):
        other = make_issuer("other", url="https://other.example.edu")
        with pytest.raises(Refused, match="not signed by this issuer"):
            publish.publish(other, two[1], other.signer())
        made_again = make_issuer("again")
        with pytest.raises(Refused, match="with a key that is unknown here"):
            publish.publish(made_again, two[1], made_again.signer())

    def test_a_changed_line(self, run, tmp_path):
        issued(run, "ada")
        with closing(sqlite3.connect(run.home.ledger, isolation_level=None)) as db:
            db.execute("DROP TRIGGER no_change_of_ledger")
            db.execute("UPDATE ledger SET at = '2020-01-01T00:00:00Z'")
        for work in (
            lambda: issued(run, "ben"),
            lambda: publish.publish(run.home, tmp_path / "site", run.signer),
            lambda: list(office.due(run.home, run.evidence, run.awards, 90)),
            lambda: list(reissue(run.home, run.signer, run.out)),
        ):
            with pytest.raises(Refused, match="changed at line 1; restore the newest backup"):
                work()

    def test_what_was_given_up_with_lost_is_not_held_against_it(self, two, tmp_path):
        older, site = two
        backup.backup(older.home, tmp_path / "b.tar.gz", older=True)
        head = site / "ledger/head.json"
        backup.restore(tmp_path / "b.tar.gz", tmp_path / "third", db=None, head=head, lost=True)
        home = issuer.open_home(tmp_path / "third")
        publish.publish(home, site, home.signer())
        assert safejson.read(head)["seq"] == 2 == chain.check_ledger(home, head)

    @pytest.mark.parametrize("where", ["issuer", "issuer/site", "."])
    def test_the_secret_folder_is_never_published(self, run, tmp_path, where):
        with pytest.raises(Refused, match="secret keys would be published"):
            publish.publish(run.home, tmp_path / where, run.signer)


def handed_in_anew(run, who="ada"):
    def change(learner):
        learner["evidence"][0]["submission_sha256"] = "c" * 64

    return changed(run, change, who)


class TestTakenBack:
    """Who was suspended or revoked gets no new record by handing in something else."""

    @pytest.mark.parametrize(("event", "words"), [("suspend", "is suspended"), ("revoke", "was revoked")])
    def test_a_changed_file(self, run, event, words):
        (first,) = issued(run, "ada")
        office.mark(run.home, event, first.record, "suspected copying")
        (again,) = issued(handed_in_anew(run), "ada")
        assert again.result == "refused" and words in again.reason and "--again --reason" in again.reason
        (anew,) = issued(replace(handed_in_anew(run), again="cleared by the board"), "ada")
        assert anew.result == "issued" and anew.record != first.record
        with closing(run.home.open_ledger()) as ledger:
            assert ledger.holding(anew.record).details["again"] == "cleared by the board"
        assert issued(handed_in_anew(run), "ada")[0].record == anew.record

    def test_a_wrong_record_is_replaced(self, run):
        (first,) = issued(run, "ada")
        office.revoke(run.home, first.record, "wrong address")
        due = {one.learner: one for one in office.due(run.home, run.evidence, run.awards, 90)}
        assert due["ada"].state == "earned" and "--again --reason" in due["ada"].note
        assert due["ben"].state == "earned" and due["ben"].note == ""
        (anew,) = issued(replace(run, again="right address now"), "ada")
        (later,) = issued(run, "ada")
        assert anew.result == "issued" and (later.result, later.record) == ("already", anew.record)

    def test_reissue_keeps_a_suspension(self, run, tmp_path):
        ada, ben = issued(run, "ada", "ben")
        office.mark(run.home, "suspend", ada.record, "under review")
        home = issuer.rotate(run.home, None, compromised=times.text(times.now()))
        done = {one.learner: one for one in reissue(home, home.signer(), tmp_path / "anew", every=True)}
        with closing(home.open_ledger()) as ledger:
            assert set(ledger.suspended()) == {done["ada"].record}
            assert set(ledger.revoked()) == {ada.record, ben.record}
            row, copy = ledger.issue_of(done["ada"].record), ledger.holding(done["ada"].record)
            assert inventory.entry(ledger, row, copy).reason == "under review"
        assert (done["ada"].reason, done["ben"].reason) == ("still suspended", "")
        office.mark(home, "resume", done["ada"].record, "review is over")
