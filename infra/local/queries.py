"""Queries of the embedded tables at a bearable price.

For each query ministack 1.5.33 sorts a whole partition, then evaluates the key condition item by item: 0.1 ms
each, 100 s where there are a million. Here the page is found by its keys first, and ministack answers as if
there were nothing else. What is asked in another way than PynamoDB does is left to it as it is.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
Items = Mapping[str, Mapping[str, Json]]
"""Partition key → sort key → item."""

Place = tuple[str, str, str]
"""What an item is sorted by, and the keys that it has in the table."""

_CONDITION = re.compile(
    r"\(?(?P<hash>#\w+) = (?P<partition>:\w+)"
    r"(?: AND (?:begins_with \((?P<prefixed>#\w+), (?P<prefix>:\w+)\)"
    r"|(?P<ranged>#\w+) BETWEEN (?P<low>:\w+) AND (?P<high>:\w+)))?\)?"
)


@dataclass(frozen=True)
class Keys:
    """The attributes a table, or an index, is partitioned and sorted by."""

    partition: str
    sort: str


@dataclass(frozen=True)
class Wanted:
    partition: str
    prefix: str
    low: str | None
    high: str | None

    def holds(self, sort: str) -> bool:
        return (
            sort.startswith(self.prefix)
            and (self.low is None or self.low <= sort)
            and (self.high is None or sort <= self.high)
        )


def install() -> None:
    from ministack.services import dynamodb

    dynamodb._query = _of_less(dynamodb, dynamodb._query)  # noqa: SLF001


def _of_less(dynamodb: Any, query: Callable[[Json], Json]) -> Callable[[Json], Json]:
    def answer(request: Json) -> Json:
        name = request.get("TableName")
        table = dynamodb._tables.get(name)  # noqa: SLF001
        items = _page(dynamodb, table, request) if table else None
        if items is None:
            return query(request)
        dynamodb._tables[name] = {**table, "items": items}  # noqa: SLF001
        try:
            return query(request)
        finally:
            dynamodb._tables[name] = table  # noqa: SLF001

    return answer


def _page(dynamodb: Any, table: Json, request: Json) -> Items | None:
    """None: what is wanted cannot be told."""
    index = request.get("IndexName")
    own = Keys(table["pk_name"], table["sk_name"])
    keys = Keys(*dynamodb._resolve_index_keys(table, index)[:2])  # noqa: SLF001
    names = {*vars(own).values(), *vars(keys).values()}
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    wanted = wanted_of(request, keys)
    if wanted is None or any(types.get(name) != "S" for name in names):
        return None
    stored: Items = table["items"]
    if index:
        members = dynamodb._index_members(table)[index].get(wanted.partition, ())  # noqa: SLF001
        places = ((stored[pk][sk][keys.sort]["S"], pk, sk) for pk, sk in members)
    else:
        places = ((sk, wanted.partition, sk) for sk in stored.get(wanted.partition, ()))
    start = request.get("ExclusiveStartKey")
    after = (
        tuple(start.get(name, {}).get("S", "") for name in (keys.sort, own.partition, own.sort))
        if start
        else None
    )
    found: dict[str, dict[str, Json]] = {}
    for _, pk, sk in page_of(
        (place for place in places if wanted.holds(place[0])),
        after=after,
        limit=request.get("Limit"),
        forward=request.get("ScanIndexForward", True),
    ):
        found.setdefault(pk, {})[sk] = stored[pk][sk]
    return found


def wanted_of(request: Json, keys: Keys) -> Wanted | None:
    match = _CONDITION.fullmatch(request.get("KeyConditionExpression") or "")
    if match is None or request.get("KeyConditions"):
        return None
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    sorted_by = match["prefixed"] or match["ranged"]
    if names.get(match["hash"]) != keys.partition or (sorted_by and names.get(sorted_by) != keys.sort):
        return None
    texts = {name: values.get(match[name], {}).get("S") for name in ("partition", "prefix", "low", "high")}
    if any(match[name] and not text for name, text in texts.items()):
        return None
    return Wanted(texts["partition"], texts["prefix"] or "", texts["low"], texts["high"])


def page_of(places: Iterable[Place], *, after: Any, limit: int | None, forward: bool) -> Iterator[Place]:
    """The first ``limit`` of them in their order, ``after`` a place; all, where no limit is asked for."""
    rest = iter(places)
    if after is not None:
        rest = (place for place in rest if (place > after if forward else place < after))
    if not isinstance(limit, int) or limit < 1:
        return rest
    return iter(heapq.nsmallest(limit, rest) if forward else heapq.nlargest(limit, rest))
