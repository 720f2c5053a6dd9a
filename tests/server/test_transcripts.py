"""What a page may save: a museum of progress files that were not made by a page of the course."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursebook.server.transcripts import LARGEST, parse, save
from coursefacts.errors import InputFault

GOOD = {
    "schema": "transcript/2",
    "case": "visitor-and-chip",
    "case_digest": "sha256:0123456789abcdef",
    "choices": [1, 3, [1, 2], 2],
    "started": "2026-11-22T10:00:00.000Z",
    "finished": "2026-11-22T11:20:00+01:00",
}


def body(**changed: object) -> bytes:
    return json.dumps({**GOOD, **changed}).encode()


def without(key: str) -> bytes:
    return json.dumps({name: value for name, value in GOOD.items() if name != key}).encode()


EVIL = {
    "nothing": b"",
    "not JSON": b"<script>alert(1)</script>",
    "not UTF-8": b'{"schema": "\xff"}',
    "a list": b"[]",
    "a number": b"12",
    "nested without end": b'{"choices":' + b"[" * 30_000,
    "nested choices": body(choices=[[[1]]]),
    "too many choices": body(choices=[1] * 2001),
    "choice zero": body(choices=[0]),
    "choice below zero": body(choices=[-1]),
    "choice beyond all": body(choices=[10**6]),
    "an endless number": body(choices=[1]).replace(b"[1]", b"[" + b"9" * 5000 + b"]"),
    "a fraction": body(choices=[1.5]),
    "a whole fraction": body(choices=[1.0]),
    "a truth": body(choices=[True]),
    "a text without end for a number": body(choices=["1" * 5000]),
    "NaN": body().replace(b"[1, 3, [1, 2], 2]", b"[NaN]"),
    "infinity": body().replace(b"[1, 3, [1, 2], 2]", b"[Infinity]"),
    "a key twice": body().replace(b'{"schema"', b'{"case": "other", "schema"'),
    "a key twice, deeper": body(extra=0).replace(b'"extra": 0', b'"extra": {"a": 1, "a": 2}'),
    "another schema": body(schema="transcript/3"),
    "one key more": body(score=100),
    "a note without end": body(note="x" * 2001),
    "a note that is none": body(note=["x"]),
    "an item that is none": body(mended=[0]),
    "going back as a text": body(revised="twice"),
    "going back to before the start": body(revised=[{"at": -1, "choices": [1]}]),
    "going back over nothing": body(revised=[{"at": 1, "choices": []}]),
    "going back with a score": body(revised=[{"at": 1, "choices": [1], "score": 9}]),
    "going back without end": body(revised=[{"at": 0, "choices": [1]}] * 201),
    "a script as key": body(**{"<script>alert(1)</script>": 1}),
    "an endless key": body(**{"k" * 5000: 1}),
    "a prototype": body(__proto__={"admin": True}),
    "a path as id": body(case="../../../etc/passwd"),
    "an upper-case id": body(case="Visitor"),
    "an id with a line break": body(case="visitor-and-chip\n"),
    "an endless id": body(case="a" * 5000),
    "script as digest": body(case_digest="<img src=x onerror=alert(1)>"),
    "digest of nothing": body(case_digest=""),
    "script as time": body(started="<script>alert(1)</script>"),
    "time without zone": body(started="2026-11-22T10:00:00"),
    "not finished": body(finished=None),
    "finished before started": body(finished="2026-11-21T10:00:00Z"),
    "a moment as number": body(started=1_700_000_000),
    "another case": body(case="another-case"),
    "too large": body(case_digest="a" * (LARGEST + 1)),
    **{f"no {key}": without(key) for key in GOOD},
}


@pytest.mark.parametrize("sent", EVIL.values(), ids=EVIL.keys())
def test_an_evil_progress_file_is_refused_in_one_line_that_quotes_none_of_it(sent):
    with pytest.raises(InputFault) as caught:
        parse(sent, "visitor-and-chip")
    line = str(caught.value)
    assert "\n" not in line
    assert "<" not in line
    assert len(line) < 200


def test_a_page_that_saves_what_it_played_is_heard(tmp_path):
    name = save(parse(body(), "visitor-and-chip"), tmp_path)
    assert name.as_posix() == "transcripts/visitor-and-chip.json"
    assert json.loads((tmp_path / name).read_text()) == GOOD


def test_the_last_finished_walk_stands(tmp_path):
    save(parse(body(choices=[1]), "visitor-and-chip"), tmp_path)
    save(parse(body(choices=[2]), "visitor-and-chip"), tmp_path)
    assert json.loads((tmp_path / "transcripts/visitor-and-chip.json").read_text())["choices"] == [2]
    assert len(list((tmp_path / "transcripts").iterdir())) == 1


def test_going_back_is_kept_and_nothing_is_made_up(tmp_path: Path) -> None:
    revised = [{"at": 2, "choices": [4, 1]}]
    for sent in ({}, {"revised": revised}):
        save(parse(body(**sent), "visitor-and-chip"), tmp_path)
        kept = json.loads((tmp_path / "transcripts/visitor-and-chip.json").read_text())
        assert kept == GOOD | sent
