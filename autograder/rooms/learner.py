"""Inside the learner's room: run notebook cells as Jupyter would, and hand out values by name.

One IPython shell is made in the warm parent, without history (which would start a thread), and every room
gets it by its fork. Whatever leaves the room is bounded here for honest work, and again by the driver.
"""

from __future__ import annotations

import builtins
import signal
import socket
import subprocess
import sys
from typing import Any

from IPython.core.error import StdinNotImplementedError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output

from autograder.rooms import messages, wire

__all__ = ["answer", "prepare"]

_REQUEST_LIMIT = 64 << 20
_TEXT = 1 << 20  # characters of one stream that are kept
_RICH = 4 << 20  # characters of all rich outputs of a cell


class _Shell(InteractiveShell):  # type: ignore[misc]  # IPython ships types that are not followed
    """A shell without a terminal, a screen or somebody to ask."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Have no window; `%matplotlib inline` asks for this."""

    def system_piped(self, cmd: str) -> None:
        """Run `!command` and print what it says; IPython's own way needs a pseudo-terminal."""
        done = subprocess.run(
            self.var_expand(cmd, depth=1), shell=True, capture_output=True, text=True, check=False
        )
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    system = system_piped


def _nobody_to_ask(prompt: object = "") -> str:
    raise StdinNotImplementedError("there is nobody to answer while this is graded")


def prepare() -> None:
    """Make the shell, in the warm parent; it runs nothing of anybody's."""
    HistoryManager.enabled = False
    shell = _Shell.instance()
    shell.colors = "NoColor"
    # A first failure formats a traceback and imports for it; rooms should find that done.
    with capture_output():
        shell.run_cell("raise ValueError", store_history=False)
    shell.reset(new_session=False)


def answer(channel: socket.socket) -> None:
    """Answer the driver until it hangs up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    builtins.input = _nobody_to_ask
    shell = _Shell.instance()
    while True:
        try:
            request = wire.receive(channel, limit=_REQUEST_LIMIT)
        except wire.Broken:
            return
        # The driver interrupts a slow cell; when that comes a moment late, it means nothing any more.
        except KeyboardInterrupt:
            continue
        if request["do"] == "run":
            wire.send(channel, _run(shell, request["source"]))
        else:
            _hand_out(channel, shell, request["name"])


def _run(shell: InteractiveShell, source: str) -> dict[str, Any]:
    """Run one cell; its outputs in nbformat's shape, and how it ended."""
    try:
        with capture_output() as said:
            done = shell.run_cell(source.replace("\r\n", "\n"), store_history=False)
        problem = done.error_before_exec or done.error_in_exec
        outputs = [*_stream("stdout", said.stdout), *_stream("stderr", said.stderr), *_rich(said.outputs)]
        return {"error": _told(problem), "outputs": outputs}
    # Whatever a learner's code does, a reply goes out; an interrupt may come between two lines of ours.
    except BaseException as problem:  # noqa: BLE001
        return {"error": _told(problem), "outputs": []}


def _stream(name: str, text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    kept = text if len(text) <= _TEXT else text[:_TEXT] + "\n[cut here]\n"
    return [{"output_type": "stream", "name": name, "text": kept}]


def _rich(outputs: list[RichOutput]) -> list[dict[str, Any]]:
    """Take what was displayed, figures too, as far as it fits."""
    kept, left = [], _RICH
    for one in outputs:
        data = {str(kind): str(content) for kind, content in one.data.items()}
        left -= sum(map(len, data.values()))
        if left < 0:
            break
        kept.append({"output_type": "display_data", "data": data, "metadata": {}})
    return kept


def _told(problem: BaseException | None) -> dict[str, str] | None:
    """Name an error by its own type and by the builtin that it is."""
    if problem is None:
        return None
    kind = next(one for one in type(problem).__mro__ if one.__module__ == "builtins")
    try:
        text = str(problem)[:2000]
    # It is the learner's own method.
    except BaseException:  # noqa: BLE001
        text = ""
    return {"type": type(problem).__name__[:200], "builtin": kind.__name__, "text": text}


def _hand_out(channel: socket.socket, shell: InteractiveShell, name: str) -> None:
    """Send a value, or why it does not travel."""
    if name not in shell.user_ns:
        wire.send(channel, {"refused": f"there is no {name!r}", "missing": True})
        return
    try:
        body = messages.pack(shell.user_ns[name])
    except messages.Refused as problem:
        wire.send(channel, {"refused": str(problem), "missing": False})
        return
    wire.send(channel, {"refused": None, "missing": False})
    wire.send_bytes(channel, body)
