"""An issuer: its folder with keys and ledger, and the documents by which others know it.

folder/   (owner only)
    issuer.json         who it is and every key it ever had, with the time each was in use
    keys/KEY.json       the secret keys (0600)
    ledger.sqlite       what was issued and revoked
    did.json            the issuer's DID document, to be published
    issuers.json        an issuer list with this one issuer, for `records verify --issuers`
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from autograder.records import files, keys, models, multikey, safejson, times
from autograder.records.errors import Fault
from autograder.records.ledger import Ledger
from autograder.records.proof import Signer

LEDGER = "ledger.sqlite"
# How long a published status list is good, unless the institution says otherwise.
LIST_DAYS = 7
LONGEST_LIST_DAYS = 92
Signs = Literal["all", "publications"]
DID_WEB = re.compile(r"did:web:[A-Za-z0-9.-]+(?:%3A\d{1,5})?(?::[A-Za-z0-9._-]+)*")


class Trusted(models.Strict):
    """What was published before a key was stolen: the first `issued` lines of the list of digests.

    digests: SHA-256 of those lines. Whoever stole the key can sign any head, but not this statement, because
    a verifier has it from the issuer, in the issuer list.
    """

    seq: Annotated[int, Field(ge=0)]
    issued: Annotated[int, Field(ge=0)]
    digests: models.Digest
    time: models.Moment


class Key(models.Strict):
    """A public key and the time in which it signed; old ones stay listed, or old records would fail.

    signs: "publications" for a key that signs status lists and ledger heads, and no record.
    """

    id: models.Short
    publicKeyMultibase: models.Short
    valid_from: models.Moment
    valid_until: models.Moment | None = None
    compromised: models.Moment | None = None
    trusted: Trusted | None = None
    signs: Signs = "all"

    @field_validator("publicKeyMultibase")
    @classmethod
    def _is_key(cls, text: str) -> str:
        multikey.public_bytes(text)
        return text


class Issuer(models.Strict):
    """Who signs: what a verifier must know of it.

    suspends: beside each list of revocations this issuer publishes one of suspensions.
    """

    id: models.Short
    name: models.Short
    url: models.Https
    suspends: bool = False
    keys: tuple[Key, ...] = Field(min_length=1, strict=False)

    def key(self, method: str) -> Key | None:
        """The key that a verification method names."""
        return next((key for key in self.keys if key.id == method), None)


class IssuerList(models.Strict):
    """The issuers that a verifier trusts: the file behind `--issuers`."""

    schema_: Literal["issuers/1"] = Field(alias="schema")
    issuers: tuple[Issuer, ...] = Field(strict=False)

    def find(self, identity: str) -> Issuer | None:
        """The listed issuer with this identifier."""
        return next((issuer for issuer in self.issuers if issuer.id == identity), None)


def load_list(path: Path) -> IssuerList:
    """Read an issuer list."""
    return models.load(IssuerList, safejson.read(path), path)


@dataclass(frozen=True)
class Home:
    """An issuer's folder.

    list_days: for how many days a published status list is good.
    """

    path: Path
    issuer: Issuer
    ledger_id: str
    db: str | None = None
    list_days: int = LIST_DAYS

    @property
    def active(self) -> Key:
        """The key that signs records now."""
        return next(key for key in reversed(self.issuer.keys) if key.signs == "all")

    @property
    def publishing(self) -> Key | None:
        """The key that signs what is published, where the institution keeps one of its own for that."""
        mine = (key for key in self.issuer.keys if key.signs == "publications" and key.valid_until is None)
        return next(mine, None)

    @property
    def ledger(self) -> Path | str:
        """The database of what was issued: a file in the folder, or a server."""
        return self.db or self.path / LEDGER

    def open_ledger(self) -> Ledger:
        """Open the ledger of this issuer, and no other."""
        return Ledger(self.ledger, self.ledger_id)

    def key_file(self, key: Key) -> Path:
        """Where a secret key lies."""
        return self.path / "keys" / f"{key.publicKeyMultibase}.json"

    def signer(self, passphrase: str | None = None, key: Key | None = None) -> Signer:
        """The active key, or another one in use, ready to sign."""
        used = key or self.active
        if used.valid_until is not None:
            raise Fault("has no key in use", path=self.path, remedy="run: records rotate --issuer DIR")
        file = self.key_file(used)
        secret = keys.load(file, passphrase)
        if keys.public(secret) != used.publicKeyMultibase:
            raise Fault("is not the key in use", path=file, remedy="restore it from a backup")
        return Signer(used.id, secret)


def open_home(path: Path, db: str | None = None) -> Home:
    """Open an issuer's folder; db is the address of its ledger where that is on a server."""
    file = path / "issuer.json"
    if not file.is_file():
        raise Fault("is not an issuer's folder", path=path, remedy="make one with: records init --out DIR")
    for secret in (file, *([] if db else [path / LEDGER])):
        files.private(secret, "file of the issuer", files.GROUP_READS)
    content = safejson.read(file)
    if not isinstance(content, dict) or content.pop("schema", None) != "issuer/1":
        raise Fault("is not an issuer file", path=file)
    ledger_id = content.pop("ledger", None)
    if not isinstance(ledger_id, str):
        raise Fault("$.ledger: is missing", path=file, remedy="restore it from a backup")
    days = content.pop("list_days", LIST_DAYS)
    if not isinstance(days, int) or not 1 <= days <= LONGEST_LIST_DAYS:
        raise Fault("$.list_days: is no number of days", path=file, remedy="write a number from 1 to 92")
    return Home(path, models.load(Issuer, content, file), ledger_id, db, days)


def create(
    path: Path, *, name: str, url: str, did: str | None, passphrase: str | None, db: str | None = None
) -> Home:
    """Make an issuer's folder with its first key and its ledger: whole, or not at all."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Fault("exists and is not empty", path=path, remedy="name a new folder")
    if not name.strip():
        raise Fault("the institution's name is empty", remedy="give --name")
    url = url.rstrip("/")
    identity = did or did_of(url)
    if not DID_WEB.fullmatch(identity):
        raise Fault("the identity is not a did:web", remedy="give --did did:web:HOST or did:web:HOST:PATH")
    secret = keys.make()
    key = _new_key(identity, keys.public(secret))
    told = {"id": identity, "name": name, "url": url, "suspends": True, "keys": (key,)}
    who = models.load(Issuer, told, "--name/--url")
    path.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".part-", dir=path.parent))
    try:
        (work / "keys").mkdir(mode=0o700)
        home = Home(work, who, secrets.token_hex(8), db)
        keys.store(home.key_file(key), secret, passphrase)
        save(home)
        Ledger(home.ledger, home.ledger_id, create=True).close()
        if path.exists():
            path.rmdir()
        work.rename(path)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return replace(home, path=path)


def rotate(
    home: Home, passphrase: str | None, *, compromised: str | None = None, signs: Signs = "all"
) -> Home:
    """Close a key in use and open a new one; the old one stays listed, its secret half is destroyed.

    signs: "publications" for the key of the status lists; the first time there is none to close.
    """
    secret = keys.make()
    old, now = home.active if signs == "all" else home.publishing, times.text(times.now())
    key = _new_key(home.issuer.id, keys.public(secret)).model_copy(update={"signs": signs})
    listed = list(home.issuer.keys)
    if old is not None:
        closed = old.model_copy(update={"valid_until": old.valid_until or now})
        if compromised is not None:
            closed = _distrusted(home, closed, compromised)
        listed[listed.index(old)] = closed
    renewed = _with_keys(home, (*listed, key))
    # In this order a kill leaves a key file too many, never an issuer without its key.
    keys.store(renewed.key_file(key), secret, passphrase)
    save(renewed)
    if old is not None:
        home.key_file(old).unlink(missing_ok=True)
    return renewed


def distrust(home: Home, name: str, compromised: str) -> Home:
    """Report a retired key stolen; the one in use is replaced by `rotate`."""
    listed = home.issuer.keys
    place = next((n for n, key in enumerate(listed) if name in (key.id, key.publicKeyMultibase)), None)
    if place is None:
        raise Fault("no key of this issuer has this name", remedy=f"see {home.path / 'issuers.json'}")
    if listed[place].valid_until is None:
        raise Fault(
            "this key is in use",
            remedy="replace it: records rotate --compromised DATE, with --publishing where it is that key",
        )
    changed = _distrusted(home, listed[place], compromised)
    renewed = _with_keys(home, (*listed[:place], changed, *listed[place + 1 :]))
    save(renewed)
    return renewed


def _distrusted(home: Home, key: Key, since: str) -> Key:
    """The key with the date of the theft, and with what had been published before it."""
    if times.moment(since) > times.now():
        raise Fault("the date of the theft is in the future", remedy="write when it happened, in UTC")
    if key.signs == "publications":
        return key.model_copy(update={"compromised": since})
    with closing(home.open_ledger()) as ledger:
        head = ledger.head_before(since)
    trusted = head and Trusted(seq=head.seq, issued=head.issued, digests=head.digests, time=head.at)
    return key.model_copy(update={"compromised": since, "trusted": trusted})


def _with_keys(home: Home, keys_: tuple[Key, ...]) -> Home:
    return replace(home, issuer=home.issuer.model_copy(update={"keys": keys_}))


def save(home: Home) -> None:
    """Write issuer.json and, from it, the two documents that others read."""
    days = {} if home.list_days == LIST_DAYS else {"list_days": home.list_days}
    content = {"schema": "issuer/1", "ledger": home.ledger_id, **days, **_told(home.issuer)}
    files.write(home.path / "did.json", pretty(did_document(home.issuer)))
    files.write(home.path / "issuers.json", pretty(issuer_list(home.issuer)))
    files.write(home.path / "issuer.json", pretty(content), mode=0o600)


def did_of(url: str) -> str:
    """The did:web whose document lies at this address (did:web specification, "Read")."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Fault("the address of an issuer is https://HOST or https://HOST/PATH", remedy="give --url")
    host = parts.hostname + (f"%3A{parts.port}" if parts.port else "")
    return ":".join(["did:web", host, *[step for step in parts.path.split("/") if step]])


def did_document(issuer: Issuer) -> dict[str, Any]:
    """The DID document: every key, old ones too; only keys not known to be compromised may assert."""
    methods = [
        {
            "id": key.id,
            "type": "Multikey",
            "controller": issuer.id,
            "publicKeyMultibase": key.publicKeyMultibase,
        }
        for key in issuer.keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer.id,
        "verificationMethod": methods,
        "assertionMethod": [key.id for key in issuer.keys if key.compromised is None],
    }


def issuer_list(*issuers: Issuer) -> dict[str, Any]:
    """The document that a verifier pins."""
    return {"schema": "issuers/1", "issuers": [_told(issuer) for issuer in issuers]}


def _told(issuer: Issuer) -> dict[str, Any]:
    """The issuer as JSON; what a key signs is said only of one that does not sign all."""
    content = issuer.model_dump()
    for key in content["keys"]:
        if key["signs"] == "all":
            del key["signs"]
    return content


def public_of(key: Key) -> bytes:
    """The 32 bytes of a public key."""
    return multikey.public_bytes(key.publicKeyMultibase)


def pretty(content: Any) -> bytes:
    """JSON for people, UTF-8, with a newline at the end."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _new_key(identity: str, public: str) -> Key:
    now = times.text(times.now())
    return Key(id=f"{identity}#{public}", publicKeyMultibase=public, valid_from=now)
