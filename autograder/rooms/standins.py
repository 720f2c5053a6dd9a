"""In the examiner's room: what stands for the learner's functions, classes, instances and generators.

A description is checked and never believed: it can only choose among what this module makes. Whatever a
stand-in does goes by the hatch, under its number. Comparisons, truth, hashes and numbers are never asked of
the learner's room: a handle equals only itself, is true, and is no number.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.rooms import signatures
from autograder.rooms.bounds import Refused
from autograder.rooms.classes import NUMBER, Data, error_class, instance_class
from autograder.rooms.handles import Asked, Handle, handle_class
from autograder.rooms.installed import find_class
from autograder.rooms.sources import Sources

__all__ = ["Standins"]

_MOST = 100_000


class Standins:
    """All that stand in this room, by the numbers of the learner's."""

    def __init__(self, hatch: Asked, sources: Sources, given: dict[str, type]) -> None:
        self.numbers: dict[int, int] = {}
        self.lent: Callable[[Any], Any] = lambda _: None
        self._hatch = hatch
        self._sources = sources
        self._given = given
        self.mentions: dict[int, tuple[str, ...]] = {}
        self.members: set[int] = set()
        self._plain: dict[int, Any] = {}
        self._made: dict[int, Any] = {}
        self._kept: list[Any] = []

    def take(self, told: dict[str, Any], values: list[Any] | None = None) -> Any:
        """What a description stands for."""
        if "lent" in told:
            return self.lent(told["lent"])
        if "given" in told:
            return self._of_given(told["given"])
        return self._of_number(told, values or [])

    def adopt(self, made: Any, number: Any) -> None:
        """Let this one, made here, stand for the learner's of this number."""
        if type(number) is not int or not 0 <= number < _MOST:
            raise Refused("something without a number")
        self._made.setdefault(number, made)
        self._kept.append(made)
        self.numbers[id(made)] = number

    def _of_given(self, name: Any) -> type:
        kind = self._given.get(name) if isinstance(name, str) else None
        if kind is None:
            raise Refused("a class that no given cell defines")
        return kind

    def _of_number(self, told: dict[str, Any], values: list[Any]) -> Any:
        number = told.get("id")
        if type(number) is not int or not 0 <= number < _MOST:
            raise Refused("something without a number")
        plain = [values.pop()] if told.get("plain") is True and values else []
        if number in self._made:
            return self._holding(self._made[number], plain)
        maker = _MAKERS.get(str(told.get("kind")))
        if maker is None:
            raise Refused("something of an unknown kind")
        made = maker(self, number, told, values)
        self._made[number] = made
        self.numbers[id(made)] = number
        return self._holding(made, plain)

    def _holding(self, made: Any, plain: list[Any]) -> Any:
        if plain:
            self._plain[id(made)] = plain[0]
        return made

    def content(self, value: Any) -> Any:
        """What a list or a text of a learner's own class holds; anything else as it is."""
        return self._plain.get(id(value), value)

    def function(self, number: int, told: dict[str, Any], values: list[Any]) -> Any:
        """A function that calls the learner's."""
        flow = told.get("flow")
        if flow not in ("plain", "generator", "async"):
            raise Refused("a function of an unknown kind")
        do = "wait" if flow == "async" else "call"
        own: list[Any] = []

        def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            return self._hatch.ask(do, *own, *args, **kwargs)

        name, qualname, doc = naming(told)
        made = signatures.function(name, signatures.read(told.get("params"), values), str(flow), call)
        own.append(made)
        made.__name__, made.__qualname__, made.__doc__ = name, qualname, doc
        self.mentions[id(made)] = words(told.get("globals"))
        for attribute, at in told.get("attributes", ()):
            if signatures.identifier(attribute) and not attribute.startswith("_"):
                made.__dict__[attribute] = values[at]
        place = self._sources.place(qualname, told.get("line"))
        if place is not None:
            made.__code__ = made.__code__.replace(co_filename=place[0], co_firstlineno=place[1])
        return made

    def klass(self, number: int, told: dict[str, Any], values: list[Any]) -> Any:
        """A class whose instances are the learner's."""
        count = told.get("bases")
        if type(count) is not int or not 0 <= count <= len(values):
            raise Refused("a class of odd bases")
        bases = values[:count]
        name, qualname, doc = naming(told)
        space: dict[str, Any] = {"__doc__": doc, "__qualname__": qualname, "__module__": "__main__"}
        space["__signature__"] = signatures.signature(signatures.read(told.get("params"), values))
        space |= _members(told.get("members"), values, self._hatch)
        self.members |= {id(one) for one in values[count:] if isinstance(one, types.FunctionType)}
        if told.get("error") is not None:
            return error_class(self._hatch, number, name, space, bases, told["error"])
        can = words(told.get("can")), words(told.get("operators"))
        return instance_class(self._hatch, name, space, bases, can, list(self._given.values()))

    def generator(self, number: int, told: dict[str, Any], values: list[Any]) -> Any:
        """A generator that pulls from the learner's."""
        return self._hatch.steps()

    def coroutine(self, number: int, told: dict[str, Any], values: list[Any]) -> Any:
        """A coroutine that waits for the learner's."""
        own: list[Any] = []

        async def wait() -> Any:
            return self._hatch.ask("await", *own)

        own.append(wait())
        return own[0]

    def thing(self, number: int, told: dict[str, Any], values: list[Any]) -> Any:
        """An instance."""
        if told.get("own") is True:
            if len(values) != 1 or not isinstance(values[0], type):
                raise Refused("an instance of no class")
            kind = values[0]
            if issubclass(kind, BaseException):
                made = kind.__new__(kind)
                return made
            if not issubclass(kind, Handle):
                raise Refused("an instance of no class")
            return object.__new__(kind)
        known = known_class(told.get("type"))
        made = object.__new__(handle_class(self._hatch, _kind_name(told), words(told.get("can")), known))
        if "params" in told:
            name, qualname, doc = naming(told)
            facts: dict[str, Any] = {"__name__": name, "__qualname__": qualname, "__doc__": doc}
            facts["__signature__"] = signatures.signature(signatures.read(told["params"], values))
            for key, value in facts.items():
                object.__setattr__(made, key, value)
        return made


def naming(told: dict[str, Any]) -> tuple[str, str, str | None]:
    """Name, qualified name and documentation."""
    name, qualname, doc = told.get("name"), told.get("qualname"), told.get("doc")
    if not isinstance(name, str) or not isinstance(qualname, str) or not isinstance(doc, str | None):
        raise Refused("something with an odd name")
    return name[:200], qualname[:400], doc


def words(told: Any) -> tuple[str, ...]:
    """A short list of names."""
    if not isinstance(told, list) or len(told) > 300 or not all(isinstance(one, str) for one in told):
        raise Refused("an odd list of names")
    return tuple(told)


def known_class(told: Any) -> type | None:
    """The examiner's own class of this name, for `isinstance`; none for a type that travels by value."""
    if not isinstance(told, list) or len(told) != 2:
        raise Refused("a type without a name")
    try:
        found = find_class(*told)
    except Refused:
        return None
    if found.__module__ == "builtins" and found is not types.ModuleType:
        return None
    return None if issubclass(found, _by_value()) else found


_STATES = (
    *(
        "Statevector",
        "DensityMatrix",
        "Operator",
        "SuperOp",
        "Choi",
        "PTM",
        "Chi",
        "SparsePauliOp",
        "PauliList",
    ),
    *("Pauli", "Clifford", "StabilizerState"),
)


def _by_value() -> tuple[type, ...]:
    found: list[type] = [int, float, complex, str, bytes, list, tuple, dict, set, frozenset, BaseException]
    wanted = {
        "numpy": ("ndarray", "generic"),
        "numpy.random": ("Generator", "RandomState", "BitGenerator"),
        "datetime": ("date", "time", "timedelta", "tzinfo"),
        "qiskit": ("QuantumCircuit", "QuantumRegister", "ClassicalRegister"),
        "qiskit.quantum_info": _STATES,
        "pandas": ("DataFrame", "Series", "Index"),
        "sympy": ("Expr", "MatrixBase", "Number", "Symbol"),
        "qutip": ("Qobj",),
    }
    for module, names in wanted.items():
        if module in sys.modules:
            found += [getattr(sys.modules[module], name) for name in names]
    return tuple(found)


def _kind_name(told: dict[str, Any]) -> str:
    name = told["type"][1]
    last = name.rpartition(".")[2] if isinstance(name, str) else ""
    return last if signatures.identifier(last) else "Handle"


def _members(told: Any, values: list[Any], hatch: Asked) -> dict[str, Any]:
    """The methods and properties of a class, as its body would have them."""
    if not isinstance(told, list) or len(told) > 400:
        raise Refused("a class of too many members")
    space: dict[str, Any] = {}
    for name, how, at in told:
        if not signatures.identifier(name) or name.startswith("__") or name == NUMBER:
            raise Refused("a member with an odd name")
        if how == "data":
            space[name] = Data(hatch, name)
            continue
        if how == "property":
            space[name] = property(_asker(hatch, name), _setter(hatch, name))
            continue
        made = values[at] if type(at) is int and 0 <= at < len(values) else None
        if not isinstance(made, types.FunctionType) or how not in ("method", "static", "class"):
            continue
        wrap = {"static": staticmethod, "class": classmethod}.get(how)
        space[name] = wrap(made) if wrap else made
    return space


def _asker(hatch: Asked, name: str) -> Callable[[Any], Any]:
    return lambda self: hatch.ask("get", self, name)


def _setter(hatch: Asked, name: str) -> Callable[[Any, Any], None]:
    return lambda self, value: hatch.ask("set", self, name, value)


_MAKERS: dict[str, Callable[[Standins, int, dict[str, Any], list[Any]], Any]] = {
    "function": Standins.function,
    "class": Standins.klass,
    "generator": Standins.generator,
    "coroutine": Standins.coroutine,
    "object": Standins.thing,
}
