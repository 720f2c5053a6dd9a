"""nbgrader as a library: imported late, kept away from the instructor's own Jupyter settings."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course

__all__ = ["NO_ANSWER", "engine", "exists", "gradebook", "private_jupyter", "reading", "usable", "writing"]

_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "IPYTHONDIR": "ipython",
}
_PREFIX = "autograder-run-"
NO_ANSWER = "No response."
"""What nbgrader notes beside an answer that stands as it was handed out."""
_SOON = 1.0  # seconds
_KINDS = {"sqlite", "postgresql"}


@contextmanager
def private_jupyter() -> Iterator[Path]:
    """Give Jupyter folders of its own, and nbgrader the `alembic` it calls by name."""
    before = dict(os.environ)
    _sweep()
    with _own_folder() as folder:
        # Whatever this run makes for a while lies in here, so that a killed one leaves one folder to sweep.
        tempfile.tempdir, usual = folder, tempfile.tempdir
        os.environ["TMPDIR"] = folder
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
            tempfile.tempdir = usual
            for name in [*_FOLDERS, "JUPYTER_NO_CONFIG", "PATH", "TMPDIR"]:
                if name in before:
                    os.environ[name] = before[name]
                else:
                    os.environ.pop(name, None)


@contextmanager
def _own_folder() -> Iterator[str]:
    """Make a folder and lock it; the system unlocks it however this process ends, and then it is swept."""
    if sys.platform == "win32":
        with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
            yield folder
        return
    handle = None
    while handle is None:
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        handle = _hold(Path(folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _hold(folder: Path) -> int | None:
    """Lock a folder; None where another process has it, or has just removed it."""
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.exists() and os.fstat(handle).st_uid == os.getuid():
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        handle = _hold(folder)
        if handle is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


@contextmanager
def gradebook(course: Course) -> Iterator[Any]:
    """Open the course's gradebook through nbgrader's own interface."""
    with usable(course):
        from nbgrader.api import Gradebook

        logging.getLogger("traitlets").setLevel(logging.CRITICAL)
        with _opened(Gradebook, course) as book:
            yield book


def _opened(kind: Any, course: Course) -> Any:
    """Open it, and once more where another grader has just made the same tables: PostgreSQL does not wait."""
    from sqlalchemy.exc import IntegrityError, ProgrammingError

    named = course.db_url, course.course_id or "default_course"
    try:
        _make_tables(course)
        return kind(*named)
    except (IntegrityError, ProgrammingError):
        time.sleep(_SOON)
        return kind(*named)


def _make_tables(course: Course) -> None:
    """Make the tables of a new gradebook as nbgrader does, but for the process in which it asks alembic.

    That process is a second interpreter, which takes longer than all the rest of a first run.
    """
    import sqlalchemy
    from nbgrader.api import Base

    address = sqlalchemy.make_url(course.db_url)
    if address.get_backend_name() not in _KINDS:
        return  # nbgrader's own way will do
    made = engine(course)
    try:
        with made.begin() as db:
            if sqlalchemy.inspect(db).get_table_names():
                return
            Base.metadata.create_all(db)
            db.execute(sqlalchemy.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            statement = sqlalchemy.text("INSERT INTO alembic_version (version_num) VALUES (:head)")
            db.execute(statement, {"head": _newest_schema()})
    finally:
        made.dispose()


def _newest_schema() -> str:
    """The version of the tables that the installed nbgrader makes, out of its own steps of migration."""
    import nbgrader
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(Path(nbgrader.__path__[0], "alembic"))).get_current_head()
    assert head is not None
    return head


@contextmanager
def usable(course: Course) -> Iterator[None]:
    """Turn a database that cannot be used into a fault: one line and no traceback."""
    import sqlalchemy

    address = course.db_url.split("://")[0]
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _DRIVERS:
            raise
        raise InputFault(
            f"the gradebook ({address}) needs the package {error.name}",
            path=course.root,
            remedy="for PostgreSQL, in the course's clone: .venv/bin/pip install -e '.[postgres]'",
        ) from None
    except (
        sqlalchemy.exc.OperationalError,
        sqlalchemy.exc.DatabaseError,
        sqlalchemy.exc.InterfaceError,
        sqlalchemy.exc.ArgumentError,
    ) as error:
        said = (str(getattr(error, "orig", None) or error).strip().splitlines() or ["no reason given"])[0]
        raise InputFault(
            f"the gradebook ({address}) cannot be used: {said}",
            path=course.root,
            remedy="close what else has it open, check the disk and --db, then run the command again",
        ) from None


_DRIVERS = {"psycopg", "psycopg2", "MySQLdb", "pymysql", "oracledb", "pyodbc"}


def engine(course: Course) -> Any:
    """Connect to the gradebook's database; an SQLite transaction takes the file for itself at once."""
    import sqlalchemy

    with usable(course):
        made = sqlalchemy.create_engine(course.db_url)
    if made.dialect.name not in _KINDS:
        raise InputFault(
            f"grading cannot write a gradebook of this kind ({made.dialect.name})",
            path=course.root,
            remedy="use SQLite or PostgreSQL",
        )
    if made.dialect.name == "sqlite":
        # Python's own way begins as a reader and fails, without waiting, when it turns into a writer beside
        # another one.
        sqlalchemy.event.listen(made, "connect", _leave_transactions)
        sqlalchemy.event.listen(made, "begin", _begin_as_writer)
    return made


def _leave_transactions(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _begin_as_writer(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def exists(course: Course, engine: Any) -> bool:
    """Tell whether there is a gradebook, without making an empty one."""
    import sqlalchemy

    if engine.dialect.name == "sqlite":
        database = engine.url.database
        if not database or not Path(database).is_file():
            return False
    with usable(course), engine.connect() as db:
        return bool(sqlalchemy.inspect(db).has_table("assignment"))


@contextmanager
def reading(course: Course) -> Iterator[Any]:
    """Connect to the gradebook's tables for a while; give None where there is no gradebook yet."""
    made = engine(course)
    try:
        if not exists(course, made):
            yield None
            return
        with usable(course), made.connect() as db:
            yield db
    finally:
        made.dispose()


@contextmanager
def writing(course: Course, exercise: str) -> Iterator[Any]:
    """Open one transaction on the tables of the gradebook, which has to be there."""
    made = engine(course)
    try:
        if not exists(course, made):
            raise InputFault(
                "the course has no gradebook", path=course.root, remedy=f"run: autograder release {exercise}"
            )
        with usable(course), made.begin() as db:
            yield db
    finally:
        made.dispose()
