from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.exports.cells import decimal_of, inert, one_line, printable


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rtext", "\ttext", "  =1", "\n=1", "\N{NO-BREAK SPACE}+1",
        "\N{FULLWIDTH EQUALS SIGN}1", "\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1", "\N{FULLWIDTH COMMERCIAL AT}a",
        " \N{FULLWIDTH EQUALS SIGN}1", "\ufeff=1", "\u200b=1", "\N{MINUS SIGN}1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert inert(text) == f"'{printable(text)}"


@pytest.mark.parametrize("text", ["", "Acme", "a=b", "1+1", "'quoted", "日本", "(5)", " Acme"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@given(st.text())
def test_nothing_begins_like_a_formula(text: str) -> None:
    assert not inert(text).lstrip().startswith(("=", "+", "-", "@"))
    assert "\x00" not in inert(text)


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["1e5", "1,5", "NaN", "٣", "", " 1", "1.", "0x1", "-", None])
def test_what_is_no_plain_decimal_is_none(text: str | None) -> None:
    assert decimal_of(text) is None
