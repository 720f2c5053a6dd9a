"""Outputs of cells as a notebook may have them: what a room sent is shaped anew, and bounded."""

from __future__ import annotations

import hashlib
from typing import Any

from autograder.strangers import storable

__all__ = ["clean", "failure", "said", "text", "value"]

# What no person would read and no browser should load.
_LARGEST = 2 * 2**20
_MOST = 500
_COMPARED = ("image/png", "image/jpeg", "image/svg+xml", "text/html", "text/plain")


def text(found: Any) -> str:
    """Make a text that UTF-8 can write; learner code can make others."""
    return storable(str(found))


def clean(found: list[Any], count: int) -> list[Any]:
    """Shape a room's outputs: known kinds and texts alone; noise on stderr stands as ordinary output.

    nbgrader's rule gives 0 to a test cell for anything on stderr, a warning too.
    """
    from nbformat import from_dict

    made = [_one(output, count) for output in found[:_MOST] if isinstance(output, dict)]
    return [from_dict(output) for output in made if output is not None]


def _one(output: dict[str, Any], count: int) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        return _stream(text(output.get("text", "")))
    if kind == "error":
        trace = output.get("traceback")
        lines = [text(line) for line in trace] if isinstance(trace, list) else []
        return _error(output.get("ename", "Error"), output.get("evalue", ""), lines)
    data = output.get("data")
    if kind not in {"display_data", "execute_result"} or not isinstance(data, dict):
        return None
    kept = {text(name): text(content) for name, content in data.items() if isinstance(content, str)}
    size = sum(map(len, kept.values()))
    if size > _LARGEST:
        return _stream(f"[an output of {size / 2**20:.0f} MB was left out]\n")
    made = {"output_type": kind, "data": kept, "metadata": {}}
    return made | {"execution_count": count} if kind == "execute_result" else made


def _stream(said: str) -> dict[str, Any]:
    kept = said if len(said) <= _LARGEST else said[:_LARGEST] + "\n[cut here]\n"
    return {"output_type": "stream", "name": "stdout", "text": kept}


def _error(name: Any, said: Any, trace: list[str]) -> dict[str, Any]:
    lines = [line[:20_000] for line in trace[:200]]
    return {
        "output_type": "error",
        "ename": text(name)[:200],
        "evalue": text(said)[:2000],
        "traceback": lines,
    }


def failure(error: dict[str, Any], count: int) -> list[Any]:
    """Show an error as a notebook does, from a room's description of it."""
    said = {"ename": error.get("type", "Error"), "evalue": error.get("text", "")}
    trace = error.get("traceback") or [f"{said['ename']}: {said['evalue']}"]
    return clean([{"output_type": "error", **said, "traceback": trace}], count)


def value(shown: str, count: int) -> list[Any]:
    """Show the value of a cell's last expression."""
    return clean([{"output_type": "execute_result", "data": {"text/plain": shown}}], count)


def said(found: Any) -> str:
    """A digest of what outputs show, the same for a run's and for those that a notebook was saved with."""
    printed, shown = "", []
    for output in found if isinstance(found, list) else []:
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        if isinstance(data, dict):
            shown += [f"{name}\0{_joined(data[name])}" for name in _COMPARED if name in data]
        elif output.get("output_type") == "error":
            shown.append(f"{output.get('ename')}\0{output.get('evalue')}")
        else:
            printed += _joined(output.get("text"))
    whole = "\0".join([printed.strip(), *(one.strip() for one in shown)])
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _joined(found: Any) -> str:
    parts = found if isinstance(found, list) else [found]
    return "".join(part for part in parts if isinstance(part, str)).replace("\r\n", "\n")
