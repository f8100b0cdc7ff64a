from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.environments import Answer
from infra.local.gateway import Gateway, decoded_path, event
from infra.local.http import Request
from infra.local.template import Route

ROUTES = (
    Route("GET", "/files/{file_id}", "file"),
    Route("GET", "/files/latest", "latest"),
    Route("GET", "/files/{file_id}/{rest+}", "rest"),
    Route("POST", "/files", "post"),
)
ROUTE = Route("POST", "/files", "post")


def request(
    method: str = "GET", path: str = "/", query: str = "", body: bytes = b"", **headers: str
) -> Request:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(method, path, query, named, body, "127.0.0.1", "HTTP/1.1")


def answered(payload: Any) -> Any:
    gateway = Gateway(ROUTES, lambda _, __: Answer(payload=payload))
    return gateway.answer(request("POST", "/files"))


@pytest.mark.parametrize(
    ("method", "path", "function", "parameters"),
    [
        ("GET", "/files/7", "file", {"file_id": "7"}),
        ("GET", "/files/latest", "latest", None),
        ("GET", "/files/7/a/b", "rest", {"file_id": "7", "rest": "a/b"}),
        ("POST", "/files", "post", None),
    ],
)
def test_the_most_precise_route_is_taken(
    method: str, path: str, function: str, parameters: dict[str, str] | None
) -> None:
    invoked: list[tuple[str, Any]] = []

    def invoke(name: str, made: Any) -> Answer:
        invoked.append((name, made.get("pathParameters")))
        return Answer(payload={})

    Gateway(ROUTES, invoke).answer(request(method, path))

    assert invoked == [(function, parameters)]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/files"), ("HEAD", "/files/7"), ("GET", "/files/"), ("GET", "//")]
)
def test_what_no_route_takes_is_not_found(method: str, path: str) -> None:
    gateway = Gateway(ROUTES, lambda _, __: pytest.fail("nothing is invoked"))

    assert gateway.answer(request(method, path)).status == 404


def test_the_path_is_decoded_but_for_percent_signs() -> None:
    assert decoded_path("/a%20b/%C3%BC/100%25/a%2Fb") == "/a b/ü/100%25/a/b"


def test_what_is_empty_is_absent() -> None:
    made = event(request("POST", "/files"), ROUTE.key, {})

    assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & set(made)
    assert made["isBase64Encoded"] is False


def test_a_header_sent_twice_is_one_with_commas_and_cookies_stand_apart() -> None:
    sent = Request(
        "GET",
        "/",
        "",
        (("accept", "a"), ("accept", "b"), ("cookie", "x=1; y=2")),
        b"",
        "127.0.0.1",
        "HTTP/1.1",
    )

    made = event(sent, ROUTE.key, {})

    assert made["headers"]["accept"] == "a,b"
    assert made["cookies"] == ["x=1", "y=2"]
    assert "cookie" not in made["headers"]


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), min_size=1))
def test_the_query_keeps_every_value(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs)

    made = event(request(query=query), ROUTE.key, {})

    assert made["rawQueryString"] == query
    expected = {name: ",".join(values) for name, values in parse_qs(query, keep_blank_values=True).items()}
    assert made["queryStringParameters"] == expected


@given(st.binary(min_size=1))
def test_a_body_that_is_no_text_arrives_byte_for_byte(body: bytes) -> None:
    made = event(request("POST", "/files", body=body, content_type="application/pdf"), ROUTE.key, {})

    assert made["isBase64Encoded"] is True
    assert base64.b64decode(made["body"]) == body


def test_a_json_body_arrives_as_text() -> None:
    made = event(
        request("POST", "/files", body='{"a":"ü"}'.encode(), content_type="application/json; charset=utf-8"),
        ROUTE,
        {},
    )

    assert (made["body"], made["isBase64Encoded"]) == ('{"a":"ü"}', False)


@given(st.binary())
def test_a_base64_answer_is_sent_as_bytes(body: bytes) -> None:
    response = answered({"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(body).decode()})

    assert (response.status, response.body) == (200, body)


def test_an_answer_without_a_status_is_the_json_of_a_200() -> None:
    response = answered({"hello": "world"})

    assert (response.status, json.loads(response.body)) == (200, {"hello": "world"})
    assert ("content-type", "application/json") in response.headers


def test_every_cookie_is_a_header_of_its_own() -> None:
    response = answered({"statusCode": 204, "cookies": ["a=1", "b=2"]})

    assert [value for name, value in response.headers if name == "set-cookie"] == ["a=1", "b=2"]


@pytest.mark.parametrize(
    "payload",
    [
        {"statusCode": "x"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "isBase64Encoded": True, "body": "é"},
    ],
)
def test_an_answer_that_is_no_response_is_a_500(payload: Any) -> None:
    response = answered(payload)

    assert (response.status, json.loads(response.body)) == (500, {"message": "Internal Server Error"})


def test_what_no_route_takes_goes_to_the_default_route() -> None:
    asked: list[tuple[str, str]] = []

    def invoke(function: str, made: Any) -> Answer:
        asked.append((function, made["routeKey"]))
        return Answer(payload={"statusCode": 404, "body": "nothing here"})

    answer = Gateway(ROUTES, invoke, default="Console").answer(request("DELETE", "/no/such/place"))
    assert (answer.status, answer.body) == (404, b"nothing here")
    assert asked == [("Console", "$default")]
