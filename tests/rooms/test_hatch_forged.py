"""The examiner's end of the hatch against a room that answers whatever it likes."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import types

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.rooms import wire
from autograder.rooms.bounds import Refused
from autograder.rooms.calls import Hatch
from autograder.rooms.failures import LearnerGone, Withheld
from autograder.rooms.handles import Handle

FUNCTION = {
    "id": 1,
    "kind": "function",
    "name": "f",
    "qualname": "f",
    "doc": None,
    "params": [],
    "flow": "plain",
    "line": 1,
    "globals": [],
    "attributes": [],
}
CLASS = {
    "id": 2,
    "kind": "class",
    "name": "C",
    "qualname": "C",
    "doc": None,
    "error": None,
    "bases": 0,
    "can": ["call", "len"],
    "operators": ["add"],
    "params": None,
    "members": [],
}
THING = {"id": 3, "kind": "object", "type": ["x", "y"], "can": ["len"]}


def framed(tree):
    """The bytes of a tree, as messages.pack would frame it; any tree at all."""
    shape = json.dumps(tree).encode("ascii")
    return struct.pack("!I", len(shape)) + shape + struct.pack("!I", 0)


def reply(number, **parts):
    """The tree of an envelope."""
    flat = ["n", number]
    for name, tree in parts.items():
        flat += [name, tree]
    return framed(["d", flat])


class Liar:
    """A learner's room that answers every question with the next of its answers."""

    def __init__(self, *answers):
        near, far = socket.socketpair()
        self.channel, self.far = near, far
        self.answers = list(answers)
        self.asked = []
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        try:
            while True:
                body = wire.receive_bytes(self.far, limit=1 << 24)
                self.asked.append(bytes(body))
                number = int.from_bytes(body[: wire.NUMBER])
                if not self.answers:
                    self.far.close()
                    return
                told = self.answers.pop(0)
                told = told(number) if callable(told) else told
                if told is not None:
                    wire.send_bytes(self.far, told)
        except (wire.Broken, OSError):
            return

    def close(self):
        with contextlib.suppress(OSError):
            self.far.shutdown(socket.SHUT_RDWR)
        self.channel.close()
        self.far.close()
        self.thread.join(10)


def value(tree):
    return lambda number: reply(number, value=tree)


@pytest.fixture
def hatch():
    made = []

    def make(*answers, names=None):
        liar = Liar(*answers)
        own = Hatch(liar.channel, {} if names is None else names)
        own.outside.begin()
        own.liar = liar
        made.append(liar)
        return own

    yield make
    for one in made:
        one.close()


def ask(own, *args):
    return own.ask("call", *(args or (None,)))


def test_a_plain_answer_is_taken(hatch):
    assert ask(hatch(value(42))) == 42


@pytest.mark.parametrize(
    "answer",
    [
        lambda number: reply(number + 1, value=42),
        lambda number: reply(number - 1, value=42),
        lambda number: reply(True, value=42),
        lambda number: reply(["l", [number]], value=42),
        lambda number: framed(["l", [number]]),
        lambda number: framed(42),
    ],
)
def test_an_answer_that_is_none_ends_the_conversation(hatch, answer):
    own = hatch(answer, value(42))
    with pytest.raises(LearnerGone):
        ask(own)
    with pytest.raises(LearnerGone):
        ask(own)
    assert own.lost
    assert len(own.liar.asked) == 1


@pytest.mark.parametrize("body", [b"", b"\xff" * 40, b"[" * 100_000, framed(["h", {}]), framed({"n": 1})])
def test_an_answer_that_cannot_be_read_is_withheld(hatch, body):
    own = hatch(lambda number: body, value(42))
    with pytest.raises(Withheld):
        ask(own)
    assert own.refused
    assert ask(own) == 42


def test_what_was_there_before_the_question_is_no_answer(hatch):
    own = hatch(value(1), value(2))
    number = own._number + 1
    wire.send_bytes(own.liar.far, reply(number, value=42))
    with pytest.raises(LearnerGone, match="without being asked"):
        ask(own)
    assert own.liar.asked == []


def test_a_second_answer_is_no_answer_to_the_next_question(hatch):
    own = hatch(lambda n: reply(n, value=1), value(2))
    own.liar.answers[0] = lambda n: (
        wire.send_bytes(own.liar.far, reply(n, value=1)),
        reply(n + 1, value=42),
    )[1]
    assert ask(own) == 1
    with pytest.raises(LearnerGone):
        ask(own)


def test_a_length_beyond_the_bounds_is_not_read(hatch):
    own = hatch(None)
    own.liar.answers = [lambda n: own.liar.far.sendall(b"\xff\xff\xff\xff")]
    with pytest.raises(LearnerGone, match="allowed"):
        ask(own)


@pytest.mark.parametrize(
    ("description", "values"),
    [
        ({"params": [["a=__import__('os').system('true')", 1, None, None]]}, []),
        ({"params": [["a):\n    pass\ndef g(", 1, None, None]]}, []),
        ({"params": [["lambda", 1, None, None]]}, []),
        ({"params": [["__hatch__", 1, None, None]]}, []),
        ({"params": [["None", 1, None, None]]}, []),
        ({"params": [["a", 1, None, None], ["a", 1, None, None]]}, []),
        ({"params": [["fi", 1, None, None], ["ﬁ", 1, None, None]]}, []),
        ({"params": [["a" * 101, 1, None, None]]}, []),
        ({"params": [[f"a{n}", 1, None, None] for n in range(61)]}, []),
        ({"params": [["a", 4, None, None], ["b", 0, None, None]]}, []),
        ({"params": [["a", 9, None, None]]}, []),
        ({"params": [["a", 1, 5, None]]}, [1]),
        ({"params": [["a", 1, -1, None]]}, [1]),
        ({"params": [["a", 1, True, None]]}, [1, 2]),
        ({"params": [["a", 2, 0, None]]}, [1]),
        ({"params": [["a", 1, 0, None], ["b", 1, None, None]]}, [1]),
        ({"params": {"a": 1}}, []),
        ({"params": [[["a"], 1, None, None]]}, []),
        ({"params": "a"}, []),
        ({"flow": "exec"}, []),
        ({"name": 5}, []),
        ({"qualname": None}, []),
        ({"doc": ["x"]}, []),
        ({"globals": "x"}, []),
        ({"globals": [5]}, []),
        ({"attributes": [["x", 3]]}, []),
        ({"id": "1"}, []),
        ({"id": -1}, []),
        ({"id": 1 << 40}, []),
        ({"id": True}, []),
        ({"kind": "frame"}, []),
        ({"kind": None}, []),
    ],
)
def test_a_function_that_cannot_be_is_refused(hatch, description, values):
    own = hatch(value(["h", FUNCTION | description, values]))
    with pytest.raises((Withheld, LearnerGone)):
        ask(own)


@pytest.mark.parametrize(
    "name", ["f():\n    import os\ndef g", "a b", "def", "", "x" * 5000, "__hatch__", "é"]
)
def test_no_name_becomes_code(hatch, name):
    own = hatch(value(["h", FUNCTION | {"name": name, "qualname": name}]), value(7))
    made = ask(own)
    assert isinstance(made, types.FunctionType)
    assert made.__code__.co_names == ("__hatch__",)
    assert made.__name__ == name[:200]
    assert made() == 7


def test_attributes_with_odd_names_are_not_set(hatch):
    told = FUNCTION | {"attributes": [["__code__", 0], ["__wrapped__", 0], ["a b", 0], ["ok", 0]]}
    made = ask(hatch(value(["h", told, [1]])))
    assert vars(made) == {"ok": 1}


@pytest.mark.parametrize(
    ("description", "values"),
    [
        ({"bases": 3}, []),
        ({"bases": -1}, []),
        ({"bases": "x"}, []),
        ({"members": [["__eq__", "method", 0]]}, [["h", FUNCTION]]),
        ({"members": [["__init_subclass__", "class", 0]]}, [["h", FUNCTION]]),
        ({"members": [["_hatch_number", "data", None]]}, []),
        ({"members": [["a b", "data", None]]}, []),
        ({"members": "x"}, []),
        ({"members": [["a", "data", None]] * 500}, []),
        ({"can": "call"}, []),
        ({"operators": [1]}, []),
        ({"error": "KeyboardInterruption"}, []),
        ({"error": "print"}, []),
        ({"error": "object"}, []),
        ({"error": ["ValueError"]}, []),
        ({"params": [["a b", 1, None, None]]}, []),
        ({"bases": 2}, [["ref", "builtins", "ValueError"], ["ref", "builtins", "KeyError"]]),
    ],
)
def test_a_class_that_cannot_be_is_refused_or_harmless(hatch, description, values):
    own = hatch(value(["h", CLASS | description, values]))
    try:
        made = ask(own)
    except (Withheld, LearnerGone):
        return
    assert made.__eq__ is Handle.__eq__
    assert "_hatch_number" not in vars(made)


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration"])
def test_an_error_class_is_always_an_ordinary_one(hatch, error):
    made = ask(hatch(value(["h", CLASS | {"error": error}])))
    assert issubclass(made, Exception)
    assert not issubclass(made, StopIteration)


@pytest.mark.parametrize(
    "kind",
    [
        ["builtins", "int"],
        ["builtins", "str"],
        ["numpy", "ndarray"],
        ["numpy", "float64"],
        ["os", "DirEntry"],
        ["subprocess", "Popen"],
        ["numpy.linalg", "norm"],
        ["numpy", "os.path"],
        ["numpy", "__builtins__"],
        ["nowhere", "X"],
    ],
)
def test_a_handle_is_not_taken_for_what_travels_or_for_a_stranger(hatch, kind):
    import numpy as np

    made = ask(hatch(value(["h", THING | {"type": kind}])))
    assert not isinstance(made, int | str | np.ndarray | np.generic)
    assert made.__class__ is type(made)


@pytest.mark.parametrize(
    "tree",
    [
        ["h", {"lent": 0}],
        ["h", {"lent": -1}],
        ["h", {"lent": True}],
        ["h", {"given": "C"}],
        ["h", {"given": ["C"]}],
        ["h", {}],
        ["h", THING | {"own": True}, []],
        ["h", THING | {"own": True}, [5]],
        ["h", THING | {"own": True}, [["ref", "builtins", "int"]]],
        ["h", THING | {"type": "x"}],
        ["h", THING | {"can": [["len"]]}],
        ["g", "C", "d", []],
        ["ref", "builtins", "eval"],
        ["ref", "os", "system"],
    ],
)
def test_what_stands_for_nothing_is_refused(hatch, tree):
    with pytest.raises((Withheld, LearnerGone)):
        ask(hatch(value(tree)))


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"same": 5},
        {"same": -1},
        {"same": "x"},
        {"value": 1, "changed": 5},
        {"value": 1, "changed": ["l", [["l", [9, ["b", 0]]]]]},
        {"value": 1, "warned": ["l", [5]]},
        {"value": 1, "names": 5},
        {"error": 5},
        {"error": ["d", ["builtin", 5, "args", 5, "text", 5, "cause", 5]]},
        {"refused": 5},
    ],
)
def test_an_envelope_with_odd_contents_is_withheld(hatch, parts):
    own = hatch(lambda number: reply(number, **parts))
    own.bring = lambda told: (_ for _ in ()).throw(Refused("odd"))
    with pytest.raises((Withheld, Refused)):
        ask(own)
    assert own.refused or "error" in parts


@pytest.mark.parametrize(
    "builtin", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "eval", "no"]
)
def test_only_ordinary_errors_are_raised(hatch, builtin):
    told = [
        "d",
        ["builtin", builtin, "type", builtin, "module", "builtins", "text", "x", "args", ["t", ["x"]]],
    ]
    with pytest.raises(RuntimeError, match="x"):
        ask(hatch(lambda number: reply(number, error=told)))


@pytest.mark.parametrize(
    ("what", "lent", "args"),
    [
        ("get", 0, ["__globals__"]),
        ("get", 0, ["__code__"]),
        ("get", 0, ["f_globals"]),
        ("get", 0, [["l", []]]),
        ("get", 1, ["gi_frame"]),
        ("get", 5, ["x"]),
        ("set", 0, ["x", 1]),
        ("eval", 0, ["1"]),
        (["l", []], 0, []),
        ("input", 0, ["?"]),
    ],
)
def test_what_is_lent_leads_nowhere(hatch, what, lent, args):
    told = {}

    def answer(number):
        return reply(number, ask=what, lent=lent, args=["l", args], kwargs=["d", []])

    def after(number):
        return None

    own = hatch(answer)

    def second(number):
        return None

    own.liar.answers.append(second)
    secret = 42
    gen = (n for n in (secret,))
    # After the answer to its own question the liar answers the examiner's.
    original = own._back

    def back(asked):
        told["answer"] = original(asked)
        wire.send_bytes(own.liar.far, reply(own._number, value=0))
        return told["answer"]

    own._back = back
    assert ask(own, lambda: secret, gen) == 0
    import pickle

    assert "error" in pickle.loads(told["answer"])


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["h", "l", "d", "t", "ref", "g", "n", "a", "c", "u", "value", "error", "names", "ask", "same"]
    ),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(
            st.sampled_from([*FUNCTION, *CLASS, *THING, "lent", "given", "own"]), inner, max_size=8
        )
    ),
    max_leaves=30,
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_answer_is_taken_or_refused(data):
    base = data.draw(st.sampled_from([FUNCTION, CLASS, THING, {}]))
    changes = data.draw(
        st.dictionaries(
            st.sampled_from([*FUNCTION, *CLASS, *THING, "own", "lent", "given"]), TREES, max_size=3
        )
    )
    tree = data.draw(st.sampled_from(["described", "free"]))
    values = data.draw(st.lists(TREES, max_size=3))
    told = ["h", base | changes, values] if tree == "described" else data.draw(TREES)
    parts = data.draw(
        st.dictionaries(
            st.sampled_from(["error", "warned", "changed", "same", "said", "names"]), TREES, max_size=2
        )
    )
    liar = Liar(lambda number: reply(number, value=told, **parts))
    try:
        own = Hatch(liar.channel, {})
        own.outside.begin()
        own.ask("call", [1, 2], {"a": []})
    except (Withheld, LearnerGone, Refused):
        pass
    except Exception as problem:
        # An error that the answer told is raised as what it is.
        assert "error" in parts or "warned" in parts, problem
    finally:
        liar.close()
