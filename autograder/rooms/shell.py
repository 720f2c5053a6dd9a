"""The shell that runs cells in either room as Jupyter would: no terminal, no history, nobody to ask.

One is made in the warm parent, and every room gets it by its fork.
"""

from __future__ import annotations

import builtins
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Self, TypeVar

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell

from autograder.rooms.plain import Plain

__all__ = ["Interrupts", "Said", "prepare", "run", "the_shell", "told"]

_TEXT = 1 << 20  # characters of one stream that are kept
_RICH = 4 << 20  # characters of all rich outputs of a cell
_Result = TypeVar("_Result")


class _Hook(DisplayHook):  # type: ignore[misc]  # IPython ships types that are not followed
    """Keep the value of a cell's last expression instead of printing it."""

    shown: dict[str, str] | None = None
    source = ""
    kinds: Callable[[Any], dict[str, str]] | None = None

    def quiet(self) -> bool:
        """A semicolon at the end silences it."""
        return bool(self.semicolon_at_end_of_expression(self.source))

    def compute_format_data(self, result: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Show it in every form, or in those that the room allows."""
        if self.kinds is not None:
            return self.kinds(result), {}
        return super().compute_format_data(result)  # type: ignore[no-any-return]

    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: dict[str, str], md_dict: Any = None) -> None:
        """Keep it."""
        self.shown = {str(kind): str(content) for kind, content in format_dict.items()}

    def finish_displayhook(self) -> None:
        """No line end."""


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Keep what a cell displays."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.kept: list[dict[str, Any]] = []

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        """Keep it."""
        self.kept.append(data)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what was displayed."""
        super().clear_output(wait)
        self.kept.clear()


class _Shell(InteractiveShell):  # type: ignore[misc]
    """A shell without a terminal, a screen or somebody to ask."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    trace: list[str] | None = None
    plain: Plain

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

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.trace = [str(one)[:_TEXT] for one in stb]


@dataclass
class Said:
    """What a cell said: how it failed, what it showed, and its outputs in nbformat's shape."""

    problem: BaseException | None = None
    shown: dict[str, str] | None = None
    trace: list[str] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)


class Interrupts:
    """Let an interrupt through only while somebody's code runs; one that comes late means nothing."""

    def __init__(self) -> None:
        self.open = False
        signal.signal(signal.SIGINT, self._take)

    def _take(self, *_: Any) -> None:
        if self.open:
            self.open = False
            raise KeyboardInterrupt

    def allow(self, work: Callable[[], _Result]) -> _Result:
        """Do this, interruptible."""
        try:
            self.open = True
            return work()
        finally:
            self.open = False


def _nobody_to_ask(prompt: object = "") -> str:
    raise StdinNotImplementedError("there is nobody to answer while this is graded")


def prepare() -> None:
    """Make the shell, once, in the warm parent; it runs nothing of anybody's."""
    if _Shell.initialized():
        return
    HistoryManager.enabled = False
    shell = _Shell.instance()
    shell.colors = "NoColor"
    shell.plain = Plain(shell)
    # IPython lends this name to every cell and takes it back; here it stays.
    builtins.get_ipython = shell.get_ipython  # type: ignore[attr-defined]
    # A first failure formats a traceback and imports for it; rooms should find that done.
    for mode in ("Plain", "Context"):
        shell.InteractiveTB.set_mode(mode=mode)
        for source in ("raise ValueError", "1 +", "def f():\n    assert 1 == 2, 'no'\nf()", "1 + 1"):
            run(shell, source)
    shell.reset(new_session=False)


def the_shell(mode: str = "Context") -> InteractiveShell:
    """The room's shell, ready for use; in mode Plain with short traces."""
    builtins.input = _nobody_to_ask
    shell = _Shell.instance()
    if mode != "Context":
        shell.InteractiveTB.set_mode(mode=mode)
    return shell


def run(shell: InteractiveShell, source: str) -> Said:
    """Run one cell."""
    hook = shell.displayhook
    source = source.replace("\r\n", "\n")
    hook.shown, hook.source, shell.trace = None, source, None
    with _Captured(shell) as captured:
        plain = shell.plain.ready(source)
        problem = _by_ipython(shell, source) if plain is None else plain()
    outputs = captured.outputs()
    if hook.shown is not None:
        outputs += _rich_one("execute_result", hook.shown)
    trace = shell.trace or []
    if problem is not None:
        error = told(problem) or {}
        outputs.append(
            {
                "output_type": "error",
                "ename": error["type"],
                "evalue": error["text"],
                "traceback": [one[:_TEXT] for one in trace],
            }
        )
    return Said(problem, hook.shown, trace, outputs)


def _by_ipython(shell: InteractiveShell, source: str) -> BaseException | None:
    done = shell.run_cell(source, store_history=False)
    problem: BaseException | None = done.error_before_exec or done.error_in_exec
    return problem


class _Captured:
    """Standard output, standard error and displays of a cell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.publisher = shell.display_pub

    def __enter__(self) -> Self:
        self.publisher.kept.clear()
        self.streams = sys.stdout, sys.stderr
        self.said = sys.stdout, sys.stderr = StringIO(), StringIO()
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self.streams

    def outputs(self) -> list[dict[str, Any]]:
        """All of it, in nbformat's shape."""
        texts = [_stream(one.getvalue()) for one in self.said]
        return [*texts[0], *texts[1], *_rich(self.publisher.kept)]


def _stream(text: str) -> list[dict[str, Any]]:
    # What goes to stderr comes under the same name: nbgrader gives 0 to a cell that warns there.
    if not text:
        return []
    kept = text if len(text) <= _TEXT else text[:_TEXT] + "\n[cut here]\n"
    return [{"output_type": "stream", "name": "stdout", "text": kept}]


def _rich(displayed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take what was displayed, figures too, as far as it fits."""
    kept: list[dict[str, Any]] = []
    left = _RICH
    for one in displayed:
        data = {str(kind): str(content) for kind, content in one.items()}
        left -= sum(map(len, data.values()))
        if left < 0:
            break
        kept.append({"output_type": "display_data", "data": data, "metadata": {}})
    return kept


def _rich_one(kind: str, data: dict[str, str]) -> list[dict[str, Any]]:
    if sum(map(len, data.values())) > _RICH:
        data = {"text/plain": data.get("text/plain", "")[:_TEXT]}
    return [{"output_type": kind, "data": data, "metadata": {}, "execution_count": None}]


def told(problem: BaseException | None) -> dict[str, str] | None:
    """Name an error by its own type and by the builtin that it is."""
    if problem is None:
        return None
    kind = next(one for one in type(problem).__mro__ if one.__module__ == "builtins")
    try:
        text = str(problem)[:2000]
    # It may be the learner's own method.
    except BaseException:  # noqa: BLE001
        text = ""
    return {"type": type(problem).__name__[:200], "builtin": kind.__name__, "text": text}
