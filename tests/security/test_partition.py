"""The first wall: whatever is read or written, its key begins with the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeSetAttribute

from sheaf.aws import TenantPrincipal
from sheaf.kernel.ids import is_id, new_id
from sheaf.storage._billing import CalendarItem
from sheaf.storage._table import DirectoryItem, DocumentItem, RecordItem, WorkspaceItem
from sheaf.storage.connection import SharedConnection, connect
from sheaf.storage.partition import Partition
from sheaf.storage.workspace import BILLING_PARTITION, DUE_PARTITION
from tests.builders.world import NOW, SETTINGS

KINDS = RecordItem.__subclasses__()
workspaces = st.builds(lambda: new_id("wrk", NOW))
sort_keys = st.text(min_size=1, max_size=60)
statuses = st.sampled_from(["awaiting_upload", "reading", "ready", "needs_review", "failed", "DUE", "#"])


class Wire(SharedConnection):
    """Keeps what would be sent, and answers that there is nothing."""

    def __init__(self) -> None:
        super().__init__(region=SETTINGS.region)
        self._tables = connect(SETTINGS)._tables
        self.sent: list[dict[str, Any]] = []

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(operation_kwargs)
        return {"Items": [], "Count": 0}


@dataclass(frozen=True)
class Anybody:
    """Nothing is signed: nothing is sent."""

    workspace_id: str

    @contextmanager
    def acting(self) -> Iterator[None]:
        yield


def partition(workspace_id: str) -> tuple[Partition, Wire]:
    wire = Wire()
    return Partition(wire, SETTINGS.records_table, cast("TenantPrincipal", Anybody(workspace_id))), wire


def item(kind: type[RecordItem], sk: str, text: str, stranger: str) -> RecordItem:
    """With every attribute set; the keys are another workspace's before the partition gets it."""
    values: dict[str, Any] = {}
    for name, attribute in kind.get_attributes().items():
        match attribute:
            case NumberAttribute():
                values[name] = 1
            case BooleanAttribute():
                values[name] = True
            case BinaryAttribute():
                values[name] = b"x"
            case UnicodeSetAttribute():
                values[name] = {"x"}
            case _:
                values[name] = text
    made = kind(**values)
    made.pk, made.sk = f"{stranger}#{kind.KIND}", sk
    if isinstance(made, WorkspaceItem):
        made.due_pk = DUE_PARTITION
    if isinstance(made, CalendarItem):
        made.due_pk = BILLING_PARTITION
    return made


def test_there_are_kinds_to_look_at() -> None:
    names = {kind.KIND for kind in KINDS}
    assert len(names) == len(KINDS) >= 8
    assert not any("#" in name for name in names)
    assert not {kind.KIND for kind in DirectoryItem.__subclasses__()} & names


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
@settings(deadline=None)
@given(own=workspaces, stranger=workspaces, sk=sort_keys, status=statuses)
def test_every_write_stays_in_its_workspace(
    kind: type[RecordItem], own: str, stranger: str, sk: str, status: str
) -> None:
    mine, _ = partition(own)
    made = item(kind, sk, status, stranger)
    for write in (
        mine.put(made, None),
        mine.delete(kind, sk),
        mine.require(kind, sk, kind.pk.exists()),
        mine.update(kind, sk, [kind.pk.set("never")], None),
    ):
        keys = write.request.get("Item") or write.request["Key"]
        assert keys["pk"]["S"] == f"{own}#{kind.KIND}"
        assert keys["sk"]["S"] == sk
        for name, value in keys.items():
            if name.endswith("_pk"):
                assert value["S"].startswith(f"{own}#") or (
                    name == "due_pk" and value["S"] in (BILLING_PARTITION, DUE_PARTITION)
                )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
@settings(deadline=None)
@given(own=workspaces, sk=sort_keys, status=statuses, newest_first=st.booleans())
def test_every_read_stays_in_its_workspace(
    kind: type[RecordItem], own: str, sk: str, status: str, newest_first: bool
) -> None:
    """Cursors and ids of strangers are only positions in one's own partition."""
    mine, wire = partition(own)
    mine.get(kind, sk)
    mine.query(kind, limit=5, after=sk, newest_first=newest_first)
    mine.query(DocumentItem, limit=5, after=sk, status=status)
    mine.get_many(kind, [sk, "other"])
    got, listed, by_status, several = wire.sent
    asked = several["RequestItems"][SETTINGS.records_table]["Keys"]
    assert asked == [{"pk": {"S": f"{own}#{kind.KIND}"}, "sk": {"S": each}} for each in (sk, "other")]
    assert got["Key"] == {"pk": {"S": f"{own}#{kind.KIND}"}, "sk": {"S": sk}}
    assert {"S": f"{own}#{kind.KIND}"} in listed["ExpressionAttributeValues"].values()
    assert listed["ExclusiveStartKey"] == {"pk": {"S": f"{own}#{kind.KIND}"}, "sk": {"S": sk}}
    assert {"S": f"{own}#DOCUMENT#{status}"} in by_status["ExpressionAttributeValues"].values()
    assert by_status["ExclusiveStartKey"] == {
        "pk": {"S": f"{own}#DOCUMENT"},
        "sk": {"S": sk},
        "status_pk": {"S": f"{own}#DOCUMENT#{status}"},
    }


@given(workspaces, workspaces)
def test_no_workspaces_key_begins_another(one: str, other: str) -> None:
    assert is_id(one, "wrk")
    assert one == other or not f"{one}#".startswith(f"{other}#")


def test_only_the_due_index_is_shared_and_it_says_nothing_but_when() -> None:
    """Its projection is KEYS_ONLY: a workspace's id and a day."""
    shared = [
        (kind.KIND, name)
        for kind in KINDS
        for name in kind.get_attributes()
        if name.endswith("_pk") and name != "status_pk"
    ]
    assert sorted(shared) == [("CALENDAR", "due_pk"), ("WORKSPACE", "due_pk")]
