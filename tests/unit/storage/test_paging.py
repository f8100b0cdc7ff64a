"""Pages of a filtered list: everything once, in order, however the reads fall."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.storage._table import AuditItem
from sheaf.storage.paging import collect

MOST_READ = 1000
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


@settings(deadline=None)
@given(
    stored=st.lists(keys, unique=True, max_size=300).map(sorted),
    wanted=st.sets(keys),
    limit=st.integers(1, 120),
)
def test_every_item_that_is_wanted_comes_once_and_in_order(
    stored: list[str], wanted: set[str], limit: int
) -> None:
    found: list[str] = []
    cursor: str | None = None
    while True:
        reads: list[int] = []
        fetch = reader(stored, wanted, reads)
        page = collect(fetch, lambda item: item.sk, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        assert sum(reads) <= MOST_READ
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [sk for sk in stored if sk in wanted]


def test_a_list_without_a_filter_reads_what_it_shows() -> None:
    stored, reads = [f"{number:03}" for number in range(200)], list[int]()
    collect(reader(stored, set(stored), reads), lambda item: item.sk, limit=50, cursor=None)
    assert reads == [50]


def test_what_is_rare_is_looked_for_in_growing_steps() -> None:
    stored, reads = [f"{number:04}" for number in range(3000)], list[int]()
    page = collect(reader(stored, set(), reads), lambda item: item.sk, limit=50, cursor=None)
    assert (page.items, page.next_cursor) == ([], stored[MOST_READ - 1])
    assert sum(reads) == MOST_READ
    assert len(reads) < 8
