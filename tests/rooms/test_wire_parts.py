"""Messages arrive whole however they are cut, and an announced length costs nothing before bytes arrive."""

from __future__ import annotations

import socket
import struct
import threading

import numpy as np
import pytest

from autograder.rooms import messages, wire
from tests.rooms import fuzzing


@pytest.fixture
def pair():
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def sent(pair, body, **how):
    """Send from a thread and receive here."""
    sender = threading.Thread(target=wire.send_bytes, args=(pair[0], body))
    sender.start()
    try:
        return wire.receive_bytes(pair[1], limit=1 << 30, **how)
    finally:
        sender.join()


@pytest.mark.parametrize("size", [0, 3, (1 << 16) - 1, 1 << 16, (1 << 20) + 21])
@pytest.mark.parametrize("seconds", [None, 20.0])
def test_bytes_arrive_as_one_message(pair, size, seconds):
    body = np.random.default_rng(size).bytes(size)
    assert sent(pair, body, seconds=seconds) == body


def test_a_value_arrives(pair):
    value = {"a": np.arange(100_000.0), "b": [np.ones((3, 4), order="F"), np.zeros((0, 2)), "x"]}
    came = messages.unpack(sent(pair, messages.pack(value)))
    assert np.array_equal(came["a"], value["a"])
    assert [one.shape for one in came["b"][:2]] == [(3, 4), (0, 2)]


def test_an_announced_length_costs_nothing(pair):
    fuzzing.forget_peak()
    before = fuzzing.peak()
    pair[0].sendall(struct.pack("!I", 1 << 30) + b"x")
    with pytest.raises(wire.Broken, match="in time"):
        wire.receive_bytes(pair[1], limit=1 << 30, seconds=0.05)
    assert fuzzing.peak() - before < 100 << 20


def test_a_message_that_breaks_off_is_broken(pair):
    pair[0].sendall(struct.pack("!I", 1 << 20) + bytes(1000))
    pair[0].close()
    with pytest.raises(wire.Broken, match="off"):
        wire.receive_bytes(pair[1], limit=1 << 30)


def test_a_slow_message_is_given_up(pair):
    pair[0].sendall(struct.pack("!I", 10) + b"abc")
    with pytest.raises(wire.Broken, match="in time"):
        wire.receive_bytes(pair[1], limit=100, seconds=0.1)


@pytest.mark.slow
def test_a_hundred_megabytes_of_numbers_arrive_bit_by_bit_in_few_copies(pair):
    value = np.random.default_rng(1).random(100 << 17)
    value[:4] = [np.nan, -0.0, np.inf, -np.inf]
    fuzzing.forget_peak()
    before = fuzzing.peak()
    came = messages.unpack(sent(pair, messages.pack(value)))
    assert came.tobytes() == value.tobytes()
    # What was sent and received, what was built of it, and the two that this comparison makes.
    assert fuzzing.peak() - before < 650 << 20
