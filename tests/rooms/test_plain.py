"""The plain way of running a cell against IPython's own: the same outputs, errors and names for each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CELLS = yaml.safe_load((Path(__file__).parent / "plain_cells.yml").read_text(encoding="utf-8"))
# What follows each cell, so that what it has left behind shows.
AFTER = "marker = 1 + 1\nmarker"
# Run by Python itself; every cell in a fork of its own, as in a room.
RUN = """
import json, os, sys
import matplotlib.pyplot
from autograder.rooms import shell
shell.prepare()
own = shell.the_shell()
if sys.argv[1] == "ipython":
    own.plain.ready = lambda source: None
cells, after = json.load(sys.stdin)
told = {}
for name, cell in cells.items():
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        taken = sys.argv[1] == "plain" and own.plain.ready(cell.replace("\\r\\n", "\\n")) is not None
        said = [shell.run(own, one) for one in (cell, after, after)]
        names = sorted(k for k in own.user_ns if not k.startswith("_") or k in ("_", "__"))
        kept = [[shell.told(one.problem), one.shown, one.trace, one.outputs] for one in said]
        with os.fdopen(writing, "w") as stream:
            json.dump([taken, kept, names, repr(own.user_ns.get("_"))], stream)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        told[name] = json.load(stream)
    os.wait()
json.dump(told, sys.stdout)
"""
# IPython names a cell by a hash of its text, the plain way by another; objects lie at other places.
MOVING = re.compile(
    r"(?<=<ipython-input-1-)[0-9a-f]+(?=>)|0x[0-9a-f]+|[0-9]+(?= times)"
    r"|[^ \"]*/(?:plain|interactiveshell).py:[0-9]+"
)
# IPython compiles a cell twice, and warns of its own reading; all else is the same.
WARNED_TWICE = {"is with a number", "line separator in a text"}
# A plain cell must stay plain, or it would have cost nothing to test it.
ALWAYS_PLAIN = {"assignment", "import alone", "call at the end", "error deep", "assertion", "loop at the end"}


def ran(way):
    done = subprocess.run(
        [sys.executable, "-c", RUN, way],
        input=json.dumps([CELLS, AFTER]),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(MOVING.sub("…", done.stdout))


@pytest.fixture(scope="module")
def both():
    return ran("plain"), ran("ipython")


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_and_does_the_same_either_way(both, name):
    plain, ipython = (one[name] for one in both)
    if name in WARNED_TWICE:
        for one in (*plain[1], *ipython[1]):
            one[3] = [output for output in one[3] if "Warning" not in str(output)]
    assert plain[1:] == ipython[1:]


@pytest.mark.slow
def test_most_plain_cells_are_run_the_plain_way(both):
    taken = {name for name, (plain, *_) in both[0].items() if plain}
    assert taken >= ALWAYS_PLAIN
    assert len(taken) > len(CELLS) / 3
    assert not {"automagic", "magic alone", "await", "backslash", "shell", "two values in one line"} & taken
