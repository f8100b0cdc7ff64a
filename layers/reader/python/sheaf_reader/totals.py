"""Which of the amounts are the sums: arithmetic as evidence.

An invoice's subtotal, tax and total add up. Of all amounts that labels point to, those that do are
raised, the others lowered; nothing is invented and nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from sheaf_reader.candidates import Candidate
from sheaf_reader.labels import MONEY

_CLOSE = Decimal("0.02")
_MOST = 8  # distinct values of a kind
_EXTRAS = ("DISCOUNT", "SHIPPING_HANDLING_CHARGE", "SERVICE_CHARGE", "GRATUITY", "ROUNDING")


class Sum(NamedTuple):
    subtotal: Decimal
    tax: tuple[Decimal, ...]
    total: Decimal
    score: float


def weighed(candidates: Sequence[Candidate]) -> list[Candidate]:
    money = [candidate for candidate in candidates if candidate.kind in MONEY and candidate.value is not None]
    sums = list(_sums(money))
    if not sums:
        return [_supported(candidate, money) for candidate in candidates]
    best = max(sums, key=attrgetter("score"))
    with_extras = {  # before a tip and after it
        other.total for other in sums if (other.subtotal, other.tax) == (best.subtotal, best.tax)
    }
    agreeing = {"SUBTOTAL": {best.subtotal}, "TAX": set(best.tax), "TOTAL": with_extras}
    return [_adjusted(candidate, agreeing) for candidate in candidates]


def _adjusted(candidate: Candidate, agreeing: dict[str, set[Decimal]]) -> Candidate:
    if candidate.kind not in agreeing or candidate.value is None:
        return candidate
    if abs(candidate.value) in agreeing[candidate.kind]:
        return candidate.scored(1 - (1 - candidate.score) * 0.2)
    return candidate.scored(candidate.score * 0.6)


def _supported(candidate: Candidate, money: list[Candidate]) -> Candidate:
    """Without a sum that adds up: a total that is stated again, or paid, is likelier."""
    if candidate.kind != "TOTAL" or candidate.value is None:
        return candidate
    echoes = {
        other.kind
        for other in money
        if other.value == candidate.value and other.kind in ("AMOUNT_DUE", "TENDER", "SUBTOTAL")
    }
    largest = max(abs(other.value or Decimal(0)) for other in money if other.kind == "TOTAL")
    doubt = 1 - candidate.score
    doubt *= 0.7 ** len(echoes)
    doubt *= 0.9 if abs(candidate.value) == largest else 1.1
    return candidate.scored(max(0.05, 1 - doubt))


def _sums(money: list[Candidate]) -> Iterator[Sum]:
    subtotals = _values(money, ("SUBTOTAL",))
    totals = _values(money, ("TOTAL", "AMOUNT_DUE"))
    taxes = _values(money, ("TAX",))
    extras = [Decimal(0), *_signed_extras(money)]
    credible = max(totals.values(), default=0.0) * 0.7
    totals = {value: score for value, score in totals.items() if score >= credible}
    for total, total_score in totals.items():
        for subtotal, subtotal_score in subtotals.items():
            for tax, tax_score in _tax_sums(taxes):
                for extra in extras:
                    if abs(subtotal + sum(tax) + extra - total) <= _CLOSE:
                        weight = total_score + subtotal_score + tax_score
                        bonus = 0.4 if sum(tax) else 0.0
                        yield Sum(subtotal, tax, total, weight + bonus - (0.2 if extra else 0.0))
    for total, total_score in totals.items():
        for tax, tax_score in _tax_sums(taxes):
            rest = total - sum(tax)
            if sum(tax) and any(abs(rest - other) <= _CLOSE for other in _values(money, ("TOTAL",))):
                yield Sum(rest, tax, total, total_score + tax_score)


def _values(money: Iterable[Candidate], kinds: tuple[str, ...]) -> dict[Decimal, float]:
    """The best score of each distinct value."""
    values: dict[Decimal, float] = {}
    for candidate in money:
        if candidate.kind in kinds and candidate.value is not None:
            value = abs(candidate.value)
            values[value] = max(values.get(value, 0.0), candidate.score)
    ranked = sorted(values.items(), key=lambda item: -item[1])
    return dict(ranked[:_MOST])


def _signed_extras(money: list[Candidate]) -> Iterator[Decimal]:
    single: set[Decimal] = set()
    for kind in _EXTRAS:
        for value in list(_values(money, (kind,)))[:3]:
            if value:
                single.update(
                    (-value,) if kind == "DISCOUNT" else (value,) if kind != "ROUNDING" else (value, -value)
                )
    yield from single
    for one, other in combinations(sorted(single)[:8], 2):
        yield one + other


def _tax_sums(taxes: dict[Decimal, float]) -> Iterator[tuple[tuple[Decimal, ...], float]]:
    """One tax, or several rates together."""
    values = list(taxes)
    for value in values:
        yield (value,), taxes[value]
    for count in (2, 3):
        for parts in combinations(values[:8], count):
            yield parts, min(taxes[part] for part in parts) - 0.15 * count
