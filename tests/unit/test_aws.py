"""Our lean loader changes what a client costs, not what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import DataNotFoundError, UnknownServiceError

from sheaf.aws import client, shared_session

SERVICES = ("dynamodb", "s3", "sqs", "sts", "textract")
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-5", "us-gov-west-1", "cn-north-1", "eu-invented-9")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"pk": {"S": "1"}}}),
    "s3": ("get_object", {"Bucket": "files", "Key": "a/b"}),
    "sqs": ("send_message", {"QueueUrl": "https://sqs.example.test/1/q", "MessageBody": "m"}),
    "sts": ("get_caller_identity", {}),
    "textract": ("get_expense_analysis", {"JobId": "j"}),
}


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    shared_session.cache_clear()
    yield
    client.cache_clear()
    shared_session.cache_clear()


@pytest.fixture(scope="module")
def plain() -> botocore.session.Session:
    return botocore.session.Session()


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_client_sends_what_it_would_send_anyway(
    plain: botocore.session.Session, service: str, region: str
) -> None:
    config = Config(s3={"us_east_1_regional_endpoint": "regional"})
    usual = plain.create_client(service, region_name=region, config=config)
    assert _sent(client(service, region), service) == _sent(usual, service)


def test_a_service_that_does_not_exist_is_an_error() -> None:
    with pytest.raises((UnknownServiceError, DataNotFoundError)):
        client("dynamo", "us-east-1")


def _sent(sender: Any, service: str) -> tuple[str, ...]:
    """Where a request goes, and the scope it is signed for."""
    seen: list[AWSRequest] = []

    def stop(request: AWSRequest, **_: object) -> None:
        seen.append(request)
        raise ConnectionAbortedError

    sender.meta.events.register("before-send", stop)
    name, arguments = CALLS[service]
    with pytest.raises(ConnectionAbortedError):
        getattr(sender, name)(**arguments)
    scope = str(seen[0].headers["Authorization"]).partition("Credential=")[2].partition(",")[0]
    return str(seen[0].url), *scope.split("/")[2:]
