"""The VAT calculator: a form without script that answers with a page."""

from __future__ import annotations

import pytest

from tests.builders.world import World

CALCULATOR = "GET /tools/vat-calculator"


def test_the_form_stands_alone_and_runs_no_script(world: World) -> None:
    reply = world.call(None, CALCULATOR)
    assert reply.status == 200
    assert 'method="get"' in reply.text
    assert "<script" not in reply.text
    assert "Result" not in reply.text


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({"amount": "1234.50", "rate": "19"}, ("1,234.50", "234.56", "1,469.06")),
        ({"amount": "119", "rate": "19", "amount_is": "gross"}, ("100.00", "19.00", "119.00")),
        ({"amount": " 100,00 ", "rate": "5,5"}, ("100.00", "5.50", "105.50")),
        ({"amount": "10", "rate": "0"}, ("10.00", "0.00", "10.00")),
    ],
)
def test_it_puts_tax_on_and_takes_it_out(world: World, asked: dict[str, str], parts: tuple[str, ...]) -> None:
    page = world.call(None, CALCULATOR, query=asked).text
    assert [cell.partition("<")[0] for cell in page.split("<td>")[1:]] == list(parts)


@pytest.mark.parametrize("amount", ["x", "-1", "1,234.50", "1e9", "٣", "NaN", "9" * 13, '"><b>'])
def test_what_is_no_number_is_told_on_the_page(world: World, amount: str) -> None:
    reply = world.call(None, CALCULATOR, query={"amount": amount, "rate": "19"})
    assert reply.status == 200
    assert 'role="alert"' in reply.text
    assert "<b>" not in reply.text
    assert "Result" not in reply.text


def test_a_rate_is_at_most_all_of_it(world: World) -> None:
    assert 'role="alert"' in world.call(None, CALCULATOR, query={"amount": "1", "rate": "101"}).text
