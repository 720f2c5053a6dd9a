"""Begin a case from the skeleton in `template/`, which passes every check."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from coursefacts import FactBook
from coursefacts.errors import InputFault

TEMPLATE = Path(__file__).resolve().parent / "template"
# Cited by the skeleton where the course has it: rules about access, which the skeleton is about.
PREFERRED = ("us.15cfr734.19", "us.15cfr734.13")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def make(folder: Path, case_id: str, title: str | None, module: str, facts: FactBook) -> Path:
    """Write the skeleton of a case into a new folder; never touch one that is there."""
    target = folder / case_id
    if not _ID.fullmatch(case_id):
        raise InputFault(f"'{case_id}' is not an id", remedy="use small letters, digits and single hyphens")
    if target.exists():
        raise InputFault("there is such a case already", path=target, remedy="choose another id")
    values = {
        "@id@": case_id,
        "@title@": _one_line(title or case_id.replace("-", " ").capitalize()),
        "@module@": _one_line(module),
        "@fact@": _fact(facts),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, target, values)
    except OSError as error:
        raise InputFault(
            f"cannot be written ({error.strerror})", path=target, remedy="check the folder"
        ) from None
    return target


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    if not words or any(sign in words for sign in ':#"{}[]'):
        raise InputFault(
            f"'{words}' cannot stand in front matter as it is", remedy="use words without : # quotes"
        )
    return words


def _fact(facts: FactBook) -> str:
    found = next((fact for fact in PREFERRED if fact in facts), None) or next(iter(facts), None)
    if found is None:
        raise InputFault("the course has no facts yet", remedy="write one: every debrief cites a fact")
    return found


def _write(folder: Path, target: Path, values: dict[str, str]) -> None:
    """Write into a temporary folder, then rename, so that no half a case is left behind."""
    temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
    try:
        for file in sorted(TEMPLATE.rglob("*")):
            if not file.is_file():
                continue
            text = file.read_text(encoding="utf-8")
            for mark, value in values.items():
                text = text.replace(mark, value)
            place = temporary / file.relative_to(TEMPLATE)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        temporary.chmod(0o755)
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
