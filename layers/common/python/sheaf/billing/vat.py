"""One amount with its tax: taken off, or put on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from sheaf.kernel.money import quantize

_DIGITS = 60


@dataclass(frozen=True)
class Taxed:
    """``net`` and ``tax`` add up to ``gross``, to the cent."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def with_tax(net: Decimal, rate: Decimal) -> Taxed:
    """``rate`` is in percent. The tax is rounded half up."""
    with localcontext(prec=_DIGITS):
        rounded = quantize(net, None)
        tax = quantize(rounded * rate / 100, None)
        return Taxed(rounded, tax, rounded + tax)


def without_tax(gross: Decimal, rate: Decimal) -> Taxed:
    """The net amount is rounded half up, the tax is the rest: nothing is lost between the two."""
    with localcontext(prec=_DIGITS):
        rounded = quantize(gross, None)
        net = quantize(rounded * 100 / (100 + rate), None)
        return Taxed(net, rounded - net, rounded)
