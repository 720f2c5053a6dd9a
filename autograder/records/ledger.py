"""What was issued, suspended and revoked: an append-only, hash-chained table.

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
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.records import canonical, times
from autograder.records.database import Sqlite, connect
from autograder.records.errors import Fault

FIRST = "0" * 64
HASHED = ("seq", "at", "event", "record", "digest", "claim", "place", "data", "previous")
NAMES = ", ".join((*HASHED, "hash"))
LONG = len("123e4567-e89b-12d3-a456-426614174000")
# How a record comes into another one's place: after a theft, after it was taken back, or to correct it.
SUCCESSIONS = ("reissue", "again", "replace")


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


@dataclass(frozen=True)
class Head:
    """The newest line at a moment, and the digest of the list of all records issued until then."""

    seq: int
    at: str
    issued: int
    hash: str
    digests: str


def row_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form of a line."""
    return hashlib.sha256(canonical.jcs(dict(fields))).hexdigest()


class Ledger:
    """An open ledger; use it in a `with contextlib.closing(...)` block.

    address: the path of a file, or the address of a server.
    identity: the ledger's own random name; another ledger under this address is refused.
    """

    def __init__(self, address: Path | str, identity: str | None = None, *, create: bool = False) -> None:
        self.path = address if isinstance(address, Path) else None
        try:
            self._db = connect(address, create=create)
        except sqlite3.OperationalError as error:
            raise self._unopened(error) from None
        except sqlite3.Error:
            raise self._no_ledger() from None
        try:
            if create:
                self._make(identity or secrets.token_hex(8))
            if not self._db.exists():
                raise Fault("there is no ledger of records", path=self.path, remedy="check --issuer and --db")
            self._secret = bytes.fromhex(self._setting("claim secret"))
            if identity is not None and self._setting("identity") != identity:
                raise Fault("this is another issuer's ledger", path=self.path, remedy="check --db")
        except (sqlite3.DatabaseError, ValueError) as error:
            self._db.close()
            if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
                raise self._unopened(error) from None
            raise self._no_ledger() from None
        except Fault:
            self._db.close()
            raise

    def _unopened(self, error: sqlite3.OperationalError) -> Fault:
        what = f"cannot be opened ({error})"
        return Fault(what, path=self.path, remedy="check space and permissions of its folder")

    def _no_ledger(self) -> Fault:
        return Fault("is not a ledger of this program", path=self.path, remedy="restore it from a backup")

    def _make(self, identity: str) -> None:
        with self._db.transaction():
            if self._db.exists():
                raise Fault(
                    "there is a ledger already", path=self.path, remedy="give each issuer its own database"
                )
            self._db.make()
            for name, value in (("claim secret", secrets.token_hex(32)), ("identity", identity)):
                self._db.execute("INSERT INTO settings VALUES (?, ?)", (name, value))

    def _setting(self, name: str) -> str:
        found = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else "?"

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and alone: two issuers cannot take the same place."""
        return self._db.transaction()

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of a ledger that lies in a file."""
        if not isinstance(self._db, Sqlite):
            raise Fault("a ledger on a server is backed up with pg_dump", remedy="see the record format page")
        self._db.copy_to(path)

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
        self._db.execute(f"INSERT INTO ledger ({NAMES}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)
        return row

    def keep(self, holding: Holding, seq: int) -> None:
        """Keep the holder's copy inside a transaction."""
        details = json.dumps(holding.details, sort_keys=True)
        self._db.execute(
            "INSERT INTO holders VALUES (?,?,?,?,?,?)",
            (holding.record, seq, holding.learner, holding.award, holding.text, details),
        )

    def note(self, row: Row, reason: str) -> None:
        """Keep the reason of a line beside the holder's copy, where it can be erased."""
        held = self.holding(row.record)
        if held is not None:
            reasons = {**held.details.get("reasons", {}), str(row.seq): reason}
            self.set_detail(row.record, "reasons", reasons)

    def head(self) -> Row | None:
        """The newest line."""
        return next(self._rows("ORDER BY seq DESC LIMIT 1"), None)

    def rows(self) -> Iterator[Row]:
        """Every line, oldest first."""
        return self._rows("ORDER BY seq")

    def events(self, *events: str) -> Iterator[Row]:
        """The lines of some kinds, oldest first."""
        marks = ", ".join("?" * len(events))
        return self._rows(f"WHERE event IN ({marks}) ORDER BY seq", *events)

    def issued(self, claim: str) -> Row | None:
        """The line by which this claim was answered."""
        return next(self._rows("WHERE event = 'issue' AND claim = ?", claim), None)

    def issue_of(self, record: str) -> Row | None:
        """The line by which a record was issued."""
        return next(self._rows("WHERE event = 'issue' AND record = ?", record), None)

    def issues(self) -> Iterator[tuple[Row, Holding | None]]:
        """The lines by which records were issued, oldest first, each with the copy that is still kept.

        The copies are without their text, which in thousands would fill the memory.
        """
        names = ", ".join(f"ledger.{name}" for name in (*HASHED, "hash"))
        for *line, learner, award, details in self._db.execute(
            f"SELECT {names}, learner, award, details FROM ledger "
            "LEFT JOIN holders ON holders.record = ledger.record WHERE event = 'issue' ORDER BY ledger.seq"
        ):
            row = Row(*line)
            yield row, None if learner is None else _holding(row.record, learner, award, b"", details)

    def issues_like(self, beginning: str) -> list[Row]:
        """The lines that issued records whose id goes on like this; no wildcard may stand in it."""
        if len(beginning) == LONG:
            # A whole id has an index, and a list names thousands.
            found = self.issue_of(f"urn:uuid:{beginning}")
            return [found] if found else []
        return list(self._rows("WHERE event = 'issue' AND record LIKE ?", f"urn:uuid:{beginning}%"))

    def successor(self, record: str) -> Row | None:
        """The line that issued another record in the place of this one."""
        found = (self.issued(self.claim(how, record)) for how in SUCCESSIONS)
        return next((row for row in found if row is not None), None)

    def taken(self, place: int) -> bool:
        """Whether a place in the status lists was ever given."""
        found = self._db.execute("SELECT 1 FROM ledger WHERE event = 'issue' AND place = ?", (place,))
        return found.fetchone() is not None

    def count(self, low: int = 0, high: int = 2**62) -> int:
        """How many places from low on and below high were ever given."""
        found = self._db.execute(
            "SELECT count(*) FROM ledger WHERE event = 'issue' AND place >= ? AND place < ?", (low, high)
        )
        return int(found.fetchone()[0])

    def first_place(self) -> int:
        """The lowest place that may still be given; lines that were lost may have given some below it."""
        rows = list(self.events("restore"))
        return int(rows[-1].facts["first_place"]) if rows else 0

    def revoked(self) -> dict[str, int]:
        """Revoked records and their places."""
        return {row.record: row.place for row in self.events("revoke") if row.place is not None}

    def is_revoked(self, record: str) -> bool:
        """Whether a record was revoked."""
        return next(self._rows("WHERE event = 'revoke' AND record = ?", record), None) is not None

    def marks(self, record: str) -> list[Row]:
        """The lines by which one record was suspended, resumed or revoked, oldest first."""
        # Two questions, because an index finds the revocation, which is by far the most frequent of them.
        rows = self._rows("WHERE event IN ('suspend', 'resume') AND record = ? ORDER BY seq", record)
        return [*rows, *self._rows("WHERE event = 'revoke' AND record = ?", record)]

    def is_suspended(self, record: str) -> bool:
        """Whether a record is suspended now."""
        marks = self.marks(record)
        return bool(marks) and marks[-1].event == "suspend"

    def suspended(self) -> dict[str, int]:
        """Records that are suspended now, and their places; a revoked one is no longer suspended."""
        found: dict[str, int] = {}
        for row in self.events("suspend", "resume", "revoke"):
            found.pop(row.record, None)
            if row.event == "suspend" and row.place is not None:
                found[row.record] = row.place
        return found

    def digests(self) -> list[str]:
        """The digests of all records ever issued, in order: what a head speaks for."""
        found = self._db.execute("SELECT digest FROM ledger WHERE event = 'issue' ORDER BY seq")
        return [digest for (digest,) in found.fetchall()]

    def publish_head(self, head: Head) -> None:
        """Note, inside a transaction, that a head was published."""
        values = (head.seq, head.at, head.issued, head.hash, head.digests)
        self._db.execute("INSERT INTO heads (seq, at, issued, hash, digests) VALUES (?,?,?,?,?)", values)

    def published_to(self, folder: Path, until: datetime) -> None:
        """Remember where the newest head lies, and until when the lists beside it are good."""
        with self.transaction():
            for name, value in (("published to", str(folder)), ("published until", times.text(until))):
                self._db.execute("DELETE FROM settings WHERE name = ?", (name,))
                self._db.execute("INSERT INTO settings VALUES (?, ?)", (name, value))

    def last_published(self) -> Path | None:
        """The folder to which the newest head was written; it may lie on another machine."""
        found = self._setting("published to")
        return None if found == "?" else Path(found)

    def published_until(self) -> datetime | None:
        """Until when the published status lists are good, as far as this ledger knows."""
        found = self._setting("published until")
        return None if found == "?" else times.moment(found)

    def head_before(self, moment: str) -> Head | None:
        """The last head that was published before a moment."""
        found = self._db.execute(
            "SELECT seq, at, issued, hash, digests FROM heads WHERE at < ? "
            "ORDER BY at DESC, seq DESC LIMIT 1",
            (moment,),
        ).fetchone()
        return Head(*found) if found else None

    def holdings(self, **wanted: str) -> Iterator[Holding]:
        """Copies of records: all, or those with this learner, award or record."""
        where = " AND ".join(["1 = 1", *(f"{name} = ?" for name in wanted)])
        found = self._db.execute(
            f"SELECT record, learner, award, text, details FROM holders WHERE {where} ORDER BY seq",
            tuple(wanted.values()),
        )
        for line in found:
            yield _holding(*line)

    def stubs(self) -> Iterator[Holding]:
        """All copies without their text, which in thousands would fill the memory."""
        found = self._db.execute("SELECT record, learner, award, details FROM holders ORDER BY seq")
        for record, name, award, details in found:
            yield Holding(record, name, award, b"", json.loads(details))

    def set_detail(self, record: str, name: str, value: Any) -> None:
        """Keep something beside the holder's copy, inside a transaction; None takes it away."""
        held = self.holding(record)
        if held is not None:
            told = {key: one for key, one in held.details.items() if key != name}
            details = json.dumps({**told, **({name: value} if value is not None else {})}, sort_keys=True)
            self._db.execute("UPDATE holders SET details = ? WHERE record = ?", (details, record))

    def holding(self, record: str) -> Holding | None:
        """The copy of one record."""
        return next(self.holdings(record=record), None)

    def erase(self, learner: str) -> int:
        """Forget a person; the chain stays whole."""
        with self.transaction():
            return int(self._db.execute("DELETE FROM holders WHERE learner = ?", (learner,)).rowcount)

    def _rows(self, tail: str, *values: Any) -> Iterator[Row]:
        for found in self._db.execute(f"SELECT {NAMES} FROM ledger {tail}", values):
            yield Row(*found)


def _holding(record: str, learner: str, award: str, text: Any, details: str) -> Holding:
    # Whoever rewrote the table may have left text where bytes belong; its digest will tell.
    content = text if isinstance(text, bytes) else str(text).encode("utf-8")
    return Holding(record, learner, award, content, json.loads(details))
