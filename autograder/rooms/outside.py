"""In the examiner's room: what surrounds a call, and is to surround it in the learner's room as well."""

from __future__ import annotations

import builtins
import random
import sys
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.surroundings import states, take_states
from autograder.rooms.wording import words

__all__ = ["MIRRORED", "Outside"]

_WORDS = 624  # of a Mersenne Twister
# What tests replace for a while in modules that both rooms have.
MIRRORED = tuple(
    (module, name)
    for module, names in {
        "builtins": "print open",
        "time": "sleep time perf_counter monotonic",
        "random": "random randint choice choices uniform randrange shuffle sample gauss",
        "os": "getcwd listdir getenv",
        "numpy.random": "rand randn randint random choice normal uniform shuffle permutation",
    }.items()
    for name in words(names)
)


class Outside:
    """Output, input and seeds of the cell that runs."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._streams: tuple[Any, ...] = ()
        self._input: Any = None
        self._stdin: Any = None
        self._seeded = False
        self._told: dict[str, Any] | None = None
        self._real = _installed()
        _watch(random, "seed", self._seed)
        _watch(random, "setstate", self._seed)

    def watch_numpy(self) -> None:
        """Notice a seed; NumPy may be imported late."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and not hasattr(numpy.random.seed, "_hatch_watched"):
            _watch(numpy.random, "seed", self._seed)
            _watch(numpy.random, "set_state", self._seed)

    def _seed(self) -> None:
        self._seeded = True

    def begin(self) -> None:
        """A cell of the test starts; call this where its streams are in place."""
        self._streams = sys.stdout, sys.stderr
        self._input, self._stdin = builtins.input, sys.stdin
        self._real = _installed()

    def known(self) -> None:
        """The same given cell has just run in both rooms, seeds and all."""
        if self._seeded:
            self._told = states()

    def told(self) -> dict[str, Any]:
        """What a request says of it."""
        told: dict[str, Any] = {}
        if self._streams != (sys.stdout, sys.stderr):
            told["heard"] = True
        if self._patched():
            told["input"] = True
        patched = [[*key, now] for key, real, now in self._replaced() if now is not real]
        if patched:
            told["patched"] = patched
        if self._seeded:
            now = states()
            if not _same(now, self._told):
                self._told = now
                told["states"] = now
        return told

    def is_quiet(self) -> bool:
        """Tell whether a call here needs nothing of what surrounds it: nobody listens, asks or has seeded."""
        return not self._seeded and self._streams == (sys.stdout, sys.stderr) and not self._patched()

    def _replaced(self) -> list[tuple[tuple[str, str], Any, Any]]:
        return [(key, real, module.__dict__.get(key[1], real)) for key, (module, real) in self._real.items()]

    def _patched(self) -> bool:
        return builtins.input is not self._input or sys.stdin is not self._stdin or "input" in self._names

    def ask(self, prompt: Any = "") -> str:
        """Ask the test's own `input`."""
        if not self._patched():
            raise Refused("there is nobody to answer while this is graded")
        own: Callable[..., Any] = self._names.get("input", builtins.input)
        if builtins.input is self._input and "input" not in self._names:
            line = sys.stdin.readline()
            if not line:
                raise EOFError("EOF when reading a line")
            return str(line).rstrip("\n")
        return str(own(prompt))

    def hear(self, reply: dict[str, Any]) -> None:
        """Say here what was said there, where a test listens; go on with the seeds."""
        said = reply.get("said")
        if said is not None and self._streams != (sys.stdout, sys.stderr):
            out, err = said
            for at, text, stream in ((0, out, sys.stdout), (1, err, sys.stderr)):
                if text and stream is not self._streams[at]:
                    stream.write(str(text))
        if "states" in reply and self._seeded:
            take_states(_sound(reply["states"]))
            self._told = states()


def _sound(told: Any) -> dict[str, Any]:
    """Refuse a position past the end: NumPy would draw from whatever lies there in this room's memory."""
    state = told.get("numpy") if type(told) is dict else None
    if state is None:
        return {"random": told["random"]}
    name, key, position, spare, gauss = state
    plain = type(position) is int and type(spare) is int and type(gauss) is float
    if not plain or not 0 <= position <= _WORDS or spare not in (0, 1):
        raise Refused("a state that no generator has")
    if name != "MT19937" or getattr(key, "shape", None) != (_WORDS,) or key.dtype.str != "<u4":
        raise Refused("a state that no generator has")
    return {"random": told["random"], "numpy": state}


def _installed() -> dict[tuple[str, str], tuple[Any, Any]]:
    found = {}
    for place, name in MIRRORED:
        module = sys.modules.get(place)
        if module is not None:
            found[place, name] = (module, module.__dict__.get(name))
    return found


def _same(one: dict[str, Any], other: dict[str, Any] | None) -> bool:
    if other is None or one.keys() != other.keys() or one["random"] != other["random"]:
        return False
    if "numpy" not in one:
        return True
    mine, theirs = one["numpy"], other["numpy"]
    return bool(mine[2:] == theirs[2:] and (mine[1] == theirs[1]).all())


def _watch(module: Any, name: str, note: Callable[[], None]) -> None:
    """Notice that a test seeds; only then do the two rooms share a sequence of random numbers."""
    real = getattr(module, name)

    def seed(*args: Any, **kwargs: Any) -> Any:
        if args or kwargs:
            note()
        return real(*args, **kwargs)

    seed._hatch_watched = True  # type: ignore[attr-defined]
    seed.__name__, seed.__doc__ = name, real.__doc__
    setattr(module, name, seed)
