"""What a call from the examiner's room to a learner's function costs, held against a bare exchange.

The peer is two processes that send each other a few bytes over a pair of sockets, in the same run: the least
that any two rooms can take. The bar: the best of twenty rounds costs at most forty bare exchanges.
Example: python tests/benchmarks/bench_hatch.py
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from autograder.rooms.pair import Pair
from tests.rooms import pairs

RATIO, ROUNDS, CALLS = 40.0, 20, 20
TIMED = (
    "import time\nf(0)\nbest = 1\nfor _ in range({rounds}):\n    t = time.perf_counter()\n"
    "    for n in range({calls}): f(n)\n    best = min(best, (time.perf_counter() - t) / {calls})\nbest"
)


def call() -> float:
    """Time a call of a learner's function through the hatch, in seconds."""
    with pairs.parent("numpy") as parent, Pair(parent) as pair:
        book = pairs.Notebook(pair)
        book.solved("def f(x): return x + 1")
        return float(book.test(TIMED.format(rounds=ROUNDS, calls=CALLS)).result or "nan")


def bare() -> float:
    """Time one message there and back between two processes, in seconds."""
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        here.close()
        while said := there.recv(64):
            there.sendall(said)
        os._exit(0)
    there.close()
    best = 1.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(CALLS):
            here.sendall(b"x" * 16)
            here.recv(64)
        best = min(best, (time.perf_counter() - began) / CALLS)
    here.close()
    os.waitpid(child, 0)
    return best


def main() -> int:
    """Measure both, say the ratio, and fail above the bar."""
    ours, least = call(), bare()
    good = ours / least <= RATIO
    print(
        f"a call through the hatch: {ours * 1e6:.0f} µs, "
        f"{ours / least:.1f} bare exchanges of {least * 1e6:.0f} µs"
    )
    print(f"bar {RATIO:.0f}: {'good' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
