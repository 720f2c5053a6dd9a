"""An issuer's secret keys: made, kept in a file of the owner's alone, optionally under a passphrase.

No function here puts a key or a passphrase into an error or a log.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from autograder.records import files, multikey, safejson
from autograder.records.errors import Fault

SCHEMA = "records-key/1"
# RFC 7914: 32 MiB of memory for each guess.
COST = {"n": 2**15, "r": 8, "p": 1}


def make() -> Ed25519PrivateKey:
    """A new Ed25519 key from the system's random source."""
    return Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> str:
    """The public half as Multikey text."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return multikey.public_text(raw)


def store(path: Path, key: Ed25519PrivateKey, passphrase: str | None) -> None:
    """Write the key file, readable by its owner only."""
    secret = multikey.secret_text(
        key.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
    )
    content: dict[str, Any] = {"schema": SCHEMA, "publicKeyMultibase": public(key)}
    if passphrase is None:
        content["secretKeyMultibase"] = secret
    else:
        salt, nonce = os.urandom(16), os.urandom(12)
        sealed = AESGCM(_derive(passphrase, salt, COST)).encrypt(nonce, secret.encode(), public(key).encode())
        content["encrypted"] = {
            "kdf": {"name": "scrypt", "salt": salt.hex(), **COST},
            "cipher": {"name": "AES-256-GCM", "nonce": nonce.hex()},
            "data": sealed.hex(),
        }
    files.write(path, json.dumps(content, indent=2).encode() + b"\n", mode=0o600)


def encrypted(path: Path) -> bool:
    """Whether a key file needs a passphrase."""
    return "encrypted" in _content(path)


def load(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Read a key file; refuse one that others may read or that does not hold the key it names."""
    files.private(path, "key file")
    content = _content(path)
    try:
        if "encrypted" in content:
            if passphrase is None:
                raise Fault("this key needs its passphrase", path=path, remedy="add --passphrase-file FILE")
            secret = _open(content, passphrase)
        else:
            secret = str(content["secretKeyMultibase"])
        key = Ed25519PrivateKey.from_private_bytes(multikey.secret_bytes(secret))
    except InvalidTag:
        remedy = "check the passphrase; large and small letters differ"
        raise Fault("the passphrase does not open this key", path=path, remedy=remedy) from None
    except (KeyError, ValueError, TypeError):
        raise Fault("is not a key file of this program", path=path) from None
    if public(key) != content.get("publicKeyMultibase"):
        raise Fault("holds another key than it says", path=path, remedy="restore it from a backup")
    return key


def change_passphrase(path: Path, old: str | None, new: str) -> None:
    """Encrypt the same key under another passphrase; the file is replaced whole."""
    store(path, load(path, old), new)


def _content(path: Path) -> Mapping[str, Any]:
    content = safejson.read(path, limit=10_000)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise Fault("is not a key file of this program", path=path)
    return content


def _open(content: Mapping[str, Any], passphrase: str) -> str:
    sealed = content["encrypted"]
    cost = {name: int(sealed["kdf"][name]) for name in COST}
    if cost["n"] > 2**20 or cost["r"] > 32 or cost["p"] > 16:
        raise ValueError("its cost is out of bounds")
    key = _derive(passphrase, bytes.fromhex(sealed["kdf"]["salt"]), cost)
    nonce, data = bytes.fromhex(sealed["cipher"]["nonce"]), bytes.fromhex(sealed["data"])
    return AESGCM(key).decrypt(nonce, data, str(content["publicKeyMultibase"]).encode()).decode()


def _derive(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode("utf-8"))
