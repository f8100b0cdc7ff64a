"""Pages of a filtered query: a filter is applied after reading, so one read may give few items or none."""

from __future__ import annotations

from collections.abc import Callable

from sheaf.kernel.pages import Page

_READS = 10
"""Queries behind one page; a filter that matches almost nothing gives a short page and a cursor."""


def collect[Item, Thing](
    fetch: Callable[[str | None, int], tuple[list[Item], str | None]],
    build: Callable[[Item], Thing],
    *,
    limit: int,
    cursor: str | None,
) -> Page[Thing]:
    """``fetch(after, count)`` answers items and where it stopped (None: at the end)."""
    found: list[Item] = []
    after = cursor
    for _ in range(_READS):
        items, after = fetch(after, limit - len(found))
        found += items
        if after is None or len(found) == limit:
            break
    return Page([build(item) for item in found], after)
