"""Keep what only costs time out of the way: slow imports that nothing here uses, and looking for garbage."""

from __future__ import annotations

import ast
import atexit
import gc
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["lighten", "seldom_collect", "sparingly"]

# Imports and notebooks make next to no garbage in cycles; Python would look for it after each 700 objects.
_OBJECTS = 50_000
# A package before those within it.
_PACKAGES = (
    "nbconvert",
    "nbconvert.exporters",
    "nbconvert.preprocessors",
    "nbconvert.writers",
    "nbgrader",
    "nbgrader.auth",
    "nbgrader.converters",
    "nbgrader.preprocessors",
)


def lighten() -> None:
    """Import jsonschema without its checks of addresses and of durations.

    That of internationalised addresses builds a grammar at import, which takes longer than the rest of
    nbformat; that of durations imports a library of calendars. No notebook's schema asks for any of them, and
    jsonschema does without where they are missing.
    """
    for name in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None is how a module is barred


def sparingly() -> None:
    """Let nbgrader's preprocessors be imported without what their packages' first lines import besides.

    Those lines import JupyterLab's server, every converter of nbconvert with its HTML and Markdown, and the
    build tools: with what lighten() bars, half of the import.
    """
    for name in _PACKAGES:
        if name not in sys.modules:
            _spare(name)
    if "setuptools" not in sys.modules:
        _put_off("setuptools.archive_util", ("unpack_archive", "unpack_tarfile", "unpack_zipfile"))


def _spare(name: str) -> None:
    """Put a package in place whose names are imported when they are asked for."""
    spec = find_spec(name)
    if spec is None or spec.loader is None or not spec.origin:
        return
    loader, package = spec.loader, module_from_spec(spec)
    where = _passed_on(Path(spec.origin).read_text(encoding="utf-8"))

    def find(wanted: str) -> Any:
        if wanted in where:
            part = import_module(f"{name}.{where[wanted] or wanted}")
            found = getattr(part, wanted) if where[wanted] else part
            setattr(package, wanted, found)
            return found
        if wanted == "__all__" or not wanted.startswith("__"):
            with suppress(ModuleNotFoundError):
                return import_module(f"{name}.{wanted}")
            # It is made by the package itself, whose lines are run after all.
            where.clear()
            loader.exec_module(package)
            if wanted in vars(package):
                return vars(package)[wanted]
        raise AttributeError(f"module {name!r} has no attribute {wanted!r}")

    package.__getattr__ = find  # type: ignore[method-assign]
    sys.modules[name] = package
    above, _, own = name.rpartition(".")
    if above:
        setattr(sys.modules[above], own, package)


def _put_off(name: str, functions: Iterable[str]) -> None:
    """Put a module in place that is imported when one of its functions is called."""

    def later(function: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if sys.modules.get(name) is place:
                del sys.modules[name]
            return getattr(import_module(name), function)(*args, **kwargs)

        return call

    place = ModuleType(name)
    vars(place).update({function: later(function) for function in functions})
    sys.modules[name] = place


def _passed_on(source: str) -> dict[str, str]:
    """The names that a package's first lines take from its own modules; no module for a module itself."""
    lines = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.ImportFrom) and one.level == 1]
    return {one.asname or one.name: line.module or "" for line in lines for one in line.names}


def seldom_collect() -> None:
    """Let Python look for garbage seldom: at its usual rate a fifth of the time of imports goes there."""
    gc.set_threshold(_OBJECTS, 20)
    # At its end Python looks for garbage once more, among all that was ever imported.
    atexit.register(gc.freeze)
