"""Buckets of tries, each moved by one conditional write: a burst of requests cannot overdraw one."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBConnectionError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from sheaf.access.limits import Limit
from sheaf.kernel.clock import Clock
from sheaf.kernel.errors import TooManyRequests
from sheaf.storage._credentials import ThrottleItem
from sheaf.storage.codec import instant, milliseconds, seconds


class Throttles:
    """Not part of anybody's transaction: what is refused, or fails, was tried all the same."""

    def __init__(self, connection: Connection, table: str, clock: Clock) -> None:
        self._connection = connection
        self._table = table
        self._clock = clock

    def take(self, limit: Limit, key: str) -> None:
        """Raises TooManyRequests when there is nothing left."""
        now = self._clock.now()
        full, step = ThrottleItem.full, _milliseconds(limit.interval)
        is_full = full.does_not_exist() | (full <= milliseconds(now))
        if self._moved(limit, key, full.set(milliseconds(now) + step), is_full):
            return
        latest = milliseconds(now + limit.per) - step
        goes_on = (full > milliseconds(now)) & (full <= latest)
        if not self._moved(limit, key, full.set(full + step), goes_on):
            raise TooManyRequests(
                "That was tried too often. Wait a little.", retry_after=self._wait(limit, key, now)
            )

    def give_back(self, limit: Limit, key: str) -> None:
        """A try that was good does not count."""
        full = ThrottleItem.full
        self._moved(limit, key, full.set(full - _milliseconds(limit.interval)), full.exists())

    def _wait(self, limit: Limit, key: str, now: datetime) -> timedelta:
        answer = self._connection.get_item(
            self._table, f"THROTTLE#{limit.digest(key)}", ThrottleItem.KIND, consistent_read=True
        )
        if "Item" not in answer:
            return limit.interval
        item = ThrottleItem.from_raw_data(answer["Item"])
        return max(instant(item.full) + limit.interval - limit.per - now, timedelta(seconds=1))

    def _moved(self, limit: Limit, key: str, move: Action, condition: Condition) -> bool:
        ttl = seconds(self._clock.now() + 2 * limit.per)
        try:
            self._connection.update_item(
                self._table,
                f"THROTTLE#{limit.digest(key)}",
                ThrottleItem.KIND,
                actions=[move, ThrottleItem.ttl.set(ttl)],
                condition=condition,
            )
        except PynamoDBConnectionError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
