"""Textract's server, asked by botocore's own client."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.directory import Directory
from infra.local.http import HttpServer
from infra.local.stack import LocalStack
from infra.local.template import Function
from infra.local.textract import BODY_LIMIT, Textract

pytestmark = pytest.mark.xdist_group("local")

READER = Function(name="Reader", handler="tests.fakes.local.handlers.read", timeout=10, memory=512)
ROLE = "arn:aws:iam::000000000000:role/textract"


@pytest.fixture
def home(tmp_path: Any) -> Directory:
    directory = Directory(tmp_path)
    for path in (directory.textract, directory.logs):
        path.mkdir()
    return directory


@pytest.fixture
def client(stack: LocalStack, home: Directory) -> Iterator[Any]:
    yield from served(stack, home)


def served(stack: LocalStack, home: Directory, starts_per_second: float = 100) -> Iterator[Any]:
    textract = Textract(home, stack.aws.endpoint, starts_per_second=starts_per_second, reader=READER)
    server = HttpServer(textract.answer, port=0, body_limit=BODY_LIMIT)
    textract.start()
    server.start()
    client = Session("test", "test", region_name="us-east-1").client(
        "textract", endpoint_url=server.url, config=Config(retries={"total_max_attempts": 1})
    )
    yield client
    client.close()
    textract.stop()
    server.stop()


@pytest.fixture
def put(stack: LocalStack, aws: Any) -> Any:
    def put(name: str, content: bytes) -> dict[str, Any]:
        bucket = stack.environment["SHEAF_BUCKET"]
        version = aws("s3").put_object(Bucket=bucket, Key=name, Body=content)["VersionId"]
        return {"S3Object": {"Bucket": bucket, "Name": name, "Version": version}}

    return put


@pytest.fixture
def completions(aws: Any) -> Any:
    """A queue at the topic; its messages, when there are some."""
    topic = next(t["TopicArn"] for t in aws("sns").list_topics()["Topics"])
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=f"completions-{time.monotonic_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def receive() -> list[dict[str, Any]]:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=10)
        return [
            json.loads(json.loads(message["Body"])["Message"]) for message in received.get("Messages", ())
        ]

    return {"SNSTopicArn": topic, "RoleArn": ROLE}, receive


def finished(client: Any, job_id: str, **more: Any) -> Any:
    deadline = time.monotonic() + 20
    while (answer := client.get_expense_analysis(JobId=job_id, **more))["JobStatus"] == "IN_PROGRESS":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer


def code(failure: Any) -> str:
    return str(failure.value.response["Error"]["Code"])


def test_a_job_is_read_told_of_and_handed_out_in_pages(client: Any, put: Any, completions: Any) -> None:
    channel, receive = completions
    location = put("in/long.pdf", b"%PDF-1.7 45")
    job_id = client.start_expense_analysis(
        DocumentLocation=location, NotificationChannel=channel, JobTag="doc-1"
    )["JobId"]

    [message] = receive()
    assert message["JobId"] == job_id
    assert (message["Status"], message["API"]) == ("SUCCEEDED", "StartExpenseAnalysis")
    assert message["JobTag"] == "doc-1"
    assert message["DocumentLocation"]["S3ObjectName"] == "in/long.pdf"
    pages, token = [], None
    for expected in (20, 20, 5):
        answer = client.get_expense_analysis(JobId=job_id, **({"NextToken": token} if token else {}))
        assert len(answer["ExpenseDocuments"]) == expected
        pages += [found["SummaryFields"][0]["PageNumber"] for found in answer["ExpenseDocuments"]]
        token = answer.get("NextToken")
    assert token is None
    assert pages == list(range(1, 46))
    assert answer["DocumentMetadata"] == {"Pages": 45}


def test_max_results_makes_smaller_pages(client: Any, put: Any) -> None:
    job_id = client.start_expense_analysis(DocumentLocation=put("in/a.pdf", b"%PDF-1.7 3"))["JobId"]

    finished(client, job_id)

    assert len(client.get_expense_analysis(JobId=job_id, MaxResults=2)["ExpenseDocuments"]) == 2


def test_the_same_token_is_the_same_job_and_another_request_with_it_is_refused(client: Any, put: Any) -> None:
    location, other = put("in/a.pdf", b"%PDF-1.7 1"), put("in/b.pdf", b"%PDF-1.7 1")
    first = client.start_expense_analysis(DocumentLocation=location, ClientRequestToken="t-1")
    again = client.start_expense_analysis(DocumentLocation=location, ClientRequestToken="t-1")

    assert first["JobId"] == again["JobId"]
    with pytest.raises(ClientError) as failure:
        client.start_expense_analysis(DocumentLocation=other, ClientRequestToken="t-1")
    assert code(failure) == "IdempotentParameterMismatchException"


def test_a_named_version_is_the_one_that_is_read(client: Any, put: Any) -> None:
    first = put("in/v.pdf", b"%PDF-1.7 2")
    put("in/v.pdf", b"%PDF-1.7 9")

    job_id = client.start_expense_analysis(DocumentLocation=first)["JobId"]

    assert finished(client, job_id)["DocumentMetadata"] == {"Pages": 2}


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"GIF89a", "UnsupportedDocumentException"), (b"", "UnsupportedDocumentException")],
)
def test_what_is_refused_at_the_start(client: Any, put: Any, content: bytes, expected: str) -> None:
    with pytest.raises(ClientError) as failure:
        client.start_expense_analysis(DocumentLocation=put("in/odd", content))

    assert code(failure) == expected


def test_a_picture_over_10_mb_is_too_large(client: Any, put: Any) -> None:
    with pytest.raises(ClientError) as failure:
        client.start_expense_analysis(DocumentLocation=put("in/big.jpg", b"\xff\xd8\xff" + bytes(10 << 20)))

    assert code(failure) == "DocumentTooLargeException"


def test_an_object_that_is_not_there(client: Any, stack: LocalStack) -> None:
    nowhere = {"S3Object": {"Bucket": stack.environment["SHEAF_BUCKET"], "Name": "in/nowhere"}}

    with pytest.raises(ClientError) as failure:
        client.start_expense_analysis(DocumentLocation=nowhere)

    assert code(failure) == "InvalidS3ObjectException"


def test_an_unknown_job_and_a_token_of_another_one(client: Any, put: Any) -> None:
    one, two = (
        client.start_expense_analysis(DocumentLocation=put(f"in/{n}.pdf", b"%PDF-1.7 30"))["JobId"]
        for n in "12"
    )
    token = finished(client, one)["NextToken"]
    finished(client, two)

    with pytest.raises(ClientError) as unknown:
        client.get_expense_analysis(JobId="0" * 64)
    with pytest.raises(ClientError) as foreign:
        client.get_expense_analysis(JobId=two, NextToken=token)

    assert code(unknown) == "InvalidJobIdException"
    assert code(foreign) == "InvalidParameterException"


@pytest.mark.parametrize("content", [b"%PDF- bad", b"%PDF- crash"])
def test_a_document_that_cannot_be_read_fails_alone(
    client: Any, put: Any, completions: Any, content: bytes
) -> None:
    channel, receive = completions
    job_id = client.start_expense_analysis(
        DocumentLocation=put("in/x.pdf", content), NotificationChannel=channel
    )["JobId"]

    [message] = receive()
    assert (message["JobId"], message["Status"]) == (job_id, "FAILED")
    assert client.get_expense_analysis(JobId=job_id)["JobStatus"] == "FAILED"
    fine = client.start_expense_analysis(DocumentLocation=put("in/y.pdf", b"%PDF-1.7 1"))["JobId"]
    assert finished(client, fine)["JobStatus"] == "SUCCEEDED"


def test_more_starts_than_the_quota_are_refused(stack: LocalStack, home: Directory, put: Any) -> None:
    for client in served(stack, home, starts_per_second=1):
        location = put("in/a.pdf", b"%PDF-1.7 1")
        client.start_expense_analysis(DocumentLocation=location)
        with pytest.raises(ClientError) as failure:
            client.start_expense_analysis(DocumentLocation=location)

    assert code(failure) == "ProvisionedThroughputExceededException"


def test_a_host_that_was_killed_finishes_its_jobs_and_tells_of_them(
    stack: LocalStack, home: Directory, put: Any, completions: Any
) -> None:
    channel, receive = completions
    request = {"DocumentLocation": put("in/late.pdf", b"%PDF-1.7 1"), "NotificationChannel": channel}
    job = {"id": "5" * 64, "request": request, "submitted": time.time()}
    (home.textract / f"{job['id']}.job.json").write_text(json.dumps(job))

    for client in served(stack, home):
        [message] = receive()
        assert (message["JobId"], message["Status"]) == (job["id"], "SUCCEEDED")
        assert client.get_expense_analysis(JobId=job["id"])["JobStatus"] == "SUCCEEDED"


def test_the_document_s_bytes_are_not_kept_and_results_go_after_a_week(
    stack: LocalStack, home: Directory, put: Any
) -> None:
    for client in served(stack, home):
        job_id = client.start_expense_analysis(DocumentLocation=put("in/a.pdf", b"%PDF-1.7 1"))["JobId"]
        finished(client, job_id)
        assert {path.name for path in home.textract.glob(f"{job_id}*")} == {
            f"{job_id}.job.json", f"{job_id}.result.json",
        }  # fmt: skip
    path = home.textract / f"{job_id}.job.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"submitted": time.time() - 8 * 24 * 3600}))

    for client in served(stack, home):
        with pytest.raises(ClientError) as failure:
            client.get_expense_analysis(JobId=job_id)

    assert code(failure) == "InvalidJobIdException"
    assert list(home.textract.iterdir()) == []


def test_the_synchronous_operation_reads_at_once(client: Any, put: Any) -> None:
    assert client.analyze_expense(Document={"Bytes": b"%PDF-1.7 2"})["DocumentMetadata"] == {"Pages": 2}
    location = put("in/a.pdf", b"%PDF-1.7 3")
    assert client.analyze_expense(Document=location)["DocumentMetadata"] == {"Pages": 3}
    with pytest.raises(ClientError) as failure:
        client.analyze_expense(Document={"Bytes": b"%PDF- bad"})
    assert code(failure) == "BadDocumentException"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ClientRequestToken": "no spaces"},
        {"JobTag": "no/slash"},
        {"NotificationChannel": {"SNSTopicArn": "arn:aws:sns:us-east-1:0:x", "RoleArn": ""}},
    ],
)
def test_malformed_parameters_are_refused(client: Any, put: Any, wrong: dict[str, Any]) -> None:
    request = {"DocumentLocation": put("in/a.pdf", b"%PDF-1.7 1"), **wrong}
    unchecked = Session("test", "test", region_name="us-east-1").client(
        "textract", endpoint_url=client.meta.endpoint_url, config=Config(parameter_validation=False)
    )

    with pytest.raises(ClientError) as failure:
        unchecked.start_expense_analysis(**request)

    unchecked.close()
    assert code(failure) == "InvalidParameterException"
