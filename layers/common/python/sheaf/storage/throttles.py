"""Buckets of tries, each moved by one conditional write: a burst of requests cannot overdraw one."""

from __future__ import annotations

from datetime import datetime, timedelta

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBConnectionError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from sheaf.access.limits import Allowance, Limit, in_words
from sheaf.kernel.clock import Clock
from sheaf.kernel.errors import TooManyRequests
from sheaf.storage._table import ThrottleItem
from sheaf.storage.codec import instant, milliseconds, seconds

_REMEMBERED = 1000
type _Try = tuple[Action, Condition]


class Throttles:
    """Not part of anybody's transaction: what is refused, or fails, was tried all the same."""

    def __init__(self, connection: Connection, table: str, clock: Clock) -> None:
        self._connection = connection
        self._table = table
        self._clock = clock
        self._last_seen: dict[tuple[str, str], datetime] = {}

    def take(self, limit: Limit, key: str, *, tries: int = 1) -> Allowance:
        """What is left. Raises TooManyRequests when there are not so many; then none is taken."""
        now = self._clock.now()
        full, step = ThrottleItem.full, _milliseconds(limit.interval * tries)
        latest = milliseconds(now + limit.per) - step
        begins = full.set(milliseconds(now) + step), full.does_not_exist() | (full <= milliseconds(now))
        goes_on = full.set(full + step), (full > milliseconds(now)) & (full <= latest)
        for move, condition in self._likelier_first(begins, goes_on, limit, key, now):
            moved = self._moved(limit, key, move, condition)
            if moved is not None:
                self._remember(limit, key, moved)
                return Allowance(limit, int((now + limit.per - moved) / limit.interval), moved - now)
        wait = self._wait(limit, key, now, tries)
        raise TooManyRequests(f"That was tried too often. Try again in {in_words(wait)}.", retry_after=wait)

    def give_back(self, limit: Limit, key: str) -> None:
        """A try that was good does not count."""
        full = ThrottleItem.full
        self._moved(limit, key, full.set(full - _milliseconds(limit.interval)), full.exists())

    def _likelier_first(
        self, begins: _Try, goes_on: _Try, limit: Limit, key: str, now: datetime
    ) -> tuple[_Try, _Try]:
        """A write whose condition fails is paid for, too."""
        is_under_way = self._last_seen.get((limit.name, key), now) > now
        return (goes_on, begins) if is_under_way else (begins, goes_on)

    def _remember(self, limit: Limit, key: str, full: datetime) -> None:
        if len(self._last_seen) >= _REMEMBERED:
            self._last_seen.clear()
        self._last_seen[limit.name, key] = full

    def _wait(self, limit: Limit, key: str, now: datetime, tries: int) -> timedelta:
        answer = self._connection.get_item(
            self._table, f"THROTTLE#{limit.digest(key)}", ThrottleItem.KIND, consistent_read=True
        )
        if "Item" not in answer:
            return limit.interval * tries
        item = ThrottleItem.from_raw_data(answer["Item"])
        return max(instant(item.full) + limit.interval * tries - limit.per - now, timedelta(seconds=1))

    def _moved(self, limit: Limit, key: str, move: Action, condition: Condition) -> datetime | None:
        """When the bucket is full now; None when the condition did not hold."""
        ttl = seconds(self._clock.now() + 2 * limit.per)
        try:
            answer = self._connection.update_item(
                self._table,
                f"THROTTLE#{limit.digest(key)}",
                ThrottleItem.KIND,
                actions=[move, ThrottleItem.ttl.set(ttl)],
                condition=condition,
                return_values="UPDATED_NEW",
            )
        except PynamoDBConnectionError as error:
            answered = isinstance(error.cause, ClientError)  # what got no answer has no code to ask for
            if answered and error.cause_response_code == "ConditionalCheckFailedException":
                return None
            raise
        return instant(float(answer["Attributes"][ThrottleItem.full.attr_name]["N"]))


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
