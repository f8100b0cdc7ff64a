"""moto's transactions, queries and scans at a bearable price.

Before each action of a transaction moto copies the whole table, item by item, to be able to go back.
Items are put and deleted as wholes; only updates change them in place. So a copy of the table may share every
item but those that the transaction updates.
"""

from __future__ import annotations

import base64
import copy
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

_updated: set[tuple[str, str]] = set()


def share_items(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Table, "__deepcopy__", _with_shared_items, raising=False)
    patch.setattr(Table, "all_items", _in_order)


@contextmanager
def transaction(body: str) -> Iterator[None]:
    """While moto works on this TransactWriteItems."""
    actions = json.loads(body)["TransactItems"]
    keys = (action["Update"]["Key"] for action in actions if "Update" in action)
    _updated.update((key["pk"]["S"], key["sk"]["S"]) for key in keys)
    try:
        yield
    finally:
        _updated.clear()


def _in_order(table: Any) -> list[Any]:
    """As moto sorts them for every query, by keys that are text."""
    items = [item for partition in table.items.values() for item in partition.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


def _with_shared_items(table: Any, _memo: dict[int, Any]) -> Any:
    twin = copy.copy(table)
    twin.items = defaultdict(dict)
    for of_partition, items in table.items.items():
        twin.items[of_partition] = dict(items)
    for pk, sk in _updated:
        for of_partition, items in twin.items.items():
            if of_partition.value == pk:
                for of_sort, item in items.items():
                    if of_sort.value == sk:
                        items[of_sort] = copy.deepcopy(item)
    return twin


def stored(client: Any, table: str) -> list[dict[str, Any]]:
    """What a scan answers, in the order of the keys, without the copies that moto makes of all items."""
    backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][client.meta.region_name]
    return [
        {name: _plain(value) for name, value in item.attrs.items()}
        for item in backend.tables[table].all_items()
    ]


def _plain(value: Any) -> dict[str, Any]:
    """An attribute as botocore gives it."""
    if value.type == "B":
        return {"B": value.value if isinstance(value.value, bytes) else base64.b64decode(value.value)}
    plain: dict[str, Any] = value.to_regular_json() if value.type in {"L", "M"} else {value.type: value.value}
    return plain
