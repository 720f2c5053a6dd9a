"""What somebody should know who was taught an earlier version: errata, and facts that have changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from coursefacts.book import FactBook
from coursefacts.errata import LEVELS, Erratum
from coursefacts.model import Fact
from coursefacts.versions import Release, Taught, find, order, taught

SCHEMA = "coursefacts.changed/1"
Kind = Literal["superseded", "repealed", "status", "corrected", "gone", "new"]
KINDS: dict[Kind, str] = {
    "superseded": "replaced by another fact",
    "repealed": "no longer in force",
    "status": "of another status",
    "corrected": "worded or dated anew",
    "gone": "no longer in the course",
    "new": "new in the course",
}


@dataclass(frozen=True)
class Change:
    """One fact that is not as it was taught."""

    id: str
    change: Kind
    version: str | None
    """The version that brought the change; None while it has not gone out."""
    was: str | None
    now: str | None
    successor: str | None
    errata: tuple[str, ...]


def changed(
    facts: FactBook, errata: Sequence[Erratum], releases: list[Release], since: str
) -> dict[str, Any]:
    """Return as data for JSON what changed since a version that went out."""
    old = find(releases, since)
    later = [release for release in releases if order(release.version) > order(since)]
    open_since = [one for one in errata if one.mended_in is None or order(one.mended_in) > order(since)]
    changes = list(_changes(facts, old, later, open_since))
    return {
        "schema": SCHEMA,
        "since": since,
        "facts_digest": facts.digest,
        "errata": [one.to_json() for one in open_since],
        "facts": [asdict(one) for one in changes],
    }


def _changes(
    facts: FactBook, old: Release, later: list[Release], errata: Sequence[Erratum]
) -> Iterator[Change]:
    for name in sorted({*facts, *old.facts}):
        fact = facts[name] if name in facts else None  # noqa: SIM401  # FactBook.get raises
        before = old.facts.get(name)
        after = taught(fact) if fact else None
        successor = facts.successor(name)
        if successor is not None and successor.id in old.facts:
            successor = None
        kind = _kind(before, after, successor)
        if kind is not None:
            yield Change(
                name,
                kind,
                _version(later, successor.id if kind == "superseded" and successor else None, name, after),
                before.text if before else None,
                after.text if after else None,
                successor.id if successor else None,
                tuple(one.id for one in errata if name in one.facts),
            )


def _version(later: list[Release], successor: str | None, name: str, after: Taught | None) -> str | None:
    """Return the first version that has a fact's successor, or the fact as it is now."""
    for one in later:
        if successor in one.facts if successor else one.facts.get(name) == after:
            return one.version
    return None


def _kind(before: Taught | None, after: Taught | None, successor: Fact | None) -> Kind | None:
    """Tell what happened to a fact; the first that holds."""
    if before is None:
        return "new"
    if after is None:
        return "gone"
    if successor is not None:
        return "superseded"
    if before.status != after.status:
        return "repealed" if after.status == "repealed" else "status"
    return "corrected" if before != after else None


def text(told: dict[str, Any]) -> str:
    """Write what changed for the terminal."""
    lines = [
        f"Since {told['since']}: {len(told['errata'])} errata, {len(told['facts'])} facts changed or new."
    ]
    for level, words in LEVELS.items():
        found = [one for one in told["errata"] if one["level"] == level]
        lines += ["", f"Errata, {words}"] if found else []
        for one in found:
            mended = f"mended in {one['mended_in']}" if one["mended_in"] else "not mended yet"
            lines.append(f"  {one['id']}  {one['title']} ({mended}; {', '.join(one['facts'])})")
            lines += [f"    {label}: {one[key]}" for key, label in _PARTS]
    for kind, words in KINDS.items():
        changes = [one for one in told["facts"] if one["change"] == kind]
        lines += ["", f"Facts {words}"] if changes else []
        for one in changes:
            follows = f" by {one['successor']}" if one["successor"] else ""
            see = f" ({', '.join(one['errata'])})" if one["errata"] else ""
            lines.append(f"  {one['id']}{follows}{see}")
            lines += [f"    was: {one['was']}"] if one["was"] not in (None, one["now"]) else []
            lines += [f"    is: {one['now']}"] if one["now"] else []
    return "\n".join(lines)


_PARTS = (("taught", "taught"), ("right", "right"), ("do", "do"))
