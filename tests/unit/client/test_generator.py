"""From the API's description to names, arguments and types."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from client_generator.description import NAMES, operations, schemas_of
from client_generator.generate import client_operations, models
from tests.builders.description import DESCRIPTION

REFUSED = {"default": {"content": {"application/problem+json": {}}}}
PROBLEM = {"type": "object", "properties": {"code": {"type": "string"}}}


def described(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    for methods in paths.values():
        for said in methods.values():
            said["responses"] = {**said.pop("answers", {"204": {}}), **REFUSED}
    return {"paths": paths, "components": {"schemas": {"Problem": PROBLEM, **schemas}}}


def answer(name: str) -> dict[str, Any]:
    return {"200": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}}


def names(*routes: str) -> list[str]:
    paths: dict[str, Any] = {}
    for route in routes:
        method, path = route.split()
        paths.setdefault(path, {})[method.lower()] = {}
    return [f"{each.group}.{each.name}" for each in operations(described(paths))]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("GET /v1/things", "things.get"),
        ("POST /v1/old-things", "old_things.create"),
        ("PATCH /v1/things/{thing_id}", "things.update"),
        ("POST /v1/things/{thing_id}/close", "things.close"),
        ("PUT /v1/things/{thing_id}/owner", "things.set_owner"),
        ("DELETE /v1/things/{thing_id}/facts/{fact_id}", "things.delete_fact"),
        ("DELETE /v1/me/identities/{provider}", "me.delete_identity"),
        ("GET /v1/things.csv", "things.csv"),
        ("GET /healthz", "service.healthz"),
    ],
)
def test_an_operation_is_called_what_its_path_says(route: str, name: str) -> None:
    assert names(route) == [name]


def test_two_by_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two operations by one name"):
        names("DELETE /v1/things", "DELETE /v1/things/{thing_id}")


def test_no_name_is_given_to_what_is_not_there() -> None:
    assert set(NAMES) <= {each.key for each in operations(DESCRIPTION)}


def test_what_browsers_are_sent_is_left_out() -> None:
    for kind in ("text/html", "text/css", "text/plain"):
        page = {"answers": {"200": {"content": {kind: {}}}}}
        assert operations(described({"/v1/page": {"get": page}})) == []


def test_the_server_judges_and_answers_may_grow() -> None:
    strict = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"name": {"type": "string", "maxLength": 3, "pattern": "^a", "title": "Name"}},
        "required": ["name"],
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}}
    description = described(
        {"/v1/things": {"post": {"requestBody": body, "answers": answer("Made")}}},
        New=strict, Made=strict, Unused=strict,
    )  # fmt: skip
    found = schemas_of(description, operations(description))
    assert found.keys() == {"New", "Made", "Problem"}
    assert found["New"]["properties"] == found["Made"]["properties"] == {"name": {"type": "string"}}
    assert found["New"]["additionalProperties"] is False
    assert "additionalProperties" not in found["Made"]


def test_the_same_description_gives_the_same_text() -> None:
    for make in (models, client_operations):
        text = make(DESCRIPTION)
        assert text == make(DESCRIPTION)
        assert ast.parse(text)
