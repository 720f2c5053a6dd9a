"""The JSON Schemas of a fact file and of an erratum, generated from the models."""

from __future__ import annotations

import json
from typing import Any

from coursefacts.errata import Erratum
from coursefacts.model import Fact


def schema(model: type[Fact] | type[Erratum] = Fact) -> dict[str, Any]:
    """Return the schema of one fact file, or of an erratum."""
    content = model.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **content}


def text(model: type[Fact] | type[Erratum] = Fact) -> str:
    """Return the schema as the text of book/facts/schema.json, or of book/errata/schema.json."""
    return json.dumps(schema(model), indent=2, ensure_ascii=False) + "\n"
