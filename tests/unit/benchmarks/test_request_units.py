"""The published figures rest on this arithmetic: sizes and units as AWS documents and charges them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.request_units import Index, Table, item_size, read_units, write_units

EVERYTHING = Index("status", ("status_pk", "sk"), None)
KEYS_ONLY = Index("due", ("due_pk", "due_on"), frozenset())
TABLE = Table("records", ("pk", "sk"), (EVERYTHING, KEYS_ONLY))


def record(**attributes: str) -> dict[str, Any]:
    return {"pk": {"S": "w#DOC"}, "sk": {"S": "1"}} | {name: {"S": text} for name, text in attributes.items()}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "hello"}, 5),
        ({"S": "Müller"}, 7),
        ({"B": b"\x00" * 32}, 32),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "42"}, 2),
        ({"N": "123"}, 3),
        ({"N": "1200"}, 2),
        ({"N": "0.0042"}, 2),
        ({"N": "1.5"}, 3),
        ({"N": "-1.5"}, 4),
        ({"N": "1E3"}, 2),
        ({"N": "1795253400123"}, 8),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + (1 + 2) + (1 + 2)),
        ({"M": {}}, 3),
        ({"M": {"name": {"S": "ab"}}}, 3 + 1 + 4 + 2),
        ({"SS": ["ab", "c"]}, 3 + (1 + 2) + (1 + 1)),
        ({"NS": ["12"]}, 3 + 1 + 2),
    ],
)
def test_an_attribute_is_its_name_and_its_value(value: dict[str, Any], size: int) -> None:
    assert item_size({"né": value}) == 3 + size


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no type X"):
        item_size({"a": {"X": 1}})


@pytest.mark.parametrize(
    ("size", "consistent", "eventual"),
    [(0, 1, 0.5), (1, 1, 0.5), (4096, 1, 0.5), (4097, 2, 1), (20480, 5, 2.5), (20481, 6, 3)],
)
def test_reads_are_rounded_up_to_4_kb(size: int, consistent: float, eventual: float) -> None:
    assert read_units(size, consistent=True) == consistent
    assert read_units(size, consistent=False) == eventual


def test_writes_are_rounded_up_to_1_kb_of_the_larger_image() -> None:
    small, large = record(a="x"), record(a="x" * 2000)
    assert write_units(None, small) == 1
    assert write_units(None, large) == 2
    assert write_units(large, small) == 2
    assert write_units(large, None) == 2
    assert write_units(None, None) == 1


@pytest.mark.parametrize(("length", "units"), [(1013, 1), (1014, 2)])
def test_a_kilobyte_is_1024_bytes_with_the_keys(length: int, units: int) -> None:
    assert write_units(None, record(a="x" * length)) == units


def test_an_item_outside_every_index_costs_nothing_there() -> None:
    assert TABLE.index_units(record(a="1"), record(a="2")) == 0
    assert TABLE.index_units(None, None) == 0


def test_joining_and_leaving_an_index_is_one_write_of_the_entry() -> None:
    assert TABLE.index_units(None, record(status_pk="ready")) == 1
    assert TABLE.index_units(record(), record(status_pk="ready")) == 1
    assert TABLE.index_units(record(status_pk="ready", a="x" * 2500), None) == 3


def test_an_index_that_holds_everything_follows_every_change() -> None:
    before, after = record(status_pk="ready", a="1"), record(status_pk="ready", a="x" * 1500)
    assert TABLE.index_units(before, after) == 2
    assert TABLE.index_units(after, before) == 2
    assert TABLE.index_units(before, before) == 0


def test_another_index_key_is_a_delete_and_a_put() -> None:
    before, after = record(status_pk="ready", a="x" * 1500), record(status_pk="failed")
    assert TABLE.index_units(before, after) == 2 + 1


def test_an_index_of_keys_is_sized_by_its_keys_and_follows_only_them() -> None:
    before = record(due_pk="DUE", due_on="2033-01-01", a="x" * 3000)
    assert TABLE.index_units(None, before) == 1
    assert TABLE.index_units(before, before | {"a": {"S": "y"}}) == 0
    assert TABLE.index_units(before, before | {"due_on": {"S": "2029-01-01"}}) == 2


def test_an_entry_holds_the_keys_of_both_and_what_is_projected() -> None:
    some = Index("some", ("status_pk", "sk"), frozenset({"a"}))
    item = record(status_pk="ready", a="1", b="2")
    assert TABLE.entry(some, item) == record(status_pk="ready", a="1")
    assert TABLE.entry(some, record(a="1")) is None
