"""The worker of `stock`: reads jobs as JSON lines, runs each notebook in a fresh kernel, answers likewise.

Run as `python -m autograder.grading.kernel`. The answers go through a copy of standard output that kernels do
not inherit, so that nothing a learner prints can be taken for an answer.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

__all__ = ["main"]

_LARGEST_OUTPUT = 2 * 2**20
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve jobs until standard input ends."""
    if sys.platform == "linux":
        # A grader that was killed leaves no worker behind.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    warnings.simplefilter("ignore")

    def answer(data: dict[str, Any]) -> None:
        answers.write(json.dumps(data).encode() + b"\n")
        answers.flush()

    for line in iter(sys.stdin.buffer.readline, b""):
        try:
            answer(run(json.loads(line), answer))
        except Exception as error:  # noqa: BLE001 - whatever it was, the class goes on
            answer({"failed": f"the kernel could not be used ({type(error).__name__})"})


def run(job: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Run one notebook; cells that ran keep their outputs when a later one ends the kernel."""
    import nbformat
    from nbgrader.preprocessors import Execute, LimitOutput

    notebook = nbformat.from_dict(job["notebook"])
    replies: dict[int, str] = {}

    class Watched(Execute):  # type: ignore[misc]
        """nbgrader's Execute, which notes for each cell that the kernel answered."""

        told = False

        def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
            if not self.told:
                self.told = True
                answer({"kernel": self.km.provisioner.pid})
                # Without rooms there is one process for all; nothing that is graded here can be certified.
                if job["names"]:
                    bound = f"globals().update(__import__('json').loads({json.dumps(job['names'])!r}))"
                    self.kc.execute(bound, silent=True, store_history=False)
            return super().preprocess_cell(cell, resources, index)

        def on_cell_executed(self, **given: Any) -> None:
            super().on_cell_executed(**given)
            content = given["execute_reply"]["content"]
            slow = content.get("ename") == "CellTimeoutError"
            replies[given["cell_index"]] = "timeout" if slow else str(content["status"])
            if list(replies.values()).count("timeout") >= 2:
                raise TooSlow

    before = dict(os.environ)
    os.environ.update(job["environment"], NBGRADER_EXECUTION="autograde")
    here = Path.cwd()
    stopped = None
    try:
        os.chdir(job["folder"])
        resources = {"metadata": {"path": job["folder"]}, "nbgrader": {}}
        Watched(timeout=job["timeout"], kernel_name=_kernel(notebook)).preprocess(notebook, resources)
    except TooSlow:
        stopped = "two cells took too long, so the rest was not run"
    except Exception as error:  # noqa: BLE001 - a dead kernel, a dumb one, a kernel that is not installed
        stopped = f"the kernel ended early ({type(error).__name__})"
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
    notebook, _ = LimitOutput().preprocess(notebook, {})
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        _bound(cell)
    return {"notebook": notebook, "replies": replies, "stopped": stopped}


def _kernel(notebook: Any) -> str:
    """Choose the source's kernel; a Python one that this machine calls otherwise is this Python."""
    from jupyter_client.kernelspec import KernelSpecManager

    wanted = notebook.metadata.get("kernelspec", {})
    name = str(wanted.get("name", "python3"))
    if name in KernelSpecManager().find_kernel_specs() or wanted.get("language", "python") != "python":
        return name
    return "python3"


class TooSlow(Exception):
    """The notebook has used up its patience."""


def _bound(cell: Any) -> None:
    """Drop outputs that no person would read and no browser should load."""
    for place, output in enumerate(cell.get("outputs", [])):
        size = len(json.dumps(output, default=str))
        if size > _LARGEST_OUTPUT:
            text = f"[an output of {size / 2**20:.0f} MB was left out]\n"
            cell["outputs"][place] = {"output_type": "stream", "name": "stdout", "text": text}


if __name__ == "__main__":
    main()
