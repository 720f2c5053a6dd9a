"""A record in an SVG picture: one `openbadges:credential` element (Open Badges 3.0, section 5.3, baking)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

from autograder.records import safejson
from autograder.records.errors import Fault

BADGES = "https://purl.imsglobal.org/ob/v3p0"
OLD_BADGES = "http://openbadges.org"
SVG = "http://www.w3.org/2000/svg"
MAX_ELEMENTS = 50_000
MAX_DEPTH = 100
ROOT = re.compile(rb"<svg\b[^>]*")


def bake(picture: bytes, text: bytes) -> bytes:
    """Put the JSON text of a record into a picture, as the first child of its root."""
    root = ROOT.search(picture)
    if root is None or picture[root.end() : root.end() + 1] != b">":
        raise Fault("the picture of the badge is not SVG")
    # `]]>` may stand in a string of the record and would end the section.
    inside = text.replace(b"]]>", b"]]]]><![CDATA[>")
    element = b"<openbadges:credential><![CDATA[" + inside + b"]]></openbadges:credential>"
    named = root.group() + f' xmlns:openbadges="{BADGES}"'.encode()
    return picture[: root.start()] + named + b">" + element + picture[root.end() + 1 :]


def read(data: bytes, path: Path | str | None = None) -> bytes:
    """Take the JSON text out of a picture; nothing that the picture names is looked up."""
    found = _Reader(path).read(data)
    if not found:
        raise Fault("is an XML file that carries no record", path=path, remedy="ask its holder for the file")
    if len(found) > 1:
        raise Fault("carries more than one record, so nobody can say which is meant", path=path)
    return safejson.within(found[0].encode("utf-8"), path)


class _Reader:
    """Walk through the elements with expat, which builds nothing; refuse what could grow or reach out."""

    def __init__(self, path: Path | str | None) -> None:
        self.path = path
        self.found: list[str] = []
        self.text: list[str] | None = None
        self.depth = self.elements = 0

    def read(self, data: bytes) -> list[str]:
        """The texts of all credential elements."""
        parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._reach
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise Fault(f"is not XML that can be read ({what})", path=self.path, line=error.lineno) from None
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise Fault("is an SVG picture with more in it than a badge has", path=self.path)
        if self.depth == 1 and name != f"{SVG} svg":
            raise Fault("is neither JSON nor an SVG picture", path=self.path, remedy="name a record")
        if name.startswith(f"{OLD_BADGES} "):
            raise Fault("carries an Open Badges 2 assertion, which is not read here", path=self.path)
        if self.text is not None:
            raise Fault("has elements inside of its record", path=self.path)
        if name == f"{BADGES} credential":
            if "verify" in attributes:
                raise Fault("carries a JWT record, which is not read here", path=self.path)
            self.text = []

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.text is not None:
            self.found.append("".join(self.text))
            self.text = None

    def _words(self, words: str) -> None:
        if self.text is not None:
            self.text.append(words)

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        # A plain document type, as drawing programs write it, is harmless: nothing loads it.
        if internal:
            raise Fault("declares things of its own (a DOCTYPE with a body)", path=self.path)

    def _entity(self, *_: Any) -> None:
        raise Fault("declares an entity, which could grow or reach out", path=self.path)

    def _reach(self, *_: Any) -> int:
        raise Fault("names an entity outside of the file", path=self.path)
