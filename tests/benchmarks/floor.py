"""The floor: the same cells in a fork of a warm interpreter, with bare exec and nothing around it.

python floor.py WORK.json prints the seconds of each. WORK.json: {"solution": [cell texts of the instructor],
"work": [{"environment": {...}, "cells": [cell texts], "files": {name: base64}, "names": {...}}]}, the last
two of an exercise with sheets. What the solution imports is imported before the first fork, as the grader
does it. There are no walls, no outputs, no scores: run honest work only.
"""

from __future__ import annotations

import base64
import gc
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any


def run(cells: Iterable[str], work: dict[str, Any]) -> None:
    """Run cells one after another, with the sheet beside them; one that fails does not stop the next."""
    names = {"__name__": "__main__", **work.get("names", {})}
    if work.get("files"):
        os.chdir(tempfile.mkdtemp())
    for name, data in work.get("files", {}).items():
        Path(name).write_bytes(base64.b64decode(data))
    for text in cells:
        with suppress(Exception):
            exec(compile(text, "<cell>", "exec"), names)


def in_fork(cells: list[str], work: dict[str, Any], *, modules: bool = False) -> list[str]:
    """Run cells in a fork; say, where that is asked, which modules were loaded in the end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.environ.update(work["environment"])
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        run(cells, work)
        if modules:
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
    for name in in_fork(found["solution"], found["work"][0], modules=True):
        with suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    seconds = []
    for one in found["work"]:
        began = time.perf_counter()
        in_fork(one["cells"], one)
        seconds.append(time.perf_counter() - began)
    json.dump(seconds, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
