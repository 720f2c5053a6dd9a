"""What an institution adds to its certificate page: its logo, and a line to sign on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.records import canonical, safejson
from autograder.records.errors import Fault

MAX_LOGO = 2_000_000
# By their first bytes; names are not believed.
KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


@dataclass(frozen=True)
class Look:
    """A logo as bytes with its kind (`png`, `jpg`, `svg`), and what stands below the line to sign on."""

    logo: bytes | None = None
    logo_kind: str = ""
    signature: str | None = None


def load(logo: Path | None, signature: str | None) -> Look:
    """Read the logo, and check both; a Fault says what cannot be drawn."""
    if signature is not None and (len(signature) > 200 or canonical.CONTROL.search(signature)):
        raise Fault(
            "--signature is too long or holds a control character", remedy="give a name and an office"
        )
    if logo is None:
        return Look(signature=signature)
    data = safejson.read_bytes(logo, limit=MAX_LOGO)
    kind = next((kind for begin, kind in KINDS.items() if data.startswith(begin)), "")
    if not kind and b"<svg" in data[:1024]:
        kind = "svg"
    if not kind:
        raise Fault("is no PNG, JPEG or SVG picture", path=logo, remedy="save the logo in one of these")
    return Look(data, kind, signature)
