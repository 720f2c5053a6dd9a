"""Write a run notebook as nbformat does, byte for byte, without checking again what was built here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

__all__ = ["notebook_text"]

_TEXT_TOO = {"application/javascript", "image/svg+xml"}
_WORDS = {None: "null", True: "true", False: "false"}
_TRANSIENT = {"orig_nbformat", "orig_nbformat_minor", "signature"}


def notebook_text(notebook: Mapping[str, Any]) -> str:
    """Give the text that nbformat.writes would give; a test compares them."""
    data = dict(notebook)
    data["metadata"] = {key: value for key, value in data["metadata"].items() if key not in _TRANSIENT}
    data["cells"] = [_cell(cell) for cell in data["cells"]]
    return _json(data, "\n")


def _json(value: Any, line: str) -> str:
    """Write JSON as nbformat has it, keys in order and each part on a line of its own.

    json.dumps does that in Python, piece by piece, and makes its writer anew for each call; this puts it
    together in a third of the time.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or value is True or value is False:
        return _WORDS[value]
    if type(value) is int:
        return repr(value)
    inner = line + " "
    if isinstance(value, dict) and value and all(type(key) is str for key in value):
        parts = [f"{encode_basestring(key)}: {_json(value[key], inner)}" for key in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}"
    if isinstance(value, list | tuple) and value:
        # Most are the lines of a text.
        parts = [encode_basestring(one) if type(one) is str else _json(one, inner) for one in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line}]"
    if isinstance(value, dict | list | tuple) and not value:
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False)


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(cell)
    made["metadata"] = {key: value for key, value in cell["metadata"].items() if key != "trusted"}
    made["source"] = _lines(cell.get("source", ""))
    if "attachments" in cell:
        made["attachments"] = {name: _bundle(bundle) for name, bundle in cell["attachments"].items()}
    if cell["cell_type"] == "code":
        made["outputs"] = [_output(output) for output in cell["outputs"]]
    return made


def _output(output: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = output["output_type"]
    if kind in {"execute_result", "display_data"}:
        return {**output, "data": _bundle(output.get("data", {}))}
    if kind == "stream":
        return {**output, "text": _lines(output["text"])}
    return output


def _bundle(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {
        kind: _lines(value) if kind.startswith("text/") or kind in _TEXT_TOO else value
        for kind, value in bundle.items()
    }


def _lines(text: Any) -> Any:
    return text.splitlines(True) if isinstance(text, str) else text
