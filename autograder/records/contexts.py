"""The two JSON-LD contexts that records use, pinned by content; nothing is ever fetched.

The address of a context says little about its content: the Open Badges one has served two editions.
So each is checked against the digest of its canonical form when it is first used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785
from pyld.documentloader.frozen import BUNDLED_CONTEXTS

from autograder.records.errors import Fault

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
PINS = {
    CREDENTIALS: "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",
    BADGES: "04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966",
}


@cache
def pinned() -> Mapping[str, Any]:
    """Every context that may be used, by address; a changed copy is a Fault."""
    files = {
        CREDENTIALS: BUNDLED_CONTEXTS[CREDENTIALS],
        BADGES: Path(__file__).parent / "contexts" / "open-badges-3.0.3.json",
    }
    found = {}
    for address, path in files.items():
        document = json.loads(path.read_text("utf-8"))
        if digest(document) != PINS[address]:
            raise Fault(
                f"is not the edition of {address} that records are signed under",
                path=path,
                remedy="install the versions in constraints.txt",
            )
        found[address] = document
    return found


def digest(document: Any) -> str:
    """SHA-256 of the canonical form of a JSON value."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()
