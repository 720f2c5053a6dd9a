"""Run a cell that asks nothing of IPython without it, and with the same result.

In a fresh fork the first cell that goes through IPython writes to some 700 pages of shared memory, each of
which the kernel must copy first: 2.5 ms, against 0.5 ms for the same cell by itself. Most cells are plain
Python. What has a magic, an `await`, a prompt or a hook of somebody's goes IPython's way (see shell.py).
"""

from __future__ import annotations

import bdb
import linecache
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from dis import opmap
from types import CodeType
from typing import Any
from warnings import warn
from zlib import crc32

from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Plain"]

# What IPython may read otherwise than Python does, and what either reads with a warning, also in a string.
_MARKS = ("await", "async", "__future__", ">>>", "\n...", "...:", "In [", "\\", "\r")
# A line by itself is a magic if it begins with the name of one; these do not.
_NO_MAGIC = re.compile(r"(?:assert|for|from|if|import|with)\b|\w+\s*=[^=]")
# A line that begins or ends a statement of several; what it shows in single mode is more than its last value.
_COMPOUND = re.compile(r"(?:class|def|elif|else|except|finally|for|if|match|case|try|while|with)\b|@")
# The last line of a value that is known when it is compiled, so that no instruction tells of it.
_CONSTANT = re.compile(r"[^A-Za-z_]|(?:True|False|None|not|__debug__)\b|[A-Za-z]{1,2}[\"']|.*(?:\"\"\"|''')")
_NUMBER = 1  # of every cell, because nothing here keeps a history


def _instructions(*names: str) -> bytes:
    return b"".join(re.escape(bytes([opmap[name]])) + b"." for name in names)


# The value of an expression is dropped, and the cell ends: it was the last, and is to be shown.
_END = ("RETURN_CONST",) if "RETURN_CONST" in opmap else ("LOAD_CONST", "RETURN_VALUE")
_SHOWS = re.compile(_instructions("POP_TOP", *_END), re.DOTALL)


@dataclass
class _Cell:
    """A compiled cell: what is done, and the last line by itself where it may be a value to show."""

    done: CodeType
    shown: CodeType | None = None


class Plain:
    """The plain way of one shell, made before any cell of anybody's has run."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self._compile = shell.compile
        self._manager = shell.input_transformer_manager
        self._callbacks: dict[str, list[Any]] = shell.events.callbacks
        self._stock = self._transforms()

    def _transforms(self) -> list[Any]:
        found = self._manager
        return [*found.cleanup_transforms, *found.line_transforms, *found.token_transformers]

    def ready(self, source: str) -> Callable[[], BaseException | None] | None:
        """Compile a cell. What comes back runs it, and says how it failed; None for one that is IPython's."""
        lines = source.rstrip("\n").split("\n")
        if not source or source[:1].isspace() or any(mark in source for mark in _MARKS):
            return None
        if (len(lines) == 1 and not _NO_MAGIC.match(source)) or not self._untouched():
            return None
        name = f"<ipython-input-{_NUMBER}-{crc32(source.encode('utf-8', 'replace')):08x}>"
        try:
            cell = self._compiled(lines, name)
        # IPython says what is wrong with it, and runs what stands before a fault that only compiling finds.
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
            return None
        if cell is None:
            return None
        # What IPython's own compiler keeps, for tracebacks and inspect.getsource.
        linecache.cache[name] = (len(source), None, [one + "\n" for one in lines], name)
        self._compile._filename_map[name] = _NUMBER
        return lambda: self._run(cell)

    def _compiled(self, lines: list[str], name: str) -> _Cell | None:
        """Compile, and find out without a syntax tree whether the last statement is a value to show."""
        flags, text = self._compile.flags, "\n".join(lines) + "\n"
        at = next((at for at in reversed(range(len(lines))) if lines[at].strip()[:1] not in ("", "#")), 0)
        last = lines[at]
        if not last[:1].isspace() and not _COMPOUND.match(last):
            if ";" in last:
                return None
            # Both parts are whole, so the last line is a statement of its own.
            done = compile("\n".join(lines[:at]) + "\n", name, "exec", flags, True)
            return _Cell(done, compile("\n" * at + last + "\n", name, "single", flags, True))
        code = compile(text, name, "exec", flags, True)
        if _CONSTANT.match(last.lstrip()) or _SHOWS.search(code.co_code):
            return None
        return _Cell(code)

    def _untouched(self) -> bool:
        """Whether nobody has asked IPython to do something with each cell."""
        shell, callbacks = self.shell, self._callbacks
        if callbacks["pre_run_cell"] or callbacks["post_run_cell"] or shell.custom_exceptions:
            return False
        if shell.ast_transformers or shell.input_transformers_post:
            return False
        return shell.ast_node_interactivity == "last_expr" and self._transforms() == self._stock

    def _run(self, cell: _Cell) -> BaseException | None:
        hook, sys.displayhook = sys.displayhook, self._show
        try:
            self._trigger("pre_execute")
            exec(cell.done, self.shell.user_ns)
            if cell.shown is not None:
                exec(cell.shown, self.shell.user_ns)
        except SystemExit as problem:
            self.shell.showtraceback(exception_only=True)
            warn("To exit: use 'exit', 'quit', or Ctrl-D.", stacklevel=1)
            return problem
        except bdb.BdbQuit as problem:
            return problem
        # Whatever learner code raises ends its cell, and is told.
        except BaseException as problem:  # noqa: BLE001
            # Begin below this frame, as IPython leaves out its own.
            problem.__traceback__ = problem.__traceback__ and problem.__traceback__.tb_next
            self.shell.showtraceback(running_compiled_code=True)
            return problem
        finally:
            sys.displayhook = hook
            self._trigger("post_execute")
        return None

    def _trigger(self, event: str) -> None:
        if self._callbacks[event]:
            self.shell.events.trigger(event)

    def _show(self, value: Any) -> None:
        """What IPython's hook does with the value of a last line that no semicolon silences."""
        if value is None:
            return
        hook = self.shell.displayhook
        hook.check_for_underscore()
        shown, about = hook.compute_format_data(value)
        hook.update_user_ns(value)
        if shown:
            hook.write_format_data(shown, about)
