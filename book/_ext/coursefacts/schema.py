"""The JSON Schema of a fact file, generated from the model."""

from __future__ import annotations

import json
from typing import Any

from coursefacts.model import Fact


def schema() -> dict[str, Any]:
    """Return the schema of one fact file."""
    content = Fact.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **content}


def text() -> str:
    """Return the schema as the text of book/facts/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
