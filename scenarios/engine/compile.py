"""The compiled case, `scenario/1`: what every player reads. See book/colophon/scenario-format.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coursefacts.errors import InputFault
from pydantic import ValidationError

from scenarios.engine import digest
from scenarios.engine.model import Case


def compile_case(case: Case) -> dict[str, Any]:
    """Give a case as plain data for JSON."""
    return case.plain()


def read_case(data: Mapping[str, Any]) -> Case:
    """Read a compiled case back; raise InputFault when it is not one or was changed by hand."""
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputFault(
            f"not a compiled case ({where}: {first['msg']})", remedy="compile it again"
        ) from None
    if digest.of_logic(case.logic) != case.digest:
        raise InputFault("the compiled case does not match its digest", remedy="compile it again")
    return case


def json_schema() -> dict[str, Any]:
    """Describe `scenario/1` as a JSON Schema."""
    schema = Case.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "scenario/1"}
