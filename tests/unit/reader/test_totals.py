from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sheaf_reader.candidates import Candidate
from sheaf_reader.layout import Span
from sheaf_reader.page import Box, Word
from sheaf_reader.totals import weighed


def candidate(kind: str, value: str | Decimal, score: float = 0.8) -> Candidate:
    word = Word(str(value), Box(0, 0, 10, 10))
    return Candidate(kind, Span(str(value), (word,), 1), score, None, Decimal(value))


def scores(*candidates: Candidate) -> dict[tuple[str, str], float]:
    return {(found.kind, found.span.text): found.score for found in weighed(candidates)}


def test_amounts_that_add_up_rise_above_those_that_do_not() -> None:
    found = scores(
        candidate("SUBTOTAL", "202.76"),
        candidate("SUBTOTAL", "193.83"),
        candidate("TAX", "21.31"),
        candidate("TAX", "9.06"),
        candidate("TOTAL", "215.14"),
        candidate("TOTAL", "165.14"),
    )
    assert found["SUBTOTAL", "193.83"] > 0.9 > found["SUBTOTAL", "202.76"]
    assert found["TAX", "21.31"] > 0.9 > found["TAX", "9.06"]
    assert found["TOTAL", "215.14"] > 0.9 > found["TOTAL", "165.14"]


def test_taxes_of_two_rates_add_up_together() -> None:
    found = scores(
        candidate("SUBTOTAL", "473.00"),
        candidate("TAX", "19.25"),
        candidate("TAX", "37.62"),
        candidate("TOTAL", "529.87"),
    )
    assert min(found.values()) > 0.9


def test_a_discount_is_part_of_the_sum() -> None:
    found = scores(
        candidate("SUBTOTAL", "725.30"),
        candidate("DISCOUNT", "13.42"),
        candidate("TAX", "28.18"),
        candidate("TOTAL", "740.06"),
    )
    assert found["TOTAL", "740.06"] > 0.9


def test_credit_notes_add_up_too() -> None:
    found = scores(candidate("SUBTOTAL", "-7.67"), candidate("TAX", "-1.12"), candidate("TOTAL", "-8.79"))
    assert min(found.values()) > 0.9


def test_a_total_that_is_paid_is_likelier() -> None:
    found = scores(candidate("TOTAL", "48.34"), candidate("TOTAL", "12.00"), candidate("TENDER", "48.34"))
    assert found["TOTAL", "48.34"] > found["TOTAL", "12.00"]


amounts = st.decimals(0, 9999, places=2)
kinds = st.sampled_from(["SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE", "DISCOUNT", "ROUNDING", "TENDER"])


@given(st.lists(st.builds(candidate, kinds, amounts, st.floats(0.1, 0.95)), max_size=25))
def test_nothing_is_invented_dropped_or_out_of_range(found: list[Candidate]) -> None:
    judged = weighed(found)
    assert [(c.kind, c.value) for c in judged] == [(c.kind, c.value) for c in found]
    assert all(0 < c.score <= 1 for c in judged)


def test_totals_before_and_after_a_tip_both_add_up() -> None:
    found = scores(
        candidate("SUBTOTAL", "35.65"),
        candidate("TAX", "3.03"),
        candidate("TOTAL", "38.68"),
        candidate("GRATUITY", "7.00"),
        candidate("TOTAL", "45.68"),
    )
    assert min(found["TOTAL", "38.68"], found["TOTAL", "45.68"]) > 0.9
