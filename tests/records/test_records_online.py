"""Verification that fetches: from the issuer's real pages over TLS, and what happens when they are wrong."""

import copy
import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from autograder.records import (
    awards,
    chain,
    evidence,
    issue,
    issuer,
    office,
    proof,
    publish,
    safejson,
    status,
    times,
)
from autograder.records.fetch import Web
from autograder.records.lists import Lists, did_address
from autograder.records.verify import Settings, verify
from tests.https import https

NAME = "records.example.edu"


class Place:
    """An issuer whose pages are really served."""

    def __init__(self, folder, web, evidence_path, awards_path):
        self.folder, self.web = folder, web
        url = f"https://{NAME}:{web.port}/quantum"
        self.home = issuer.create(folder / "issuer", name="U", url=url, did=None, passphrase=None)
        self.shown, self.wanted = evidence.load(evidence_path), awards.load(awards_path)
        self.trusted = self.home.issuer

    def issue(self, *names):
        run = issue.Run(
            self.home, self.home.signer(), self.shown, self.wanted, self.folder / "out", "id", False
        )
        done = list(issue.issue(run, self.shown.chosen(names)))
        return [safejson.read(Path(one.file)) for one in done if one.file]

    def publish(self):
        publish.publish(self.home, self.folder / "site", self.home.signer())
        for path in (self.folder / "site").rglob("*"):
            if path.is_file():
                self.web.serve(f"/quantum/{path.relative_to(self.folder / 'site')}", path.read_bytes())

    def lists(self, **other):
        told = {"resolver": lambda host, port: ["127.0.0.1"], "allowed": lambda address: True, "seconds": 5}
        return Lists(web=Web(**told, context=self.web.context), **other)

    def judge(self, record, lists=None, **other):
        trusted = issuer.IssuerList(schema="issuers/1", issuers=(self.trusted,))
        return verify(record, Settings(trusted, times.now(), lists=lists or self.lists(), **other))


@pytest.fixture
def place(tmp_path, evidence_path, awards_path):
    with https(tmp_path, NAME) as web:
        yield Place(tmp_path, web, evidence_path, awards_path)


def reasons(verdict):
    return " | ".join(check.message for check in verdict.checks if not check.ok)


def test_good_revoked_and_suspended(place):
    ada, ben = place.issue("ada", "ben")
    place.publish()
    assert place.judge(ada).valid and place.judge(ben).valid
    office.mark(place.home, "suspend", ada["id"], "under review")
    office.revoke(place.home, ben["id"], "wrong person")
    place.publish()
    assert [place.judge(one).status for one in (ada, ben)] == ["suspended", "revoked"]
    office.mark(place.home, "resume", ada["id"], "review is over")
    place.publish()
    assert place.judge(ada).valid


def test_each_page_is_fetched_once_for_many_records(place):
    records = place.issue("ada", "ben")
    place.publish()
    lists = place.lists()
    assert all(place.judge(record, lists).valid for record in records * 20)
    assert sorted(place.web.asked) == [
        "/quantum/did.json",
        "/quantum/status/revocation-1.json",
        "/quantum/status/suspension-1.json",
    ]


def test_a_strangers_file_leads_to_no_request(place):
    (ada,) = place.issue("ada")
    place.publish()
    forged = copy.deepcopy(ada)
    forged["credentialStatus"]["statusListCredential"] = f"https://{NAME}:{place.web.port}/trap"
    unknown = {**ada, "issuer": {**ada["issuer"], "id": "did:web:other.example.org"}}
    assert not place.judge(forged).valid and not place.judge(unknown).valid
    assert place.web.asked == []


def test_pages_that_are_missing(place):
    (ada,) = place.issue("ada")
    place.publish()
    del place.web.answers["/quantum/status/suspension-1.json"]
    verdict = place.judge(ada)
    assert verdict.status == "unknown" and "answers with 404" in reasons(verdict)
    del place.web.answers["/quantum/did.json"]
    assert "keys cannot be had" in reasons(place.judge(ada))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"[" * 100, b'{"id": 1, "id": 2}', b"\xff"])
def test_pages_that_are_no_documents(place, body):
    (ada,) = place.issue("ada")
    place.publish()
    for page in ("status/revocation-1.json", "did.json"):
        place.publish()
        place.web.serve(f"/quantum/{page}", body)
        verdict = place.judge(ada)
        assert not verdict.valid and "cannot be" in reasons(verdict)


def test_a_list_that_inflates(place):
    import base64
    import gzip

    (ada,) = place.issue("ada")
    place.publish()
    plain = status.credential(place.home.issuer, [], times.now())
    bomb = base64.urlsafe_b64encode(gzip.compress(bytes(20_000_000))).rstrip(b"=").decode()
    plain["credentialSubject"]["encodedList"] = f"u{bomb}"
    signed = proof.sign_set(plain, place.home.signer(), times.text(times.now()), (proof.JCS,))
    place.web.serve("/quantum/status/revocation-1.json", json.dumps(signed).encode())
    verdict = place.judge(ada)
    assert verdict.status == "unknown" and "inflates beyond" in reasons(verdict)


def test_a_list_that_is_out_of_date(place):
    (ada,) = place.issue("ada")
    place.publish()
    plain = status.credential(place.home.issuer, [], times.now() - timedelta(days=8))
    old = proof.sign_set(plain, place.home.signer(), times.text(times.now()), (proof.RDFC,))
    place.web.serve("/quantum/status/revocation-1.json", json.dumps(old).encode())
    assert "out of date since" in reasons(place.judge(ada))


def test_a_key_that_the_issuer_has_withdrawn(place):
    """A verifier whose issuer list is older than the theft learns of it from the DID document."""
    (ada,) = place.issue("ada")
    place.publish()
    assert place.judge(ada).valid
    place.home = issuer.rotate(place.home, None, compromised=times.text(times.now()))
    place.publish()
    assert "has withdrawn its key" in reasons(place.judge(ada))


def test_files_are_taken_before_the_network(place):
    (ada,) = place.issue("ada")
    place.publish()
    listed = [json.loads(path.read_text()) for path in (place.folder / "site/status").glob("*.json")]
    day = times.now() - timedelta(days=1)
    assert place.judge(ada, place.lists(snapshots=listed, since=day)).valid
    assert place.web.asked == ["/quantum/did.json"]


class TestTheft:
    """The drill: two records, one published before the theft; a thief who dates a forgery back."""

    @pytest.fixture
    def stolen(self, place):
        (ada,) = place.issue("ada")
        place.publish()
        since = times.text(times.now() + timedelta(seconds=1))
        while times.now() < times.moment(since):
            pass
        thief = place.home.signer()
        (ben,) = place.issue("ben")
        forged = copy.deepcopy({key: value for key, value in ada.items() if key != "proof"})
        forged["credentialSubject"]["identifier"][0]["identityHash"] = "mallory"
        forged = proof.sign_set(forged, thief, ada["proof"][0]["created"])
        before = place.trusted
        place.home = issuer.rotate(place.home, None, compromised=since)
        place.trusted = place.home.issuer
        return place, ada, ben, forged, before

    def test_before_anybody_knows_the_forgery_is_good(self, stolen):
        place, _, _, forged, before = stolen
        place.trusted = before
        place.publish()
        listed = [json.loads(path.read_text()) for path in (place.folder / "site/status").glob("*.json")]
        verdict = place.judge(forged, Lists(listed, times.now() - timedelta(days=1)))
        assert all(check.ok for check in verdict.checks if check.check.startswith("proof"))

    def test_what_was_published_before_stands(self, stolen):
        place, ada, ben, forged, _ = stolen
        place.publish()
        assert place.judge(ada).valid
        for record in (ben, forged):
            verdict = place.judge(record)
            assert not verdict.valid and "does not stand in the ledger" in reasons(verdict)

    def test_offline(self, stolen):
        place, ada, ben, _, _ = stolen
        place.publish()
        listed = [json.loads(path.read_text()) for path in (place.folder / "site/status").glob("*.json")]
        since = times.now() - timedelta(days=1)
        digests = (place.folder / "site/ledger/digests.txt").read_bytes()
        assert place.judge(ada, Lists(listed, since, digests=digests)).valid
        assert not place.judge(ben, Lists(listed, since, digests=digests)).valid
        assert "--digests" in reasons(place.judge(ada, Lists(listed, since)))

    def test_a_list_of_digests_that_a_thief_lengthened(self, stolen):
        place, _, _, forged, _ = stolen
        place.publish()
        from autograder.records import canonical

        added = f"{canonical.digest(forged)}\n".encode()
        real = (place.folder / "site/ledger/digests.txt").read_bytes()
        for digests in (added + real, real + added, added, b"", real.replace(b"\n", b" ")):
            place.web.serve("/quantum/ledger/digests.txt", digests)
            assert not place.judge(forged).valid

    def test_reissue(self, stolen):
        from autograder.records.reissue import reissue

        place, ada, ben, _, _ = stolen
        (done,) = reissue(place.home, place.home.signer(), place.folder / "anew")
        new = safejson.read(Path(done.file))
        place.publish()

        assert done.learner == "ben" and place.judge(new).valid and place.judge(ada).valid
        for same in ("name", "description", "evidence", "validUntil", "awardedDate"):
            assert new[same] == ben[same]
        assert new["credentialSubject"]["achievement"] == ben["credentialSubject"]["achievement"]
        assert new["credentialSubject"]["id"] != ben["credentialSubject"]["id"]
        with closing(place.home.open_ledger()) as ledger:
            assert set(ledger.revoked()) == {ben["id"]}
        assert list(reissue(place.home, place.home.signer(), place.folder / "anew")) == []
        assert place.issue("ben") == [new]
        assert chain.check_ledger(place.home, None) == 4

    def test_every_record_can_be_reissued(self, stolen):
        from autograder.records.reissue import reissue

        place, *_ = stolen
        done = list(reissue(place.home, place.home.signer(), place.folder / "anew", every=True))
        assert sorted(one.learner for one in done) == ["ada", "ben"]

    def test_a_list_signed_by_the_stolen_key(self, stolen):
        place, _, _, _, before = stolen
        place.publish()
        key = place.home.issuer.keys[0]
        assert key.compromised and key.trusted and before.keys[0].compromised is None
        listed = [json.loads(path.read_text()) for path in (place.folder / "site/status").glob("*.json")]
        assert all(one["proof"][0]["verificationMethod"] == place.home.active.id for one in listed)

    def test_a_retired_key_turns_out_stolen(self, place):
        (ada,) = place.issue("ada")
        old = place.home.active
        place.home = issuer.rotate(place.home, None)
        place.home = issuer.distrust(place.home, old.publicKeyMultibase, old.valid_from)
        place.trusted = place.home.issuer
        place.publish()
        assert place.home.issuer.keys[0].trusted is None
        assert "nothing had been published before" in reasons(place.judge(ada))


def test_where_the_document_of_a_did_web_lies():
    assert did_address("did:web:example.edu") == "https://example.edu/.well-known/did.json"
    assert did_address("did:web:example.edu%3A8443:a:b") == "https://example.edu:8443/a/b/did.json"
