"""The host as a whole, with functions made for it: an event goes in, what comes of it is looked at."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from infra.local.directory import Directory
from infra.local.failure import LocalError
from infra.local.stack import LocalStack
from tests.unit.local.conftest import FAKE_TEMPLATE

pytestmark = pytest.mark.xdist_group("local")


@pytest.fixture
def http() -> Any:
    with urllib3.PoolManager(retries=False, timeout=30) as pool:
        yield pool


def eventually[Found](look: Callable[[], Found]) -> Found:
    """What ``look`` finds, as soon as that is something."""
    deadline = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found


def test_a_request_becomes_an_event_and_the_answer_a_response(stack: LocalStack, http: Any) -> None:
    answer = http.request("GET", f"{stack.url}/things/a%20b?x=1&x=2", headers={"Cookie": "s=1; t=2"})

    assert answer.status == 201
    assert answer.headers["x-echo"] == "yes"
    assert answer.headers.getlist("set-cookie") == ["a=1", "b=2"]
    event = json.loads(answer.data)["event"]
    assert event["routeKey"] == "GET /things/{thing_id}"
    assert event["pathParameters"] == {"thing_id": "a b"}
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["cookies"] == ["s=1", "t=2"]
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"


def test_a_function_sees_the_template_s_variables_and_its_role_s_credentials(
    stack: LocalStack, http: Any
) -> None:
    seen = json.loads(http.request("POST", f"{stack.url}/things", body=b"{}").data)

    assert seen["environment"]["GREETING"] == "hello, world"
    assert seen["environment"]["TABLE"] == stack.environment["TABLE"]
    assert seen["environment"]["AWS_ENDPOINT_URL"] == stack.aws.endpoint
    assert seen["environment"]["AWS_SESSION_TOKEN"]
    assert seen["function"] == "Echo"
    assert 0 < seen["remaining_ms"] <= 10_000


def test_what_the_role_does_not_allow_is_refused(stack: LocalStack) -> None:
    answer = stack.invoke("Misbehave", {"how": "scan"})

    assert answer.error is not None
    assert "AccessDenied" in answer.error["errorMessage"]


@pytest.mark.parametrize(
    ("how", "kind", "words"),
    [
        ("raise", "RuntimeError", "no luck"),
        ("exit", "Runtime.ExitError", "status 7"),
        ("sleep", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
        ("eat", "MemoryError", ""),
    ],
)
def test_a_function_that_fails_fails_alone(stack: LocalStack, how: str, kind: str, words: str) -> None:
    answer = stack.invoke("Misbehave", {"how": how})

    assert answer.error is not None
    assert answer.error["errorType"] == kind
    assert words in answer.error["errorMessage"]
    assert stack.invoke("Misbehave", {"how": "nothing"}).payload == "done"


@pytest.mark.parametrize("how", ["raise", "exit", "large", "answer-no-response"])
def test_a_caller_hears_no_more_than_internal_server_error(stack: LocalStack, http: Any, how: str) -> None:
    answer = http.request("POST", f"{stack.url}/misbehave/{how}")

    assert (answer.status, json.loads(answer.data)) == (500, {"message": "Internal Server Error"})


def test_what_a_function_prints_is_in_its_log(stack: LocalStack) -> None:
    assert stack.invoke("Misbehave", {"how": "print"}).payload == "done"

    log = (stack.directory.logs / "Misbehave.log").read_text()
    assert "said on the way" in log
    assert "and complained" in log


def test_an_unknown_route_and_a_body_over_10_mb(stack: LocalStack, http: Any) -> None:
    unknown = http.request("DELETE", f"{stack.url}/things")
    large = http.request("POST", f"{stack.url}/things", body=b"x" * (10 * 1024 * 1024 + 1))

    assert (unknown.status, json.loads(unknown.data)) == (404, {"message": "Not Found"})
    assert large.status == 413


def test_a_file_in_the_bucket_reaches_its_function(stack: LocalStack, aws: Any) -> None:
    aws("s3").put_object(Bucket=stack.environment["SHEAF_BUCKET"], Key="in/März 1+2.pdf", Body=b"x")

    def arrived() -> bool:
        items = aws("dynamodb").scan(TableName=stack.environment["TABLE"])["Items"]
        return any("in/M%C3%A4rz+1%2B2.pdf" in item["body"]["S"] for item in items)

    assert eventually(arrived)


def test_poison_ends_among_the_dead_letters_and_takes_nothing_with_it(stack: LocalStack, aws: Any) -> None:
    sqs = aws("sqs")
    urls = sqs.list_queues()["QueueUrls"]
    queue = next(url for url in urls if "DataQueue" in url)
    dead_letters = next(url for url in urls if "DeadLetters" in url)
    sqs.send_message_batch(
        QueueUrl=queue,
        Entries=[
            {"Id": str(n), "MessageBody": body} for n, body in enumerate(("poison", "food one", "food two"))
        ],
    )

    received = eventually(
        lambda: sqs.receive_message(QueueUrl=dead_letters, WaitTimeSeconds=5).get("Messages", [])
    )

    assert [message["Body"] for message in received] == ["poison"]
    bodies = {
        item["body"]["S"] for item in aws("dynamodb").scan(TableName=stack.environment["TABLE"])["Items"]
    }
    assert {"food one", "food two"} <= bodies


def test_only_the_token_of_local_json_may_invoke(stack: LocalStack, http: Any) -> None:
    url = f"{stack.url}/_local/invoke/Misbehave"
    body = json.dumps({"how": "nothing"}).encode()

    assert http.request("POST", url, body=body).status == 403
    assert http.request("POST", url, body=body, headers={"x-local-token": "guess"}).status == 403
    invoked = http.request("POST", url, body=body, headers={"x-local-token": stack.token})
    assert json.loads(invoked.data) == {"payload": "done", "error": None}


def test_one_directory_has_one_host(stack: LocalStack) -> None:
    with (
        pytest.raises(LocalError, match="already runs"),
        LocalStack(stack.directory.root, template=FAKE_TEMPLATE),
    ):
        pass


def test_a_port_in_use_is_one_sentence(stack: LocalStack, tmp_path: Any) -> None:
    port = int(stack.url.rpartition(":")[2])

    with (
        pytest.raises(LocalError, match=f"Port {port} .* cannot be used"),
        LocalStack(tmp_path, port=port, template=FAKE_TEMPLATE),
    ):
        pass


def test_what_was_kept_is_there_after_a_restart_and_after_a_kill(tmp_path: Any) -> None:
    said: list[str] = []

    def keep(running: LocalStack, name: str) -> None:
        put = {"pk": {"S": "kept"}, "sk": {"S": name}, "body": {"S": ""}}
        client(running, "dynamodb").put_item(TableName=running.environment["TABLE"], Item=put)
        client(running, "s3").put_object(Bucket=running.environment["SHEAF_BUCKET"], Key=name, Body=b"kept")

    def kept(running: LocalStack) -> tuple[set[str], set[str]]:
        items = client(running, "dynamodb").scan(TableName=running.environment["TABLE"])["Items"]
        objects = client(running, "s3").list_objects_v2(Bucket=running.environment["SHEAF_BUCKET"])
        names = {item["sk"]["S"] for item in items if item["pk"]["S"] == "kept"}
        return names, {found["Key"] for found in objects.get("Contents", ())}

    with LocalStack(tmp_path, template=FAKE_TEMPLATE, notify=said.append) as first:
        keep(first, "one")
    with LocalStack(tmp_path, template=FAKE_TEMPLATE, notify=said.append) as second:
        assert kept(second) == ({"one"}, {"one"})
        assert second.environment["TABLE"] == first.environment["TABLE"]
        keep(second, "two")
        unsaved = Directory(tmp_path).aws_state / "unsaved"
        eventually(lambda: not unsaved.exists())
        second.aws.kill()
        eventually(lambda: second.aws.is_ready)
        assert kept(second) == ({"one", "two"}, {"one", "two"})
        assert said == []


def test_a_loss_is_said(tmp_path: Any) -> None:
    said: list[str] = []
    with LocalStack(tmp_path, template=FAKE_TEMPLATE, notify=said.append) as running:
        eventually(lambda: not (running.directory.aws_state / "unsaved").exists())
        put = {"pk": {"S": "lost"}, "sk": {"S": "lost"}}
        client(running, "dynamodb").put_item(TableName=running.environment["TABLE"], Item=put)
        running.aws.kill()
        eventually(lambda: said)

    assert "may be lost" in said[0]


def client(running: LocalStack, service: str) -> Any:
    from infra.local.aws import session

    return session().client(service, endpoint_url=running.aws.endpoint)
