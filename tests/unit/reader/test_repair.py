"""Amounts and dates in which recognition took one character for another."""

from __future__ import annotations

import pytest

from sheaf_reader.repair import repaired, with_dollar_signs


@pytest.mark.parametrize(
    ("recognised", "printed"),
    [
        ("RMO.00", "RM0.00"),
        ("170.0C", "170.00"),
        ("S12.50", "$12.50"),
        ("0ct30'18", "Oct30'18"),
        ("07-03-201o", "07-03-2010"),
        ("O1/12/2019", "01/12/2019"),
        ("oil", "oil"),
        ("B-1/2", "B-1/2"),
        ("Boil", "Boil"),
    ],
)
def test_one_character_for_another(recognised: str, printed: str) -> None:
    assert repaired(recognised) == printed


def test_a_digit_that_is_a_dollar_sign_elsewhere_is_one_here() -> None:
    page = ["$16.90", "814.90", "Subtotal", "869.60", "Total", "$69.60", "011.90"]
    assert with_dollar_signs(page) == [
        "$16.90", "$14.90", "Subtotal", "$69.60", "Total", "$69.60", "$11.90",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        ["814.90", "85.00", "869.60"],
        ["$16.90", "$24.10", "Total", "841.00"],
        ["$5.00", "85.00"],
    ],
)
def test_without_proof_a_digit_stays(page: list[str]) -> None:
    assert with_dollar_signs(page) == page
