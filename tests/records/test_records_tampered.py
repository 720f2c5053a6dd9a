"""A museum of forged and broken records: each is changed in one way, and none is valid."""

import copy
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.records import contexts, issuer, keys, models, multikey, proof, status

LATER = "2039-11-20T09:00:00Z"


def subject(document):
    return document["credentialSubject"]


def achievement(document):
    return subject(document)["achievement"]


def proofs(document, **change):
    for one in document["proof"]:
        one.update(change)


def flip(text):
    return text[:-1] + ("1" if text[-1] != "1" else "2")


def malleable(text):
    """The same signature with the group order added to its second half: some libraries take both."""
    order = 2**252 + 27742317777372353535851937790883648493
    raw = multikey.decode(text)
    tail = int.from_bytes(raw[32:], "little") + order
    return multikey.encode(raw[:32] + tail.to_bytes(32, "little"))


CHANGES = {
    # what the record says
    "title": lambda d: d.update(name="Doctor of Physics"),
    "description": lambda d: d.update(description="All is well."),
    "id": lambda d: d.update(id="urn:uuid:00000000-0000-4000-8000-000000000000"),
    "type dropped": lambda d: d.update(type=["VerifiableCredential"]),
    "type added": lambda d: d["type"].append("EndorsementCredential"),
    "types reordered": lambda d: d["type"].reverse(),
    "achievement title": lambda d: achievement(d).update(name="Steward"),
    "achievement id": lambda d: achievement(d).update(
        id="https://records.example.edu/quantum/achievements/x"
    ),
    "achievement description": lambda d: achievement(d).update(description="More."),
    "achievement type": lambda d: achievement(d).update(achievementType="Degree"),
    "criteria": lambda d: achievement(d)["criteria"].update(narrative="Nothing to do."),
    "criteria emptied": lambda d: achievement(d).update(criteria={}),
    "course version": lambda d: achievement(d).update(version="9.9.9"),
    "language": lambda d: achievement(d).update(inLanguage="de"),
    "alignment claimed": lambda d: achievement(d)["alignment"][0].update(targetName="Cybersecurity"),
    "alignment removed": lambda d: achievement(d).pop("alignment"),
    "alignment address": lambda d: achievement(d)["alignment"][0].update(targetUrl="https://evil.example"),
    "image added": lambda d: achievement(d).update(image={"id": "https://e.example/i", "type": "Image"}),
    # who holds it
    "holder": lambda d: subject(d)["identifier"][0].update(identityHash="mallory"),
    "holder kind": lambda d: subject(d)["identifier"][0].update(identityType="emailAddress"),
    "holder hashed": lambda d: subject(d)["identifier"][0].update(hashed=True),
    "holder removed": lambda d: subject(d).pop("identifier"),
    "holder added": lambda d: subject(d)["identifier"].append(
        {"type": "IdentityObject", "hashed": False, "identityHash": "m", "identityType": "identifier"}
    ),
    "subject id": lambda d: subject(d).update(id="urn:uuid:00000000-0000-4000-8000-000000000000"),
    "score added": lambda d: subject(d).update(result=[{"type": ["Result"], "value": "100"}]),
    # the evidence
    "assurance": lambda d: d["evidence"][0].update(description="Assurance: supervised."),
    "evidence narrative": lambda d: d["evidence"][0].update(narrative="Done."),
    "evidence name": lambda d: d["evidence"][1].update(name="Case: another"),
    "evidence genre": lambda d: d["evidence"][2].update(genre="exercise"),
    "evidence removed": lambda d: d["evidence"].pop(),
    "evidence reordered": lambda d: d["evidence"].reverse(),
    "evidence doubled": lambda d: d["evidence"].append(d["evidence"][0]),
    "all evidence removed": lambda d: d.pop("evidence"),
    # time
    "expiry later": lambda d: d.update(validUntil=LATER),
    "expiry removed": lambda d: d.pop("validUntil"),
    "start earlier": lambda d: d.update(validFrom="2020-01-01T00:00:00Z"),
    "start in the future": lambda d: d.update(validFrom=LATER),
    "start without zone": lambda d: d.update(validFrom="2026-11-22T10:00:00"),
    "start that is no date": lambda d: d.update(validFrom="yesterday"),
    "awarded": lambda d: d.update(awardedDate="2020-01-01T00:00:00Z"),
    "same moment, other zone": lambda d: d.update(validUntil="2029-11-20T10:00:00+01:00"),
    # the issuer
    "issuer id": lambda d: d["issuer"].update(id="did:web:other.example.org"),
    "issuer name": lambda d: d["issuer"].update(name="A Better University"),
    "issuer address": lambda d: d["issuer"].update(url="https://evil.example"),
    "issuer as text": lambda d: d.update(issuer=d["issuer"]["id"]),
    "issuer removed": lambda d: d.pop("issuer"),
    "issuer with a fragment": lambda d: d["issuer"].update(id=d["issuer"]["id"] + "#"),
    # status
    "index": lambda d: d["credentialStatus"].update(statusListIndex="7"),
    "purpose": lambda d: d["credentialStatus"].update(statusPurpose="message"),
    "list": lambda d: d["credentialStatus"].update(statusListCredential="https://evil.example/list"),
    "status removed": lambda d: d.pop("credentialStatus"),
    "status type": lambda d: d["credentialStatus"].update(type="StatusList2021Entry"),
    # contexts
    "context missing": lambda d: d.pop("@context"),
    "contexts reordered": lambda d: d["@context"].reverse(),
    "context older": lambda d: d["@context"].__setitem__(1, contexts.BADGES.replace("3.0.3", "3.0.2")),
    "context added": lambda d: d["@context"].append("https://evil.example/context"),
    "own context added": lambda d: d["@context"].append({"name": "urn:x"}),
    "context doubled": lambda d: d["@context"].append(contexts.BADGES),
    "context in the proof": lambda d: d["proof"][1].update({"@context": [contexts.CREDENTIALS]}),
    "context out of the proof": lambda d: d["proof"][1].pop("@context"),
    "context redefined inside": lambda d: achievement(d).update({"@context": {"name": "urn:x"}}),
    # terms beside
    "undefined term": lambda d: d.update(transcriptGrade="A"),
    "undefined term inside": lambda d: achievement(d).update(rank=1),
    "null term": lambda d: d.update(image=None),
    "empty list": lambda d: d.update(termsOfUse=[]),
    "hidden character": lambda d: d.update(name=d["name"] + "\u200b"),
    "control character": lambda d: d.update(name=d["name"] + "\x1b[2K"),
    "look-alike letter": lambda d: d["issuer"].update(name=d["issuer"]["name"].replace("a", "а")),
    "decomposed letter": lambda d: d.update(name=d["name"] + "e\u0301"),
    # proofs
    "no proof": lambda d: d.pop("proof"),
    "empty proofs": lambda d: d.update(proof=[]),
    "proof is text": lambda d: d.update(proof="signed"),
    "text among proofs": lambda d: d["proof"].append("signed"),
    "ten proofs": lambda d: d.update(proof=d["proof"] * 5),
    "first signature": lambda d: d["proof"][0].update(proofValue=flip(d["proof"][0]["proofValue"])),
    "second signature": lambda d: d["proof"][1].update(proofValue=flip(d["proof"][1]["proofValue"])),
    "signatures swapped": lambda d: (
        d["proof"][0].update(proofValue=d["proof"][1]["proofValue"]),
        d["proof"][1].update(cryptosuite=proof.RDFC),
    ),
    "suites swapped": lambda d: (
        d["proof"][0].update(cryptosuite=proof.JCS),
        d["proof"][1].update(cryptosuite=proof.RDFC),
    ),
    "signature removed": lambda d: d["proof"][0].pop("proofValue"),
    "signature empty": lambda d: proofs(d, proofValue=""),
    "signature short": lambda d: proofs(d, proofValue=multikey.encode(bytes(63))),
    "signature of zeros": lambda d: proofs(d, proofValue=multikey.encode(bytes(64))),
    "signature with a leading zero": lambda d: proofs(d, proofValue="z1" + d["proof"][0]["proofValue"][1:]),
    "signature malleable": lambda d: d["proof"][0].update(proofValue=malleable(d["proof"][0]["proofValue"])),
    "signature in another alphabet": lambda d: proofs(d, proofValue="u" + d["proof"][0]["proofValue"][1:]),
    "proof earlier": lambda d: proofs(d, created="2020-01-01T00:00:00Z"),
    "proof without time": lambda d: [one.pop("created") for one in d["proof"]],
    "proof time is no text": lambda d: proofs(d, created=5),
    "purpose of the proof": lambda d: proofs(d, proofPurpose="authentication"),
    "type of the proof": lambda d: proofs(d, type="Ed25519Signature2020"),
    "suite unknown": lambda d: proofs(d, cryptosuite="eddsa-none-2022"),
    "suite as a list": lambda d: d["proof"][0].update(cryptosuite=[]),
    "one suite unknown": lambda d: d["proof"][0].update(cryptosuite="eddsa-rdfc-2023"),
    "one suite missing": lambda d: d["proof"][1].pop("cryptosuite"),
    "suite missing": lambda d: [one.pop("cryptosuite") for one in d["proof"]],
    "suite in capitals": lambda d: proofs(d, cryptosuite="EDDSA-JCS-2022"),
    "key of nobody": lambda d: proofs(d, verificationMethod=d["issuer"]["id"] + "#z6Mk"),
    "key as object": lambda d: proofs(d, verificationMethod={"id": d["proof"][0]["verificationMethod"]}),
    "key by itself": lambda d: proofs(
        d, verificationMethod="did:key:" + d["proof"][0]["verificationMethod"].partition("#")[2]
    ),
    "key missing": lambda d: [one.pop("verificationMethod") for one in d["proof"]],
    "chain": lambda d: proofs(d, previousProof="urn:uuid:1"),
    "domain": lambda d: proofs(d, domain="evil.example"),
    "unsigned option": lambda d: proofs(d, note="checked by the dean"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_forgery_is_not_valid(office, name):
    forged = copy.deepcopy(office.record)
    CHANGES[name](forged)
    verdict = office.judge(forged)

    assert forged != office.record
    assert not verdict.valid
    assert all(check.message for check in verdict.checks)


def leaves(value, here=()):
    """Every place of a text or a truth value in a JSON value."""
    if isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*here, step))
    else:
        yield here


def altered(value):
    """Something else of the same kind, as a careful forger would write it."""
    if isinstance(value, bool):
        return not value
    if value[:4].isdigit() and "T" in value:
        return value.replace("2026", "2027").replace("2029", "2031")
    return value[:-1] + ("x" if value[-1:] != "x" else "y")


def test_each_field_in_turn(office):
    """The same kind of value, nothing, and another kind in the place of each field; none is valid."""
    tried = 0
    for place in leaves(office.record):
        for change in (altered, lambda value: "", lambda value: None, lambda value: [value]):
            forged = copy.deepcopy(office.record)
            node = forged
            for step in place[:-1]:
                node = node[step]
            old = node[place[-1]]
            node[place[-1]] = change(old)
            assert node[place[-1]] != old
            assert not office.judge(forged).valid, (place, node[place[-1]])
            tried += 1
    assert tried >= 200


def test_each_part_left_out_or_doubled(office):
    tried = 0
    for place in places(office.record):
        for change in ("drop", "double"):
            forged = copy.deepcopy(office.record)
            node = forged
            for step in place[:-1]:
                node = node[step]
            if not place or (change == "double" and not isinstance(node, list)):
                continue
            if change == "drop":
                del node[place[-1]]
            else:
                node.insert(place[-1], copy.deepcopy(node[place[-1]]))
            # A wallet may keep one of the two proofs; each is whole by itself.
            if place in (("proof", 0), ("proof", 1)) and change == "drop":
                assert office.judge(forged).valid
            elif place == ("proof",) or place[0] != "proof" or len(place) > 2:
                assert not office.judge(forged).valid, (place, change)
            tried += 1
    assert tried >= 100


LIST_CHANGES = {
    "bits": lambda d: d["credentialSubject"].update(encodedList=status.encode([5])),
    "purpose": lambda d: d["credentialSubject"].update(statusPurpose="message"),
    "type": lambda d: d["credentialSubject"].update(type="StatusList2021"),
    "subject id": lambda d: d["credentialSubject"].update(id=d["credentialSubject"]["id"] + "x"),
    "id": lambda d: d.update(id=d["id"] + "x"),
    "issuer": lambda d: d.update(issuer="did:web:other.example.org"),
    "issuer as object": lambda d: d.update(issuer={"id": d["issuer"]}),
    "from": lambda d: d.update(validFrom="2026-11-25T00:00:00Z"),
    "until": lambda d: d.update(validUntil=LATER),
    "until removed": lambda d: d.pop("validUntil"),
    "context": lambda d: d["@context"].append(contexts.BADGES),
    "term beside": lambda d: d.update(ttl=1),
    "no proof": lambda d: d.pop("proof"),
    "signature": lambda d: d["proof"][0].update(proofValue=flip(d["proof"][0]["proofValue"])),
    "suite": lambda d: d["proof"][0].update(cryptosuite=proof.JCS),
    "key": lambda d: d["proof"][0].update(verificationMethod=d["issuer"] + "#z6Mk"),
    "proof time": lambda d: d["proof"][0].update(created="2026-11-25T00:00:00Z"),
    "proof purpose": lambda d: d["proof"][0].update(proofPurpose="authentication"),
}


@pytest.mark.parametrize("which", ["revocation", "suspension"])
@pytest.mark.parametrize("name", LIST_CHANGES)
def test_a_forged_status_list_is_not_believed(office, name, which):
    listed = office.published()[which]
    LIST_CHANGES[name](listed)
    verdict = office.judge(office.record, lists={which: listed})

    assert not verdict.valid and verdict.status == "unknown"


KEY_CHANGES = {
    "another key": lambda k: k.update(publicKeyMultibase=keys.public(keys.make())),
    "another name": lambda k: k.update(id=k["id"][:-1] + ("y" if k["id"].endswith("x") else "x")),
    "not yet in use": lambda k: k.update(valid_from=LATER),
    "retired before": lambda k: k.update(valid_until="2026-01-01T00:00:00Z"),
    "stolen": lambda k: k.update(compromised="2026-01-01T00:00:00Z"),
    "stolen, with a head of nothing": lambda k: k.update(
        compromised=LATER,
        trusted={"seq": 0, "issued": 0, "digests": hashlib.sha256(b"").hexdigest(), "time": k["valid_from"]},
    ),
}


@pytest.mark.parametrize("name", KEY_CHANGES)
def test_a_key_that_does_not_fit(office, name):
    content = office.home.issuer.model_dump(mode="json")
    KEY_CHANGES[name](content["keys"][0])
    who = models.load(issuer.Issuer, content, "issuers")
    trusted = issuer.IssuerList(schema="issuers/1", issuers=(who,))
    assert not office.judge(office.record, issuers=trusted).valid


def test_the_museum_is_large_enough():
    """Beside each field in turn: named forgeries of records, of status lists and of keys."""
    assert len(CHANGES) + 2 * len(LIST_CHANGES) + len(KEY_CHANGES) >= 140


@pytest.mark.parametrize(
    "document",
    [None, [], "record", 5, {}, {"proof": {}}, {"@context": 1}],
    ids=repr,
)
def test_what_is_no_record_at_all(office, document):
    assert not office.judge(document).valid


def places(value, here=()):
    """Every place in a JSON value."""
    yield here
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in pairs:
        yield from places(item, (*here, step))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_anything_in_the_place_of_anything_is_refused_in_words(office, data):
    """No value of any shape, anywhere in a record or its status list, passes or breaks the verifier."""
    listed = office.published()["revocation"]
    which = data.draw(st.sampled_from([office.record, listed]))
    forged = copy.deepcopy(which)
    place = data.draw(st.sampled_from([p for p in places(which) if p]))
    node = forged
    for step in place[:-1]:
        node = node[step]
    old, node[place[-1]] = node[place[-1]], data.draw(ANY)
    if old == node[place[-1]] and type(old) is type(node[place[-1]]):
        return
    if which is listed:
        assert not office.judge(office.record, lists={"revocation": forged}).valid
    else:
        assert not office.judge(forged).valid


def test_stripping_either_proof_and_changing_is_found(office):
    for place in (0, 1):
        forged = {**copy.deepcopy(office.record), "proof": office.record["proof"][place], "name": "Doctor"}
        assert not office.judge(forged).valid


def test_a_term_that_rdf_would_drop_is_found_without_the_other_proof(office):
    forged = {**office.record, "proof": [office.record["proof"][0]], "transcriptGrade": "A"}
    assert not office.judge(forged).valid


def test_a_list_of_another_size_is_not_mistaken(office):
    assert len(status.decode(status.encode([]))) * 8 == status.ENTRIES
