"""What was issued and revoked: an append-only, hash-chained table in SQLite.

The chain holds no person: a learner appears only as a keyed hash (`claim`). Who holds which record, and the
record itself, stand in a second table that can be erased without breaking the chain.
One transaction writes both, so a killed run leaves either nothing or a complete record.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.records import canonical, times
from autograder.records.errors import Fault

FIRST = "0" * 64
TABLES = """
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL,
  claim TEXT NOT NULL, place INTEGER, data TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE);
CREATE UNIQUE INDEX one_record_per_claim ON ledger(claim) WHERE event = 'issue';
CREATE UNIQUE INDEX one_record_per_place ON ledger(place) WHERE event = 'issue';
CREATE UNIQUE INDEX one_revocation ON ledger(record) WHERE event = 'revoke';
CREATE TRIGGER no_change BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_removal BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE holders (record TEXT PRIMARY KEY, learner TEXT NOT NULL, award TEXT NOT NULL, text BLOB NOT NULL,
  details TEXT NOT NULL);
CREATE INDEX by_learner ON holders(learner, award);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
HASHED = ("seq", "at", "event", "record", "digest", "claim", "place", "data", "previous")


@dataclass(frozen=True)
class Row:
    """One line of the ledger."""

    seq: int
    at: str
    event: str
    record: str
    digest: str
    claim: str
    place: int | None
    data: str
    previous: str
    hash: str

    def expected(self) -> str:
        """The hash that this line must have."""
        return row_hash({name: getattr(self, name) for name in HASHED})

    @property
    def facts(self) -> dict[str, Any]:
        """What else the line says (award, expiry, …)."""
        return dict(json.loads(self.data))


@dataclass(frozen=True)
class Holding:
    """A record as its holder's copy, with what the institution keeps beside it."""

    record: str
    learner: str
    award: str
    text: bytes
    details: dict[str, Any]


def row_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form of a line."""
    return hashlib.sha256(canonical.jcs(dict(fields))).hexdigest()


class Ledger:
    """An open ledger; use it in a `with contextlib.closing(...)` block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        fresh = not path.exists()
        if fresh:
            path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            with self.transaction():
                if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name='ledger'").fetchone():
                    self._make()
            self._secret = bytes.fromhex(self._setting("claim secret"))
        except (sqlite3.DatabaseError, ValueError):
            self._db.close()
            raise Fault(
                "is not a ledger of this program", path=path, remedy="restore it from a backup"
            ) from None

    def _make(self) -> None:
        for statement in _statements(TABLES):
            self._db.execute(statement)
        self._db.execute("INSERT INTO settings VALUES ('claim secret', ?)", (secrets.token_hex(32),))

    def _setting(self, name: str) -> str:
        found = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else "?"

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and alone: two issuers cannot take the same place."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def claim(self, *parts: str) -> str:
        """A keyed name for (learner, award, evidence): always the same, telling nothing without the key."""
        return hmac.new(self._secret, "\n".join(parts).encode("utf-8"), hashlib.sha256).hexdigest()

    def append(
        self,
        event: str,
        record: str,
        *,
        digest: str = "",
        claim: str = "",
        place: int | None = None,
        **data: Any,
    ) -> Row:
        """Add a line inside a transaction."""
        last = self.head()
        fields: dict[str, Any] = {
            "seq": last.seq + 1 if last else 1,
            "at": times.text(times.now()),
            "event": event,
            "record": record,
            "digest": digest,
            "claim": claim,
            "place": place,
            "data": canonical.jcs(data).decode("utf-8"),
            "previous": last.hash if last else FIRST,
        }
        row = Row(**fields, hash=row_hash(fields))
        values = tuple(getattr(row, name) for name in (*HASHED, "hash"))
        self._db.execute(
            f"INSERT INTO ledger ({', '.join((*HASHED, 'hash'))}) VALUES (?,?,?,?,?,?,?,?,?,?)", values
        )
        return row

    def keep(self, holding: Holding) -> None:
        """Keep the holder's copy inside a transaction."""
        details = json.dumps(holding.details, sort_keys=True)
        self._db.execute(
            "INSERT INTO holders VALUES (?,?,?,?,?)",
            (holding.record, holding.learner, holding.award, holding.text, details),
        )

    def note(self, record: str, reason: str) -> None:
        """Keep the reason of a revocation beside the holder's copy, where it can be erased."""
        held = self.holding(record)
        if held is not None:
            details = json.dumps({**held.details, "revoked": reason}, sort_keys=True)
            self._db.execute("UPDATE holders SET details = ? WHERE record = ?", (details, record))

    def head(self) -> Row | None:
        """The newest line."""
        return next(self._rows("ORDER BY seq DESC LIMIT 1"), None)

    def rows(self) -> Iterator[Row]:
        """Every line, oldest first."""
        return self._rows("ORDER BY seq")

    def issued(self, claim: str) -> Row | None:
        """The line by which this claim was answered."""
        return next(self._rows("WHERE event = 'issue' AND claim = ?", claim), None)

    def issue_of(self, record: str) -> Row | None:
        """The line by which a record was issued."""
        return next(self._rows("WHERE event = 'issue' AND record = ?", record), None)

    def taken(self, place: int) -> bool:
        """Whether a place in the status list was ever given."""
        return next(self._rows("WHERE event = 'issue' AND place = ?", place), None) is not None

    def count(self) -> int:
        """How many records were ever issued."""
        return int(self._db.execute("SELECT count(*) FROM ledger WHERE event = 'issue'").fetchone()[0])

    def revoked(self) -> dict[str, int]:
        """Revoked records and their places in the status list."""
        found = self._db.execute("SELECT record, place FROM ledger WHERE event = 'revoke'")
        return dict(found.fetchall())

    def holdings(self, **wanted: str) -> Iterator[Holding]:
        """Copies of records: all, or those with this learner, award or record."""
        where = " AND ".join(["1", *(f"{name} = ?" for name in wanted)])
        values = tuple(wanted.values())
        for record, name, award, text, details in self._db.execute(
            f"SELECT record, learner, award, text, details FROM holders WHERE {where} ORDER BY rowid", values
        ):
            # Whoever rewrote the table may have left text where bytes belong; its digest will tell.
            content = text if isinstance(text, bytes) else str(text).encode("utf-8")
            yield Holding(record, name, award, content, json.loads(details))

    def holding(self, record: str) -> Holding | None:
        """The copy of one record."""
        return next(self.holdings(record=record), None)

    def erase(self, learner: str) -> int:
        """Forget a person; the chain stays whole."""
        with self.transaction():
            return self._db.execute("DELETE FROM holders WHERE learner = ?", (learner,)).rowcount

    def _rows(self, tail: str, *values: Any) -> Iterator[Row]:
        names = ", ".join((*HASHED, "hash"))
        for found in self._db.execute(f"SELECT {names} FROM ledger {tail}", values):
            yield Row(*found)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
