"""What a partition asks DynamoDB for, to the letter: a condition that is left out is a guard that is gone."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sheaf.aws import TenantPrincipal
from sheaf.capture.documents import Status
from sheaf.storage._table import DocumentItem, WorkspaceItem
from sheaf.storage.partition import Partition
from tests.builders.world import SETTINGS
from tests.security.test_partition import Anybody, Wire, item

OWN = {"S": "wrk_a#DOCUMENT"}
EXISTS = DocumentItem.pk.exists()


class Answering(Wire):
    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self._answer = answer

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        super().dispatch(operation_name, operation_kwargs)
        return self._answer


def partition(answer: dict[str, Any] | None = None) -> tuple[Partition, Wire]:
    wire = Answering(answer or {"Items": [], "Count": 0})
    return Partition(wire, SETTINGS.records_table, cast("TenantPrincipal", Anybody("wrk_a"))), wire


def stored(number: int) -> dict[str, Any]:
    return {"pk": OWN, "sk": {"S": f"doc_{number}"}, "s": {"S": "ready"}}


class TestReading:
    @pytest.mark.parametrize("more", [{}, {"consistent": False}])
    def test_one(self, more: dict[str, Any]) -> None:
        own, wire = partition({"Item": stored(1)})
        found = own.get(DocumentItem, "doc_1", **more)
        assert found is not None
        assert (found.sk, found.status) == ("doc_1", "ready")
        key = {"pk": OWN, "sk": {"S": "doc_1"}}
        assert wire.sent == [{"TableName": "records", "Key": key, "ConsistentRead": not more}]

    def test_none(self) -> None:
        own, _ = partition({"ResponseMetadata": {}})
        assert own.get(DocumentItem, "doc_1") is None

    def test_a_page_from_the_beginning(self) -> None:
        """Consistent: what was just written is in it."""
        own, wire = partition()
        assert own.query(DocumentItem, limit=3) == ([], None)
        assert wire.sent == [
            {
                "TableName": "records",
                "KeyConditionExpression": "#0 = :0",
                "ExpressionAttributeNames": {"#0": "pk"},
                "ExpressionAttributeValues": {":0": OWN},
                "Limit": 3,
                "ScanIndexForward": True,
                "ConsistentRead": True,
            }
        ]

    def test_a_page_with_everything_that_narrows_it(self) -> None:
        own, wire = partition()
        where, only = DocumentItem.sk.startswith("doc"), DocumentItem.status == "ready"
        own.query(
            DocumentItem, limit=3, after="doc_1", newest_first=True, where=where, only=only, consistent=False
        )
        [sent] = wire.sent
        assert sent["ExclusiveStartKey"] == {"pk": OWN, "sk": {"S": "doc_1"}}
        assert sent["KeyConditionExpression"] == "(#0 = :0 AND begins_with (#1, :1))"
        assert sent["FilterExpression"] == "#2 = :2"
        assert sent["ScanIndexForward"] is False
        assert not sent.get("ConsistentRead")
        assert "IndexName" not in sent

    def test_a_page_of_a_status(self) -> None:
        """By its index, which DynamoDB refuses to read consistently."""
        own, wire = partition()
        own.query(DocumentItem, limit=3, after="doc_1", status="ready")
        ready = {"S": "wrk_a#DOCUMENT#ready"}
        [sent] = wire.sent
        assert sent["IndexName"] == "status"
        assert sent["ExpressionAttributeNames"] == {"#0": "status_pk"}
        assert sent["ExpressionAttributeValues"] == {":0": ready}
        assert sent["ExclusiveStartKey"] == {"pk": OWN, "sk": {"S": "doc_1"}, "status_pk": ready}
        assert not sent.get("ConsistentRead")

    def test_where_the_next_page_begins(self) -> None:
        own, _ = partition({"Items": [stored(1), stored(2)], "LastEvaluatedKey": stored(2)})
        found, after = own.query(DocumentItem, limit=2)
        assert [each.sk for each in found] == ["doc_1", "doc_2"]
        assert after == "doc_2"


class TestWriting:
    def test_all_of_it_goes_in_one_transaction_with_its_conditions(self) -> None:
        own, wire = partition()
        put = own.put(item(DocumentItem, "doc_1", "reading", "wrk_b"), DocumentItem.pk.does_not_exist())
        assert (put.request["Item"]["pk"], put.request["Item"]["s"]) == (OWN, {"S": "reading"})
        own.commit(
            [
                put,
                own.delete(DocumentItem, "doc_2", EXISTS),
                own.update(DocumentItem, "doc_3", [DocumentItem.status.set("failed")], EXISTS),
                own.require(DocumentItem, "doc_4", EXISTS),
            ]
        )
        [sent] = wire.sent
        table = {"TableName": "records"}
        there = {"ConditionExpression": "attribute_exists (#0)", "ExpressionAttributeNames": {"#0": "pk"}}
        assert {name: action for each in sent["TransactItems"] for name, action in each.items()} == {
            "Put": table
            | there
            | {
                "ConditionExpression": "attribute_not_exists (#0)",
                "Item": put.request["Item"],
            },
            "Delete": table | there | {"Key": {"pk": OWN, "sk": {"S": "doc_2"}}},
            "Update": table
            | there
            | {
                "Key": {"pk": OWN, "sk": {"S": "doc_3"}},
                "UpdateExpression": "SET #1 = :0",
                "ExpressionAttributeNames": {"#0": "pk", "#1": "s"},
                "ExpressionAttributeValues": {":0": {"S": "failed"}},
            },
            "ConditionCheck": table | there | {"Key": {"pk": OWN, "sk": {"S": "doc_4"}}},
        }

    @pytest.mark.parametrize("status", Status)
    def test_a_document_is_in_the_index_once_the_machine_is_done_with_it(self, status: Status) -> None:
        own, _ = partition()
        made = item(DocumentItem, "doc_1", status.value, "wrk_b")
        written = own.put(made, None).request["Item"]
        assert written.get("status_pk") == ({"S": f"wrk_a#DOCUMENT#{status}"} if status.is_final else None)

    def test_nothing_else_is(self) -> None:
        own, _ = partition()
        written = own.put(item(WorkspaceItem, "WORKSPACE", "ready", "wrk_b"), None).request["Item"]
        assert "status_pk" not in written


class TestBatches:
    def test_those_that_are_there(self) -> None:
        """Consistent, like one: what was just written is among them."""
        own, wire = partition({"Responses": {"records": [stored(2)]}, "UnprocessedKeys": {}})
        found = own.get_many(DocumentItem, ["doc_1", "doc_2"])
        assert [(each.sk, each.status) for each in found] == [("doc_2", "ready")]
        keys = [{"pk": OWN, "sk": {"S": "doc_1"}}, {"pk": OWN, "sk": {"S": "doc_2"}}]
        assert wire.sent == [{"RequestItems": {"records": {"Keys": keys, "ConsistentRead": True}}}]

    def test_only_what_is_asked_of_them(self) -> None:
        own, wire = partition({"Responses": {}, "UnprocessedKeys": {}})
        assert own.get_many(DocumentItem, ["doc_1"], attributes=("sk", "s")) == []
        [sent] = wire.sent
        assert sent["RequestItems"]["records"]["ProjectionExpression"] == "#0, #1"
        assert sent["RequestItems"]["records"]["ExpressionAttributeNames"] == {"#0": "sk", "#1": "s"}

    def test_what_may_be_written_twice_is_written_without_conditions(self) -> None:
        own, wire = partition({"UnprocessedItems": {}})
        made = item(DocumentItem, "doc_1", "reading", "wrk_b")
        own.write_batch(puts=[made], deletes=[(WorkspaceItem, "WORKSPACE"), (DocumentItem, "doc_2")])
        [sent] = wire.sent
        *deleted, put = sent["RequestItems"]["records"]
        written = put["PutRequest"]["Item"]
        assert (written["pk"], written["sk"], written["s"]) == (OWN, {"S": "doc_1"}, {"S": "reading"})
        assert deleted == [
            {"DeleteRequest": {"Key": {"pk": {"S": "wrk_a#WORKSPACE"}, "sk": {"S": "WORKSPACE"}}}},
            {"DeleteRequest": {"Key": {"pk": OWN, "sk": {"S": "doc_2"}}}},
        ]

    def test_nothing_costs_nothing(self) -> None:
        own, wire = partition()
        own.write_batch()
        assert wire.sent == []
