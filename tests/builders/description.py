"""Requests and answers that fit the API's description."""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

DESCRIPTION = json.loads((Path(__file__).parents[2] / "functions/console/openapi.json").read_text())
SCHEMAS = DESCRIPTION["components"]["schemas"]
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def example(schema: Mapping[str, Any]) -> Any:
    """Something that fits it, every member there."""
    if "$ref" in schema:
        return example(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {name: example(each) for name, each in schema["properties"].items()}
    formats = {"date": "2026-11-20", "date-time": "2026-11-20T09:30:00Z"}
    text = formats.get(schema.get("format", ""), "text")
    inside = schema.get("items") or schema.get("additionalProperties")
    some = [example(inside)] if isinstance(inside, Mapping) else []
    simple = {"integer": 1, "number": 1, "boolean": True, "string": text, "array": some}
    if schema.get("type") == "object":
        return {"some": some[0]} if some else {}
    return simple.get(schema.get("type", ""))


def _argument(kind: Any) -> Any:
    options = get_args(kind) if get_origin(kind) in {Union, types.UnionType} else (kind,)
    kind = next(option for option in options if option is not type(None))
    if issubclass(kind, BaseModel):
        return kind.model_validate(example(SCHEMAS[kind.__name__]))
    values: dict[Any, Any] = {
        int: 7, bool: True, Decimal: Decimal("1E+2"), date: date(2026, 11, 20), datetime: MOMENT, str: "a/b c"
    }  # fmt: skip
    return next(iter(kind)) if issubclass(kind, StrEnum) else values[kind]


def arguments_of(method: Callable[..., Any]) -> dict[str, Any]:
    """All that a method of the client takes; text is such that a path or a query must quote it."""
    hints = get_type_hints(method)
    return {name: _argument(hints[name]) for name in inspect.signature(method).parameters}
