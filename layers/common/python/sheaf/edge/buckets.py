"""Limits that are counted in memory, where no table is within reach.

Each execution environment counts for itself: a place gets as many tries as there are environments, which the
gateway's own limit of the route keeps few.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from sheaf.access.limits import Limit, in_words
from sheaf.kernel.errors import TooManyRequests

_MOST = 10_000


class Buckets:
    """When the bucket of each place is full again (GCRA, as in ``sheaf.access.limits``); of more places than
    are remembered, who was seen first is forgotten.
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._full: OrderedDict[str, datetime] = OrderedDict()

    def take(self, place: str, now: datetime) -> None:
        """Raises TooManyRequests."""
        key = self._limit.digest(place)
        full = max(self._full.pop(key, now), now) + self._limit.interval
        wait = full - now - self._limit.per
        if wait > timedelta(0):
            self._full[key] = full - self._limit.interval
            raise TooManyRequests(f"Too often: try again in {in_words(wait)}.", retry_after=wait)
        self._full[key] = full
        if len(self._full) > _MOST:
            self._full.popitem(last=False)
