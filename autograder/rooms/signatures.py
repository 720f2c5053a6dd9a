"""In the examiner's room: real functions with the signature that a description tells.

The text of such a function is made here, of names that are checked one by one; nothing else of a description
ever becomes code.
"""

from __future__ import annotations

import inspect
import keyword
import types
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from autograder.rooms.bounds import Refused

__all__ = ["Parameter", "function", "prepare", "read", "signature"]

_MOST = 60
_LONGEST = 100
_USUAL = 6  # parameters
_KINDS = {int(one): one for one in inspect._ParameterKind}
_BODIES = {
    "plain": ("def", "return "),
    "generator": ("def", "return (yield from "),
    "async": ("async def", "return "),
}
Parameter = tuple[str, int, bool]  # name, kind, whether it has a default
_EMPTY = inspect.Parameter.empty


def identifier(name: Any) -> bool:
    """Whether this is a name and nothing else, as the compiler reads it."""
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST
        and name.isidentifier()
        and unicodedata.normalize("NFKC", name) == name
        and not keyword.iskeyword(name)
        and not name.startswith("__hatch")
        and name != "__debug__"
    )


class Told:
    """A signature as it was told: parameters, defaults by name, annotations by name."""

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.defaults: dict[str, Any] = {}
        self.annotations: dict[str, Any] = {}


def read(params: Any, values: list[Any]) -> Told:
    """Check what a description says of parameters; None stands for a function that takes anything."""
    told = Told()
    if params is None:
        told.parameters = [("args", 2, False), ("kwargs", 4, False)]
        return told
    if not isinstance(params, list) or len(params) > _MOST:
        raise Refused("a function of too many parameters")
    for one in params:
        name, kind, default, annotation = one
        if kind != -1:
            if not identifier(name) or kind not in _KINDS:
                raise Refused("a parameter that is none")
            told.parameters.append((name, kind, default is not None))
            if default is not None:
                told.defaults[name] = values[_place(default)]
        if annotation is not None and (kind != -1 or name == "return"):
            told.annotations[name] = values[_place(annotation)]
    return told


def _place(at: Any) -> int:
    if type(at) is not int or at < 0:
        raise Refused("a value that is nowhere")
    return at


def signature(told: Told) -> inspect.Signature:
    """The same as inspect shows it."""
    notes, defaults = told.annotations, told.defaults
    return inspect.Signature(
        [
            inspect.Parameter(
                one, _KINDS[kind], default=defaults.get(one, _EMPTY), annotation=notes.get(one, _EMPTY)
            )
            for one, kind, _ in told.parameters
        ],
        return_annotation=notes.get("return", _EMPTY),
    )


def _code(name: str, parameters: tuple[Parameter, ...], flow: str) -> types.CodeType:
    if flow == "plain" and len(parameters) <= _USUAL and all(kind == 1 for _, kind, _ in parameters):
        # The parameters of nearly all functions; compiled once in the warm parent, only the names are new.
        names = tuple(one for one, _, _ in parameters)
        optional = [default for _, _, default in parameters]
        if len(set(names)) < len(names) or optional != sorted(optional):
            raise SyntaxError("a parameter twice, or one without a default after one that has it")
        return _usual(len(names)).replace(co_varnames=names, co_name=name, co_qualname=name)
    return _made(name, parameters, flow)


@lru_cache
def _usual(count: int) -> types.CodeType:
    return _made("function", tuple((f"p{at}", 1, False) for at in range(count)), "plain")


def prepare() -> None:
    """Compile what most functions need, in the warm parent."""
    for count in range(_USUAL + 1):
        _usual(count)


@lru_cache(maxsize=1000)
def _made(name: str, parameters: tuple[Parameter, ...], flow: str) -> types.CodeType:
    head, body = _BODIES[flow]
    plain = ", ".join(one for one, kind, _ in parameters if kind in (0, 1))
    rest = [f"*{one}" for one, kind, _ in parameters if kind == 2]
    named = [f"{one!r}: {one}" for one, kind, _ in parameters if kind == 3]
    named += [f"**{one}" for one, kind, _ in parameters if kind == 4]
    call = f"__hatch__(({plain}{',' if plain else ''}), ({''.join(rest)}{',' if rest else ''}),"
    call += f" {{{', '.join(named)}}})"
    text = f"{head} {name}({_list(parameters)}):\n    {body}{call}{')' if flow == 'generator' else ''}\n"
    whole = compile(text, "<hatch>", "exec", dont_inherit=True)
    return next(one for one in whole.co_consts if isinstance(one, types.CodeType))


def _list(parameters: tuple[Parameter, ...]) -> str:
    parts: list[str] = []
    kinds = [kind for _, kind, _ in parameters]
    for at, (name, kind, default) in enumerate(parameters):
        if kind == 3 and 2 not in kinds and (at == 0 or kinds[at - 1] < 3):
            parts.append("*")
        parts.append({2: "*", 4: "**"}.get(kind, "") + name + ("=None" if default else ""))
        if kind == 0 and (at + 1 == len(kinds) or kinds[at + 1] != 0):
            parts.append("/")
    return ", ".join(parts)


def function(
    name: str, told: Told, flow: str, call: Callable[[tuple[Any, ...], dict[str, Any]], Any]
) -> types.FunctionType:
    """A function with this signature that calls `call` with the arguments it was really given."""
    parameters = tuple(told.parameters)
    plain = [one for one, kind, _ in parameters if kind in (0, 1)]
    closed = {one for one, kind, _ in parameters if kind == 0}
    defaults = told.defaults

    def hatch(given: tuple[Any, ...], rest: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if not defaults:
            return call((*given, *rest), dict(named))
        args, kwargs = [], {k: v for k, v in named.items() if k not in defaults or v is not defaults[k]}
        by_name = False
        told = [_given(one, value, defaults) for one, value in zip(plain, given, strict=True)]
        last = next((at for at in range(len(given), 0, -1) if told[at - 1]), 0)
        for one, value in list(zip(plain, given, strict=True))[: None if rest else last]:
            # A default is left to the learner's function, which has the object itself.
            if not rest and one not in closed and not _given(one, value, defaults):
                by_name = True
            elif by_name:
                kwargs[one] = value
            else:
                args.append(value)
        return call((*args, *rest), kwargs)

    try:
        code = _code(name if identifier(name) else "function", parameters, flow)
    except (SyntaxError, ValueError, KeyError) as problem:
        raise Refused("a signature that is none") from problem
    made = types.FunctionType(code, {"__hatch__": hatch, "__name__": "__main__", "__builtins__": {}}, name)
    made.__defaults__ = tuple(defaults[one] for one in plain if one in defaults) or None
    made.__kwdefaults__ = {
        one: defaults[one] for one, kind, _ in parameters if kind == 3 and one in defaults
    } or None
    made.__annotations__ = dict(told.annotations)
    return made


def _given(name: str, value: Any, defaults: dict[str, Any]) -> bool:
    return name not in defaults or value is not defaults[name]
