"""Things to place in a tier: a thing, sentences whose facts decide, and a change that would turn it.

The right tier is the highest that some sentence asks for. A sentence whose fact is `idle` asks for nothing,
in the same words; a thing is public where the sentence that holds back its publication is idle.
What is public is never combined with what asks for more, because people differ on what is right then.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from answersheet.artefact_pool import Pool, Sentence, Thing

RANK = {"mark": 4, "listed": 3, "security": 3, "person": 3, "agreement": 2, "loan": 2, "date": 1}
REASON = {"mark": "marked", "date": "ours-later", "loan": "agreement"}
OWN = ("data", "people", "code")
# Tiers of nine of the twelve; the box and the sensor have their own, and one more is drawn from 0 to 3.
TIERS = (0, 0, 0, 1, 1, 2, 2, 3, 4)
OPTIONS = 4
# Days of what is still to come, and of what is past, counted from the day of the pool.
AHEAD, OUT, BEHIND = (45, 260), (150, 350), (30, 700)
# How long before the next event a look is not too early, and how far away the look is where none is known.
EARLY, LATE, LONGEST = 31, 183, 365
# A drawn value is this factor away from its bound, or more, and never more than twice that.
MARGIN = 1.6


@dataclass(frozen=True)
class Told:
    """A sentence with its fact: as it reads, whether it is active, and the day where it is one."""

    sentence: Sentence
    fact: str
    active: bool
    day: datetime.date | None = None

    @property
    def text(self) -> str:
        """The sentence as it reads."""
        return self.sentence.says(self.fact)

    def rank(self) -> int:
        """Give the tier that it asks for."""
        return RANK.get(self.sentence.about, 0) if self.active else 0


@dataclass(frozen=True)
class Change:
    """Another fact in a sentence, whether it is of the other side, and whether it moves the thing."""

    old: str
    new: str
    turns: bool = field(repr=False)
    crosses: bool = field(repr=False)

    @property
    def text(self) -> str:
        """What it says."""
        return f"“{self.old}” becomes “{self.new}”"


@dataclass(frozen=True)
class Artefact:
    """A thing as it stands, and four changes of which one would turn its tier."""

    thing: Thing
    told: tuple[Told, ...]
    changes: tuple[Change, ...] = ()

    @property
    def text(self) -> str:
        """The thing and its sentences."""
        return " ".join([self.thing.text + ".", *(one.text for one in self.told)])

    @property
    def tier(self) -> int:
        """The right tier."""
        return max(one.rank() for one in self.told)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons that decide."""
        if self.tier:
            about = sorted({one.sentence.about for one in self.told if one.rank() == self.tier})
            return tuple(REASON.get(name, name) for name in about)
        if not any(is_out(self.thing, one) for one in self.told):
            return ("ours",)
        return ("ours", "published") if self.thing.kind in OWN else ("published",)

    @property
    def is_clear(self) -> bool:
        """Whether it is not both public and held back by something else."""
        return not (self.tier > 1 and any(is_out(self.thing, one) for one in self.told))

    def review(self, today: datetime.date) -> tuple[datetime.date, datetime.date]:
        """Give the first and the last day on which a next look is in time."""
        ahead = [one.day for one in self.told if one.day and one.day > today]
        if ahead:
            return max(min(ahead) - datetime.timedelta(days=EARLY), today), min(ahead)
        return today + datetime.timedelta(days=LATE), today + datetime.timedelta(days=LONGEST)


def is_out(thing: Thing, told: Told) -> bool:
    """Tell whether a sentence says that the thing is public already."""
    about = told.sentence.about
    opens = about == "date" or (about == "agreement" and thing.kind == "lent") or told.sentence.public
    return opens and not told.active


def draw(pool: Pool, rng: np.random.Generator) -> list[Artefact]:
    """Draw twelve artefacts, each from another thing, in random order."""
    drawer = _Drawer(pool, rng)
    made = [drawer.instrument("box"), drawer.instrument(("gravimeter", "magnetometer")[int(rng.integers(2))])]
    made += [drawer.placed(tier) for tier in (*TIERS, int(rng.integers(4)))]
    return [drawer.with_changes(made[int(at)]) for at in rng.permutation(len(made))]


@dataclass
class _Drawer:
    pool: Pool
    rng: np.random.Generator
    used: set[str] = field(default_factory=set)

    def instrument(self, kind: str) -> Artefact:
        """Make an instrument that is to travel, on either side of what the list describes."""
        listed = self.told(self.sentence("listed", kind), bool(self.rng.integers(2)))
        day = self.told(self.sentence("wanted" if kind == "box" else "loan", kind), True)
        return self.whole(self.thing((kind,)), [listed, day])

    def placed(self, tier: int) -> Artefact:
        """Make a thing of this tier; a third of those with a say of others belongs to others."""
        lent = tier != 1 and self.rng.random() < (0.6 if tier == 2 else 0.35)
        thing = self.thing(("lent",) if lent else OWN)
        parts = self.lent(tier) if lent else self.own(tier)
        return self.whole(thing, [self.told(self.sentence(one, thing.kind), on) for one, on in parts])

    def lent(self, tier: int) -> list[tuple[str, bool]]:
        """Choose what the sentences on something lent are about, and which of them are active."""
        if tier == 0:
            return [("agreement", False), (self.one_of("mark", "security"), False)]
        if tier == 2:
            return [("agreement", True), (self.one_of("mark", "security", "listed"), False)]
        return [("agreement", True), ("mark" if tier == 4 else self.one_of("listed", "security"), True)]

    def own(self, tier: int) -> list[tuple[str, bool]]:
        """Choose the same for something of the group's own."""
        others = ["agreement", "security", "mark", "person"]
        if tier == 0:
            first, second = self.rng.permutation([*others, "date"])[:2]
            return [(str(first), False), (str(second), False)]
        decides = {1: ("date",), 2: ("agreement",), 3: ("security", "person"), 4: ("mark",)}[tier]
        chosen = self.one_of(*decides)
        rest = [one for one in [*others, "date"] if one != chosen and not (RANK[one] == RANK[chosen] == 3)]
        other = self.one_of(*rest)
        lower = RANK[other] < tier
        return [(chosen, True), (other, other == "date" or (lower and bool(self.rng.integers(2))))]

    def thing(self, kinds: tuple[str, ...]) -> Thing:
        """Choose a thing that the learner does not have yet."""
        left = [one for one in self.pool.things if one.kind in kinds and one.id not in self.used]
        chosen = left[int(self.rng.integers(len(left)))]
        self.used.add(chosen.id)
        return chosen

    def sentence(self, about: str, kind: str) -> Sentence:
        """Choose a sentence; its words are not used twice in a sheet where there are enough."""
        fitting = [one for one in self.pool.sentences if one.about == about and kind in one.kinds]
        fresh = [one for one in fitting if one.text not in self.used] or fitting
        chosen = fresh[int(self.rng.integers(len(fresh)))]
        self.used.add(chosen.text)
        return chosen

    def told(self, sentence: Sentence, active: bool, *, never: Sequence[str] = ()) -> Told:
        """Give a sentence a fact that is not among those of `never`."""
        while True:
            made = self._told(sentence, active)
            if made.fact not in never:
                return made

    def _told(self, sentence: Sentence, active: bool) -> Told:
        if sentence.has_day:
            # What is published comes out, mostly, when everything else is over.
            ahead = OUT if sentence.about == "date" else AHEAD
            days = int(self.rng.integers(*ahead)) if active else -int(self.rng.integers(*BEHIND))
            day = self.pool.as_of + datetime.timedelta(days=days)
            return Told(sentence, f"{day.day} {day:%B %Y}", active, day)
        if sentence.bound is not None:
            factor = float(self.rng.uniform(MARGIN, 2 * MARGIN))
            value = sentence.bound / factor if active else sentence.bound * factor
            return Told(sentence, f"{float(f'{value:.2g}'):g}", active)
        facts = sentence.active if active else sentence.idle
        return Told(sentence, facts[int(self.rng.integers(len(facts)))], active)

    def whole(self, thing: Thing, told: list[Told]) -> Artefact:
        """Add a sentence that decides nothing, and mix."""
        told = [*told, self.told(self.sentence("nothing", thing.kind), False)]
        return Artefact(thing, tuple(told[int(at)] for at in self.rng.permutation(len(told))))

    def with_changes(self, artefact: Artefact) -> Artefact:
        """Choose one change that turns the tier, one like it that does not, and two more that do not.

        Where another sentence may change sides without turning anything, it does: the highest tier decides.
        """
        possible = list(self.changes(artefact))
        turning = [pair for pair in possible if pair[1].turns]
        at, key = turning[int(self.rng.integers(len(turning)))]
        like = [one for place, one in possible if place == at and not one.turns][:1]
        rest = [one for _, one in possible if not one.turns and one not in like]
        mixed = [rest[int(i)] for i in self.rng.permutation(len(rest))]
        chosen = [key, *like, *sorted(mixed, key=lambda one: not one.crosses)][:OPTIONS]
        return replace(artefact, changes=tuple(chosen[int(i)] for i in self.rng.permutation(len(chosen))))

    def changes(self, artefact: Artefact) -> Iterator[tuple[int, Change]]:
        """Give changes of each sentence: to the other side, and to another fact of the same side."""
        for at, told in enumerate(artefact.told):
            about, never = told.sentence.about, [told.fact]
            for active in (told.active, told.active, not told.active):
                if active is not told.active and about in ("nothing", "loan"):
                    continue
                new = self.told(told.sentence, active, never=never)
                never.append(new.fact)
                changed = replace(artefact, told=(*artefact.told[:at], new, *artefact.told[at + 1 :]))
                listed_is_out = any(one.sentence.about == "listed" for one in artefact.told) and is_out(
                    artefact.thing, new
                )
                if changed.is_clear and not (listed_is_out and about == "agreement"):
                    turns = changed.tier != artefact.tier
                    yield at, Change(told.fact, new.fact, turns, active is not told.active)

    def one_of(self, *names: str) -> str:
        """Choose one of some names."""
        return names[int(self.rng.integers(len(names)))]
