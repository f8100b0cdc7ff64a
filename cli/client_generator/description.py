"""The API's description, as the client sees it: which operations there are, what they are called and take.

Left out are pages, forms and the redirects of signing in: those are for browsers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = {
    "PUT /v1/documents/{document_id}/claim": "claim",
    "DELETE /v1/documents/{document_id}/claim": "release",
    "PATCH /v1/documents/{document_id}/reading": "correct",
    "POST /v1/documents/{document_id}/comments": "comment",
    "POST /v1/documents/approve": "approve_many",
    "POST /v1/documents/reject": "reject_many",
    "POST /v1/documents/delete": "delete_many",
    "POST /v1/documents/reprocess": "reprocess_many",
    "DELETE /v1/sessions": "delete_others",
    "GET /v1/settings/payments/stripe": "payment_account",
    "PUT /v1/settings/payments/stripe": "connect_payment_account",
    "DELETE /v1/settings/payments/stripe": "disconnect_payment_account",
    "POST /v1/issued-documents/{issued_id}/payment-links": "add_payment_link",
    "DELETE /v1/issued-documents/{issued_id}/payment-links/{link_id}": "revoke_payment_link",
    "POST /v1/me/identities/{provider}": "link_identity",
    "POST /v1/me/passkeys": "add_passkey",
    "POST /v1/me/totp": "begin_totp",
}
"""Where the verb and the path make a clumsy name."""

_ALONE = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
_BEFORE = {"GET": "", "POST": "", "PUT": "set_", "PATCH": "update_", "DELETE": "delete_"}
_ANSWERS = ("application/json", "text/csv")
_SUCCESS = ("200", "201", "202", "204", "302")

_FOR_VENDORS = "/webhooks/"
"""What they alone can sign."""

_NOTHING: tuple[str | None, Mapping[str, Any]] = (None, {})

type Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Query:
    name: str
    schema: Schema


@dataclass(frozen=True)
class Operation:
    """``body`` and ``returns`` name schemas. ``returns`` None: what ``produces`` says, as it is; nothing at
    all where that is None too. ``items`` is the type of a list's items, as a schema.
    """

    method: str
    path: str
    group: str
    name: str
    summary: str
    query: tuple[Query, ...]
    body: str | None
    body_may_be_empty: bool
    takes_version: bool
    takes_key: bool
    returns: str | None
    produces: str | None
    items: Schema | None

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def has_pages(self) -> bool:
        return self.items is not None and any(each.name == "cursor" for each in self.query)


def operations(description: Schema) -> list[Operation]:
    """Raises ValueError when two of a group would have the same name."""
    found = [
        _operation(method.upper(), path, said, description)
        for path, methods in description["paths"].items()
        for method, said in methods.items()
        if _is_called(said) and not path.startswith(_FOR_VENDORS)
    ]
    names = [(each.group, each.name) for each in found]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two operations by one name: {doubled}; give them others in NAMES")
    return sorted(found, key=lambda each: (each.group, each.path, each.method))


def _is_called(said: Schema) -> bool:
    content = _answer(said).get("content")
    return content is None or any(kind.startswith(_ANSWERS) for kind in content)


def _answer(said: Schema) -> Schema:
    responses = said["responses"]
    answer: Schema = next((responses[status] for status in _SUCCESS if status in responses), {"content": {}})
    return answer


def _operation(method: str, path: str, said: Schema, description: Schema) -> Operation:
    schemas = description["components"]["schemas"]
    parameters = said.get("parameters", [])
    headers = {each["name"] for each in parameters if each["in"] == "header"}
    content: Schema = _answer(said).get("content") or {}
    produces, media = next(iter(content.items()), _NOTHING)
    body, returns = _name(_json(said.get("requestBody"))), _name(media.get("schema"))
    items = schemas[returns]["properties"].get("items", {}).get("items") if returns else None
    group, name = _named(method, path, is_list=items is not None)
    return Operation(
        method=method,
        path=path,
        group=group,
        name=NAMES.get(f"{method} {path}", name),
        summary=said.get("summary", ""),
        query=tuple(Query(each["name"], each["schema"]) for each in parameters if each["in"] == "query"),
        body=body,
        body_may_be_empty=body is not None and not schemas[body].get("required"),
        takes_version="If-Match" in headers,
        takes_key="Idempotency-Key" in headers,
        returns=returns,
        produces=produces,
        items=items,
    )


def _json(said: Schema | None) -> Schema | None:
    return said["content"]["application/json"]["schema"] if said else None


def _name(schema: Schema | None) -> str | None:
    return schema["$ref"].rpartition("/")[2] if schema and "$ref" in schema else None


def _named(method: str, path: str, *, is_list: bool) -> tuple[str, str]:
    """``/v1/documents/{document_id}/approve`` is ``documents``, ``approve``."""
    first, *rest = path.strip("/").removeprefix("v1/").split("/")
    if not path.startswith("/v1/"):
        return "service", _word(first.partition(".")[0])
    first, _, extension = first.partition(".")
    said = [_word(each) for each in rest if not each.startswith("{")] + ([extension] if extension else [])
    if said:
        said[-1] = _one(said[-1]) if rest and rest[-1].startswith("{") else said[-1]
        return _word(first), _BEFORE[method] + "_".join(said)
    return _word(first), "list" if method == "GET" and is_list else _ALONE[method]


def _one(word: str) -> str:
    return f"{word.removesuffix('ies')}y" if word.endswith("ies") else word.removesuffix("s")


def _word(segment: str) -> str:
    return segment.replace("-", "_")


def schemas_of(description: Schema, found: list[Operation]) -> dict[str, Any]:
    """The schemas that these operations need, without what only the server judges: lengths, patterns, ranges.

    What is sent has no unknown members; an answer may have some that this client does not know yet.
    """
    schemas = description["components"]["schemas"]
    sent = _reached(schemas, [each.body for each in found if each.body])
    answered = _reached(schemas, [each.returns for each in found if each.returns] + ["Problem"])
    return {
        name: _without_object_defaults(
            _plain(schemas[name], is_sent=name in sent and name not in answered), is_sent=name in sent
        )
        for name in sorted(sent | answered)
    }


def _without_object_defaults(schema: dict[str, Any], *, is_sent: bool) -> dict[str, Any]:
    """Whoever sends may leave such a member out; an answer always has it."""
    for name, each in schema.get("properties", {}).items():
        if isinstance(each.get("default"), dict) and "$ref" in each:
            del each["default"]
            if not is_sent:
                schema["required"] = [*schema.get("required", []), name]
    return schema


def _reached(schemas: Schema, names: list[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for each in schema.values():
            yield from _references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _references(each)


_STRUCTURE = frozenset((
    "$ref", "type", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "enum", "const",
    "default", "description", "format", "additionalProperties",
))  # fmt: skip
_FORMATS = frozenset(("date", "date-time"))


def _plain(schema: Schema, *, is_sent: bool) -> dict[str, Any]:
    plain = {name: value for name, value in schema.items() if name in _STRUCTURE}
    if plain.get("format") not in _FORMATS:
        plain.pop("format", None)
    if plain.get("additionalProperties") is False and not is_sent:
        del plain["additionalProperties"]
    for name in ("items", "additionalProperties"):
        if isinstance(plain.get(name), Mapping):
            plain[name] = _plain(plain[name], is_sent=is_sent)
    for name in ("anyOf", "oneOf", "prefixItems"):
        if name in plain:
            plain[name] = [_plain(each, is_sent=is_sent) for each in plain[name]]
    if "properties" in plain:
        plain["properties"] = {
            name: _plain(each, is_sent=is_sent) for name, each in plain["properties"].items()
        }
    return plain
