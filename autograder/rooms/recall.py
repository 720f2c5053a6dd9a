"""What a kernel keeps of the cells that it has run: `In`, `_ih`, `_i`, `_ii`, `_iii`, `_i7`, and their count.

IPython's own keeper writes to a database by a thread, which no room has. Only the learner's room keeps any:
what a test says is kept as the learner got it, because a learner's code may look.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Recall"]


class Recall:
    """The cells of one room."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._last = ["", "", ""]

    def keep(self, source: str) -> None:
        """Take over a cell that is about to run, as its number in order."""
        text = source.rstrip("\n")
        history = self._shell.history_manager
        history.input_hist_parsed.append(text)
        history.input_hist_raw.append(text)
        number = self._shell.execution_count = len(history.input_hist_parsed) - 1
        names = dict(zip(("_i", "_ii", "_iii"), self._last, strict=True))
        self._shell.push({**names, f"_i{number}": text}, interactive=False)
        self._last = [text, *self._last[:2]]
