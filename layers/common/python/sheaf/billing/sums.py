"""The sums of an issued document: the one place that adds, rounds and taxes.

The net amount of a line is rounded to the currency's minor unit, and a discount on the whole is shared out
over the lines to the last unit: so the parts of a document always add up to its total (EN 16931, BR-CO-10 to
BR-CO-16).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from sheaf.billing.document import Content, Discount, LineItem, Rounding, Tax, TaxCategory
from sheaf.kernel.errors import InvalidRequest
from sheaf.kernel.money import exponent, quantize

_ZERO = Decimal(0)
_DIGITS = 60
_MOST = Decimal(10) ** 15


@dataclass(frozen=True)
class LineSum:
    """``gross`` is quantity times price, ``net`` what is left after the line's own discount."""

    gross: Decimal
    discount: Decimal
    net: Decimal


@dataclass(frozen=True)
class TaxSum:
    """``base`` is what is taxed, after discounts; ``discount`` the share of the document's discount in it."""

    tax: Tax
    discount: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """``subtotal`` is the sum of the lines, ``net`` that without the discount on the whole, ``total`` with
    tax; ``payable`` is the total without what the buyer withholds.
    """

    lines: tuple[LineSum, ...]
    taxes: tuple[TaxSum, ...]
    subtotal: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    withheld: Decimal
    payable: Decimal


def totals(content: Content) -> Totals:
    """Raises InvalidRequest: a discount above what it is taken off, a total below zero or without measure."""
    with localcontext(prec=_DIGITS):
        currency = content.currency
        lines = tuple(
            line_sum(line, currency, f"lines.{number}") for number, line in enumerate(content.lines)
        )
        subtotal = _sum(line.net for line in lines)
        discount = _discount(content.discount, subtotal, currency, "discount")
        shares = shared_out(discount, [line.net for line in lines], currency)
        taxes = _taxes(content, lines, shares)
        net = subtotal - discount
        tax = _sum(each.amount for each in taxes)
        withheld = _share(net, content.withholding.percent, currency) if content.withholding else _ZERO
        if not _ZERO <= net <= _MOST or net + tax - withheld < 0:
            raise _refused("lines", "The sum is below zero or absurdly large")
        return Totals(
            lines=lines,
            taxes=taxes,
            subtotal=subtotal,
            discount=discount,
            net=net,
            tax=tax,
            total=net + tax,
            withheld=withheld,
            payable=net + tax - withheld,
        )


def shared_out(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """``amount`` in shares that are in proportion to ``weights`` and add up to it: the units that rounding
    down leaves go to the largest remainders, the first of equals first.

    All are whole minor units of the currency, and it is in those that they are divided: nothing is inexact.
    """
    places = exponent(currency)
    units = [int(weight.scaleb(places)) for weight in weights]
    whole, rest = sum(units), int(amount.scaleb(places))
    if not rest or not whole:
        return [_ZERO for _ in weights]
    parts = [divmod(rest * unit * (1 if whole > 0 else -1), abs(whole)) for unit in units]
    shares = [share for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: -parts[at][1])
    for at in by_remainder[: rest - sum(shares)]:
        shares[at] += 1
    return [Decimal(share).scaleb(-places) for share in shares]


def line_sum(line: LineItem, currency: str, field: str = "line") -> LineSum:
    """Raises InvalidRequest: a discount above what it is taken off."""
    gross = _rounded(line.quantity * line.unit_price, currency)
    discount = _discount(line.discount, abs(gross), currency, f"{field}.discount")
    discount = -discount if gross < 0 else discount
    return LineSum(gross=gross, discount=discount, net=gross - discount)


def _discount(discount: Discount | None, of: Decimal, currency: str, field: str) -> Decimal:
    if discount is None:
        return _ZERO
    if discount.percent is not None:
        return _share(of, discount.percent, currency)
    amount = _rounded(discount.amount or _ZERO, currency)
    if amount > of:
        raise _refused(field, "A discount is not more than what it is taken off")
    return amount


def _taxes(content: Content, lines: Sequence[LineSum], shares: Sequence[Decimal]) -> tuple[TaxSum, ...]:
    """By category and rate (EN 16931, BR-CO-18 and BR-*-1), in the order in which the lines first name them;
    the first reason that is given is the group's.
    """
    on_line = content.rounding is Rounding.PER_LINE
    found: dict[tuple[TaxCategory, Decimal], TaxSum] = {}
    for item, line, share in zip(content.lines, lines, shares, strict=True):
        group = item.tax.category, item.tax.rate
        so_far = found.get(group, TaxSum(item.tax, _ZERO, _ZERO, _ZERO))
        base = line.net - share
        found[group] = TaxSum(
            tax=so_far.tax if so_far.tax.reason else item.tax,
            discount=so_far.discount + share,
            base=so_far.base + base,
            amount=so_far.amount + (_tax(base, item.tax, content.currency) if on_line else _ZERO),
        )
    if on_line:
        return tuple(found.values())
    return tuple(replace(each, amount=_tax(each.base, each.tax, content.currency)) for each in found.values())


def _tax(base: Decimal, tax: Tax, currency: str) -> Decimal:
    return _share(base, tax.rate, currency)


def _share(of: Decimal, percent: Decimal, currency: str) -> Decimal:
    return _rounded(of * percent / 100, currency)


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """Half away from zero; never a negative zero."""
    return quantize(amount, currency) + _ZERO


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _ZERO)


def _refused(field: str, message: str) -> InvalidRequest:
    return InvalidRequest(f"Not accepted: {field}.", errors=[{"field": field, "message": message}])
