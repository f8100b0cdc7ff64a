"""Each operation of the API's description has its method here, which sends and takes what is described."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from client_generator.description import operations
from sheaf_client import Client, models
from sheaf_client.operations import OPERATIONS
from tests.builders.description import DESCRIPTION, SCHEMAS, arguments_of, example

ALL = {
    f"{method.upper()} {path}": said
    for path, methods in DESCRIPTION["paths"].items()
    for method, said in methods.items()
}


def for_browsers(route: str) -> bool:
    """Pages and what they need, forms, and the redirects of signing in."""
    answers = {
        kind
        for status, said in ALL[route]["responses"].items()
        if status != "default"
        for kind in said.get("content", ())
    }
    return answers != set() and not any(kind.startswith(("application/json", "text/csv")) for kind in answers)


def for_vendors(route: str) -> bool:
    """What they alone can sign."""
    return " /webhooks/" in route


def test_every_operation_is_in_the_client_but_what_is_for_browsers_or_vendors() -> None:
    assert set(OPERATIONS) == {route for route in ALL if not (for_browsers(route) or for_vendors(route))}
    assert {route for route in ALL if for_browsers(route) and " /v1/" in route} <= {
        route for route in ALL if "/callback" in route or route == "GET /v1/sign-in/{provider}"
    }


class Answering(httpx.BaseTransport):
    def __init__(self, status: int, content: Any) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = (status, content)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, content = self._answer
        if content is None:
            return httpx.Response(status)
        return httpx.Response(status, text=content if isinstance(content, str) else json.dumps(content))


@pytest.mark.parametrize("operation", operations(DESCRIPTION), ids=lambda operation: operation.key)
def test_it_sends_and_takes_what_is_described(operation: Any) -> None:
    said = ALL[operation.key]
    status, good = next(each for each in said["responses"].items() if each[0] != "default")
    content = next(iter(good.get("content", {}).values()), {}).get("schema")
    text = operation.produces is not None and operation.produces.startswith("text/csv")
    transport = Answering(int(status), "a;b" if text else example(content) if content else None)
    client = Client("https://api.example.test", "shf_live_key", transport=transport)
    group, name = OPERATIONS[operation.key].split(".")
    method = getattr(getattr(client, group), name)

    answer = method(**arguments_of(method))

    [request] = transport.requests
    path = operation.path
    for parameter in operation.path_parameters:
        path = path.replace(f"{{{parameter}}}", "a%2Fb%20c")
    assert (request.method, request.url.raw_path.partition(b"?")[0].decode()) == (operation.method, path)
    assert request.headers["authorization"] == "Bearer shf_live_key"
    assert set(request.url.params) == {each["name"] for each in said["parameters"] if each["in"] == "query"}
    assert {"E", "e"}.isdisjoint(request.url.params.get("amount_from", ""))
    for header in (each["name"] for each in said["parameters"] if each["in"] == "header"):
        assert request.headers[header] == "a/b c"
    if "requestBody" in said:
        assert json.loads(request.content) == example(
            said["requestBody"]["content"]["application/json"]["schema"]
        )
    else:
        assert request.content == b""
    if content is None:
        assert answer is None
    elif operation.returns:
        assert isinstance(answer, getattr(models, operation.returns))


def test_an_iterator_goes_from_page_to_page() -> None:
    asked: list[dict[str, str]] = []

    def pages(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        item = {**example(SCHEMAS["DocumentItemView"]), "id": f"doc_{len(asked)}"}
        return httpx.Response(
            200, json={"items": [item] * (len(asked) - 1), "next_cursor": [None, "b", "a"][-len(asked)]}
        )

    client = Client("https://api.example.test", "key", transport=httpx.MockTransport(pages))
    found = [item.id for item in client.documents.each(status=models.Status.READY, limit=2)]

    assert found == ["doc_2", "doc_3", "doc_3"]
    assert asked == [
        {"status": "ready", "limit": "2"},
        {"status": "ready", "limit": "2", "cursor": "a"},
        {"status": "ready", "limit": "2", "cursor": "b"},
    ]


def test_words_and_members_that_are_new_are_no_error() -> None:
    said = {**example(SCHEMAS["DocumentView"]), "status": "translated", "mood": "fine"}
    client = Client("https://api.example.test", "key", transport=Answering(200, said))
    status = client.documents.get("doc_1").status
    assert status == "translated"
    assert isinstance(status, models.Status)
