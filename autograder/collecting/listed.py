"""Gradescope's list of who sent what: submission_metadata.yml beside the submissions' folders."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import yaml

from autograder.collecting.archive import first_member
from autograder.collecting.names import Names

__all__ = ["is_list", "read_list", "read_lists"]

_NAME = "submission_metadata.yml"
_LARGEST = 20 * 2**20
# What a list says of one person, the name last.
_KEYS = ("sid", "email", "name")

_SUBMISSION = re.compile(r"(submission_\d+):\s*")
_ENTRY = re.compile(r" {2}:?(\w+):")
_PERSON = re.compile(r" +(- )? *:?(name|sid|email): *(.*)")
_LONGEST = 1000

People = dict[tuple[str, ...], list[tuple[str, ...]]]


def is_list(name: str) -> bool:
    """Tell whether a file is such a list."""
    return name == _NAME


def read_lists(folder: Path, names: Names) -> None:
    """Read every list below a folder."""
    for path in sorted(folder.rglob(_NAME)):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
            above = path.relative_to(folder).parts[:-1]
            names.listed |= {(*above, *at): who for at, who in _people(path.read_bytes()).items()}


def read_list(archive: bytes) -> People:
    """Read the list in an archive that lies the least deep."""
    name, data = first_member(archive, _NAME, _LARGEST)
    above = PurePosixPath(name).parts[:-1]
    return {(*above, *at): who for at, who in _people(data).items()}


def _people(data: bytes) -> People:
    """Give each submission's people, by their lines; what is not such a list says nothing.

    The file is YAML of many megabytes, and may as well lie in a stranger's archive: a reader of YAML takes
    minutes for it, or ends this process over brackets that are nested deeply.
    """
    found: People = {}
    submission: str | None = None
    among = False
    for line in data.decode("utf-8", "replace").splitlines():
        if hit := _SUBMISSION.fullmatch(line):
            submission, among = hit[1], False
        elif submission is not None and (hit := _ENTRY.match(line)):
            among = hit[1] == "submitters"
        elif submission is not None and among and (hit := _PERSON.match(line)):
            people = found.setdefault((submission,), [])
            if hit[1] or not people:
                people.append(("", "", ""))
            at = _KEYS.index(hit[2])
            people[-1] = (*people[-1][:at], _scalar(hit[3]), *people[-1][at + 1 :])
    return found


def _scalar(text: str) -> str:
    """Read one value, quoted or not."""
    try:
        told = yaml.safe_load(text) if text[:1] in {"'", '"'} and len(text) < _LONGEST else text
    except (yaml.YAMLError, ValueError):
        told = text
    return str(told).strip()
