"""A second and slower way to play and to judge a case, for comparison.

Plain dictionaries, every state in full, every definition as it is written down.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

COMPARE = {
    "<=": int.__le__,
    ">=": int.__ge__,
    "<": int.__lt__,
    ">": int.__gt__,
    "=": int.__eq__,
    "!=": int.__ne__,
}
SINGLE_MINDED = ("restrict", "open", "escalate")


def met(condition, values):
    return condition is None or any(
        all(COMPARE[sign](values[name], value) for name, sign, value in conj) for conj in condition
    )


class Naive:
    """Plays compiled JSON with plain dictionaries, as another language would."""

    def __init__(self, compiled):
        self.compiled = compiled
        self.logic = compiled["logic"]
        self.deadlines = self.logic["clock"]["deadlines"] if self.logic["clock"] else []
        self.scenes = {scene["id"]: scene for scene in self.logic["scenes"]}

    def start(self):
        names = [*self.logic["axes"], *self.logic["flags"], "clock"]
        names += [deadline["name"] for deadline in self.deadlines]
        return self.logic["start"], dict.fromkeys(names, 0), frozenset(), None

    def offered(self, state):
        scene, values, taken, back = state
        for number, choice in enumerate(self.scenes[scene]["choices"], 1):
            there = choice["to"] is not None or back is not None
            if met(choice["if"], values) and there and (scene, number) not in taken:
                yield number

    def take(self, state, number):
        scene, values, taken, back = state
        choice = self.scenes[scene]["choices"][number - 1]
        values = dict(values)
        for axis, change in choice["effects"].items():
            values[axis] += change
        values["clock"] += choice["takes"]
        values |= dict.fromkeys(choice["set"], 1) | dict.fromkeys(choice["clear"], 0)
        if choice["once"]:
            taken = taken | {(scene, number)}
        target, back = (choice["to"], back) if choice["to"] is not None else (back, None)
        missed = [
            deadline
            for deadline in (self.deadlines if choice["takes"] else [])
            if values["clock"] > deadline["at"] and not values[deadline["name"]]
            if deadline["unless"] is None or not met(deadline["unless"], values)
        ]
        values |= {deadline["name"]: 1 for deadline in missed}
        sent = [deadline["to"] for deadline in missed if deadline["to"] is not None]
        if sent and not self.scenes[target]["ending"]:
            target, back = sent[-1], target
        return target, values, taken, back

    def walks(self, limit=60_000):
        """Every walk to an ending: choices, last state, probability; None when there are too many."""
        found, waiting = [], [((), self.start(), Fraction(1))]
        while waiting:
            choices, state, chance = waiting.pop()
            if self.scenes[state[0]]["ending"]:
                found.append((choices, state, chance))
                continue
            offered = list(self.offered(state))
            assert offered, "stuck"
            for number in offered:
                waiting.append(((*choices, number), self.take(state, number), chance / len(offered)))
            if len(found) + len(waiting) > limit:
                return None
        return found


def at_least(one, other):
    return all(a >= b for a, b in zip(one, other, strict=True))


def pareto(vectors):
    unique = set(vectors)
    return frozenset(v for v in unique if not any(at_least(w, v) and w != v for w in unique))


def covers(front, other):
    return all(any(at_least(mine, yours) for mine in front) for yours in other)


def strictly_better(front, other):
    return covers(front, other) and not covers(other, front)


class Judge:
    """Explores every state in full and answers what the rules about judgement ask."""

    def __init__(self, compiled, limit=400_000):
        self.naive = Naive(compiled)
        self.axes = self.naive.logic["axes"]
        self.best_ending = compiled["best"]
        self.stances = {
            (scene["id"], number): choice["stance"]
            for scene in compiled["scenes"]
            for number, choice in enumerate(scene["choices"], 1)
        }
        self.start = self.key(self.naive.start())
        self.edges = {}
        waiting = {self.start: self.naive.start()}
        while waiting:
            key, state = waiting.popitem()
            self.edges[key] = {}
            if self.ended(key):
                continue
            for number in self.naive.offered(state):
                after = self.naive.take(state, number)
                self.edges[key][number] = self.key(after)
                if self.key(after) not in self.edges:
                    waiting[self.key(after)] = after
            assert len(self.edges) < limit
        self.front = cache(self._front)

    def key(self, state):
        scene, values, taken, back = state
        return scene, tuple(sorted(values.items())), taken, back

    def ended(self, key):
        return self.naive.scenes[key[0]]["ending"]

    def effects(self, key, number):
        effects = self.naive.scenes[key[0]]["choices"][number - 1]["effects"]
        return tuple(effects.get(axis, 0) for axis in self.axes)

    def ahead(self, key, number, accepted=None):
        shift = self.effects(key, number)
        front = self.front(self.edges[key][number], accepted)
        return frozenset(tuple(a + b for a, b in zip(vector, shift, strict=True)) for vector in front)

    def _front(self, key, accepted=None):
        """accepted: an ending, or 'not' and an ending; None is all."""
        if self.ended(key):
            fits = accepted is None or (key[0] == accepted[1]) is accepted[0]
            return frozenset({(0,) * len(self.axes)}) if fits else frozenset()
        ways = [self.ahead(key, number, accepted) for number in self.edges[key]]
        return pareto(frozenset().union(*ways))

    def fronts(self, key):
        return {number: pareto(self.ahead(key, number)) for number in self.edges[key]}

    def winners(self):
        """For each scene with decisions, the choices that are as good as all others at every visit."""
        found = {}
        for key, ways in self.edges.items():
            if len(ways) < 2:
                continue
            fronts = self.fronts(key)
            own = {n for n in fronts if all(covers(fronts[n], other) for other in fronts.values())}
            found[key[0]] = found.get(key[0], own) & own
        return {scene: own for scene, own in found.items() if own}

    def worse(self, stance, keys):
        for key in keys:
            if len(self.edges[key]) < 2:
                continue
            fronts = self.fronts(key)
            own = [n for n in fronts if self.stances[key[0], n] == stance]
            others = [n for n in fronts if self.stances[key[0], n] != stance]
            if any(strictly_better(fronts[o], fronts[m]) for o, m in product(others, own)):
                return True
        return False

    def met(self, stance):
        found, waiting = {self.start}, [self.start]
        while waiting:
            key = waiting.pop()
            own = {n: to for n, to in self.edges[key].items() if self.stances[key[0], n] == stance}
            for to in (own or self.edges[key]).values():
                if to not in found:
                    found.add(to)
                    waiting.append(to)
        return found

    def best_is_outdone(self):
        own = self.front(self.start, (True, self.best_ending))
        rest = self.front(self.start, (False, self.best_ending))
        outdone = [any(strictly_better({other}, {mine}) for other in rest) for mine in own]
        return bool(own and rest and all(outdone))

    def verdicts(self):
        """What the checker must find: winners by scene, and the faults of the rules about judgement."""
        found = set()
        if not self.worse("restrict", self.edges):
            found.add("restrict is never worse")
        for stance in SINGLE_MINDED:
            met = self.met(stance)
            if any(key[0] == self.best_ending for key in met):
                found.add(f"{stance} reaches the best")
            if not self.worse(stance, met):
                found.add(f"{stance} never loses")
        if self.best_is_outdone():
            found.add("the best is outdone")
        return self.winners(), found
