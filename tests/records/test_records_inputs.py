"""JSON and YAML that others write: what is read, and in which words the rest is refused."""

import json
import time
from pathlib import Path

import pytest

from autograder.records import awards, evidence, keys, safejson, times
from autograder.records.errors import Fault

GOOD = (Path(__file__).parent / "data" / "evidence.json").read_text()

BAD_JSON = {
    "not JSON": (b"{", "is not JSON"),
    "empty": (b"", "is not JSON"),
    "not UTF-8": (b'{"a": "\xff"}', "is not UTF-8"),
    "duplicate key": (b'{"a": 1, "a": 2}', "'a' twice"),
    "duplicate key, escaped": (b'{"a": 1, "\\u0061": 2}', "'a' twice"),
    "deep": (b"[" * 2000 + b"]" * 2000, "nested deeper"),
    "NaN": (b'{"a": NaN}', "not a JSON number"),
    "huge integer": (b'{"a": 9007199254740993}', "integer"),
    "endless integer": (b'{"a": ' + b"9" * 5000 + b"}", "integer"),
    "infinite by overflow": (b'{"a": 1e999}', "too large"),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_unclear_json_is_refused(name, tmp_path):
    data, words = BAD_JSON[name]
    file = tmp_path / "x.json"
    file.write_bytes(data)

    with pytest.raises(Fault, match=words) as told:
        safejson.read(file)
    assert str(file) in str(told.value) and "\n" not in str(told.value)


def test_large_files_and_folders_are_refused(tmp_path):
    (tmp_path / "x.json").write_bytes(b" " * 1_000_001)
    for path, words in ((tmp_path / "x.json", "larger"), (tmp_path, "not a file"), (tmp_path / "y", "exist")):
        with pytest.raises(Fault, match=words):
            safejson.read(path)


@pytest.mark.parametrize("text", ['"' + '\\"' * 200_000 + "\\", '["' * 200_000, '"\\' * 200_000])
def test_an_open_text_costs_no_time(text):
    """A document that never ends its text is read once, not once for every quotation mark in it."""
    began = time.process_time()
    with pytest.raises(Fault):
        safejson.parse(text.encode())
    assert time.process_time() - began < 20


def test_brackets_in_text_are_not_depth():
    assert safejson.parse(json.dumps(["[" * 100 + '"']).encode()) == ["[" * 100 + '"']


BAD_EVIDENCE = {
    "schema": (lambda d: d.update(schema="evidence/2"), r"\$\.schema"),
    "unknown field": (lambda d: d.update(extra=1), r"\$\.extra"),
    "score as text": (lambda d: piece(d).update(score="26"), r"\$\.learners\[0\]\.evidence\[0\].*score"),
    "negative score": (lambda d: piece(d).update(score=-1), r"score"),
    "no points": (lambda d: piece(d).update(max_score=0), r"max_score"),
    "score far above": (lambda d: piece(d).update(score=1000), r"twice max_score"),
    "assurance": (lambda d: piece(d).update(assurance="sworn"), r"assurance"),
    "certifiable as text": (lambda d: piece(d).update(certifiable="yes"), r"certifiable"),
    "certifiable practice": (lambda d: piece(d).update(practice=True), r"practice"),
    "digest": (lambda d: piece(d).update(submission_sha256="abc"), r"submission_sha256"),
    "date without zone": (lambda d: piece(d).update(date="2026-11-20T09:00:00"), r"date"),
    "impossible date": (lambda d: piece(d).update(date="2026-02-30T09:00:00Z"), r"date"),
    "control character in a title": (lambda d: piece(d).update(title="a\u0007b"), r"title"),
    "learner twice": (lambda d: d["learners"].append(d["learners"][0]), r"learner stands twice"),
    "piece twice": (lambda d: d["learners"][0]["evidence"].append(piece(d)), r"stands twice"),
    "learner with a path": (lambda d: d["learners"][0].update(learner="../ada"), r"learner"),
    "kind": (lambda d: piece(d).update(kind="essay"), r"evidence\[0\]"),
}


def piece(document):
    return document["learners"][0]["evidence"][0]


@pytest.mark.parametrize("name", BAD_EVIDENCE)
def test_faulty_evidence_names_its_place(name, tmp_path):
    change, words = BAD_EVIDENCE[name]
    document = json.loads(GOOD)
    change(document)
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(document))

    with pytest.raises(Fault, match=words) as told:
        evidence.load(file)
    assert "Ada Example" not in str(told.value) and "ada@" not in str(told.value)


def test_a_learners_own_words_do_not_stop_a_class(tmp_path):
    document = json.loads(GOOD)
    document["learners"][4]["blocked"].append({"kind": "case", "id": "../\u0007 x", "reason": "bad\nfile"})
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(document))

    assert evidence.load(file).learners[4].blocked[1].reason == "bad file"


AWARDS = """schema: awards/1
course: open-by-default
awards:
  - id: a
    title: A
    description: d
    criteria: c
    needs:
      exercises:
        e: {percent: 80}
    least_assurance: auto-graded own variant
    valid_for: P3Y
"""

BAD_AWARDS = {
    "not YAML": ("course: open", "course: [open", None, "is not YAML"),
    "tab": ("    title", "\ttitle", 5, "is not YAML"),
    "schema": ("awards/1", "awards/2", 1, "schema"),
    "key twice": ("    criteria: c", "    title: B", 7, "twice"),
    "unknown key": ("    criteria: c", "    criteria: c\n    colour: red", 8, "colour"),
    "missing key": ("    title: A\n", "", 4, "title"),
    "percent above": ("percent: 80", "percent: 101", 10, "percent"),
    "percent zero": ("percent: 80", "percent: 0", 10, "percent"),
    "percent text": ("percent: 80", "percent: most", 10, "percent"),
    "nothing graded": ("      exercises:\n        e: {percent: 80}", "      cases: [c]", 8, "no exercise"),
    "self-reported": ("auto-graded own variant", "self-reported", None, "nobody checked"),
    "assurance": ("auto-graded own variant", "sworn", 11, "least_assurance"),
    "period": ("P3Y", "3 years", 12, "period"),
    "period of nothing": ("P3Y", "P0D", 12, "period"),
    "title of a demonstration": ("title: A", "title: Demonstration of A", None, "demonstration"),
    "alias": ("description: d", "description: *d", 6, "alias"),
    "award twice": ("P3Y\n", "P3Y\n  - id: a\n    title: B\n    description: d\n    criteria: c\n"
                    "    needs: {exercises: {e: {percent: 80}}}\n    least_assurance: supervised\n"
                    "    valid_for: P1Y\n", None, "stands twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_AWARDS)
def test_faulty_awards_name_file_and_line(name, tmp_path):
    old, new, line, words = BAD_AWARDS[name]
    file = tmp_path / "awards.yml"
    assert old in AWARDS
    file.write_text(AWARDS.replace(old, new, 1))

    with pytest.raises(Fault, match=words) as told:
        awards.load(file)
    assert str(told.value).startswith(f"{file}:")
    if line is not None:
        assert line == told.value.line


def test_the_courses_own_awards(root):
    award, *others = awards.load(root / "exercises" / "awards.yml").awards

    assert award.id == "export-controls" and [other.id for other in others] == ["awareness", "practitioner"]
    assert award.needs.exercises["export-controls"].percent == 80
    assert award.valid_for == "P3Y" and not award.scores_in_record
    assert {"in part", "no"} == {topic.covered for topic in award.alignment}


def test_periods():
    start = times.moment("2024-02-29T10:00:00Z")

    assert times.text(times.after(start, "P3Y")) == "2027-02-28T10:00:00Z"
    assert times.text(times.after(start, "P18M")) == "2025-08-29T10:00:00Z"
    assert times.text(times.after(times.moment("2024-10-31T10:00:00Z"), "P2M")) == "2024-12-31T10:00:00Z"
    assert times.text(times.after(start, "P1D")) == "2024-03-01T10:00:00Z"


class TestKeys:
    def test_only_the_owner_may_read(self, tmp_path):
        keys.store(tmp_path / "k", keys.make(), None)

        assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
        (tmp_path / "k").chmod(0o644)
        with pytest.raises(Fault, match="read or changed by others"):
            keys.load(tmp_path / "k")

    def test_passphrase(self, tmp_path):
        key, file = keys.make(), tmp_path / "k"
        keys.store(file, key, "correct horse")

        assert keys.public(key) == keys.public(keys.load(file, "correct horse"))
        assert "secretKeyMultibase" not in file.read_text()
        for phrase, words in (("wrong horse", "does not open"), (None, "needs its passphrase")):
            with pytest.raises(Fault, match=words) as told:
                keys.load(file, phrase)
            assert "horse" not in str(told.value)

    @pytest.mark.parametrize("text", ["{}", "[]", '{"schema": "records-key/1"}', "z3u2"])
    def test_what_is_no_key_is_refused_without_showing_it(self, tmp_path, text):
        file = tmp_path / "k"
        file.write_text(text)
        file.chmod(0o600)
        with pytest.raises(Fault):
            keys.load(file)

    def test_a_swapped_public_key_is_found(self, tmp_path):
        file = tmp_path / "k"
        keys.store(file, keys.make(), None)
        content = json.loads(file.read_text())
        content["publicKeyMultibase"] = keys.public(keys.make())
        file.write_text(json.dumps(content))
        with pytest.raises(Fault, match="another key"):
            keys.load(file)
