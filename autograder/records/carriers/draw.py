"""Draw a record: the badge as SVG and PNG, and the certificate page as PDF, each with the record inside.

Everything shown is read from the record, but for a name that the caller wants on the page; that page says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from autograder.records import build, canonical, form, safejson, times
from autograder.records.carriers import png, svg
from autograder.records.carriers.look import Look
from autograder.records.errors import Fault

ART = Path(__file__).parent / "art"
FORMATS = ("pdf", "png", "svg")
# So many letters of names of one kind are shown, which is three lines; the record lists them all.
SHOWN_LETTERS = 260
PLURALS = {"Exercise": "Exercises", "Case": "Cases", "Quiz": "Quizzes"}
# Read back from the sentence that `build` writes: the credential's vocabulary has no field for the course.
COURSE = re.compile(r", in (.{1,300}) \(([^()\s]{1,100})\), version ")
OURS = "open-by-default"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PAPER = (
    "This sheet only shows the record. The signed record is the file attached to this PDF, "
    "and only a check of that file tells whether it is genuine, in force and not revoked."
)


def draw(
    text: bytes,
    kind: str,
    *,
    name: str | None = None,
    look: Look | None = None,
    path: Path | str | None = None,
) -> bytes:
    """Make one carrier (`pdf`, `png` or `svg`) of the JSON text of a record."""
    told = _told(text, name, path)
    if kind == "pdf":
        return _certificate(text, told, look or Look())
    if kind == "png":
        return png.bake(_badge(told, "png"), text)
    return svg.bake(_named(_badge(told, "svg"), told), text)


@cache
def award_badge(title: str, issuer: str, course: str) -> bytes:
    """The badge of an award as PNG, with no record in it and of no year."""
    told = {"title": title, "issuer": issuer, "dates": "", "day": [2026, 1, 1], "ring": _ring(course)}
    return _badge(told, "png")


def identity(text: bytes, path: Path | str | None = None) -> str:
    """The id of the record in this JSON text, or nothing where there is none."""
    document = safejson.parse(text, path)
    return str(document.get("id", "")) if isinstance(document, dict) else ""


def address(document: Mapping[str, Any], path: Path | str | None = None) -> str:
    """Where a record can be checked: the issuer's page, with the record's name behind `#`.

    A browser does not send what stands behind `#`, so no server learns which record is looked at.
    """
    issuer = document["issuer"]
    base = issuer.get("url") if isinstance(issuer, dict) else None
    if not isinstance(base, str) or not base.startswith("https://") or len(base) > 300:
        raise Fault("names no https address of its issuer, so nothing can point to it", path=path)
    return f"{base.rstrip('/')}/#{document['id']}"


def _told(text: bytes, name: str | None, path: Path | str | None) -> dict[str, Any]:
    """What the drawings say, as plain words."""
    document = safejson.parse(text, path)
    try:
        record = form.read(document)
        canonical.jcs(document)
    except (form.BadForm, canonical.NotCanonical) as error:
        raise Fault(f"is not a record: {error}", path=path) from None
    if name is not None and (not name.strip() or len(name) > 200 or canonical.CONTROL.search(name)):
        raise Fault("the name is empty, too long or holds a control character")
    achievement = record.credentialSubject.achievement
    done = _moment(document.get("awardedDate") or record.validFrom, path)
    until = times.any_moment(record.validUntil) if record.validUntil else None
    demonstration = achievement.name.startswith("Demonstration")
    return {
        "title": achievement.name,
        "kind": "Demonstration: certifies nothing" if demonstration else "Certificate of completion",
        "issuer": record.issuer.name or record.issuer.id,
        "name": name,
        "holder": _holder(record),
        "completed": _day(done),
        "until": _day(until) if until else "without end",
        "dates": f"{done.year}–{until.year}" if until else str(done.year),
        "day": [done.year, done.month, done.day],
        "course": f"{_course(document)[0].partition(': ')[0]}, version {_version(document)}".removeprefix(
            ", "
        ),
        "ring": _ring(_course(document)[1]),
        "pieces": _pieces(document),
        "limits": _limits(record, name, demonstration),
        "paper": PAPER,
        "url": address(document, path),
        "shown": [
            str(document["issuer"]["url"]).removeprefix("https://"),
            record.id.removeprefix("urn:uuid:"),
        ],
        "digest": list(hashlib.sha256(text).digest()),
    }


def _moment(text: Any, path: Path | str | None) -> datetime:
    try:
        return times.any_moment(str(text))
    except (ValueError, OverflowError):
        raise Fault("$.awardedDate: is not a moment with a time zone", path=path) from None


def _holder(record: form.Record) -> str:
    for identity in record.credentialSubject.identifier:
        if not identity.hashed:
            return f"Holder: {identity.identityHash[:100]}"
        return "Holder: whoever has the e-mail address whose hash stands in the record"
    return "Holder: not named in the record"


def _limits(record: form.Record, name: str | None, demonstration: bool) -> str:
    """The sentences on what is not shown; they stand on the page as they stand in the record."""
    told = [build.DEMONSTRATION] if demonstration else []
    told.append(build.NOT_SHOWN)
    if name is not None:
        told.append(f"The name is printed by whoever made this sheet and is not signed. {_holder(record)}.")
    return " ".join(told)


def _pieces(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was done, in one line for each kind and assurance, so that nothing falls off a full page."""
    found = document.get("evidence")
    listed = [piece for piece in found if isinstance(piece, dict)] if isinstance(found, list) else []
    lines: dict[tuple[str, str], list[str]] = {}
    for piece in listed:
        kind, colon, title = str(piece.get("name", "Evidence")).partition(": ")
        if not colon or kind not in PLURALS:
            kind, title = "", str(piece.get("name", "Evidence"))
        assurance = str(piece.get("description", "")).removeprefix("Assurance: ").rstrip(".")[:60]
        lines.setdefault((kind, assurance), []).append(title[:120])
    return [
        {"what": _named_kind(kind, titles), "assurance": assurance}
        for (kind, assurance), titles in lines.items()
    ]


def _named_kind(kind: str, titles: list[str]) -> str:
    """`Case: A`, `Cases: A, B`; with a count of what is not shown."""
    shown = 1
    while shown < len(titles) and len(", ".join(titles[: shown + 1])) <= SHOWN_LETTERS:
        shown += 1
    more = len(titles) - shown
    said = ", ".join(titles[:shown]) + (f", and {more} more in the record" if more else "")
    if not kind:
        return said
    return f"{kind if len(titles) == 1 else PLURALS[kind]}: {said}"


def _course(document: Mapping[str, Any]) -> tuple[str, str]:
    """Title and id of the course, as the first piece of evidence tells them; empty where it does not."""
    found = document.get("evidence")
    for piece in found if isinstance(found, list) else []:
        told = COURSE.search(str(piece.get("narrative", ""))) if isinstance(piece, dict) else None
        if told:
            return told.group(1), told.group(2)
    return "", ""


def _ring(course: str) -> list[str]:
    """The letters around the badge: this course's own, and plain ones for another's."""
    if course in (OURS, ""):
        return ["OPEN BY DEFAULT", "GUARDED BY DESIGN"]
    return ["CERTIFICATE", "OF COMPLETION"]


def _version(document: Mapping[str, Any]) -> str:
    return str(document["credentialSubject"]["achievement"].get("version", "not stated"))[:60]


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _named(picture: bytes, told: Mapping[str, Any]) -> bytes:
    """Give the picture words for those who do not see it; its letters are drawn as shapes."""
    words = f"Badge: {told['title']}, {told['issuer']}, {told['dates']}"
    safe = words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return picture.replace(b"<svg ", f'<svg role="img" aria-label="{safe}" '.encode(), 1)


def _certificate(text: bytes, told: Mapping[str, Any], look: Look) -> bytes:
    code = io.BytesIO()
    segno.make(told["url"], error="m", micro=False).save(
        code, kind="svg", dark="#21252a", light=None, border=4, xmldecl=False, svgns=True
    )
    with tempfile.TemporaryDirectory(prefix="certificate-") as folder:
        work = Path(folder)
        for source in ART.glob("*.typ"):
            (work / source.name).write_bytes(source.read_bytes())
        (work / "record.json").write_bytes(text)
        (work / "code.svg").write_bytes(code.getvalue())
        logo = None
        if look.logo is not None:
            logo = f"logo.{look.logo_kind}"
            (work / logo).write_bytes(look.logo)
        return _typeset(work / "certificate.typ", {**told, "logo": logo, "signature": look.signature})[0]


def _badge(told: Mapping[str, Any], kind: Literal["png", "svg"]) -> bytes:
    source = ART / "badge.typ"
    own = _typeset(source, told)[1]
    words = {"told": json.dumps({**told, "fallback": not own})}
    return typst.compile(
        str(source), root=str(ART), format=kind, ppi=144.0, ignore_system_fonts=own, sys_inputs=words
    )


def _typeset(source: Path, told: Mapping[str, Any]) -> tuple[bytes, bool]:
    """Set a page with the font that comes with the typesetter, or else with those of this machine.

    Tagged for screen readers, fit for archives; A-3 is the archive form that may carry a file. It refuses a
    letter that no font can draw, which would otherwise be an empty box on somebody's wall.
    """
    year, month, day = told["day"]
    for own in (True, False):
        try:
            made = typst.compile(
                str(source),
                root=str(source.parent),
                format="pdf",
                ignore_system_fonts=own,
                pdf_standards=["a-3a", "ua-1"],
                timestamp=datetime(year, month, day, tzinfo=UTC),
                sys_inputs={"told": json.dumps({**told, "fallback": not own})},
            )
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                said = str(error).partition("\n")[0][:200]
                raise Fault(f"cannot be drawn as a page ({said})") from None
        else:
            return made, own
    raise Fault(
        "a name or title has letters that no font here can draw",
        remedy="install a font that has them (Debian: fonts-noto-core, fonts-noto-cjk)",
    )
