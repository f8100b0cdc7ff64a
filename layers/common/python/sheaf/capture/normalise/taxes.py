"""What is taxed at which rate: a rate, what it is on, and the tax, wherever a row of the page says so.

``20% of 100.00: 20.00``, ``MwSt 7 % 12,00 0,84``, a table of rates, net and gross: a row is believed when
its rate makes its tax, and the rows together make the tax of the invoice. Without such rows, the taxes that
are listed one by one, or the lines' own rates, are.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from sheaf.capture.amounts import every_amount, plain
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.rows import text_rows
from sheaf.capture.reading import TaxLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheaf.capture.amounts import DecimalMark
    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.normalise.totals import Totals
    from sheaf.capture.reading import LineItem

_CENT = Decimal("0.02")
_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_HIGHEST_RATE = 50
_MOST_AMOUNTS, _MOST_ROWS, _MOST_OPTIONS, _MOST_COMBINATIONS = 8, 200, 4, 5_000


def find_tax_lines(
    answer: Answer, totals: Totals, lines: Sequence[LineItem], mark: DecimalMark | None
) -> tuple[TaxLine, ...]:
    """One for each rate that is known; they make the tax of the invoice, or there are none."""
    tax = totals.parts.get("tax")
    if tax is None:
        return ()
    bases = _bases(totals)
    rows = [found for row in text_rows(answer) for found in _rated([line.text for line in row], mark)]
    return tuple(
        _adding_up(rows, tax.amount, bases)
        or _listed(tax.entries, tax.amount, bases | frozenset(_by_rate(lines).values()), mark)
        or _of_lines(lines, tax.amount, bases)
        or _only_rate(answer, tax.amount, bases)
    )


def _bases(totals: Totals) -> frozenset[Decimal]:
    """What all rates together may be on: the subtotal, before or after discount and charges."""

    def amount(name: str) -> Decimal:
        part = totals.parts.get(name)
        return part.amount if part else Decimal(0)

    nets = {amount("total") - amount("tax")} if "total" in totals.parts else set()
    if "subtotal" in totals.parts:
        less, more = abs(amount("discount")), amount("charges")
        nets |= {amount("subtotal"), amount("subtotal") - less, amount("subtotal") - less + more}
    return frozenset(nets)


def _rated(texts: Sequence[str], mark: DecimalMark | None) -> Iterator[TaxLine]:
    """A rate of the row, with each two of its amounts of which one is the tax on the other.

    In a row that speaks of a tax, the rate may be printed without its sign.
    """
    rates = set(_rates(texts))
    if not rates and not any(labels.means(text, "tax") for text in texts):
        return
    amounts = [amount for text in texts for amount in every_amount(text, mark=mark)][:_MOST_AMOUNTS]
    rates = rates or {amount for amount in amounts if 0 <= amount <= _HIGHEST_RATE}
    if mark is not None:
        amounts = [amount for amount in amounts if amount.as_tuple().exponent]  # its cents are printed
    for rate, (one, other) in product(sorted(rates), combinations(amounts, 2)):
        for base, tax in ((one, other), (other, one)):
            if base and (tax if rate else not tax) and _is_tax(base, rate, tax):
                yield _line(rate, base, tax)


def _rates(texts: Iterable[str]) -> Iterator[Decimal]:
    for text in texts:
        yield from (rate for rate in map(_decimal, _RATE.findall(text)) if rate <= _HIGHEST_RATE)


def _is_tax(base: Decimal, rate: Decimal, tax: Decimal) -> bool:
    """To a cent or two; to the unit where no cents are printed."""
    unit = Decimal(1).scaleb(int(tax.as_tuple().exponent))
    return abs(base * rate / 100 - tax) <= max(_CENT, unit if unit == 1 else Decimal(0))


def _adding_up(rows: Iterable[TaxLine], tax: Decimal, bases: frozenset[Decimal]) -> list[TaxLine]:
    """One row of each rate, or none, that together make the tax, and best of all what is taxed too."""
    by_rate: dict[str | None, list[TaxLine]] = {}
    for row in islice(dict.fromkeys(rows), _MOST_ROWS):
        by_rate.setdefault(row.rate, []).append(row)
    options = [[None, *found[:_MOST_OPTIONS]] for found in by_rate.values()]
    best: list[TaxLine] = []
    for chosen in islice(product(*options), _MOST_COMBINATIONS):
        taken = [row for row in chosen if row is not None]
        if not taken or abs(sum(map(_tax, taken)) - tax) > _CENT:
            continue
        if any(abs(sum(map(_base, taken)) - base) <= _CENT for base in bases):
            return taken
        if not best and all(map(_tax, taken)):
            best = taken
    return best


def _listed(
    entries: Iterable[Entry], tax: Decimal, bases: frozenset[Decimal], mark: DecimalMark | None
) -> list[TaxLine]:
    """The taxes that make up the sum, where each says its rate."""
    found = []
    for entry in entries:
        rate = labels.tax_rate(entry.label) or labels.tax_rate(entry.text)
        amounts = every_amount(entry.text, mark=mark)
        if rate is None or not amounts:
            return []
        amount = amounts[-1] if len(amounts) > 1 else amounts[0]
        fitting = [base for base in sorted(bases) if _is_tax(base, Decimal(rate), amount)]
        base = fitting[0] if fitting else None
        found.append(TaxLine(rate=rate, base=None if base is None else plain(base), amount=plain(amount)))
    return found if abs(sum(map(_tax, found)) - tax) <= _CENT else []


def _of_lines(lines: Sequence[LineItem], tax: Decimal, bases: frozenset[Decimal]) -> list[TaxLine]:
    """What the lines say of their rates, when it makes the tax."""
    if not lines or any(line.tax_rate is None or line.amount is None for line in lines):
        return []
    by_rate = _by_rate(lines)
    if not any(abs(sum(by_rate.values()) - base) <= _CENT for base in bases):
        return []
    found = [
        TaxLine(rate=rate, base=plain(base), amount=plain(round(base * Decimal(rate) / 100, 2)))
        for rate, base in by_rate.items()
    ]
    return found if abs(sum(map(_tax, found)) - tax) <= _CENT else []


def _by_rate(lines: Sequence[LineItem]) -> dict[str, Decimal]:
    """Rate → the sum of the lines that are taxed at it."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.tax_rate is not None and line.amount is not None:
            rate = plain(Decimal(line.tax_rate).normalize())
            sums[rate] = sums.get(rate, Decimal(0)) + Decimal(line.amount)
    return sums


def _only_rate(answer: Answer, tax: Decimal, bases: frozenset[Decimal]) -> list[TaxLine]:
    """The one rate on the page that makes the tax of all there is to tax."""
    fitting = {
        rate: base
        for rate in _rates(line.text for line in answer.lines)
        for base in sorted(bases)
        if rate and tax and _is_tax(base, rate, tax)
    }
    return [_line(rate, base, tax) for rate, base in fitting.items()] if len(fitting) == 1 else []


def _line(rate: Decimal, base: Decimal, tax: Decimal) -> TaxLine:
    return TaxLine(rate=plain(rate.normalize()), base=plain(base), amount=plain(tax))


def _decimal(rate: str) -> Decimal:
    return Decimal(rate.replace(",", "."))


def _tax(line: TaxLine) -> Decimal:
    return Decimal(line.amount)


def _base(line: TaxLine) -> Decimal:
    return Decimal(line.base or 0)
