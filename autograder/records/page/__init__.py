"""The page that checks records in a browser: one file, which sends nothing and asks nobody.

It is written anew at each `records publish`, with the issuer's keys and status lists inside, so it works from
the issuer's address and from a saved copy alike. The scripts stand in `front/`; they are put together here,
and the page's own policy allows exactly these bytes and no connection.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.records import times
from autograder.records.issuer import Issuer

__all__ = ["render"]

FRONT = Path(__file__).parent / "front"
# In the order in which each uses the ones before it.
SCRIPTS = ("json.js", "carriers.js", "verify.js", "profile.js", "page.js")
HOLE = re.compile(r"\{\{(\w+)\}\}")


def render(
    who: Issuer,
    lists: Iterable[Mapping[str, Any]],
    head: Mapping[str, Any],
    moment: str,
    public: Mapping[str, Any] | None = None,
) -> bytes:
    """Write the page of an issuer with its status lists, its ledger's head and the moment of publishing.

    public: what it may tell of records whose holders asked for it, by the record's name.
    """
    listed = list(lists)
    script, style = _script(), _read("page.css")
    words = {
        "name": who.name,
        "id": who.id,
        "url": who.url,
        "day": moment[:10],
        "life": _life(listed[0]),
        "moment": moment,
        "rows": "1 line" if head["seq"] == 1 else f"{head['seq']} lines",
        "head": str(head["hash"]),
        "file": str(listed[0]["id"]).rpartition("/")[2],
        "policy": _policy(script, style),
    }
    parts = {name: html.escape(text) for name, text in words.items()}
    parts |= {
        "script": script,
        "style": style,
        "pinned": _data({**pinned(who, listed), "public": public or {}}),
        "lists": _links(who, listed),
        "keys": _keys(who),
    }
    # One pass, so that a name which looks like a hole stays a name.
    return HOLE.sub(lambda hole: parts[hole.group(1)], _read("page.html")).encode("utf-8")


def pinned(who: Issuer, lists: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the page believes: the issuer with every key, and its status lists by their addresses."""
    kept = ("issuer", "validFrom", "validUntil", "credentialSubject")
    return {
        "issuer": who.model_dump(),
        "lists": {str(one["id"]): {name: one[name] for name in kept} for one in lists},
    }


def _script() -> str:
    """All scripts in a function of their own, so that nothing of a page around them can be meant."""
    inside = "\n".join(_read(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{inside}}})();\n'


def _read(name: str) -> str:
    return (FRONT / name).read_text("utf-8")


def _policy(script: str, style: str) -> str:
    """Nothing may be loaded or sent; of scripts and styles only these very ones run (CSP Level 3, 2.3.1)."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _data(content: Any) -> str:
    """JSON that no name in it can end early: `<` never stands in it."""
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def _life(status_list: Mapping[str, Any]) -> str:
    """For how long the lists are good, in words."""
    begins, ends = (times.moment(str(status_list[name])) for name in ("validFrom", "validUntil"))
    days = (ends - begins).days
    return "one day" if days == 1 else "seven days" if days == 7 else f"{days} days"


def _links(who: Issuer, lists: Iterable[Mapping[str, Any]]) -> str:
    names = [str(one["id"]).removeprefix(f"{who.url}/") for one in lists]
    links = [f'<a href="{html.escape(name)}">{html.escape(name.rpartition("/")[2])}</a>' for name in names]
    return ("list " if len(links) == 1 else "lists ") + ", ".join(links)


def _keys(who: Issuer) -> str:
    return "\n".join(
        f"<tr><td><code>{html.escape(key.publicKeyMultibase)}</code></td><td>{key.valid_from}</td>"
        f"<td>{f'reported compromised {key.compromised}' if key.compromised else key.valid_until or 'now'}"
        "</td></tr>"
        for key in who.keys
    )
