"""The generated modules' text: a pure function of the API's description, formatted as all code here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from client_generator.description import Operation, Query, Schema, operations, schemas_of

_HEADER = (
    '"""Generated from the API\'s description (`make generate`)."""\n\n'
    "# ruff: noqa: E501 - the sentences are the API's\n\n"
)


def models(description: Schema) -> str:
    from datamodel_code_generator import InputFileType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType

    schemas = schemas_of(description, operations(description))
    text = generate(
        json.dumps({"openapi": "3.1.0", "components": {"schemas": schemas}, "paths": {}}),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_313,
        use_annotated=True,
        use_schema_description=True,
        use_standard_collections=True,
        use_union_operator=True,
        use_subclass_enum=True,
        strict_nullable=True,
        collapse_root_models=True,
        capitalise_enum_members=True,
        special_field_name_prefix="for",
        set_default_enum_member=True,
        allow_population_by_field_name=True,
        disable_timestamp=True,
        custom_file_header=_HEADER,
        formatters=[],
    )
    if not isinstance(text, str):
        raise TypeError("the models are one module")
    return _formatted(
        text.replace("from enum import StrEnum", "from sheaf_client.words import StrEnum"), "models"
    )


def client_operations(description: Schema) -> str:
    found = operations(description)
    groups: dict[str, list[Operation]] = {}
    for each in found:
        groups.setdefault(each.group, []).append(each)
    text = _HEADER + _IMPORTS + "".join(_group(name, each) for name, each in groups.items())
    lines = (f"        self.{name} = {_class(name)}(connection)\n" for name in groups)
    text += "\n\nclass Groups:\n    def __init__(self, connection: Connection) -> None:\n" + "".join(lines)
    text += "\n\nOPERATIONS = {\n"
    text += "".join(f"    {each.key!r}: {each.group + '.' + each.name!r},\n" for each in found)
    text += '}\n"""What each is called here."""\n'
    return _formatted(text, "operations")


GENERATED: dict[str, Callable[[Schema], str]] = {
    "cli/sheaf_client/models.py": models,
    "cli/sheaf_client/operations.py": client_operations,
}

_IMPORTS = """
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheaf_client import models
from sheaf_client.connection import Call, Connection, each_item


class _Operations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
"""


def _class(group: str) -> str:
    return "".join(part.capitalize() for part in group.split("_"))


def _group(name: str, found: Iterable[Operation]) -> str:
    methods = "".join(_method(each) + (_iterator(each) if each.has_pages else "") for each in found)
    return f"\n\nclass {_class(name)}(_Operations):{methods}"


def _method(each: Operation) -> str:
    return f"""
    def {each.name}({", ".join(_arguments(each))}) -> {_returned(each)}:
        {json.dumps(each.summary, ensure_ascii=False)[1:-1]!r}
        {_sent(each)}
"""


def _arguments(each: Operation, *, paged: bool = True) -> list[str]:
    found = ["self", *(f"{name}: str" for name in each.path_parameters)]
    if each.body:
        found.append(f"body: models.{each.body}" + (" | None = None" if each.body_may_be_empty else ""))
    named = [
        f"{query.name}: {_type(query)} | None = None"
        for query in each.query
        if paged or query.name != "cursor"
    ]
    named += ["if_match: str | None = None"] * each.takes_version
    named += ["idempotency_key: str | None = None"] * each.takes_key
    return found + (["*", *named] if named else [])


def _type(query: Query) -> str:
    schema = query.schema
    if "enum" in schema:
        return f"models.{schema['title']}" if "title" in schema else "str"
    options = schema.get("anyOf", [schema])
    if {option.get("type") for option in options} == {"number", "string"}:
        return "Decimal"
    kinds = {"date": "date", "date-time": "datetime"}
    types = {"integer": "int", "number": "Decimal", "boolean": "bool"}
    [option] = options
    return kinds.get(option.get("format", ""), types.get(option["type"], "str"))


def _returned(each: Operation) -> str:
    if each.returns:
        return f"models.{each.returns}"
    if each.produces is None:
        return "None"
    return "dict[str, Any]" if each.produces == "application/json" else "str"


def _sent(each: Operation) -> str:
    parts = [f'"{each.method}"', f'"{each.path}"']
    if each.path_parameters:
        parts.append(f"at={{{', '.join(f'{name!r}: {name}' for name in each.path_parameters)}}}")
    if each.query:
        parts.append(f"query={{{', '.join(f'{query.name!r}: {query.name}' for query in each.query)}}}")
    if each.body:
        parts.append(f"body=body or models.{each.body}()" if each.body_may_be_empty else "body=body")
    if each.takes_version:
        parts.append("if_match=if_match, takes_version=True")
    if each.takes_key:
        parts.append("idempotency_key=idempotency_key, takes_key=True")
    call = f"Call({', '.join(parts)})"
    if each.returns:
        return f"return self._connection.model(models.{each.returns}, {call})"
    if each.produces is None:
        return f"self._connection.send({call})"
    how = ".json()" if each.produces == "application/json" else ".text"
    said = f"self._connection.send({call}){how}"
    return f"found: dict[str, Any] = {said}\n        return found" if how == ".json()" else f"return {said}"


def _iterator(each: Operation) -> str:
    name = "each" if each.name == "list" else f"each_{each.name}"
    arguments = _arguments(each, paged=False)
    item = _item(each.items or {})
    given = [*each.path_parameters]
    queries = "".join(f", {q.name}={q.name}" for q in each.query if q.name != "cursor")
    return f"""
    def {name}({", ".join(arguments)}) -> Iterator[{item}]:
        '''All of them, page after page; ``limit`` is the size of a page.'''
        return each_item(
            lambda cursor: self.{each.name}({"".join(f"{name}, " for name in given)}cursor=cursor{queries})
        )
"""


def _item(schema: Schema) -> str:
    return f"models.{schema['$ref'].rpartition('/')[2]}" if "$ref" in schema else "Any"


def _formatted(text: str, name: str) -> str:
    place = ["--stdin-filename", f"cli/sheaf_client/{name}.py", "-"]
    return _ruff(("format", *place), _ruff(("check", "--fix", "--quiet", "--exit-zero", *place), text))


@cache
def _ruff(arguments: tuple[str, ...], text: str) -> str:
    done: subprocess.CompletedProcess[Any] = subprocess.run(  # noqa: S603 - our own tool, fixed arguments
        (sys.executable, "-m", "ruff", *arguments), input=text, capture_output=True, text=True, check=True
    )
    return str(done.stdout)
