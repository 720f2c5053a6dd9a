"""The corpus says what it is, and the judges find what they are there to find."""

from __future__ import annotations

import inspect
import json
import socket
from types import SimpleNamespace

import pytest

from autograder.rooms import changes, codec, doings, lent, offers, quantum, serving, shell, wire
from tests.hostile import judge
from tests.hostile.corpus import Attack, attacks
from tests.hostile.course import Places
from tests.hostile.exercise import MOST, SOLUTIONS
from tests.hostile.notebooks import TWISTS, cells_of
from tests.hostile.run import Ended

ALL = attacks()
WORDS = dict.fromkeys(("COURSE", "HOME", "OPEN", "TCP", "UDP", "UNIX", "ABSTRACT"), "1")
GROUPS = {"forging", "notebook", "secrets", "records", "outputs", "exhaustion", "outliving", "knowing"}


def test_there_are_many_and_of_every_kind():
    assert len(ALL) >= 75
    assert {one.name.partition("/")[0] for one in ALL} == GROUPS
    assert 20 <= sum(one.core for one in ALL) <= 45


@pytest.mark.parametrize("attack", ALL, ids=lambda one: one.name)
def test_each_says_in_one_sentence_what_it_tries(attack):
    assert attack.why[0].isupper() and attack.why.endswith(".") and ". " not in attack.why
    assert attack.answers or attack.added or attack.twist or attack.files or attack.aims
    assert attack.twist is None or attack.twist in TWISTS
    assert set(attack.answers) <= {*SOLUTIONS, "why"} and attack.aims <= set(SOLUTIONS)
    assert all(0 <= low <= high <= MOST[name] for name, (low, high) in attack.earns.items())


@pytest.mark.parametrize("attack", ALL, ids=lambda one: one.name)
def test_each_changes_something(attack):
    changed = cells_of(attack, WORDS) != cells_of(None, WORDS)
    assert changed or attack.twist or attack.files


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<p onclick='x'>",
        "<a href='javascript:x'>",
        "<a href=' java\tscript:x'>",
        "<a href='data:text/html,x'>",
        "<img src='http://127.0.0.1/x.png'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<meta http-equiv='Refresh' content='0;url=x'>",
        "<svg/>",
        "<iframe src='x'></iframe>",
        "<p style='background:url(x)'>",
        "a \x1b[31m colour",
        "a \u202e turn",
    ],
)
def test_a_page_that_does_something_is_found(page):
    assert judge.active(page)


def test_a_page_that_only_shows_itself_is_quiet():
    page = '<p class="a">x</p><a href="#y">y</a><img alt="" src="data:image/png;base64,AAAA">&lt;script&gt;'
    assert judge.active(page) == []


INSIDE = {
    changes.Changes.bring: ["self", "names", "fresh"],
    codec._write: ["writer", "value"],
    doings.failure: ["problem", "offers", "depth"],
    offers.Offers.pack: ["self", "value"],
    offers.Offers._class: ["self", "number", "value"],
    offers.Offers._describe: ["self", "value"],
    offers.Offers._function: ["self", "number", "value"],
    quantum._qpy: ["writer", "circuit"],
    serving.Server._answer: ["self", "body"],
    serving.Server._do: ["self", "request"],
    serving.Server._pack: ["self", "reply"],
    serving.Server.ask: ["self", "what", "number", "args", "kwargs"],
    serving.states: [],
    shell.run: ["shell", "source"],
    wire.send_bytes: ["channel", "body"],
}


@pytest.mark.parametrize("function", INSIDE, ids=lambda one: one.__qualname__)
def test_what_attackers_know_of_the_inside_is_still_so(function):
    # Else the attacks that replace it would fail for the wrong reason, and nobody would notice.
    assert list(inspect.signature(function).parameters) == INSIDE[function]


def test_the_hatch_is_where_attackers_look_for_it():
    left, right = socket.socketpair()
    with left, right:
        server = serving.Server(SimpleNamespace(user_ns={}), left, None)
        assert lent._serving[0] is server and server._hatch is left and server._current == []
    assert offers._KINDS and all(len(one) == 2 for one in offers._KINDS)


def ended(tmp_path, **parts):
    """Lay down what a class may have led to; `parts` go wrong."""
    course = tmp_path / "course/nbgrader"
    autograded, feedback = course / "autograded/eve/pset", course / "feedback/eve/pset"
    autograded.mkdir(parents=True)
    feedback.mkdir(parents=True)
    output = {"output_type": "stream", "name": "stdout", "text": parts.get("output", "")}
    cells = [
        {
            "cell_type": "code",
            "source": "x",
            "metadata": {"nbgrader": {"grade_id": name, "grade": True, "points": most}},
            "outputs": [],
        }
        for name, most in {**MOST, "why": 2, "drawing": 3}.items()
    ]
    cells.append({"cell_type": "code", "source": "x", "metadata": {}, "outputs": [output]})
    (autograded / "pset.ipynb").write_text(json.dumps({"cells": cells}))
    (feedback / "pset.html").write_text(parts.get("feedback", ""))
    earned = {**dict.fromkeys(MOST, 0.0), "why": None, "drawing": None, **parts.get("earned", {})}
    result = {
        "status": "graded",
        "score": sum(one for one in earned.values() if one),
        "reasons": parts.get("reasons", []),
        "cells": [{"grade_id": name, "score": score} for name, score in earned.items()],
    }
    return Ended(Places(tmp_path, {}, {"KEY": "canary-1"}), {}, {"eve": result}, {}, {}, []), earned


EVE = Attack("eve", "She tries.", {"aims": ["all"]})


def test_a_quiet_result_passes(tmp_path):
    found, earned = ended(tmp_path)
    assert judge.verdict(found, EVE, {"eve": earned}) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"output": "canary-1"},
        {"output": "CANARY-1"},
        {"output": "1-yranac"},
        {"output": b"canary-1".hex()},
        {"feedback": "<p>canary-1</p>"},
        {"feedback": "<p>END HIDDEN TESTS</p>"},
        {"reasons": ["canary-1"]},
        {"earned": {"test-list": 0.5}},
        {"earned": {"why": 2.0}},
        {"earned": {"bonus": 0.0}},
    ],
)
def test_whatever_went_wrong_is_found(tmp_path, parts):
    found, earned = ended(tmp_path, **parts)
    assert judge.verdict(found, EVE, {"eve": earned})


def test_a_gradebook_that_says_otherwise_is_found(tmp_path):
    found, earned = ended(tmp_path)
    assert judge.verdict(found, EVE, {"eve": {**earned, "test-list": 1.0}})
    assert judge.verdict(found, EVE, {})
