"""Which of the printed amounts is the subtotal, the tax, the total: arithmetic as evidence.

A page shows several candidates for each (a total five times, a subtotal labelled "Total", taxes by
rate). Every sensible combination is tried against

    subtotal - discount + charges + tax = total        sum of the lines = subtotal, or total

and scored by what the labels and the reader say of its parts; the best one wins. Where it balances, its
parts are as good as proven.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING

from sheaf.capture.normalise import labels
from sheaf.capture.normalise.candidates import Candidate, find_candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheaf.capture.amounts import DecimalMark
    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.normalise.candidates import Candidates

_CENT = Decimal("0.01")
_TOTAL, _SUBTOTAL, _TAX, _EACH_ADJUSTMENT = 1.0, 0.5, 0.4, -0.15
_BALANCED, _BALANCED_BY_LINES, _TRIVIALLY_BALANCED, _UNBALANCED = 1.0, 0.4, 0.3, -0.3
_LINES_AGREE, _HANDED_OVER, _ADDED_UP, _ROUNDED = 0.5, 0.4, 2.0, 0.8
_HIGHEST_TAX, _IMPLAUSIBLE_TAX = Decimal("0.5"), -0.8
_ADDED_UP_FROM = 0.5
_FLOAT_ERROR = 1e-9


@dataclass(frozen=True)
class Part:
    """An amount of the sum; ``entries`` has more than one where taxes or charges were added up."""

    amount: Decimal
    entries: tuple[Entry, ...] = ()
    weight: float = 0.0


@dataclass(frozen=True)
class Totals:
    """``balanced``: subtotal, discount, charges and tax were found and make the total.

    ``paid_at_once``: money was handed over, as at a till.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    balanced: bool = False
    paid_at_once: bool = False


def find_totals(answer: Answer, lines_sum: Decimal | None, mark: DecimalMark | None) -> Totals:
    candidates = find_candidates(answer, mark)
    evidence = _evidence(candidates, lines_sum)
    return _completed(_likeliest(candidates, evidence), candidates)


def _likeliest(candidates: Candidates, evidence: _Evidence) -> _Sum:
    """Combinations that cannot beat the best one so far, whatever their arithmetic, are not worked out."""
    totals = [(total, evidence.most_for(total)) for total in (*map(_part, candidates["total"]), None)]
    bases, taxes = _bases(candidates["subtotal"]), _sums(candidates["tax"], pairs=True)
    adjustments = list(product(_sums(candidates["charges"]), _sums(candidates["discount"])))
    best, highest = _Sum(None, None, None, None, None, evidence), float("-inf")
    for (total, most), subtotal, tax in product(totals, bases, taxes):
        said = _said(total, subtotal, tax)
        if said + most + _FLOAT_ERROR <= highest:
            continue
        for charges, discount in adjustments:
            found = _Sum(total, subtotal, tax, charges, discount, evidence)
            if found.uses_each_once and (score := found.score) > highest:
                best, highest = found, score
    return best


def _said(total: Part | None, subtotal: Part | None, tax: Part | None) -> float:
    weighed = ((_TOTAL, total), (_SUBTOTAL, subtotal), (_TAX, tax))
    return sum(weight * part.weight for weight, part in weighed if part is not None)


@dataclass(frozen=True)
class _Evidence:
    """Amounts that other amounts of the page speak for.

    ``net``: what the lines make, before or after discount and charges; ``handed_over``: what was paid
    less the change; ``added_up``: two other totals together, though not a tax and what it is on;
    ``rounded``: another total, rounded.
    """

    lines_sum: Decimal | None
    net: frozenset[Decimal]
    handed_over: frozenset[Decimal]
    added_up: frozenset[Decimal]
    rounded: frozenset[Decimal]

    def most_for(self, total: Part | None) -> float:
        """The most that arithmetic and other amounts can add to a combination with that total."""
        most = _BALANCED + _LINES_AGREE + _HANDED_OVER
        if total is None:
            return most
        return most + _ADDED_UP * (total.amount in self.added_up) + _ROUNDED * (total.amount in self.rounded)


def _evidence(candidates: Candidates, lines_sum: Decimal | None) -> _Evidence:
    def amounts(role: str) -> list[Decimal]:
        return [candidate.amount for candidate in candidates[role]]

    totals = [c.amount for c in candidates["total"] if c.weight > _ADDED_UP_FROM and c.amount]
    discounts, charges = [Decimal(0), *map(abs, amounts("discount"))], [Decimal(0), *amounts("charges")]
    taxes, bases = (
        set(amounts("tax")),
        {c.amount for c in candidates["subtotal"] if c.weight > _ADDED_UP_FROM},
    )
    net = () if lines_sum is None else (lines_sum - less + more for less in discounts for more in charges)
    return _Evidence(
        lines_sum=lines_sum,
        net=frozenset(net),
        handed_over=frozenset(p - c for p in amounts("tendered") for c in (Decimal(0), *amounts("change"))),
        added_up=frozenset(
            one + other
            for one, other in combinations(totals, 2)
            if not (taxes & {one, other} and bases & {one, other})
        ),
        rounded=frozenset(total + rest for total in totals for rest in amounts("rounding") if rest),
    )


@dataclass(frozen=True)
class _Sum:
    total: Part | None
    subtotal: Part | None
    tax: Part | None
    charges: Part | None
    discount: Part | None
    evidence: _Evidence

    @property
    def uses_each_once(self) -> bool:
        parts = (self.total, self.subtotal, self.tax, self.charges, self.discount)
        used = [id(entry) for part in parts if part is not None for entry in part.entries]
        return len(used) == len(set(used))

    @property
    def expected(self) -> Decimal | None:
        base = self.evidence.lines_sum if self.subtotal is None else self.subtotal.amount
        if base is None:
            return None
        return base + _of(self.tax) + _of(self.charges) - abs(_of(self.discount))

    @property
    def is_plausible(self) -> bool:
        """A subtotal, with a tax that is a part of it."""
        return self.subtotal is not None and abs(_of(self.tax)) <= _HIGHEST_TAX * abs(self.subtotal.amount)

    @property
    def balanced(self) -> bool:
        expected = self.expected
        return self.total is not None and expected is not None and abs(expected - self.total.amount) <= _CENT

    @property
    def score(self) -> float:
        adjustments = (self.charges is not None) + (self.discount is not None)
        said = _said(self.total, self.subtotal, self.tax)
        return said + _EACH_ADJUSTMENT * adjustments + self._arithmetic() + self._spoken_for()

    def _arithmetic(self) -> float:
        base = self.subtotal or self.total
        doubtful = base is not None and abs(_of(self.tax)) > _HIGHEST_TAX * abs(base.amount)
        score = _IMPLAUSIBLE_TAX if doubtful else 0.0
        if self.total is None or self.subtotal is None:
            return score + (_BALANCED_BY_LINES if self.balanced and self.tax is not None else 0.0)
        if self.balanced:
            trivial = self.tax is None and self.charges is None and self.discount is None
            return score + (_TRIVIALLY_BALANCED if trivial else _BALANCED)
        too_large = abs(self.subtotal.amount) > abs(self.total.amount) and self.discount is None
        return score + _UNBALANCED * (2 if too_large else 1)

    def _spoken_for(self) -> float:
        total = self.expected if self.total is None else self.total.amount
        score = _HANDED_OVER * (total in self.evidence.handed_over)
        if self.total is not None:
            score += _ADDED_UP * (total in self.evidence.added_up and self.subtotal is None)
            score += _ROUNDED * (total in self.evidence.rounded)
        if self.subtotal is not None and self.subtotal.amount in self.evidence.net:
            return score + _LINES_AGREE
        gross = self.evidence.lines_sum
        return score + (
            _LINES_AGREE / 2 if gross and total is not None and abs(total - gross) <= _CENT else 0.0
        )


def _of(part: Part | None) -> Decimal:
    return Decimal(0) if part is None else part.amount


def _part(candidate: Candidate) -> Part:
    return Part(candidate.amount, (candidate.entry,), candidate.weight)


def _sums(candidates: Sequence[Candidate], *, pairs: bool = False) -> list[Part | None]:
    """Nothing, each one, all of them, and each two of the taxes: a rate each."""
    groups: list[tuple[Candidate, ...]] = [(c,) for c in candidates]
    if pairs:
        groups += combinations(candidates, 2)
    if candidates:
        groups.append(tuple(candidates))
    return [None, *map(_added, dict.fromkeys(groups))]


def _bases(candidates: Sequence[Candidate]) -> list[Part | None]:
    """Each one, nothing, and all of them: what is taxed at each rate."""
    rated = [candidate for candidate in candidates if candidate.amount and _is_called_subtotal(candidate)]
    together = [_added(rated)] if len(rated) > 1 else []
    return [*map(_part, candidates), None, *together]


def _added(group: Iterable[Candidate]) -> Part:
    members = tuple(group)
    return Part(
        sum((c.amount for c in members), Decimal(0)),
        tuple(c.entry for c in members),
        sum(c.weight for c in members) / len(members) - 0.05 * (len(members) - 1),
    )


def _completed(best: _Sum, candidates: Candidates) -> Totals:
    """What the sum did not need is reported too; a total or subtotal nobody printed is worked out."""
    parts = {
        "total": best.total,
        "subtotal": best.subtotal or _first_labelled(candidates, best.total),
        "tax": best.tax or _first(candidates["tax"], beside=best),
        "charges": best.charges,
        "discount": best.discount or _first(candidates["discount"]),
        "amount_due": _due(best, candidates),
        "prepaid": _first(candidates["prepaid"]),
    }
    if parts["total"] is None and best.is_plausible and best.expected is not None:
        parts["total"] = Part(best.expected)
    paid = bool(candidates["tendered"] or candidates["change"])
    if parts["subtotal"] is None and best.total is not None and best.tax is not None:
        parts["subtotal"] = Part(best.total.amount - best.tax.amount)
    return Totals({role: part for role, part in parts.items() if part is not None}, best.balanced, paid)


def _first(candidates: Sequence[Candidate], *, beside: _Sum | None = None) -> Part | None:
    """``beside``: a tax the sum did without must at least be plausible beside its total."""
    for candidate in candidates:
        base = None if beside is None else beside.total or beside.subtotal
        if base is None or abs(candidate.amount) <= _HIGHEST_TAX * abs(base.amount):
            return _part(candidate)
    return None


def _first_labelled(candidates: Candidates, total: Part | None) -> Part | None:
    for candidate in candidates["subtotal"]:
        if _is_called_subtotal(candidate) and (total is None or candidate.entry not in total.entries):
            return _part(candidate)
    return None


def _is_called_subtotal(candidate: Candidate) -> bool:
    return candidate.entry.type == "SUBTOTAL" or labels.money_role(candidate.entry.label) == "subtotal"


def _due(best: _Sum, candidates: Candidates) -> Part | None:
    """The one that is the total less what was paid; else the one that calls itself due."""
    said = [
        candidate
        for candidate in candidates["amount_due"]
        if candidate.entry.type == "AMOUNT_DUE" or labels.money_role(candidate.entry.label) == "amount_due"
    ]
    if best.total is not None:
        paid = [abs(candidate.amount) for candidate in candidates["prepaid"] if candidate.amount]
        rests = [best.total.amount - part for part in paid] + [best.total.amount]
        said.sort(
            key=lambda candidate: rests.index(candidate.amount) if candidate.amount in rests else len(rests)
        )
    return _first(said)
