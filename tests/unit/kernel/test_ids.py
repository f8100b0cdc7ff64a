"""Ids sort by time, carry their time, and say what they name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.kernel.ids import created_at, derived_id, floor_id, is_id, new_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(0, 253_402_300_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
prefixes = st.from_regex(r"[a-z]{2,4}", fullmatch=True)
facts = st.lists(st.text(max_size=20), min_size=1, max_size=3)


@given(prefixes, instants)
def test_an_id_is_recognised_by_its_prefix_alone(prefix: str, at: datetime) -> None:
    made = new_id(prefix, at)
    assert is_id(made, prefix)
    assert not is_id(made, f"{prefix}x")
    assert not is_id(made, prefix[:-1])
    assert made == made.lower()
    assert len(made) == len(prefix) + 27


@given(instants)
def test_an_id_carries_its_time_to_the_millisecond(at: datetime) -> None:
    assert created_at(new_id("doc", at)) == at
    assert created_at(derived_id("fil", at, "key", "version")) == at
    assert created_at(floor_id("aud", at)) == at


@given(instants, st.integers(0, 999))
def test_fractions_of_a_millisecond_are_cut_off(at: datetime, microseconds: int) -> None:
    assert created_at(new_id("doc", at + timedelta(microseconds=microseconds))) == at


@given(instants, instants)
def test_ids_sort_by_time(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    if earlier != later:
        assert new_id("doc", earlier) < new_id("doc", later)


@given(instants, facts)
def test_a_range_of_time_begins_at_its_floor(at: datetime, told: list[str]) -> None:
    before = at - timedelta(milliseconds=1)
    for made in (new_id("aud", at), derived_id("aud", at, *told)):
        assert floor_id("aud", at) < made < floor_id("aud", at + timedelta(milliseconds=1))
        if before >= EPOCH:
            assert floor_id("aud", before) < made


def test_a_range_may_begin_before_time_does() -> None:
    assert floor_id("aud", datetime(1, 1, 1, tzinfo=UTC)) == floor_id("aud", EPOCH)
    assert floor_id("aud", datetime(1, 1, 1, tzinfo=UTC)) < new_id("aud", EPOCH)


@given(instants, facts)
def test_the_same_facts_give_the_same_id(at: datetime, told: list[str]) -> None:
    made = derived_id("doc", at, *told)
    assert made == derived_id("doc", at, *told)
    assert is_id(made, "doc")


@given(instants, st.text(max_size=8), st.text(max_size=8))
def test_other_facts_give_another_id(at: datetime, one: str, other: str) -> None:
    if one != other:
        assert derived_id("doc", at, "key", one) != derived_id("doc", at, "key", other)
        assert derived_id("doc", at, one, "v") != derived_id("doc", at, other, "v")


@given(instants, facts)
def test_the_value_is_a_uuid_of_version_7(at: datetime, told: list[str]) -> None:
    """RFC 9562, written in Crockford's base 32."""
    for made in (new_id("doc", at), derived_id("doc", at, *told)):
        number = 0
        for character in made.partition("_")[2]:
            number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(character)
        value = UUID(int=number)
        assert (value.version, value.variant) == (7, RFC_4122)


def test_ids_of_one_instant_differ() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    assert len({new_id("doc", at) for _ in range(1000)}) == 1000


GOOD = "doc_01m7v41f00ekjaargb6fv72ggn"


def test_ids_that_are_out_there_stay_ids() -> None:
    assert is_id(GOOD, "doc")
    assert created_at(GOOD) == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "doc_",
        "doc",
        GOOD.upper(),
        GOOD.replace("doc", "Doc"),
        f" {GOOD}",
        f"{GOOD} ",
        f"{GOOD}\n",
        f"{GOOD}\x00",
        f"{GOOD}0",
        GOOD[:-1],
        f"{GOOD[:-1]}é",
        f"{GOOD[:-1]}u",
        f"{GOOD[:-1]}/",
        f"doc_8{GOOD[5:]}",
        GOOD.replace("doc", "wrk"),
        GOOD.replace("_", "-"),
        f"../{GOOD}",
        f"{GOOD[:10]}\u0661{GOOD[11:]}",
    ],
)
def test_what_is_no_id_is_not_taken_for_one(value: str) -> None:
    assert not is_id(value, "doc")


@given(st.text(max_size=40))
def test_strangers_texts_are_no_ids_and_harm_nothing(value: str) -> None:
    if is_id(value, "doc"):
        assert created_at(value) >= EPOCH
