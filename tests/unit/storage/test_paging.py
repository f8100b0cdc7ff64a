"""Pages of a filtered list: everything once, in order, however the reads fall."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sheaf.storage.paging import collect

READS = 10


def reader(stored: list[int], wanted: set[int], reads: list[int]) -> object:
    """As DynamoDB: the limit counts what is read, the filter comes after; a cursor unless the end was hit."""

    def fetch(after: str | None, count: int) -> tuple[list[int], str | None]:
        reads.append(count)
        begin = 0 if after is None else stored.index(int(after)) + 1
        read = stored[begin : begin + count]
        end = begin + count >= len(stored) and len(read) < count
        return [item for item in read if item in wanted], None if end else str(stored[begin + len(read) - 1])

    return fetch


@given(
    st.lists(st.integers(0, 500), unique=True, max_size=80).map(sorted),
    st.sets(st.integers(0, 500)),
    st.integers(1, 20),
)
def test_every_item_that_is_wanted_comes_once_and_in_order(
    stored: list[int], wanted: set[int], limit: int
) -> None:
    found: list[int] = []
    cursor: str | None = None
    while True:
        reads: list[int] = []
        page = collect(reader(stored, wanted, reads), int, limit=limit, cursor=cursor)  # type: ignore[arg-type]  # ints stand in for items
        assert len(page.items) <= limit
        assert len(reads) <= READS
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [item for item in stored if item in wanted]
