"""Begin an exercise from the skeleton in `template/`, which can be released and graded as it is."""

from __future__ import annotations

from pathlib import Path

from coursefacts.errors import InputFault

from autograder.files import is_safe_name, new_folder, write_text

__all__ = ["begin"]

_TEMPLATE = Path(__file__).resolve().parent / "template"


def begin(source: Path, exercise: str, title: str | None, module: str) -> Path:
    """Write the skeleton of an exercise into a new folder; never touch one that is there.

    source: the folder of exercises.
    title: None for the id in words.
    """
    if not is_safe_name(exercise) or "+" in exercise or exercise != exercise.lower():
        raise InputFault(
            f"'{exercise}' cannot be an exercise's id", remedy="use small letters, digits and single hyphens"
        )
    target = source / exercise
    if target.exists():
        raise InputFault("there is such an exercise already", path=target, remedy="choose another id")
    values = {
        "@id@": exercise,
        "@title@": _one_line(title or exercise.replace("-", " ").capitalize()),
        "@module@": _one_line(module),
    }
    try:
        with new_folder(target) as folder:
            for file in sorted(_TEMPLATE.rglob("*")):
                if file.is_file():
                    name = str(file.relative_to(_TEMPLATE)).removesuffix(".txt")
                    write_text(folder / name, _filled(file.read_text(encoding="utf-8"), values))
    except OSError as error:
        raise InputFault(
            f"cannot be written ({error.strerror})", path=target, remedy="check the folder"
        ) from None
    return target


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _one_line(text: str) -> str:
    """Refuse what YAML would read otherwise."""
    words = " ".join(text.split())
    if not words or any(sign in words for sign in ':#"{}[]@'):
        raise InputFault(
            f"'{words}' cannot stand in meta.yml as it is", remedy="use words without : # quotes"
        )
    return words
