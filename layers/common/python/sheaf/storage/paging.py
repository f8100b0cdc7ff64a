"""Pages of a filtered query: a filter is applied after reading, so one read may give few items or none."""

from __future__ import annotations

import math
from collections.abc import Callable

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
