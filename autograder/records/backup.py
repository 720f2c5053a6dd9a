"""Back up an issuer's folder into one file, and restore it without ever giving a place twice."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from autograder.records import chain, files, safejson, status
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import LEDGER, Home, open_home, save

MAX_FILE = 4_000_000_000
PLAIN = ("issuer.json",)


def backup(home: Home, out: Path, *, older: bool = False) -> int:
    """Write keys, identity and a consistent copy of the ledger into one file of the owner's alone.

    older: also of a folder that is behind what was published, because the newer one is lost.
    A ledger on a server is left out: the server's own tools back it up. The answer is the number of lines.
    """
    if not older:
        chain.check_home(home)
    lines = chain.check_ledger(home, None)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=home.path) as work:
        members = {name: home.path / name for name in PLAIN}
        members |= {f"keys/{path.name}": path for path in sorted((home.path / "keys").glob("*.json"))}
        if home.db is None:
            copied = Path(work) / LEDGER
            with closing(home.open_ledger()) as ledger:
                ledger.copy_to(copied)
            members[LEDGER] = copied
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for name, path in members.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = path.stat().st_size, 0o600
                with path.open("rb") as source:
                    archive.addfile(entry, source)
        files.write(out, stream.getvalue(), mode=0o600)
    return lines


def restore(file: Path, folder: Path, *, db: str | None, head: Path | None, lost: bool) -> int:
    """Unpack a backup into a new folder, whole or not at all, and hold it against the last published head.

    lost: the backup is older than that head. New records then get places in a new status list, because the
    lines that are lost may have given any place of the present one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Fault("exists and is not empty", path=folder, remedy="name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    try:
        _unpack(file, work)
        home = open_home(work, db)
        lines = chain.check_ledger(home, None if lost else head)
        if lost:
            lines = _after_a_loss(home, head)
        save(home)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except Fault as fault:
        if fault.path is not None and not fault.path.is_relative_to(work):
            raise
        # The folder that it names is about to go.
        kind = type(fault)
        raise kind(fault.what, path=file, remedy=fault.remedy) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return lines


def _unpack(file: Path, work: Path) -> None:
    """Take plain files of known names out of the archive, and nothing else."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            (work / "keys").mkdir(mode=0o700)
            for entry in archive:
                name = entry.name
                known = name in (*PLAIN, LEDGER) or (
                    name.startswith("keys/z6Mk") and name.endswith(".json") and name.count("/") == 1
                )
                source = archive.extractfile(entry) if known and entry.isreg() else None
                if source is None or entry.size > MAX_FILE or (work / name).exists():
                    raise Fault("holds something that no backup of an issuer holds", path=file)
                target = work / name
                target.touch(mode=0o600)
                with source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
    except (OSError, tarfile.TarError, EOFError) as error:
        if isinstance(error, FileNotFoundError):
            raise Fault("does not exist", path=file, remedy="name a file of: records backup") from None
        raise Fault(
            "is not a backup of an issuer", path=file, remedy="name a file of: records backup"
        ) from None


def _after_a_loss(home: Home, head: Path | None) -> int:
    """Note the loss in the chain, and leave the status lists behind in which lost lines may have places."""
    if head is None:
        raise Fault("--lost needs the last published head", remedy="add --head site/ledger/head.json")
    published = safejson.read(head)
    chain.check_signed_head(home, head, published)
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        last = ledger.head()
        lines, issued = (last.seq if last else 0), len(ledger.digests())
        if not published["seq"] > lines:
            raise Refused(
                "nothing is lost: this backup reaches the published head", remedy="leave out --lost"
            )
        # Lost records fill a list at most to its half before the next one is begun.
        gone = published["issued"] - issued
        highest = max((row.place or 0 for row in ledger.events("issue")), default=0)
        number = max(highest, ledger.first_place()) // status.ENTRIES + 2 + gone * 2 // status.ENTRIES
        gone_lines = published["seq"] - lines
        first = number * status.ENTRIES
        ledger.append("restore", "", first_place=first, lost=gone_lines, head=str(published.get("hash")))
        return lines + 1
