"""Whose file is it, and of which exercise? What LMS downloads and plain folders say by their names."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from autograder.collecting.archive import Refused
from autograder.files import is_safe_name
from autograder.roster import Learner
from autograder.strangers import shown

__all__ = ["Names"]

# Moodle: "Ada Example_12345_assignsubmission_file" as a folder, or followed by "_name.ipynb" as a file.
_MOODLE = re.compile(r"(?P<name>.+)_\d+_assignsubmission_file_?(?P<rest>.*)")
# Canvas: "exampleada_LATE_12345_67890_name-1.ipynb"; the number after a dash counts hand-ins.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?\d+_\d+_(?P<rest>.+)")
_AGAIN = re.compile(r"(?:-\d+| ?\(\d+\))$")


class Names:
    """The learners and exercises that a course knows."""

    def __init__(self, learners: list[Learner], exercises: list[str], only: str | None) -> None:
        self._ids = {learner.id for learner in learners}
        self._names: dict[str, set[str]] = {}
        for learner in learners:
            first, _, last = learner.name.rpartition(" ")
            for name in (learner.name, f"{last} {first}", learner.email or "", learner.id):
                if name:
                    self._names.setdefault(_letters(name), set()).add(learner.id)
        self._exercises = exercises
        self._only = only

    def owner(self, parts: list[str], *, by_file_name: bool = True) -> str | None:
        """Find the learner whom folders or an LMS's file name speak of; None when nothing does.

        The outermost name decides: what lies in it was chosen by whoever handed it in. A name further in that
        speaks of somebody else is refused.
        by_file_name: whether `<learner>-<exercise>` tells anything.
        """
        owner: str | None = None
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            named = next((found["name"] for p in (_MOODLE, _CANVAS) if (found := p.fullmatch(part))), None)
            if owner is None:
                if named is not None:
                    owner = self._by_name(named)
                elif not last:
                    owner = part if self._is_theirs(part) else None
                elif by_file_name:
                    owner = self._leading(part)
                continue
            said = self._said(part, named, last=last and by_file_name)
            if said and owner not in said:
                raise Refused(f"it was handed in by '{owner}' and says that it is '{min(said)}'s")
        return owner

    def _is_theirs(self, folder: str) -> bool:
        """Tell whether a folder is named for a learner; without a roster the first that may be."""
        if self._ids:
            return folder in self._ids
        zipped = folder.lower().endswith(".zip")
        return is_safe_name(folder) and folder not in self._exercises and not zipped

    def _said(self, part: str, named: str | None, *, last: bool) -> set[str]:
        """Give the learners on the roster whom an inner name may speak of."""
        if named is not None:
            return self._names.get(_letters(named), set())
        found = self._leading(part) if last else part
        return {found} & self._ids if found else set()

    def _leading(self, name: str) -> str | None:
        """Read `<learner>-<exercise>.ipynb` or with an underscore."""
        stem = PurePosixPath(name).stem
        for exercise in self._exercises:
            found = re.match(rf"(?P<learner>.+)[-_]{re.escape(exercise)}(?:[-_ (].*)?$", stem)
            if found and is_safe_name(found["learner"]):
                return found["learner"]
        return None

    def _by_name(self, name: str) -> str:
        found = self._names.get(_letters(name), set())
        if len(found) != 1:
            many = "several learners" if found else "nobody"
            raise Refused(f"the roster has {many} called '{shown(name, 60)}'")
        return next(iter(found))

    def admitted(self, learner: str) -> str:
        """Refuse whoever is not on the roster, where there is one."""
        if not is_safe_name(learner):
            raise Refused(f"'{shown(learner, 40)}' cannot be a learner's id")
        if self._ids and learner not in self._ids:
            raise Refused(f"'{learner}' is not on the roster")
        return learner

    def exercise(self, parts: list[str]) -> str:
        """Find the exercise: the one that was named to us, else a folder or file name, else the only one."""
        if self._only:
            return self._only
        rest = parts[-1]
        for pattern in (_MOODLE, _CANVAS):
            found = pattern.fullmatch(rest)
            if found:
                rest = found["rest"]
        stem = _AGAIN.sub("", PurePosixPath(rest).stem)
        for one in sorted(self._exercises, key=len, reverse=True):
            if one in parts[:-1] or stem == one or stem.endswith((f"-{one}", f"_{one}")):
                return one
        if len(self._exercises) == 1:
            return self._exercises[0]
        raise Refused("it cannot be told which exercise this is; name it with --exercise")

    def known_exercise(self, exercise: str) -> str:
        """Refuse an exercise that the course does not have."""
        if exercise not in self._exercises:
            raise Refused(f"the course has no exercise '{shown(exercise, 60)}'")
        return exercise


def _letters(name: str) -> str:
    """Reduce a name to its letters and digits, as LMSs do in file names."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(symbol for symbol in plain.casefold() if symbol.isalnum())
