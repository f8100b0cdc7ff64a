"""Pages of a filtered list: everything once, in order, however the reads fall."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.storage._table import AuditItem
from sheaf.storage.paging import collect

READS = 10
keys = st.integers(0, 500).map(lambda number: f"{number:03}")


def reader(stored: list[str], wanted: set[str], reads: list[int]) -> Any:
    """As DynamoDB: the limit counts what is read, the filter comes after; a cursor unless the end was hit."""

    def fetch(after: str | None, count: int) -> tuple[list[AuditItem], str | None]:
        reads.append(count)
        begin = 0 if after is None else stored.index(after) + 1
        read = stored[begin : begin + count]
        last = None if len(read) < count else read[-1]
        return [AuditItem(sk=sk) for sk in read if sk in wanted], last

    return fetch


@pytest.mark.parametrize("filtered", [False, True])
@settings(deadline=None)
@given(
    stored=st.lists(keys, unique=True, max_size=300).map(sorted),
    wanted=st.sets(keys),
    limit=st.integers(1, 120),
)
def test_every_item_that_is_wanted_comes_once_and_in_order(
    stored: list[str], wanted: set[str], limit: int, *, filtered: bool
) -> None:
    found: list[str] = []
    cursor: str | None = None
    while True:
        reads: list[int] = []
        fetch = reader(stored, wanted, reads)
        page = collect(fetch, lambda item: item.sk, limit=limit, cursor=cursor, filtered=filtered)
        assert len(page.items) <= limit
        assert len(reads) <= READS
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [sk for sk in stored if sk in wanted]
