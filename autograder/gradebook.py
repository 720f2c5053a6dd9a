"""nbgrader as a library: imported late, kept away from the instructor's own Jupyter settings."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course

__all__ = ["gradebook", "private_jupyter"]

_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "IPYTHONDIR": "ipython",
}


@contextmanager
def private_jupyter() -> Iterator[Path]:
    """Give Jupyter folders of its own, and nbgrader the `alembic` it calls by name."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True) as folder:
        for variable, name in _FOLDERS.items():
            place = Path(folder) / name
            place.mkdir(mode=0o700)
            os.environ[variable] = str(place)
        os.environ["JUPYTER_NO_CONFIG"] = "1"
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before.get("PATH", "")])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield Path(folder)
        finally:
            for name in [*_FOLDERS, "JUPYTER_NO_CONFIG", "PATH"]:
                if name in before:
                    os.environ[name] = before[name]
                else:
                    os.environ.pop(name, None)


@contextmanager
def gradebook(course: Course) -> Iterator[Any]:
    """Open the course's gradebook; a database that cannot be used is a fault and not a traceback."""
    import sqlalchemy
    from nbgrader.api import Gradebook

    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    try:
        with Gradebook(course.db_url, course.course_id or "default_course") as book:
            yield book
    except (
        sqlalchemy.exc.OperationalError,
        sqlalchemy.exc.DatabaseError,
        sqlalchemy.exc.ArgumentError,
    ) as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        address = course.db_url.split("://")[0]
        raise InputFault(
            f"the gradebook ({address}) cannot be used: {said}",
            path=course.root,
            remedy="close what else has it open, check the disk and --db, then run the command again",
        ) from None
