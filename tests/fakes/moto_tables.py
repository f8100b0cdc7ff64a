"""moto's transactions at a bearable price.

Before each action of a transaction moto copies the whole table, item by item, to be able to go back.
Items are put and deleted as wholes; only updates change them in place. So a copy of the table may share every
item but those that the transaction updates.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.dynamodb.models.table import Table

_updated: set[tuple[str, str]] = set()


def share_items(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Table, "__deepcopy__", _with_shared_items, raising=False)


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
