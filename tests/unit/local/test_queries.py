"""A query of the embedded tables answers what it would without our help, whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local import queries

PARTITIONS = ("ws_1#INDEX", "ws_2#INDEX")
WORDS = ("w#a", "w#ab", "w#b", "d#2026", "e", "é")


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    from ministack.services import dynamodb

    def attribute(name: str) -> dict[str, str]:
        return {"AttributeName": name, "AttributeType": "S"}

    def keys(*names: str) -> list[dict[str, str]]:
        return [
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ]

    created = {
        "TableName": "records",
        "AttributeDefinitions": [attribute("pk"), attribute("sk"), attribute("status")],
        "KeySchema": keys("pk", "sk"),
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-status",
                "KeySchema": keys("status", "sk"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    }
    answered(dynamodb._create_table(created))
    for number, (pk, word) in enumerate((pk, word) for pk in PARTITIONS for word in WORDS * 2):
        item = {"pk": {"S": pk}, "sk": {"S": f"{word}#{number}"}, "n": {"N": str(number)}}
        if number % 3:
            item["status"] = {"S": "approved"}
        answered(dynamodb._put_item({"TableName": "records", "Item": item}))
    yield dynamodb
    answered(dynamodb._delete_table({"TableName": "records"}))


def answered(response: Any) -> Any:
    status, _, body = response
    return status, json.loads(body)


_sorts = st.sampled_from([*WORDS, "w#", "~", "a"])
_conditions = st.one_of(
    st.just(("", {})),
    st.builds(lambda low: (" AND begins_with (#1, :1)", {":1": {"S": low}}), _sorts),
    st.builds(
        lambda low, high: (" AND #1 BETWEEN :1 AND :2", {":1": {"S": low}, ":2": {"S": high}}), _sorts, _sorts
    ),
    st.builds(lambda low: (" AND #1 > :1", {":1": {"S": low}}), _sorts),
    st.just((" AND #1 > :1", {":1": {"N": "1"}})),
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    indexed = draw(st.booleans())
    where, values = draw(_conditions)
    condition = f"#0 = :0{where}"
    request: dict[str, Any] = {
        "TableName": "records",
        "KeyConditionExpression": f"({condition})" if where and draw(st.booleans()) else condition,
        "ExpressionAttributeNames": {"#0": "status" if indexed else "pk"} | ({"#1": "sk"} if where else {}),
        "ExpressionAttributeValues": {
            ":0": {"S": "approved" if indexed else draw(st.sampled_from([*PARTITIONS, "x"]))}
        }
        | values,
        "ScanIndexForward": draw(st.booleans()),
    }
    if indexed:
        request["IndexName"] = "by-status"
    if limit := draw(st.none() | st.integers(1, 5)):
        request["Limit"] = limit
    if draw(st.booleans()):
        request["FilterExpression"] = "#2 < :9"
        request["ExpressionAttributeNames"]["#2"] = "n"
        request["ExpressionAttributeValues"][":9"] = {"N": "9"}
    return request


@given(requests())
def test_every_page_is_the_same(dynamodb: Any, request: dict[str, Any]) -> None:
    plain, helped = dynamodb._query, queries._of_less(dynamodb, dynamodb._query)
    while True:
        expected = answered(plain(deepcopy(request)))
        assert answered(helped(deepcopy(request))) == expected
        last = expected[1].get("LastEvaluatedKey")
        if last is None:
            break
        request["ExclusiveStartKey"] = last


def test_only_the_page_is_looked_at(dynamodb: Any) -> None:
    seen: list[int] = []

    def counting(request: Any) -> Any:
        seen.append(sum(len(items) for items in dynamodb._tables["records"]["items"].values()))
        return request

    ask = queries._of_less(dynamodb, counting)
    ask(
        {
            "TableName": "records",
            "KeyConditionExpression": "(#0 = :0 AND begins_with (#1, :1))",
            "ExpressionAttributeNames": {"#0": "pk", "#1": "sk"},
            "ExpressionAttributeValues": {":0": {"S": PARTITIONS[0]}, ":1": {"S": "w#a"}},
            "Limit": 3,
        }
    )
    everything = sum(len(items) for items in dynamodb._tables["records"]["items"].values())
    assert (seen, everything) == ([3], 2 * 2 * len(WORDS))
