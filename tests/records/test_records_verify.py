"""What a verifier is told: the good record, time, keys, issuers, status; and every changed byte."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.records import canonical, contexts, issuer, keys, proof, safejson, status, times
from autograder.records.errors import Fault
from autograder.records.verify import verify


def reasons(verdict):
    return " | ".join(check.message for check in verdict.checks if not check.ok)


def test_a_good_record(office):
    verdict = office.judge(office.record)

    assert verdict.valid and verdict.status == "good"
    assert verdict.holder == "ada"
    assert verdict.achievement == "Export controls for quantum science"
    assert verdict.expires == "2029-11-20T09:00:00Z"
    assert {"valid", "checks", "holder", "achievement", "issued", "expires", "status"} == set(
        verdict.as_json()
    )
    assert all({"check", "ok", "message"} == set(check) for check in verdict.as_json()["checks"])


def test_the_file_is_its_own_canonical_form(office):
    assert canonical.jcs(office.record) == office.file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("bit", [0x01, 0x20])
def test_each_changed_byte_is_found(office, bit):
    """Every byte of the file in turn: the next letter, and the other case."""
    good, settings = office.file.read_bytes(), office.settings()
    for place in range(len(good)):
        text = good[:place] + bytes([good[place] ^ bit]) + good[place + 1 :]
        try:
            document = safejson.parse(text)
        except Fault:
            continue
        assert not verify(document, settings).valid, f"byte {place}, {good[place - 20 : place + 20]!r}"


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(office, data):
    text = bytearray(office.file.read_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != text[place]))
    text[place] = byte
    try:
        document = safejson.parse(bytes(text))
    except Fault:
        return

    assert not office.judge(document).valid


def printable(text):
    return not canonical.CONTROL.search(text)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["name", "description"]),
        st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and printable(text)),
    )
)
def test_whatever_text_is_signed_verifies(office, texts):
    try:
        canonical.jcs(texts)
    except canonical.NotCanonical:
        return
    signed = office.resign(lambda document: document.update(texts))

    assert office.judge(safejson.parse(canonical.jcs(signed))).valid


def test_reordered_keys_and_spaces_are_the_same_record(office):
    """A wallet may write the JSON anew; what it says is unchanged."""
    again = json.loads(json.dumps(dict(reversed(office.record.items())), indent=4))

    assert office.judge(again).valid


class TestTime:
    def test_expired(self, office):
        verdict = office.judge(office.record, at=times.moment("2029-11-20T09:00:00Z"))
        assert not verdict.valid and "expired on 2029-11-20" in reasons(verdict)

    def test_last_second(self, office):
        assert office.judge(office.record, at=times.moment("2029-11-20T08:59:59Z")).valid

    def test_not_yet_valid(self, office, long_ago):
        verdict = office.judge(office.record, at=long_ago)
        assert not verdict.valid and "not valid before" in reasons(verdict)

    def test_proof_from_the_future(self, office):
        later = times.text(times.now() + timedelta(days=2))
        signed = office.resign(lambda document: None, created=later)
        verdict = office.judge(signed)
        assert not verdict.valid and "after the moment asked for" in reasons(verdict)

    def test_proof_that_expired(self, office):
        plain = {key: value for key, value in office.record.items() if key != "proof"}
        good = proof.sign(plain, office.signer, "2026-11-22T00:00:00Z", suite=proof.JCS)
        options = {**{k: v for k, v in good.items() if k != "proofValue"}, "expires": "2026-11-22T00:00:01Z"}
        data = proof.hash_data(plain, options, canonical.rdfc)
        value = proof.multikey.encode(office.signer.key.sign(data))
        verdict = office.judge({**plain, "proof": {**options, "proofValue": value}})
        assert not verdict.valid


class TestIssuers:
    def test_unknown_issuer(self, office, make_issuer):
        other = make_issuer(url="https://other.example.org")
        trusted = issuer.IssuerList(schema="issuers/1", issuers=(other.issuer,))
        verdict = office.judge(office.record, issuers=trusted)
        assert not verdict.valid and verdict.status == "unknown"
        assert "signature good, issuer unknown" in reasons(verdict)

    def test_unknown_issuer_and_changed(self, office):
        trusted = issuer.IssuerList(schema="issuers/1", issuers=())
        verdict = office.judge({**office.record, "name": "Doctor of Physics"}, issuers=trusted)
        assert not verdict.valid and "signature good" not in reasons(verdict)

    def test_own_key_under_a_trusted_name(self, office):
        key = keys.make()
        forger = proof.Signer(f"{office.home.issuer.id}#{keys.public(key)}", key)
        forged = proof.sign_set(office.record, forger, times.text(times.now()))
        assert "not one of this issuer's" in reasons(office.judge(forged))

    def test_trusted_issuer_cannot_sign_for_another(self, office, make_issuer):
        other = make_issuer(url="https://other.example.org")
        both = issuer.IssuerList(schema="issuers/1", issuers=(office.home.issuer, other.issuer))
        forged = proof.sign_set(office.record, other.signer(), times.text(times.now()))
        assert "does not belong to the issuer" in reasons(office.judge(forged, issuers=both))

    def test_rotation_keeps_old_records(self, office, make_issuer):
        home = make_issuer()
        old = home.signer()
        began = times.moment(home.active.valid_from)
        document = {**office.record, "issuer": {**office.record["issuer"], "id": home.issuer.id}}
        before = proof.sign_set(document, old, times.text(began))
        home = issuer.rotate(home, None)
        after = proof.sign_set(document, home.signer(), times.text(times.now()))
        backdated = proof.sign_set(document, home.signer(), "2020-01-01T00:00:00Z")
        late = proof.sign_set(document, old, times.text(began + timedelta(days=1)))
        trusted = issuer.IssuerList(schema="issuers/1", issuers=(home.issuer,))
        state = {"issuers": trusted, "at": began + timedelta(days=2)}

        assert not (home.path / "keys" / f"{old.method.partition('#')[2]}.json").exists()
        for signed, words in (
            (before, ""),
            (after, ""),
            (backdated, "older than its key"),
            (late, "retired"),
        ):
            proofs = [c for c in office.judge(signed, **state).checks if c.check.startswith("proof")]
            assert words in " ".join(check.message for check in proofs)
            assert bool(words) == any(not check.ok for check in proofs)

    def test_compromised_key(self, office):
        key = office.home.issuer.keys[0].model_copy(update={"compromised": times.text(times.now())})
        who = office.home.issuer.model_copy(update={"keys": (key,)})
        verdict = office.judge(office.record, issuers=issuer.IssuerList(schema="issuers/1", issuers=(who,)))
        assert "compromised" in reasons(verdict)


class TestStatus:
    def judge(self, office, listed, **other):
        return office.judge(office.record, lists={"revocation": listed}, **other)

    def index(self, office):
        return int(office.record["credentialStatus"]["statusListIndex"])

    def signed(
        self, office, revoked=(), change=lambda document: None, moment=None, signer=None, purpose="revocation"
    ):
        plain = status.credential(office.home.issuer, revoked, moment or times.now(), purpose=purpose)
        change(plain)
        return proof.sign_set(plain, signer or office.signer, times.text(times.now()), (proof.RDFC,))

    def test_no_list(self, office):
        verdict = office.judge(office.record, lists={"revocation": None})
        assert not verdict.valid and verdict.status == "unknown"

    def test_a_list_without_an_accepted_date(self, office):
        verdict = office.judge(office.record, since=None)
        assert not verdict.valid and verdict.status == "unknown"

    def test_revoked(self, office):
        verdict = self.judge(office, self.signed(office, [self.index(office)]))
        assert not verdict.valid and verdict.status == "revoked"

    def test_suspended(self, office):
        listed = self.signed(office, [self.index(office)], purpose="suspension")
        verdict = office.judge(office.record, lists={"suspension": listed})
        assert not verdict.valid and verdict.status == "suspended"

    def test_revoked_and_suspended_is_revoked(self, office):
        marked = {
            purpose: self.signed(office, [self.index(office)], purpose=purpose)
            for purpose in ("revocation", "suspension")
        }
        assert office.judge(office.record, lists=marked).status == "revoked"

    def test_without_the_list_of_suspensions_the_status_is_unknown(self, office):
        verdict = office.judge(office.record, lists={"suspension": None})
        assert not verdict.valid and verdict.status == "unknown"
        assert "status/suspension-1.json" in reasons(verdict)

    def test_what_one_list_says_for_certain_stands(self, office):
        revoked = self.signed(office, [self.index(office)])
        verdict = office.judge(office.record, lists={"revocation": revoked, "suspension": None})
        assert verdict.status == "revoked"

    def test_one_list_does_not_pass_for_the_other(self, office):
        lists = office.published()
        swapped = {"revocation": lists["suspension"], "suspension": lists["revocation"]}
        swapped["revocation"] = {**swapped["revocation"], "id": lists["revocation"]["id"]}
        assert office.judge(office.record, lists=swapped).status == "unknown"

    def test_several_entries_as_other_issuers_write_them(self, office):
        """VC 2.0 allows a list of entries, so every one of them is looked up."""
        entry = office.record["credentialStatus"]
        address = entry["statusListCredential"].replace("revocation", "suspension")
        other = {
            **entry,
            "statusPurpose": "suspension",
            "statusListCredential": address,
            "id": f"{address}#1",
        }
        both = office.resign(lambda d: d.update(credentialStatus=[entry, other]))
        marked = self.signed(office, [self.index(office)], purpose="suspension")

        assert office.judge(both).valid
        assert office.judge(both, lists={"suspension": marked}).status == "suspended"

    def test_neighbours_revoked(self, office):
        index = self.index(office)
        others = [place for place in range(index - 9, index + 10) if place != index]
        assert self.judge(office, self.signed(office, others)).valid

    @pytest.mark.parametrize("turned", [False, True])
    def test_the_newest_copy_decides_in_any_order(self, office, turned):
        """A folder of weekly copies, given by a glob, has the oldest first."""
        week, now = times.now() - timedelta(days=7), times.now()

        def state(*listed):
            lists = [*(reversed(listed) if turned else listed), office.published()["suspension"]]
            return office.judge(office.record, settings_lists=lists, since=week - timedelta(days=1)).status

        old, marked_old = (
            self.signed(office, moment=week),
            self.signed(office, [self.index(office)], moment=week),
        )
        new, marked = self.signed(office, moment=now), self.signed(office, [self.index(office)], moment=now)
        assert state(old, marked) == "revoked"
        assert state(marked_old, new) == "good"
        assert state(new, marked) == "revoked"
        spoilt = copy.deepcopy(marked)
        spoilt["credentialSubject"]["encodedList"] = status.encode([])
        assert state(old, spoilt) == "unknown"
        assert state({**old, "proof": marked["proof"]}, new) == "good"

    def test_too_old(self, office):
        old = self.signed(office, moment=times.now() - timedelta(days=3))
        verdict = self.judge(office, old)
        assert verdict.status == "unknown" and "older than you accept" in reasons(verdict)

    def test_from_the_future(self, office):
        young = self.signed(office, moment=times.now() + timedelta(days=3))
        assert self.judge(office, young).status == "unknown"

    def test_changed_list(self, office):
        listed = self.signed(office, [self.index(office)])
        listed["credentialSubject"]["encodedList"] = status.encode([])
        assert self.judge(office, listed).status == "unknown"

    def test_another_issuers_list(self, office, make_issuer):
        other = make_issuer(url="https://other.example.org")
        both = issuer.IssuerList(schema="issuers/1", issuers=(office.home.issuer, other.issuer))
        listed = status.signed(other.issuer, [], other.signer(), times.now())
        assert self.judge(office, listed, issuers=both).status == "unknown"

    @pytest.mark.parametrize(
        "change",
        [
            lambda d: d.update(id="https://records.example.edu/quantum/status/other.json"),
            lambda d: d["credentialSubject"].update(statusPurpose="suspension"),
            lambda d: d["credentialSubject"].update(type="BitstringStatus"),
            lambda d: d["credentialSubject"].update(encodedList=status.encode([])[1:]),
            lambda d: d["credentialSubject"].update(encodedList="uAAAA"),
            lambda d: d["credentialSubject"].update(encodedList=packed(bytes(1024 // 8))),
            lambda d: d["credentialSubject"].update(encodedList=packed(bytes(40_000_000))),
            lambda d: d["credentialSubject"].update(encodedList=status.encode([])[:-8]),
        ],
        ids=["id", "purpose", "type", "no u", "no gzip", "short", "bomb", "cut"],
    )
    def test_lists_that_cannot_be_used(self, office, change):
        plain = status.credential(office.home.issuer, [], times.now())
        change(plain)
        # Signed by jcs, so that the form of the list is what fails and not what RDF covers.
        listed = proof.sign_set(plain, office.signer, times.text(times.now()), (proof.JCS,))
        verdict = self.judge(office, listed)
        assert not verdict.valid and verdict.status == "unknown"

    @pytest.mark.parametrize("index", ["094567", "94567.9", "-1", "131072", "", "1e3", "९", 5])
    def test_odd_indexes(self, office, index):
        signed = office.resign(lambda d: d["credentialStatus"].update(statusListIndex=index))
        verdict = office.judge(signed)
        assert not verdict.valid and verdict.status == "unknown"


def packed(data):
    import base64
    import gzip

    return "u" + base64.urlsafe_b64encode(gzip.compress(data, mtime=0)).rstrip(b"=").decode()


def test_bits_stand_from_the_left():
    assert status.decode(status.encode([0, 9]))[:2] == b"\x80\x40"


def test_round_trip_of_a_full_list():
    chosen = set(range(0, status.ENTRIES, 7))
    data = status.decode(status.encode(chosen))
    assert chosen == {n for n in range(status.ENTRIES) if data[n // 8] & (0x80 >> n % 8)}


def test_demonstrations_say_so(office):
    shown = copy.deepcopy(office.record)
    shown["credentialSubject"]["achievement"]["name"] = "Demonstration: x"
    messages = [check.message for check in office.judge(shown).checks]
    assert any("certifies nothing" in message for message in messages)


def test_only_one_of_two_proofs_is_good(office):
    """Other verifiers take any good proof of a set; here every understood one must be good."""
    for place in (0, 1):
        broken = copy.deepcopy(office.record)
        broken["proof"][place]["proofValue"] = broken["proof"][1 - place]["proofValue"]
        assert not office.judge(broken).valid


def test_either_proof_alone_is_enough(office):
    for place in (0, 1):
        assert office.judge({**office.record, "proof": office.record["proof"][place]}).valid


def test_unknown_proofs_beside_do_not_count(office):
    strange = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "proofValue": "u2V0"}
    assert office.judge({**office.record, "proof": [strange, *office.record["proof"]]}).valid
    assert not office.judge({**office.record, "proof": [strange]}).valid


def test_contexts_are_the_two_that_are_pinned(office):
    assert office.record["@context"] == [contexts.CREDENTIALS, contexts.BADGES]
