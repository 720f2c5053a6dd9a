"""The `cmi5.xml` of a package with one assignable unit (cmi5 Quartz, 13.1)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

SPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
# A name and not an address: it must be the same wherever the package is taken in.
BASE = "urn:open-by-default:"
DESCRIPTION = (
    "A module of the course Open by Default, Guarded by Design: its pages, branching cases and quiz. "
    "The quiz's answers can be read in the pages, so its score is practice and earns no record by itself."
)


def write(*, name: str, title: str, mastery: int | None, start: str = "index.html") -> bytes:
    """Write the course structure; mastery is the pass mark in percent, where there is a score."""
    root = ET.Element("courseStructure", {"xmlns": SPACE})
    course = ET.SubElement(root, "course", {"id": f"{BASE}{name}"})
    _say(course, title)
    told = {"id": f"{BASE}{name}:unit", "launchMethod": "AnyWindow"}
    if mastery is None:
        told["moveOn"] = "Completed"
    else:
        told |= {"moveOn": "CompletedAndPassed", "masteryScore": f"{mastery / 100:g}"}
    unit = ET.SubElement(root, "au", told)
    _say(unit, title)
    ET.SubElement(unit, "url").text = start
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _say(parent: ET.Element, title: str) -> None:
    for tag, words in (("title", title), ("description", DESCRIPTION)):
        place = ET.SubElement(parent, tag)
        ET.SubElement(place, "langstring", {"lang": "en"}).text = words
