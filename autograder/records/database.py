"""The two databases that can hold a ledger, spoken to in one way: SQLite in a file, or a PostgreSQL server.

Both serialise writers: whoever is in a transaction is alone, so two issuers cannot take the same place.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from autograder.records.errors import Fault

TABLES = """
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL,
  claim TEXT NOT NULL, place INTEGER, data TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE);
CREATE UNIQUE INDEX one_record_per_claim ON ledger(claim) WHERE event = 'issue';
CREATE UNIQUE INDEX one_record_per_place ON ledger(place) WHERE event = 'issue';
CREATE UNIQUE INDEX one_issue ON ledger(record) WHERE event = 'issue';
CREATE UNIQUE INDEX one_revocation ON ledger(record) WHERE event = 'revoke';
CREATE INDEX by_event ON ledger(event, seq);
CREATE TABLE holders (record TEXT PRIMARY KEY, seq INTEGER NOT NULL, learner TEXT NOT NULL,
  award TEXT NOT NULL, text {bytes} NOT NULL, details TEXT NOT NULL);
CREATE INDEX by_learner ON holders(learner, award);
CREATE TABLE heads (seq INTEGER NOT NULL, at TEXT NOT NULL, issued INTEGER NOT NULL, hash TEXT NOT NULL,
  digests TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)
"""
GUARDED = ("ledger", "heads")


class Database(Protocol):
    """What the ledger needs of a database."""

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """Run one statement, its values as question marks."""

    def transaction(self) -> Any:
        """A context: all or nothing, and alone."""

    def exists(self) -> bool:
        """Whether there is a ledger."""

    def make(self) -> None:
        """Make the tables, and forbid to change what is appended only."""

    def close(self) -> None:
        """End the connection."""


def _writable(path: Path) -> bool:
    """Whether this person may write a ledger, beside which its database writes files of its own."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _address(path: Path) -> str:
    """How the file is opened: to read only where it cannot be written, an auditor's copy for one."""
    address = f"file:{quote(str(path.resolve()))}"
    if _writable(path):
        return address
    log = path.with_name(f"{path.name}-wal")
    # The newest lines may stand in the file beside it; without one, nobody is writing.
    return f"{address}?mode=ro" if log.exists() and log.stat().st_size else f"{address}?immutable=1"


class Sqlite:
    """A ledger in one file."""

    def __init__(self, path: Path, *, create: bool) -> None:
        if create:
            path.touch(mode=0o600)
        elif not path.is_file():
            raise Fault(
                "there is no ledger", path=path, remedy="restore it from a backup, or name its --db address"
            )
        if not os.access(path, os.R_OK):
            raise Fault("cannot be read by you", path=path, remedy="ask its owner for a copy")
        self._db = sqlite3.connect(_address(path), uri=True, isolation_level=None, timeout=60)
        try:
            if _writable(path):
                self._db.execute("PRAGMA journal_mode=WAL")
                # A record that was handed out must not be forgotten when the power fails.
                self._db.execute("PRAGMA synchronous=FULL")
                # Builds of SQLite differ; what is erased is to be gone from the file with each of them.
                self._db.execute("PRAGMA secure_delete=ON")
        except sqlite3.Error:
            self._db.close()
            raise

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """Run one statement."""
        return self._db.execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and alone from its first moment."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def exists(self) -> bool:
        """Whether there is a ledger."""
        found = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone()
        return found is not None

    def make(self) -> None:
        """Make the tables and their guards."""
        for statement in TABLES.format(bytes="BLOB").split(";"):
            self._db.execute(statement)
        for table in GUARDED:
            for name, event in (("change", "UPDATE"), ("removal", "DELETE")):
                self._db.execute(
                    f"CREATE TRIGGER no_{name}_of_{table} BEFORE {event} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
                )

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy, also while others write."""
        path.touch(mode=0o600)
        target = sqlite3.connect(path)
        try:
            self._db.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Postgres:
    """A ledger on a server, in the schema that the connection's role uses."""

    # "records" in ASCII: the one lock that all issuers of this database share.
    LOCK = 0x7265636F726473

    def __init__(self, address: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise Fault(
                "a ledger in PostgreSQL needs the package psycopg", remedy="pip install 'psycopg[binary]'"
            ) from None
        self._error = psycopg.Error
        try:
            self._db = psycopg.connect(address, autocommit=True, connect_timeout=20)
        except (psycopg.Error, ValueError) as error:
            # The words of the driver may repeat the address, and a password may stand in that.
            what = f"the ledger's database cannot be reached ({type(error).__name__})"
            raise Fault(what, remedy="check --db and the server") from None

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """Run one statement."""
        try:
            return self._db.execute(statement.replace("?", "%s").encode(), values)
        except self._error as error:
            # Its detail quotes values, which may be personal.
            raise Fault(f"the ledger's database refused ({type(error).__name__})") from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and alone: everyone else waits for the same lock."""
        self.execute("BEGIN")
        try:
            self.execute("SELECT pg_advisory_xact_lock(?)", (self.LOCK,))
            yield
        except BaseException:
            if not self._db.closed:
                self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def exists(self) -> bool:
        """Whether there is a ledger."""
        return self.execute("SELECT to_regclass('ledger')").fetchone()[0] is not None

    def make(self) -> None:
        """Make the tables and their guards."""
        for statement in TABLES.format(bytes="BYTEA").split(";"):
            self.execute(statement)
        self.execute(
            "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
        )
        for table in GUARDED:
            for level, events in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
                self.execute(
                    f"CREATE TRIGGER no_change_of_{table}_{level} BEFORE {events} ON {table} "
                    f"FOR EACH {level} EXECUTE FUNCTION ledger_is_append_only()"
                )

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def is_server(address: Path | str) -> bool:
    """Whether an address names a server and not a file."""
    return isinstance(address, str)


def connect(address: Path | str, *, create: bool = False) -> Sqlite | Postgres:
    """Open a database by the path of its file or the address of its server."""
    if isinstance(address, Path):
        return Sqlite(address, create=create)
    if not address.startswith(("postgresql://", "postgres://")):
        raise Fault("--db is not a postgresql:// address", remedy="write postgresql://USER@HOST/DATABASE")
    return Postgres(address)
