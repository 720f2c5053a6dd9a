"""nbgrader's own `autograde`, refused: it runs learner code with the rights of whoever presses the button.

A course's nbgrader_config.py names `Refusing` as the exporter of nbgrader's Autograde. nbgrader makes that
exporter after it has found the submissions and before it touches one, so nothing is run, and nothing that was
graded is removed.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import NotebookExporter

__all__ = ["MESSAGE", "Refusing"]

MESSAGE = (
    "nothing was run: nbgrader's own autograde would run learner code with your rights; "
    "use `autograder grade EXERCISE` in a terminal, which runs it in closed rooms "
    "(the line c.Autograde.exporter_class in nbgrader_config.py refuses it here)"
)


class Refusing(NotebookExporter):  # type: ignore[misc]  # nbconvert is not followed by the type checker
    """An exporter that cannot be made."""

    def __init__(self, parent: Any = None, **_: Any) -> None:
        # Here, because nbgrader imports this module and not the other way round.
        from nbgrader.converters.base import NbGraderException

        if parent is not None:
            parent.log.error(MESSAGE)
        raise NbGraderException(MESSAGE)
