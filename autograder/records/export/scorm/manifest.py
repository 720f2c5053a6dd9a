"""The `imsmanifest.xml` of a SCORM 1.2 package with one unit (IMS Content Packaging 1.1.2, ADL 1.2)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from urllib.parse import quote

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"


def write(
    *,
    identity: str,
    title: str,
    version: str,
    mastery: int | None,
    files: Sequence[str],
    start: str = "index.html",
) -> bytes:
    """Write the manifest; mastery is the platform's own pass mark, where there is a score."""
    # Written as prefixes of our own choosing, because some platforms look for these very names.
    root = ET.Element("manifest", {"identifier": identity, "version": version or "1.0"})
    root.set("xmlns", CP)
    root.set("xmlns:adlcp", ADL)
    about = ET.SubElement(root, "metadata")
    ET.SubElement(about, "schema").text = "ADL SCORM"
    ET.SubElement(about, "schemaversion").text = "1.2"
    organizations = ET.SubElement(root, "organizations", {"default": "course"})
    course = ET.SubElement(organizations, "organization", {"identifier": "course"})
    ET.SubElement(course, "title").text = title[:200]
    item = ET.SubElement(
        course, "item", {"identifier": "unit", "identifierref": "unit-files", "isvisible": "true"}
    )
    ET.SubElement(item, "title").text = title[:200]
    if mastery is not None:
        ET.SubElement(item, "adlcp:masteryscore").text = str(mastery)
    resources = ET.SubElement(root, "resources")
    unit = ET.SubElement(
        resources,
        "resource",
        {"identifier": "unit-files", "type": "webcontent", "adlcp:scormtype": "sco", "href": start},
    )
    for name in files:
        ET.SubElement(unit, "file", {"href": quote(name)})
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
