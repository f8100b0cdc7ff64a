"""The sums of an issued document: the one place that adds, rounds and taxes.

The net amount of a line is rounded to the currency's minor unit, and a discount on the whole is shared out
over the lines to the last unit: so the parts of a document always add up to its total (EN 16931, BR-CO-10 to
BR-CO-16).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from sheaf.billing.document import Content, Discount, LineItem, Rounding, Tax
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
        lines = tuple(_line(line, number, currency) for number, line in enumerate(content.lines))
        subtotal = _sum(line.net for line in lines)
        discount = _discount(content.discount, subtotal, currency, "discount")
        shares = shared_out(discount, [line.net for line in lines], currency)
        taxes = _taxes(content, lines, shares)
        net = subtotal - discount
        tax = _sum(each.amount for each in taxes)
        if not _ZERO <= net <= _MOST or net + tax < 0:
            raise _refused("lines", "The sum is below zero or absurdly large")
        withheld = (
            quantize(net * content.withholding.percent / 100, currency) if content.withholding else _ZERO
        )
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
    """
    whole, unit = _sum(weights), Decimal(1).scaleb(-exponent(currency))
    if not amount or not whole:
        return [_ZERO for _ in weights]
    exact = [amount * weight / whole for weight in weights]
    shares = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
    left = amount - _sum(shares)
    step = unit.copy_sign(left)
    by_remainder = sorted(range(len(exact)), key=lambda at: -(exact[at] - shares[at]) * step)
    for at in by_remainder[: int(abs(left) / unit)]:
        shares[at] += step
    return shares


def _line(line: LineItem, number: int, currency: str) -> LineSum:
    gross = quantize(line.quantity * line.unit_price, currency)
    discount = _discount(line.discount, abs(gross), currency, f"lines.{number}.discount")
    discount = -discount if gross < 0 else discount
    return LineSum(gross=gross, discount=discount, net=gross - discount)


def _discount(discount: Discount | None, of: Decimal, currency: str, field: str) -> Decimal:
    if discount is None:
        return _ZERO
    if discount.percent is not None:
        return quantize(of * discount.percent / 100, currency)
    amount = quantize(discount.amount or _ZERO, currency)
    if amount > of:
        raise _refused(field, "A discount is not more than what it is taken off")
    return amount


def _taxes(content: Content, lines: Sequence[LineSum], shares: Sequence[Decimal]) -> tuple[TaxSum, ...]:
    """By category and rate, in the order in which the lines first name them."""
    found: dict[Tax, TaxSum] = {}
    for item, line, share in zip(content.lines, lines, shares, strict=True):
        so_far = found.get(item.tax, TaxSum(item.tax, _ZERO, _ZERO, _ZERO))
        base = line.net - share
        on_line = content.rounding is Rounding.PER_LINE
        amount = _tax(base, item.tax, content.currency) if on_line else _ZERO
        found[item.tax] = TaxSum(
            item.tax, so_far.discount + share, so_far.base + base, so_far.amount + amount
        )
    if content.rounding is Rounding.PER_LINE:
        return tuple(found.values())
    return tuple(
        TaxSum(each.tax, each.discount, each.base, _tax(each.base, each.tax, content.currency))
        for each in found.values()
    )


def _tax(base: Decimal, tax: Tax, currency: str) -> Decimal:
    return quantize(base * tax.rate / 100, currency)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _ZERO)


def _refused(field: str, message: str) -> InvalidRequest:
    return InvalidRequest(f"Not accepted: {field}.", errors=[{"field": field, "message": message}])
