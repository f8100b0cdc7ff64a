"""Patterns of numbers: what they may be, and that no two numbers of one look the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from sheaf.billing.numbering import checked, numbered, period

DAY = date(2026, 3, 7)
literals = st.text("AZaz09 ._/#-", max_size=4)
numbers = st.sampled_from(["{number}", "{number:05}", "{number:02}"])


@st.composite
def patterns(draw: st.DrawFn) -> str:
    moments = draw(st.sampled_from([[], ["{year}"], ["{year}", "{month}"]]))
    parts = draw(st.permutations([*moments, draw(numbers)]))
    return draw(literals) + "".join(part + draw(literals) for part in parts)


@given(patterns(), st.integers(1, 10**9), st.integers(1, 10**9), st.dates(), st.dates())
def test_two_numbers_look_the_same_only_if_they_are(
    pattern: str, one: int, other: int, day: date, another: date
) -> None:
    assert checked(pattern) == pattern
    same = numbered(pattern, one, day) == numbered(pattern, other, another)
    assert same == ((period(pattern, day), one) == (period(pattern, another), other))


@pytest.mark.parametrize(
    ("pattern", "text", "counted_in"),
    [
        ("INV-{year}-{number:05}", "INV-2026-00042", "2026"),
        ("{year}{month}/{number}", "202603/42", "2026-03"),
        ("No. {number}", "No. 42", ""),
    ],
)
def test_what_they_look_like(pattern: str, text: str, counted_in: str) -> None:
    assert numbered(checked(pattern), 42, DAY) == text
    assert period(pattern, DAY) == counted_in


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "INV",
        "{number",
        "number}",
        "{}",
        "{number}{number}",
        "{number:5}",
        "{number!s}",
        "{number.real}",
        "{month}{number}",
        "{year:04}{number}",
        "{day}{number}",
        "Ä{number}",
        "{number}{{}}",
        "{number:{year}}",
    ],
)
def test_what_they_must_not_be(pattern: str) -> None:
    with pytest.raises(PydanticCustomError):
        checked(pattern)
