"""Whom a text may mean: the learners of the roster by their ids, user names, numbers, addresses and names."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.names import letters, orders, words
from autograder.roster import Learner

__all__ = ["People"]

# Shorter words of a name stand in many others by chance.
_TELLING = 3


class People:
    """The learners of a roster, to be found by what platforms call them."""

    def __init__(self, learners: Iterable[Learner]) -> None:
        self.learners = {one.id: one for one in learners}
        self._ids: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        for one in self.learners.values():
            for text in (one.id, one.login, one.sis_id, one.email or ""):
                self._note(self._ids, text.casefold(), one.id)
            self._note(self._numbers, one.lms_id, one.id)
            for name in {one.name, one.sortable}:
                for order in orders(name):
                    self._note(self._names, order, one.id)

    @staticmethod
    def _note(index: dict[str, set[str]], key: str, ident: str) -> None:
        if key:
            index.setdefault(key, set()).add(ident)

    def by_id(self, text: str) -> set[str]:
        """Find by id, user name, number in the institution or address; the case does not matter."""
        found = self._ids.get(text.casefold(), set())
        # An id of the course goes before somebody else's user name.
        return {one for one in found if one.casefold() == text.casefold()} or found

    def by_number(self, text: str) -> set[str]:
        """Find by the platform's own number."""
        return self._numbers.get(text, set())

    def by_name(self, text: str) -> set[str]:
        """Find by name, whatever its order; several where several are called so."""
        found: set[str] = set()
        for order in orders(text) | {letters(text)}:
            found |= self._names.get(order, set())
        return found

    def related(self, text: str, learner: str) -> bool:
        """Tell whether a name may be that of a learner: they share a word that tells something."""
        whole, one = letters(text), self.learners[learner]
        parts = {*words(one.name), *words(one.sortable)}
        return any(part in whole for part in parts if len(part) >= _TELLING or not part.isascii())
