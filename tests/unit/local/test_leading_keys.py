"""Which partition keys IAM sees in a request to DynamoDB, for each operation there is."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.leading_keys import Touch, touches

HASHES = {("t", None): "pk", ("u", None): "id", ("t", "by-status"): "status_pk"}


def of(operation: str, **request: Any) -> list[Touch]:
    return [*touches(operation, request, lambda table, index: HASHES.get((table, index)))]


def item(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "x"}}


@pytest.mark.parametrize("operation", ["GetItem", "UpdateItem", "DeleteItem"])
def test_the_key_of_one_item(operation: str) -> None:
    assert of(operation, TableName="t", Key=item("a")) == [Touch(operation, "t", None, ("a",))]


def test_an_item_that_is_put() -> None:
    assert of("PutItem", TableName="t", Item=item("a")) == [Touch("PutItem", "t", None, ("a",))]


def test_a_table_named_by_its_arn() -> None:
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t"
    assert of("GetItem", TableName=arn, Key=item("a")) == [Touch("GetItem", "t", None, ("a",))]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("pk = :0", {}),
        ("#0 = :0 AND begins_with (#1, :1)", {"#0": "pk", "#1": "sk"}),
        ("begins_with(sk, :1) and #k=:0", {"#k": "pk"}),
        ("(#0 = :0) AND (#1 BETWEEN :1 AND :1)", {"#0": "pk", "#1": "sk"}),
    ],
)
def test_a_query_by_what_its_partition_key_equals(condition: str, names: dict[str, str]) -> None:
    values = {":0": {"S": "a"}, ":1": {"S": "b"}}
    query = {"KeyConditionExpression": condition, "ExpressionAttributeNames": names}
    assert of("Query", TableName="t", ExpressionAttributeValues=values, **query) == [
        Touch("Query", "t", None, ("a",))
    ]


def test_a_query_of_an_index_by_the_index_s_own_key() -> None:
    query = {
        "TableName": "t",
        "IndexName": "by-status",
        "KeyConditionExpression": "status_pk = :s AND pk = :p",
        "ExpressionAttributeValues": {":s": {"S": "a#ready"}, ":p": {"S": "b"}},
    }
    assert of("Query", **query) == [Touch("Query", "t", "by-status", ("a#ready",))]


@pytest.mark.parametrize(
    "request_",
    [
        {"KeyConditionExpression": "sk = :0", "ExpressionAttributeValues": {":0": {"S": "a"}}},
        {"KeyConditions": {"pk": {"AttributeValueList": [{"S": "a"}], "ComparisonOperator": "EQ"}}},
        {"Key": item("a"), "KeyConditionExpression": "pk = :missing"},
        {"Key": item("a")},
    ],
    ids=str,
)
def test_a_query_that_does_not_say_so_plainly_names_no_item(request_: dict[str, Any]) -> None:
    assert of("Query", TableName="t", **request_) == [Touch("Query", "t", None, ())]


@pytest.mark.parametrize("operation", ["Scan", "ExecuteStatement", "DescribeTable", "ListTables"])
def test_whatever_else_names_no_item(operation: str) -> None:
    [touch] = of(operation, TableName="t", Key=item("a"), Statement='SELECT * FROM "t"')
    assert (touch.action, touch.keys) == (operation, ())


def test_a_batch_is_all_keys_of_each_table() -> None:
    reads = of(
        "BatchGetItem",
        RequestItems={"t": {"Keys": [item("a"), item("b")]}, "u": {"Keys": [{"id": {"N": "1"}}]}},
    )
    writes = of(
        "BatchWriteItem",
        RequestItems={"t": [{"PutRequest": {"Item": item("a")}}, {"DeleteRequest": {"Key": item("b")}}]},
    )
    assert reads == [Touch("BatchGetItem", "t", None, ("a", "b")), Touch("BatchGetItem", "u", None, ("1",))]
    assert writes == [Touch("BatchWriteItem", "t", None, ("a", "b"))]


def test_a_transaction_is_each_of_its_items_as_the_action_it_is() -> None:
    written = of(
        "TransactWriteItems",
        TransactItems=[
            {"Put": {"TableName": "t", "Item": item("a")}},
            {"Update": {"TableName": "t", "Key": item("b")}},
            {"Delete": {"TableName": "u", "Key": {"id": {"S": "c"}}}},
            {"ConditionCheck": {"TableName": "t", "Key": item("d")}},
        ],
    )
    read = of("TransactGetItems", TransactItems=[{"Get": {"TableName": "t", "Key": item("a")}}])
    assert [(touch.action, touch.table, touch.keys) for touch in written] == [
        ("PutItem", "t", ("a",)),
        ("UpdateItem", "t", ("b",)),
        ("DeleteItem", "u", ("c",)),
        ("ConditionCheckItem", "t", ("d",)),
    ]
    assert {touch.enclosing for touch in written} == {"TransactWriteItems"}
    assert read == [Touch("GetItem", "t", None, ("a",), enclosing="TransactGetItems")]
