"""A PostgreSQL server of the tests' own: real, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy

from tests.machine import MachineFault

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def _call(*words: object, folder: Path) -> None:
    """Run one of PostgreSQL's programs; they refuse to work as root."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, capture_output=True, text=True, check=False, **user
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def server() -> Iterator[str]:
    """Run a server of its own on a socket in a temporary folder; give its address."""
    if not SERVERS:
        raise MachineFault("PostgreSQL is missing; run: apt-get install -y postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    tools, data = SERVERS[-1], folder / "data"
    try:
        _call(
            tools / "initdb",
            "-D",
            data,
            "-U",
            "grader",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            folder=folder,
        )
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        start = ["-D", data, "-l", folder / "log", "-o", options, "-w", "start"]
        _call(tools / "pg_ctl", *start, folder=folder)
        try:
            yield f"postgresql://grader@/{{name}}?host={folder}"
        finally:
            _call(tools / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", folder=folder)
    finally:
        shutil.rmtree(folder)


def new_database(address: str, name: str) -> str:
    """Make an empty database, and give its address."""
    engine = sqlalchemy.create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return address.format(name=name)
