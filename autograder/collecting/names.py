"""Whose file is it, and of which exercise? What LMS downloads and plain folders say by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.collecting.archive import Refused
from autograder.collecting.people import People
from autograder.collecting.platforms import Said, read_part, stem
from autograder.files import is_safe_name
from autograder.names import letters
from autograder.roster import Learner
from autograder.strangers import shown

__all__ = ["Names", "Outer"]


@dataclass(frozen=True)
class Outer:
    """What the names around a file say of who handed it in; the outermost one that says anything decides.

    learner: whom they name, or None.
    several: the learners who are all called so.
    called: a name that is nobody's on the roster; empty where no person is named.
    sender: what tells this sender from another.
    claimed: whom a name further in speaks of, where the outermost one is not sure; its maker's word.
    """

    learner: str | None = None
    several: frozenset[str] = frozenset()
    called: str = ""
    sender: str = ""
    claimed: frozenset[str] = frozenset()

    @property
    def says_who(self) -> bool:
        """Whether the names speak of a person at all."""
        return bool(self.learner or self.several or self.called)


class Names:
    """The learners and exercises that a course knows.

    titles: what exercises are called besides their ids.
    """

    def __init__(
        self, learners: list[Learner], exercises: list[str], only: str | None, titles: dict[str, str]
    ) -> None:
        self.people = People(learners)
        self._exercises = exercises
        self._only = only
        self._called = {one: {letters(one), letters(titles.get(one, ""))} - {""} for one in exercises}
        # What a platform's list says of whoever sent the files below a folder.
        self.listed: dict[tuple[str, ...], list[tuple[str, ...]]] = {}

    def owner(self, parts: list[str], *, by_file_name: bool = True) -> str | None:
        """Find the learner whom the names are sure of; None when nothing is said, or nothing sure."""
        return self.outer(parts, by_file_name=by_file_name).learner

    def outer(self, parts: list[str], *, by_file_name: bool = True) -> Outer:
        """Find out who handed a file in.

        The outermost name decides: what lies in it was chosen by whoever handed it in. A name further in that
        speaks of somebody else is refused.
        by_file_name: whether the last name, without a platform's pattern, tells anything.
        """
        outer: Outer | None = None
        claimed: set[str] = set()
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            if last and not by_file_name and read_part(part) is None:
                continue
            if outer is not None and not self.people.learners:
                break
            found = self._of_part(tuple(parts[: at + 1]), last=last)
            if found is None:
                continue
            if outer is None:
                outer = found
                continue
            inner = {found.learner} if found.learner else set(found.several)
            if inner and outer.learner and outer.learner not in inner:
                raise Refused(f"it was handed in by '{outer.learner}' and says that it is '{min(inner)}'s")
            claimed |= inner
        outer = outer or Outer()
        sender = outer.sender or _path(parts)
        return Outer(outer.learner, outer.several, outer.called, sender, frozenset(claimed))

    def _of_part(self, path: tuple[str, ...], *, last: bool) -> Outer | None:
        """See what one name says; None for nothing."""
        part = path[-1]
        if path in self.listed:
            return self._of_list(self.listed[path], part)
        said = read_part(part)
        if said is not None:
            return self._of_platform(said)
        if not self.people.learners:
            return self._without_roster(part, last=last)
        plain = stem(part)
        found = self.people.by_id(part) or self.people.by_id(plain) or self.people.by_name(plain)
        found = found or self._before_exercise(plain) or self._after_exercise(plain)
        return _sure(found, part) if found else None

    def _of_platform(self, said: Said) -> Outer:
        for ident in said.ids:
            found = self.people.by_id(ident) if not said.name else self.people.by_number(ident)
            if found:
                return _sure(found, said.sender)
        if not said.name:
            return Outer(sender=said.sender)
        found = self.people.by_name(said.name) or self.people.by_id(said.name)
        return _sure(found, said.sender) if found else Outer(called=said.name, sender=said.sender)

    def _of_list(self, people: list[tuple[str, ...]], part: str) -> Outer:
        """Find whom a platform's list names: number and address of each before the name."""
        found: set[str] = set()
        for keys in people:
            ids = next((hit for key in keys[:-1] if (hit := self.people.by_id(key))), None)
            found |= ids or self.people.by_name(keys[-1])
        called = ", ".join(keys[-1] for keys in people if keys[-1])
        return _sure(found, part) if found else Outer(called=called, sender=part)

    def _without_roster(self, part: str, *, last: bool) -> Outer | None:
        """Take the first folder that may be an id; without a roster nobody knows better."""
        if last:
            found = next((who for who, _ in self._split(stem(part)) if is_safe_name(who)), None)
            return Outer(found, sender=found) if found else None
        zipped = part.lower().endswith(".zip")
        fits = is_safe_name(part) and part not in self._exercises and not zipped
        return Outer(part, sender=part) if fits else None

    def _before_exercise(self, plain: str) -> set[str]:
        """Read `<learner>-<exercise>` or with an underscore."""
        for who, _ in self._split(plain):
            if found := self.people.by_id(who) or self.people.by_name(who):
                return found
        return set()

    def _after_exercise(self, plain: str) -> set[str]:
        """Read `<exercise>-<learner>`, as GitHub Classroom names repositories."""
        for exercise in self._exercises:
            if plain.lower().startswith(f"{exercise.lower()}-"):
                return self.people.by_id(plain[len(exercise) + 1 :])
        return set()

    def _split(self, plain: str) -> list[tuple[str, str]]:
        found = []
        for exercise in self._exercises:
            hit = re.match(rf"(?P<learner>.+)[-_]{re.escape(exercise)}(?:[-_ (].*)?$", plain)
            if hit:
                found.append((hit["learner"], exercise))
        return found

    def admitted(self, learner: str) -> str:
        """Refuse whoever is not on the roster, where there is one."""
        if not is_safe_name(learner):
            raise Refused(f"'{shown(learner, 40)}' cannot be a learner's id")
        if self.people.learners and learner not in self.people.learners:
            raise Refused(f"'{learner}' is not on the roster; add them with `autograder roster`")
        return learner

    def exercise(self, parts: list[str]) -> str | None:
        """Find the exercise: the one that was named to us, else a folder's, a title or a file's; or None."""
        if self._only:
            return self._only
        for part in parts:
            said = read_part(part)
            whole = letters(said.title) if said else ""
            title = next(
                (one for one, names in self._called.items() if any(name in whole for name in names)), None
            )
            if title:
                return title
        rest = parts[-1]
        for part in parts:
            said = read_part(part)
            rest = said.rest if said and said.rest else rest
        plain = stem(rest)
        for one in sorted(self._exercises, key=len, reverse=True):
            if any(letters(part) in self._called[one] for part in parts[:-1]):
                return one
            if letters(plain) in self._called[one] or plain.endswith((f"-{one}", f"_{one}")):
                return one
            if any(part.lower().startswith(f"{one.lower()}-") for part in parts[:-1]):
                return one
        return None

    @property
    def only_exercise(self) -> str | None:
        """The exercise of a course that has no other."""
        return self._exercises[0] if len(self._exercises) == 1 else None

    def known_exercise(self, exercise: str) -> str:
        """Refuse an exercise that the course does not have."""
        if exercise not in self._exercises:
            raise Refused(f"the course has no exercise '{shown(exercise, 60)}'")
        return exercise


def _sure(found: set[str], sender: str) -> Outer:
    if len(found) == 1:
        (learner,) = found
        return Outer(learner, sender=sender)
    return Outer(several=frozenset(found), sender=sender)


def _path(parts: list[str]) -> str:
    """Tell files apart by where they lie; an archive's own name changes with each download."""
    return "/".join(part for part in parts if not part.lower().endswith(".zip")) or parts[-1]
