"""The canonical forms that proofs are made over: RFC 8785 for JSON, RDFC-1.0 for what JSON-LD says.

PyLD signs a document as if terms that its contexts do not define were not there, so a forger could add them.
`rdfc` therefore refuses every document that says something its RDF form does not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import rfc8785
from cachetools import LRUCache
from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.documentloader.frozen import FrozenDocumentLoader

from autograder.records.contexts import pinned

UNDEFINED = "urn:undefined-term:"
# Relative names resolve against this base, and so show themselves too.
RELATIVE = "x-relative://relative.invalid/"
# PyLD writes names into N-Quads as they are, so a name with a bracket or a space could pose as several.
NAME = re.compile(r"(?!x-relative:|urn:undefined-term:)[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# Everything PyLD writes differently from what RDFC-1.0 asks for, and everything a screen would hide.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# Marks that turn text around and marks of no width: no record is signed with the first, and no id has either.
# A record that has them is still judged by its signature, since others may have signed it.
TURNS = re.compile(r"[\u061c\u200e\u200f]")
WIDTHLESS = re.compile(r"[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]")
TERM = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
VALUE_KEYWORDS = frozenset({"@value", "@language"})


class NotCanonical(ValueError):
    """A document that has no canonical form which covers all of it."""


def jcs(document: Any) -> bytes:
    """Write a JSON value by RFC 8785."""
    try:
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NotCanonical(f"has no canonical JSON form ({type(error).__name__})") from None


def digest(document: Any) -> str:
    """SHA-256 of the RFC 8785 form: the name of a record in the ledger."""
    return hashlib.sha256(jcs(document)).hexdigest()


def rdfc(document: Mapping[str, Any], contexts: Mapping[str, Any] | None = None) -> bytes:
    """Write the RDF dataset of a JSON-LD document by RDFC-1.0, or refuse what the dataset would not hold."""
    _check_source(document, top=True)
    options = _options() if contexts is None else _make_options(contexts)
    # With a vocabulary of our own in front, an undefined term shows itself instead of vanishing.
    listed = document.get("@context", [])
    listed = listed if isinstance(listed, list) else [listed]
    sentinel = {**document, "@context": [{"@vocab": UNDEFINED}, *listed]}
    try:
        expanded = jsonld.expand(sentinel, dict(options))
        for place in _uncovered(expanded):
            raise NotCanonical(f"says something that its contexts do not define: {place}")
        dataset = jsonld.to_rdf(expanded, dict(options))
        text = URDNA2015().main(dataset, {"format": "application/n-quads"})
    except jsonld.JsonLdError as error:
        raise NotCanonical(f"is not JSON-LD that this program reads ({error.code or error.type})") from None
    except RecursionError:
        raise NotCanonical("is nested too deeply") from None
    return str(text).encode("utf-8")


@cache
def _options() -> dict[str, Any]:
    """The settings for the pinned contexts, made once: reading the contexts costs more than a record."""
    return _make_options(pinned())


def _make_options(contexts: Mapping[str, Any]) -> dict[str, Any]:
    loader = FrozenDocumentLoader(contexts)
    return {
        "base": RELATIVE,
        "documentLoader": loader,
        # A resolver of its own: what other code in this process loads under these addresses is not used here.
        "contextResolver": ContextResolver(LRUCache(maxsize=20), loader),
        "processingMode": "json-ld-1.1",
        "keepFreeFloatingNodes": False,
    }


def _check_source(value: Any, *, top: bool = False) -> None:
    """Refuse what JSON-LD drops or redefines on the way: nulls, empty lists, inner contexts, keywords."""
    if value is None or value == []:
        raise NotCanonical("holds null or an empty list, which a proof over RDF does not cover")
    if isinstance(value, str) and CONTROL.search(value):
        raise NotCanonical("holds a control character")
    if isinstance(value, list):
        for item in value:
            _check_source(item)
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "@context" and top:
                _check_contexts(item)
            elif key not in VALUE_KEYWORDS and not TERM.fullmatch(key):
                raise NotCanonical(f"has a key that is not a plain term: {key[:40]!r}")
            else:
                _check_source(item)


def _check_contexts(listed: Any) -> None:
    for context in listed if isinstance(listed, list) else [listed]:
        if not isinstance(context, str):
            raise NotCanonical("brings its own context instead of naming a known one")


def _uncovered(expanded: Any) -> Iterator[str]:
    """Name the places in an expanded document that would be lost or would mean something else in RDF."""
    if isinstance(expanded, list):
        for item in expanded:
            yield from _uncovered(item)
    elif isinstance(expanded, Mapping):
        for key, value in expanded.items():
            if key in ("@id", "@type"):
                yield from _unnamed(value if isinstance(value, list) else [value])
            elif key == "@language":
                yield from [] if LANGUAGE.fullmatch(value) else [key]
            elif key in ("@list", "@set", "@graph"):
                yield from _uncovered(value)
            elif not key.startswith("@"):
                yield from _unnamed([key])
                yield from _uncovered(value)


def _unnamed(names: list[Any]) -> Iterator[str]:
    for name in names:
        if not (isinstance(name, str) and NAME.fullmatch(name)):
            yield str(name).removeprefix(UNDEFINED).removeprefix(RELATIVE)[:80]
