"""Canonical forms, pinned contexts, and the child process that can be killed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import canonical, contexts, multikey, worker
from autograder.records.errors import Fault

BASE = {
    "@context": [contexts.CREDENTIALS, contexts.BADGES],
    "id": "urn:uuid:00000000-0000-4000-8000-000000000000",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "A record",
}

UNSIGNABLE = {
    "undefined term": {"transcriptGrade": "A"},
    "undefined type": {"type": ["VerifiableCredential", "OpenBadgeCredential", "Diploma"]},
    "relative id": {"id": "record-1"},
    "empty id": {"id": ""},
    "network path id": {"id": "//evil.example/record"},
    "blank node label": {"id": "_:b0"},
    "id that would pose as two": {"id": "urn:a> <urn:b"},
    "id with a space": {"issuer": "did:web:a b"},
    "null": {"name": None},
    "empty list": {"evidence": []},
    "own context inside": {"evidence": [{"@context": {"x": "urn:x"}, "type": ["Evidence"]}]},
    "own context object": {"@context": [contexts.CREDENTIALS, {"x": "urn:x"}]},
    "unknown context": {"@context": [contexts.CREDENTIALS, "https://evil.example/context"]},
    "control character": {"name": "A\x1brecord"},
    "hidden direction change": {"name": "A\u202erecord"},
    "keyword alias": {"@id": "urn:x"},
    "graph": {"@graph": [{"id": "urn:x", "name": "y"}]},
    "key with a space": {"urn:a b": "c"},
    "full name as key": {"https://schema.org/name": "c"},
    "language that is none": {"name": {"@value": "a", "@language": "e n"}},
}


def test_a_plain_document_has_a_form():
    expected = b'<https://schema.org/name> "A record" .'

    assert expected in canonical.rdfc(BASE)


@pytest.mark.parametrize("name", UNSIGNABLE)
def test_what_a_proof_would_not_cover_is_refused(name):
    with pytest.raises(canonical.NotCanonical):
        canonical.rdfc({**BASE, **UNSIGNABLE[name]})


def test_jcs_refuses_what_has_no_form():
    for bad in (2**60, float("nan"), "\ud800"):
        with pytest.raises(canonical.NotCanonical):
            canonical.jcs({"x": bad})


def test_a_changed_context_is_refused(monkeypatch):
    monkeypatch.setitem(contexts.PINS, contexts.BADGES, "0" * 64)
    contexts.pinned.cache_clear()
    try:
        with pytest.raises(Fault, match="is not the edition"):
            contexts.pinned()
    finally:
        monkeypatch.undo()
        contexts.pinned.cache_clear()


@given(st.binary(max_size=80))
def test_base58_round_trip(data):
    assert data == multikey.decode(multikey.encode(data))


def test_base58_known_value():
    # draft-msporny-base58, test vector 1.
    assert multikey.encode(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"


@pytest.mark.parametrize("text", ["", "Q2", "z0", "zl", "z" + "1" * 200, "u" + "A" * 20])
def test_base58_refuses(text):
    with pytest.raises(ValueError):
        multikey.decode(text)


class TestWorker:
    def test_answers_like_the_function_itself(self):
        with worker.Guarded() as rdfc:
            assert canonical.rdfc(BASE) == rdfc(BASE)
            with pytest.raises(canonical.NotCanonical, match="transcriptGrade"):
                rdfc({**BASE, "transcriptGrade": "A"})
            # The child lives on after a refusal.
            assert canonical.rdfc(BASE) == rdfc(BASE)

    @pytest.mark.slow
    def test_a_poison_graph_is_stopped_in_time(self):
        with worker.Guarded(seconds=5) as rdfc:
            assert canonical.rdfc(BASE) == rdfc(BASE)
            with pytest.raises(canonical.NotCanonical, match="within 5 seconds"):
                rdfc(poison())
            # The next document gets a child of its own.
            assert canonical.rdfc(BASE) == rdfc(BASE)


def poison():
    """Two equal pieces of evidence, each with twelve equal nameless children: 12! orders to try."""
    branch = {"type": ["Achievement"], "name": "y", "related": [{"type": ["Related"]} for _ in range(12)]}
    return {**BASE, "credentialSubject": {"type": ["AchievementSubject"], "achievement": [branch, branch]}}
