"""The sums of issued documents, next to a second way of adding them up: in fractions, which round nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sheaf.billing.document import Content, Discount, LineItem, Rounding, Tax, TaxCategory, Withholding
from sheaf.billing.parties import Address, Party
from sheaf.billing.sums import Totals, shared_out, totals
from sheaf.kernel.errors import InvalidRequest

DECIMALS = {"EUR": 2, "JPY": 0, "TND": 3, "CLF": 4}
SOMEBODY = Party(name="Somebody", address=Address(country="DE"))
STANDARD = Tax(rate=Decimal(19))


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False)


def content(*lines: LineItem, **said: object) -> Content:
    return Content.model_validate(
        {"seller": SOMEBODY, "buyer": SOMEBODY, "currency": "EUR", "lines": lines} | said
    )


def line(price: str, quantity: str = "1", tax: Tax = STANDARD, discount: Discount | None = None) -> LineItem:
    return LineItem(
        description="A", quantity=Decimal(quantity), unit_price=Decimal(price), tax=tax, discount=discount
    )


taxes = st.sampled_from(
    [
        *(Tax(rate=Decimal(rate)) for rate in ("5.5", "7", "19", "20.625", "100")),
        Tax(category=TaxCategory.ZERO_RATED, rate=Decimal(0)),
        Tax(category=TaxCategory.REVERSE_CHARGE, rate=Decimal(0), reason="Reverse charge"),
        Tax(category=TaxCategory.EXEMPT, rate=Decimal(0), reason="Exempt"),
        Tax(category=TaxCategory.EXEMPT, rate=Decimal(0), reason="Exempt for another reason"),
    ]
)
discounts = st.none() | st.one_of(
    st.builds(Discount, percent=decimals("0.001", "100", 3)),
    st.builds(Discount, amount=decimals("0.0001", "500", 4)),
)
line_items = st.builds(
    LineItem,
    description=st.just("A"),
    quantity=decimals("-3", "99999999", 4) | decimals("0", "20", 0),
    unit_price=decimals("0", "9999999999", 6) | decimals("0", "200", 2),
    discount=discounts,
    tax=taxes,
)
contents = st.builds(
    Content,
    seller=st.just(SOMEBODY),
    buyer=st.just(SOMEBODY),
    currency=st.sampled_from(sorted(DECIMALS)),
    lines=st.lists(line_items, max_size=8).map(tuple),
    discount=discounts,
    withholding=st.none() | st.builds(Withholding, percent=decimals("0.001", "100", 3), label=st.just("W")),
    rounding=st.sampled_from(Rounding),
)


class Refused(Exception):
    """The second way says that there is no such document."""


def nearest(value: Fraction, places: int) -> Fraction:
    """Half of a unit goes away from zero."""
    units = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(units if value >= 0 else -units, 10**places)


def taken_off(discount: Discount | None, of: Fraction, places: int) -> Fraction:
    if discount is None:
        return Fraction(0)
    if discount.percent is not None:
        return nearest(of * Fraction(discount.percent) / 100, places)
    found = nearest(Fraction(discount.amount or 0), places)
    if found > of:
        raise Refused
    return found


def oracle(said: Content) -> dict[str, Fraction]:
    """Subtotal, discount, net, tax, total, withheld, payable."""
    places = DECIMALS[said.currency]
    nets = []
    for each in said.lines:
        gross = nearest(Fraction(each.quantity) * Fraction(each.unit_price), places)
        off = taken_off(each.discount, abs(gross), places)
        nets.append(gross + off if gross < 0 else gross - off)
    subtotal = sum(nets, Fraction(0))
    discount = taken_off(said.discount, subtotal, places)
    bases = [net - share for net, share in zip(nets, portions(discount, nets, places), strict=True)]
    groups: dict[tuple[str, Decimal], list[Fraction]] = {}
    for each, base in zip(said.lines, bases, strict=True):
        groups.setdefault((each.tax.category, each.tax.rate), []).append(base)
    tax = Fraction(0)
    for (_, rate), members in groups.items():
        taxed = members if said.rounding is Rounding.PER_LINE else [sum(members, Fraction(0))]
        tax += sum((nearest(base * Fraction(rate) / 100, places) for base in taxed), Fraction(0))
    net = subtotal - discount
    share = Fraction(said.withholding.percent) if said.withholding else Fraction(0)
    withheld = nearest(net * share / 100, places)
    if not 0 <= net <= 10**15 or net + tax < withheld:
        raise Refused
    return {
        "subtotal": subtotal,
        "discount": discount,
        "net": net,
        "tax": tax,
        "total": net + tax,
        "withheld": withheld,
        "payable": net + tax - withheld,
    }


def portions(amount: Fraction, weights: list[Fraction], places: int) -> list[Fraction]:
    """Unit by unit: whoever is furthest behind their due gets the next one."""
    whole = sum(weights, Fraction(0))
    if not whole or not amount:
        return [Fraction(0) for _ in weights]
    unit = Fraction(1, 10**places)
    due = [amount * weight / whole for weight in weights]
    given = [floor(each / unit) * unit for each in due]
    while sum(given) < amount:
        behind = max(range(len(due)), key=lambda at: (due[at] - given[at], -at))
        given[behind] += unit
    return given


@given(contents)
@example(content())
@example(content(line("0.005"), line("0.005"), rounding=Rounding.PER_LINE))
@example(content(line("1"), line("1"), line("1"), discount=Discount(amount=Decimal("0.01"))))
@example(content(line("1"), line("4"), line("1"), currency="JPY", discount=Discount(amount=Decimal(2))))
@example(content(line("100"), line("99", "-1"), discount=Discount(percent=Decimal("33.333"))))
def test_both_ways_come_to_the_same(said: Content) -> None:
    try:
        expected = oracle(said)
    except Refused:
        with pytest.raises(InvalidRequest):
            totals(said)
        return
    found = totals(said)
    assert {name: Fraction(getattr(found, name)) for name in expected} == expected


@given(contents)
def test_the_parts_add_up_to_the_whole(said: Content) -> None:
    found = made(said)
    assert sum(each.net for each in found.lines) == found.subtotal
    assert sum(each.base for each in found.taxes) == found.net == found.subtotal - found.discount
    assert sum(each.amount for each in found.taxes) == found.tax
    assert sum(each.discount for each in found.taxes) == found.discount
    assert found.payable + found.withheld == found.total == found.net + found.tax
    assert len({(each.tax.category, each.tax.rate) for each in found.taxes}) == len(found.taxes)


@given(contents)
def test_every_amount_is_in_whole_minor_units_and_none_is_a_negative_zero(said: Content) -> None:
    found = made(said)
    unit = Decimal(1).scaleb(-DECIMALS[said.currency])
    whole = [value for value in vars(found).values() if isinstance(value, Decimal)]
    of_lines = [amount for each in found.lines for amount in (each.gross, each.discount, each.net)]
    of_taxes = [amount for each in found.taxes for amount in (each.discount, each.base, each.amount)]
    for amount in (*whole, *of_lines, *of_taxes):
        assert amount % unit == 0
        assert amount or not amount.is_signed()


@given(
    st.lists(decimals("-50", "50", 2), min_size=1, max_size=12),
    decimals("0", "1", 4),
)
def test_shares_add_up_and_are_less_than_a_unit_from_what_is_due(
    weights: list[Decimal], share: Decimal
) -> None:
    whole = sum(weights, Decimal(0))
    assume(whole > 0)
    amount = (whole * share).quantize(Decimal("0.01"))
    found = shared_out(amount, weights, "EUR")
    assert sum(found) == amount
    for part, weight in zip(found, weights, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(weight) / Fraction(whole)) < Fraction(1, 100)


def test_of_equal_claims_the_first_gets_the_odd_cent() -> None:
    shares = shared_out(Decimal("0.02"), [Decimal(1), Decimal(4), Decimal(1)], "EUR")
    assert shares == [Decimal("0.01"), Decimal("0.01"), 0]
    assert shared_out(Decimal("0.01"), [Decimal(1)] * 3, "EUR") == [Decimal("0.01"), 0, 0]


def test_where_tax_is_rounded_makes_a_difference() -> None:
    lines = [line("0.13")] * 3
    assert totals(content(*lines, rounding=Rounding.PER_LINE)).tax == Decimal("0.06")
    assert totals(content(*lines, rounding=Rounding.PER_TOTAL)).tax == Decimal("0.07")


def test_a_group_keeps_the_first_reason() -> None:
    none, some = (Tax(category=TaxCategory.EXEMPT, rate=Decimal(0), reason=r) for r in (None, "Because"))
    (group,) = totals(content(line("1", tax=none), line("2", tax=some))).taxes
    assert (group.tax.reason, group.base) == ("Because", 3)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (content(line("1", discount=Discount(amount=Decimal("1.01")))), "lines.0.discount"),
        (content(line("1"), discount=Discount(amount=Decimal(2))), "discount"),
        (content(line("1", "-1")), "lines"),
        (content(line("9999999999", "99999999")), "lines"),
        (
            content(
                line("200", tax=Tax(category=TaxCategory.ZERO_RATED, rate=Decimal(0))),
                line("100", "-1", tax=Tax(rate=Decimal(20))),
                withholding=Withholding(percent=Decimal(100), label="All of it"),
            ),
            "lines",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(said: Content, field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        totals(said)
    assert [error["field"] for error in refusal.value.errors] == [field]


@pytest.mark.parametrize("quantity", ["1E+2", "-0"])
def test_numbers_are_kept_as_they_are_shown(quantity: str) -> None:
    assert "E" not in str(line("1", quantity).quantity)
    assert not line("1", "-0").quantity.is_signed()


def made(said: Content) -> Totals:
    try:
        return totals(said)
    except InvalidRequest:
        assume(condition=False)
        raise
