"""DynamoDB's request units, worked out from items: what a call costs, exactly, without asking AWS.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
Indexes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations

Where those pages are vague, what others measured on the real service is followed: an index is charged for
the change to what it stores, and once, also when the write was part of a transaction
(https://github.com/nubo-db/dynoxide/pull/188); a ConditionCheck costs a write
(https://github.com/paritysuite/dynamodb-conformance/pull/67); the two sides of a number's point are
rounded separately (https://github.com/nubo-db/dynoxide/pull/195). A set is sized like a list, which no
page says: never too small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

type Value = Mapping[str, Any]
type Item = Mapping[str, Value]

READ_UNIT = 4096
WRITE_UNIT = 1024
TRANSACTIONAL = 2
"""A transaction prepares and commits: it writes everything twice."""

_COLLECTION = 3
_ELEMENT = 1


def item_size(item: Item) -> int:
    """Bytes, names included; ``item`` in the shape of the wire, ``{"pk": {"S": "..."}}``."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def read_units(size: int, *, consistent: bool) -> float:
    """For one item, or for all items of one query together. What is not there costs as much as 4 KB."""
    units = _rounded_up(size, READ_UNIT)
    return float(units) if consistent else units / 2


def write_units(before: Item | None, after: Item | None) -> int:
    """For one item of a table: the larger of its images counts, and a write of nothing is one unit."""
    return max(_rounded_up(item_size(image or {}), WRITE_UNIT) for image in (before, after))


@dataclass(frozen=True)
class Index:
    """``keys``: its own key attributes; ``projected``: the others it holds, None for all of them."""

    name: str
    keys: tuple[str, ...]
    projected: frozenset[str] | None


@dataclass(frozen=True)
class Table:
    name: str
    keys: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    def key_of(self, item: Item) -> dict[str, Value]:
        return {name: item[name] for name in self.keys}

    def entry(self, index: Index, item: Item | None) -> dict[str, Value] | None:
        """What the index stores of an item; None when the item lacks one of the index's keys."""
        if item is None or any(name not in item for name in index.keys):
            return None
        if index.projected is None:
            return dict(item)
        kept = {*self.keys, *index.keys, *index.projected}
        return {name: value for name, value in item.items() if name in kept}

    def index_units(self, before: Item | None, after: Item | None) -> int:
        """What a write costs in all indexes: nothing where none of what an index stores has changed."""
        return sum(
            _entry_units(index, self.entry(index, before), self.entry(index, after)) for index in self.indexes
        )


def _entry_units(index: Index, before: Item | None, after: Item | None) -> int:
    if before == after:
        return 0
    images = [image for image in (before, after) if image is not None]
    units = [_rounded_up(item_size(image), WRITE_UNIT) for image in images]
    moved = before is not None and after is not None and any(before[key] != after[key] for key in index.keys)
    return sum(units) if moved else max(units)


def _value_size(value: Value) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode() if kind == "S" else content)
        case "N":
            return _number_size(content)
        case "BOOL" | "NULL":
            return 1
        case "M":
            return _COLLECTION + item_size(content) + _ELEMENT * len(content)
        case "L":
            return _collection_size(content)
        case "SS" | "NS" | "BS":
            return _collection_size([{kind[0]: element} for element in content])
    raise ValueError(f"DynamoDB has no type {kind}")


def _collection_size(elements: Sequence[Value]) -> int:
    return _COLLECTION + sum(_ELEMENT + _value_size(element) for element in elements)


def _number_size(text: str) -> int:
    """One byte, and one for every two significant digits on either side of the point; one for a minus."""
    whole, _, fraction = format(abs(Decimal(text)), "f").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    if not fraction:
        whole = whole.rstrip("0")
    if not whole:
        fraction = fraction.lstrip("0")
    return 1 + -(-len(whole) // 2) + -(-len(fraction) // 2) + (Decimal(text) < 0)


def _rounded_up(size: int, unit: int) -> int:
    return max(1, -(-size // unit))
