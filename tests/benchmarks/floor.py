"""The floor: the same cells in a fork of a warm interpreter, with bare exec and nothing around it.

python floor.py WORK.json prints the seconds of each. WORK.json: {"solution": [cell texts of the instructor],
"work": [{"environment": {...}, "cells": [cell texts]}]}. What the solution imports is imported before the
first fork, as the grader does it. There are no walls, no outputs, no scores: run honest work only.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def run(cells: Iterable[str]) -> None:
    """Run cells one after another; one that fails does not stop the next."""
    names = {"__name__": "__main__"}
    for text in cells:
        with suppress(Exception):
            exec(compile(text, "<cell>", "exec"), names)


def in_fork(cells: list[str], environment: dict[str, str]) -> list[str]:
    """Run cells in a fork; say which modules were loaded in the end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        run(cells)
        if environment.get("FLOOR_MODULES"):
            with os.fdopen(writing, "w") as stream:
                stream.write("\n".join(sys.modules))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        told = stream.read().split()
    os.waitpid(child, 0)
    return told


def main(path: str) -> None:
    """Warm up as the grader does, then time each fork."""
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    for name in in_fork(found["solution"], {**found["work"][0]["environment"], "FLOOR_MODULES": "1"}):
        with suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    seconds = []
    for one in found["work"]:
        began = time.perf_counter()
        in_fork(one["cells"], one["environment"])
        seconds.append(time.perf_counter() - began)
    json.dump(seconds, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
