"""All facts together: looked up by id, by topic, by jurisdiction, and summed up in one digest."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursefacts.errors import InputFault
from coursefacts.model import Fact, Topic
from coursefacts.suggest import nearest


@dataclass(frozen=True)
class Quote:
    """What a `{fact}` in prose resolves to."""

    fact: Fact
    value_name: str | None
    text: str


class FactBook(Mapping[str, Fact]):
    """A mapping from id to fact, in order of id."""

    def __init__(self, facts: Mapping[str, Fact], paths: Mapping[str, Path | None] | None = None) -> None:
        self._facts = {name: facts[name] for name in sorted(facts)}
        self._paths = dict(paths or {})

    def __getitem__(self, fact_id: str) -> Fact:
        return self._facts[fact_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def get(  # type: ignore[override]  # a fact that is cited must exist: no default, a fault instead
        self, fact_id: str, *, path: Path | str | None = None, line: int | None = None
    ) -> Fact:
        """Return a fact; raise InputFault, with the citing file and line, when there is none."""
        if fact_id not in self._facts:
            raise InputFault(
                f"no fact '{fact_id}'",
                path=path,
                line=line,
                remedy=nearest(fact_id, self._facts, "the ids are"),
            )
        return self._facts[fact_id]

    def quote(self, reference: str, *, path: Path | str | None = None, line: int | None = None) -> Quote:
        """Resolve `us.4a906.a` to its statement, `us.4a906.a:qubits_min` to one value."""
        fact_id, colon, name = reference.strip().partition(":")
        fact = self.get(fact_id, path=path, line=line)
        if not colon:
            return Quote(fact, None, fact.text())
        try:
            return Quote(fact, name, fact.value(name))
        except InputFault as fault:
            raise InputFault(fault.what, path=path, line=line, remedy=fault.remedy) from None

    def path(self, fact_id: str) -> Path | None:
        """Return the file of a fact."""
        return self._paths.get(fact_id)

    def by_topic(self, topic: Topic) -> list[Fact]:
        """Return the facts of a topic in order of id."""
        return [fact for fact in self._facts.values() if fact.topic == topic]

    def due(self, on: datetime.date) -> list[Fact]:
        """Return the facts whose review date is that day or before, most overdue first."""
        found = [fact for fact in self._facts.values() if fact.review_by <= on.isoformat()]
        return sorted(found, key=lambda fact: (fact.review_by, fact.id))

    def successor(self, fact_id: str) -> Fact | None:
        """Return the fact that replaces this one, if any."""
        return next((fact for fact in self._facts.values() if fact.supersedes == fact_id), None)

    def line(self, fact: Fact) -> list[Fact]:
        """Return a fact and before it those that it replaced, oldest first.

        A thing has been controlled since the first of them, whatever the code was then.
        """
        found = [fact]
        while found[0].supersedes:
            found.insert(0, self.get(found[0].supersedes))
        return found

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all content; comments and line breaks in the files do not count."""
        content = [fact.to_json() for fact in self._facts.values()]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
