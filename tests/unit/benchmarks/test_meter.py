"""The meter sees what a client really sends: here against a table that moto keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from benchmarks.meter import Bill, Meter


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "status")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "status",
                    "KeySchema": [
                        {"AttributeName": "status", "KeyType": "HASH"},
                        {"AttributeName": "sk", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield client


@pytest.fixture
def meter(client: Any) -> Meter:
    return Meter(client)


def item(sk: str, **more: str) -> dict[str, Any]:
    return {"pk": {"S": "w"}, "sk": {"S": sk}} | {name: {"S": text} for name, text in more.items()}


def key(sk: str) -> dict[str, Any]:
    return item(sk)


def put(sk: str, **more: str) -> dict[str, Any]:
    return {"TableName": "t", "Item": item(sk, **more)}


def counted(meter: Meter, call: Any, **params: Any) -> Bill:
    with meter.counting() as bill:
        call(**params)
    return bill


def test_a_put_and_its_index(client: Any, meter: Meter) -> None:
    assert counted(meter, client.put_item, **put("1")).writes == 1
    assert counted(meter, client.put_item, **put("2", status="ready", text="x" * 1500)).writes == 2 + 2


def test_a_transaction_writes_its_items_twice_and_their_index_entries_once(client: Any, meter: Meter) -> None:
    client.put_item(**put("there"))
    actions = [
        {"Put": put("1", status="ready")},
        {"Put": put("2")},
        {
            "ConditionCheck": {
                "TableName": "t",
                "Key": key("there"),
                "ConditionExpression": "attribute_exists(pk)",
            }
        },
    ]
    bill = counted(meter, client.transact_write_items, TransactItems=actions)
    assert [charge.writes for charge in bill.charges] == [2 + 1, 2, 2]


def test_an_update_is_sized_by_the_larger_image(client: Any, meter: Meter) -> None:
    client.put_item(**put("1", text="x" * 1500))
    bill = counted(
        meter,
        client.update_item,
        TableName="t",
        Key=key("1"),
        UpdateExpression="SET #t = :t",
        ExpressionAttributeNames={"#t": "text"},
        ExpressionAttributeValues={":t": {"S": "y"}},
    )
    assert bill.writes == 2


def test_a_delete_is_sized_by_what_was_there(client: Any, meter: Meter) -> None:
    client.put_item(**put("1", text="x" * 2500, status="ready"))
    assert counted(meter, client.delete_item, TableName="t", Key=key("1")).writes == 3 + 3
    assert counted(meter, client.delete_item, TableName="t", Key=key("1")).writes == 1


def test_a_refused_write_is_charged_by_what_is_there(client: Any, meter: Meter) -> None:
    client.put_item(**put("1", text="x" * 1500, status="ready"))
    with meter.counting() as bill, pytest.raises(ClientError, match="ConditionalCheckFailed"):
        client.put_item(**put("1"), ConditionExpression="attribute_not_exists(pk)")
    assert bill.writes == 2


def test_a_refused_transaction_is_charged_too(client: Any, meter: Meter) -> None:
    client.put_item(**put("1"))
    refused = put("1") | {"ConditionExpression": "attribute_not_exists(pk)"}
    with meter.counting() as bill, pytest.raises(ClientError, match="TransactionCanceled"):
        client.transact_write_items(TransactItems=[{"Put": refused}, {"Put": put("2")}])
    assert bill.writes == 2 + 2


def test_a_get_is_rounded_by_itself_and_halved_when_eventual(client: Any, meter: Meter) -> None:
    client.put_item(**put("1", text="x" * 5000))
    assert counted(meter, client.get_item, TableName="t", Key=key("1"), ConsistentRead=True).reads == 2
    assert counted(meter, client.get_item, TableName="t", Key=key("1")).reads == 1
    assert counted(meter, client.get_item, TableName="t", Key=key("none"), ConsistentRead=True).reads == 1


def test_a_query_is_summed_before_it_is_rounded(client: Any, meter: Meter) -> None:
    for number in range(10):
        client.put_item(**put(str(number), text="x" * 990))
    query = {
        "TableName": "t",
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "w"}},
    }
    assert counted(meter, client.query, **query, ConsistentRead=True).reads == 3
    assert counted(meter, client.query, **query).reads == 1.5
    assert counted(meter, client.query, **query, Limit=4, ConsistentRead=True).reads == 1


def test_a_filter_saves_nothing(client: Any, meter: Meter) -> None:
    for number in range(10):
        client.put_item(**put(str(number), text="x" * 990))
    bill = counted(
        meter,
        client.query,
        TableName="t",
        KeyConditionExpression="#0 = :0",
        FilterExpression="#1 = :1",
        ProjectionExpression="sk",
        ExpressionAttributeNames={"#0": "pk", "#1": "text"},
        ExpressionAttributeValues={":0": {"S": "w"}, ":1": {"S": "nothing"}},
        ConsistentRead=True,
    )
    assert bill.reads == 3


def test_what_is_not_known_is_not_guessed(client: Any, meter: Meter) -> None:
    with pytest.raises(NotImplementedError, match="Scan is not counted"):
        client.scan(TableName="t")


def test_only_what_happens_inside_is_counted(client: Any, meter: Meter) -> None:
    with meter.counting() as bill:
        pass
    client.put_item(**put("1"))
    assert bill.charges == []
