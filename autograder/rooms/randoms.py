"""Random generators by their state: what they draw next is what they would have drawn."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

from autograder.rooms import arrays
from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Reader, Writer, name_of

__all__ = ["READERS", "write"]

_WORDS = 624  # of a Mersenne Twister
_MOST_SPAWNED = 1 << 32
_SEED_WORDS = 16
# Arrays and the bounds of numbers in the state of each bit generator; a position past the end would be read.
_ARRAYS = {
    "PCG64": {},
    "PCG64DXSM": {},
    "MT19937": {"key": ("<u4", _WORDS)},
    "Philox": {"counter": ("<u8", 4), "key": ("<u8", 2)},
    "SFC64": {"state": ("<u8", 4)},
}
_NUMBERS = {
    "PCG64": {"state": 1 << 128, "inc": 1 << 128},
    "PCG64DXSM": {"state": 1 << 128, "inc": 1 << 128},
    "MT19937": {"pos": _WORDS + 1},
    "Philox": {},
    "SFC64": {},
}
_OUTER = {"has_uint32": 2, "uinteger": 1 << 32, "buffer_pos": 5}


def write(writer: Writer, value: Any) -> Any:
    """Write a generator; None for anything else."""
    kind = type(value)
    if issubclass(kind, random.Random):
        if issubclass(kind, random.SystemRandom):
            return None
        version, words, spare = random.Random.getstate(value)
        return ["rp", version, writer.write(words), spare]
    numpy = sys.modules.get("numpy")
    known = sys.modules.get("numpy.random")
    if numpy is None or known is None:
        return None
    if issubclass(kind, known.Generator):
        return ["rg", *_write_bits(writer, value.bit_generator)]
    if issubclass(kind, known.RandomState):
        state = known.RandomState.get_state(value, legacy=False)
        return ["rs", *_write_state(writer, state), state["has_gauss"], state["gauss"]]
    if issubclass(kind, known.BitGenerator):
        return ["rb", *_write_bits(writer, value)]
    return _write_seed(writer, value) if issubclass(kind, known.SeedSequence) else None


def _write_bits(writer: Writer, bits: Any) -> list[Any]:
    seed = bits.seed_seq
    known = type(seed) is sys.modules["numpy.random"].SeedSequence
    return [*_write_state(writer, bits.state), _write_seed(writer, seed) if known else None]


def _write_state(writer: Writer, state: dict[str, Any]) -> list[Any]:
    name = state["bit_generator"]
    if name not in _ARRAYS:
        raise Unknown(f"a generator of type {str(name)[:80]!r} does not travel")
    inner = state["state"]
    held = [arrays.write(writer, inner[one]) for one in _ARRAYS[name]]
    numbers = [hex(int(inner[one])) for one in _NUMBERS[name]]
    outer = {one: int(state[one]) for one in _OUTER if one in state}
    buffer = arrays.write(writer, state["buffer"]) if name == "Philox" else None
    return [name, held, numbers, outer, buffer]


def _write_seed(writer: Writer, seed: Any) -> Any:
    if name_of(type(seed)) != "SeedSequence" or seed.pool_size != 4:
        raise Unknown("a sequence of seeds of one's own does not travel")
    entropy = seed.entropy
    if hasattr(entropy, "tolist"):
        entropy = entropy.tolist()
    keys = [int(one) for one in seed.spawn_key]
    return ["rq", writer.write(entropy), writer.each(keys), int(seed.n_children_spawned)]


def _number(value: Any, below: int) -> int:
    if type(value) is not int or not 0 <= value < below:
        raise Refused("a state that no generator has")
    return value


def _words(reader: Reader, tree: Any, kind: str, count: int) -> Any:
    if type(tree) is not list or tree[:2] != ["a", kind] or tree[2] != [count]:
        raise Refused("a state that no generator has")
    return arrays.read_array(reader, *tree[1:])


def _read_state(
    reader: Reader, name: Any, held: Any, numbers: Any, outer: Any, buffer: Any
) -> dict[str, Any]:
    if name not in _ARRAYS or len(held) != len(_ARRAYS[name]) or len(numbers) != len(_NUMBERS[name]):
        raise Refused("a generator of an unknown type")
    state: dict[str, Any] = {}
    for (part, (kind, count)), tree in zip(_ARRAYS[name].items(), held, strict=True):
        state[part] = _words(reader, tree, kind, count)
    for (part, below), text in zip(_NUMBERS[name].items(), numbers, strict=True):
        state[part] = _number(int(text, 16) if len(text) < 40 else None, below)
    if name.startswith("PCG") and not state["inc"] % 2:
        raise Refused("a state that no generator has")
    if not isinstance(outer, dict) or set(outer) - set(_OUTER):
        raise Refused("a state that no generator has")
    rest = {part: _number(value, _OUTER[part]) for part, value in outer.items()}
    if name == "Philox":
        rest["buffer"] = _words(reader, buffer, "<u8", 4)
    return {"bit_generator": name, "state": state, **rest}


def _read_bits(reader: Reader, *parts: Any) -> Any:
    from numpy import random as known

    *rest, seed = parts
    state = _read_state(reader, *rest)
    made = getattr(known, state["bit_generator"])(reader.read(seed) if seed is not None else 0)
    made.state = state
    return made


def _read_legacy(reader: Reader, *parts: Any) -> Any:
    from numpy import random as known

    *rest, spare, gauss = parts
    state = _read_state(reader, *rest)
    if state["bit_generator"] != "MT19937" or type(gauss) not in (float, int):
        raise Refused("a generator of an unknown type")
    made = known.RandomState(known.MT19937(0))
    made.set_state({**state, "has_gauss": _number(spare, 2), "gauss": float(gauss)})
    return made


def _read_seed(reader: Reader, entropy: Any, keys: Any, spawned: Any) -> Any:
    from numpy.random import SeedSequence

    value = reader.read(entropy)
    words = [value] if type(value) is int else value
    spread = tuple(_number(one, 1 << 64) for one in reader.each(keys))
    fine = value is None or (type(words) is list and len(words) <= _SEED_WORDS)
    if not fine or len(spread) > _SEED_WORDS:
        raise Refused("a seed that is too long")
    for one in words or ():
        _number(one, 1 << 512)
    return SeedSequence(value, spawn_key=spread, n_children_spawned=_number(spawned, _MOST_SPAWNED))


def _read_python(reader: Reader, version: Any, words: Any, spare: Any) -> random.Random:
    state = reader.read(words)
    if version != 3 or type(state) is not tuple or len(state) != _WORDS + 1:
        raise Refused("a state that no generator has")
    for word in state[:-1]:
        _number(word, 1 << 32)
    _number(state[-1], _WORDS + 1)
    if spare is not None and type(spare) is not float:
        raise Refused("a state that no generator has")
    made = random.Random(0)
    made.setstate((3, state, spare))
    return made


READERS: dict[str, Callable[..., Any]] = {
    "rp": _read_python,
    "rg": lambda reader, *parts: _generator(_read_bits(reader, *parts)),
    "rb": _read_bits,
    "rs": _read_legacy,
    "rq": _read_seed,
}


def _generator(bits: Any) -> Any:
    from numpy.random import Generator

    return Generator(bits)
