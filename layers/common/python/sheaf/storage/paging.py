"""Pages of a filtered query: a filter is applied after reading, so one read may give few items or none."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence

from sheaf.kernel.pages import Page
from sheaf.storage._table import RecordItem

_MOST_READ = 1000
"""Items that are looked at for one page; then it is short, but has a cursor."""

_LEAST_READ = 25
"""A page of results and some: fewer would only cost another request."""


def collect[Item: RecordItem, Thing](
    fetch: Callable[[str | None, int], tuple[list[Item], str | None]],
    build: Callable[[Item], Thing],
    *,
    limit: int,
    cursor: str | None,
) -> Page[Thing]:
    """``fetch(after, count)`` looks at ``count`` items and answers those that are wanted, and where it
    stopped (None: at the end). The rarer they turn out to be, the more are looked at in the next step.
    """
    found: list[Item] = []
    after, looked_at, step = cursor, 0, limit
    while True:
        items, after = fetch(after, step)
        found += items
        looked_at += step
        if len(found) > limit:
            found, after = found[:limit], found[limit - 1].sk
        missing = limit - len(found)
        if after is None or not missing or looked_at >= _MOST_READ:
            return Page([build(item) for item in found], after)
        likely = math.ceil(missing * looked_at / max(len(found), 1))
        step = min(max(likely, _LEAST_READ), _MOST_READ - looked_at)


_LEAST_OF_EACH = 8


def merge[Item: RecordItem, Thing](
    sources: Sequence[Callable[[str | None, int], tuple[list[Item], str | None]]],
    wanted: Callable[[Item], bool],
    build: Callable[[Item], Thing],
    *,
    limit: int,
    cursor: str | None,
    reverse: bool,
) -> Page[Thing]:
    """One page of several queries whose items share an order. Of each, its share of a page is read at once,
    so that at most about twice what is shown is paid for, wherever the items come from.
    """
    share = max(math.ceil(limit / len(sources)), _LEAST_OF_EACH) if sources else limit

    def walk(fetch: Callable[[str | None, int], tuple[list[Item], str | None]]) -> Iterator[Item]:
        items, after = fetch(cursor, share)
        yield from items
        while after is not None:
            items, after = fetch(after, share)
            yield from items

    found: list[Item] = []
    walks = heapq.merge(*map(walk, sources), key=lambda item: item.sk, reverse=reverse)
    for looked_at, item in enumerate(walks, 1):
        if wanted(item):
            found.append(item)
        if len(found) == limit or looked_at == _MOST_READ:
            return Page([build(each) for each in found], item.sk)
    return Page([build(each) for each in found], None)
