"""Pages of a filtered list: everything once, in order, however the reads fall."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.storage._table import AuditItem
from sheaf.storage.paging import collect, merge

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


# --- several lists as one ---------------------------------------------------------------------------------


def part(stored: list[str], reads: list[int], *, reverse: bool) -> Any:
    """As DynamoDB: what a cursor names need not be there."""

    def fetch(after: str | None, count: int) -> tuple[list[AuditItem], str | None]:
        reads.append(count)
        rest = [sk for sk in stored if after is None or (sk < after if reverse else sk > after)]
        read = sorted(rest, reverse=reverse)[:count]
        last = read[-1] if len(read) == count else None
        return [AuditItem(sk=sk) for sk in read], last

    return fetch


def shown(item: AuditItem) -> str:
    return str(item.sk)


@settings(deadline=None)
@given(
    stored=st.dictionaries(keys, st.integers(0, 6), max_size=150),
    wanted=st.sets(keys),
    limit=st.integers(1, 60),
    reverse=st.booleans(),
)
def test_of_several_lists_every_item_comes_once_and_in_their_common_order(
    stored: dict[str, int], wanted: set[str], limit: int, reverse: bool
) -> None:
    reads: list[int] = []
    parts = [
        part([sk for sk, owner in stored.items() if owner == each], reads, reverse=reverse)
        for each in range(7)
    ]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = merge(
            parts, lambda item: item.sk in wanted, shown, limit=limit, cursor=cursor, reverse=reverse
        )
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == sorted(set(stored) & wanted, reverse=reverse)


@pytest.mark.parametrize("newest", [1, 2, 5])
def test_of_several_lists_about_twice_a_page_is_read_at_most(newest: int) -> None:
    """``newest`` of five lists have what is shown, the others what is older."""
    stored = [f"{number:04}" for number in range(2000)]
    reads: list[int] = []
    own = [stored[1000 + each :: newest] if each < newest else stored[each:1000:5] for each in range(5)]
    parts = [part(each, reads, reverse=True) for each in own]
    page = merge(parts, lambda item: True, shown, limit=50, cursor=None, reverse=True)
    assert len(page.items) == 50
    assert sum(reads) <= 100


def test_of_several_lists_no_more_is_looked_at_than_of_one() -> None:
    reads: list[int] = []
    parts = [
        part([f"{number:04}" for number in range(each, 3000, 2)], reads, reverse=False) for each in (0, 1)
    ]
    page = merge(parts, lambda item: False, shown, limit=50, cursor=None, reverse=False)
    assert (page.items, page.next_cursor) == ([], f"{MOST_READ - 1:04}")


def test_no_list_is_an_empty_one() -> None:
    assert merge([], lambda item: True, shown, limit=50, cursor=None, reverse=False).items == []
