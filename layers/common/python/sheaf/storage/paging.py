"""Pages of a filtered query: a filter is applied after reading, so one read may give few items or none."""

from __future__ import annotations

from collections.abc import Callable

from sheaf.kernel.pages import Page
from sheaf.storage._table import RecordItem

_READS = 10
_READ_AT_LEAST = 100
"""With a filter, up to 1,000 items are looked at for one page; then it is short, but has a cursor."""


def collect[Item: RecordItem, Thing](
    fetch: Callable[[str | None, int], tuple[list[Item], str | None]],
    build: Callable[[Item], Thing],
    *,
    limit: int,
    cursor: str | None,
    filtered: bool = False,
) -> Page[Thing]:
    """``fetch(after, count)`` answers items and where it stopped (None: at the end)."""
    found: list[Item] = []
    after = cursor
    for _ in range(_READS):
        missing = limit - len(found)
        items, after = fetch(after, max(missing, _READ_AT_LEAST) if filtered else missing)
        found += items
        if len(found) > limit:
            found, after = found[:limit], found[limit - 1].sk
        if after is None or len(found) == limit:
            break
    return Page([build(item) for item in found], after)
