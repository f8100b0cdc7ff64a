"""How much an answer may differ from its label."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sheaf_cli.evaluation.scoring import Lines, amount, is_right, match_lines


@pytest.mark.parametrize(
    ("field", "given", "label", "right"),
    [
        ("total", "82003.30", "82003.3", True),
        ("total", "9", "9.00", True),
        ("total", "10.004", "10", True),
        ("total", "10.005", "10", False),
        ("total", "-119.00", "119.00", False),
        ("total", "12,50", "12.50", False),
        ("total", "NaN", "12.50", False),
        ("tax", "0.00", "0", True),
        ("invoice_date", "2026-04-17", "2026-04-17", True),
        ("invoice_date", "2026-4-17", "2026-04-17", False),
        ("currency", "EUR", "EUR", True),
        ("currency", "eur", "EUR", False),
        ("invoice_number", "fa02 2015 020059", "FA02/2015/020059", True),
        ("invoice_number", "020059", "FA02/2015/020059", False),
        ("vendor", "Müller & Söhne GmbH", "MÜLLER&SÖHNE GMBH.", True),
        ("vendor", "Kunden AG", "Kunden AG Mitte", True),
        ("vendor", "Kunden AG Mitte, Abt. 4", "Kunden AG Mitte", True),
        ("vendor", "AG", "Kunden AG", False),
        ("vendor", "B&B", "B & B", True),
        ("vendor", "Kunden GmbH", "Kunden AG", False),
        ("buyer", "Kunden AG", "Kunden AG Mitte", True),
        ("vendor", "—", "Kunden AG", False),
    ],
)
def test_one_label(field: str, given: str, label: str, right: bool) -> None:
    assert is_right(field, given, [label]) is right


def test_any_accepted_value_is_right() -> None:
    assert is_right("invoice_date", "2026-03-04", ("2026-04-03", "2026-03-04"))
    assert is_right("tax", "3.10", ("2.90", "3.1"))


def _offered(*amounts: str | None) -> list[dict[str, str]]:
    return [{"description": "Oak", **({"amount": value} if value else {})} for value in amounts]


def test_lines_answer_in_any_order_and_once_each() -> None:
    wanted = [Decimal("5.00"), Decimal("5.00"), Decimal("7.50")]
    assert match_lines(wanted, _offered("7.5", "5")) == Lines(found=2, wanted=3, offered=2)
    assert match_lines(wanted, _offered("5", "5", "5", "7.50")) == Lines(found=3, wanted=3, offered=4)


def test_a_line_without_an_amount_is_offered_all_the_same() -> None:
    lines = match_lines([Decimal("5.00")], _offered("5.00", None))
    assert (lines.recall, lines.precision) == (1.0, 0.5)


def test_shares_of_nothing_are_unknown() -> None:
    assert (Lines().recall, Lines().precision) == (None, None)


@pytest.mark.parametrize("value", [None, "", "12,50", "Infinity", "1e99"])
def test_no_amount(value: str | None) -> None:
    assert amount(value) is None
