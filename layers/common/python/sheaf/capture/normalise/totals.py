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

from sheaf.capture.amounts import has_decimals, parse_amount
from sheaf.capture.normalise import labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheaf.capture.amounts import DecimalMark
    from sheaf.capture.normalise.answer import Answer, Entry

_ROLE_OF_TYPE = {
    "TOTAL": "total",
    "AMOUNT_DUE": "amount_due",
    "SUBTOTAL": "subtotal",
    "TAX": "tax",
    "DISCOUNT": "discount",
    "SHIPPING_HANDLING_CHARGE": "charges",
    "SERVICE_CHARGE": "charges",
    "GRATUITY": "charges",
    "AMOUNT_PAID": "prepaid",
}
_LABEL_AGREES, _SURE_TOTAL, _IGNORED = 0.3, 0.25, 0.4
_LABEL_ALONE, _LABEL_DIFFERS = 0.6, 0.5
_REPEATED = 0.1
# A total may be printed as the amount due and the reverse; either may be a subtotal if the sums say so.
_ALSO = {
    "total": (("subtotal", 0.15), ("amount_due", 0.2)),
    "subtotal": (("total", 0.2),),
    "amount_due": (("total", 0.75),),
}
# Bounds the combinations: 7 totals x 7 subtotals x 23 taxes x 5 charges x 5 discounts.
_MOST_CANDIDATES = {"charges": 3, "discount": 3}
_MOST_OF_THE_OTHERS = 6
_CENT = Decimal("0.01")
_BALANCED, _TRIVIALLY_BALANCED, _UNBALANCED = 1.0, 0.3, -0.3
_LINES_AGREE = 0.5
_EACH_ADJUSTMENT = -0.15


@dataclass(frozen=True)
class Candidate:
    amount: Decimal
    entry: Entry
    weight: float


@dataclass(frozen=True)
class Part:
    """An amount of the sum; ``entries`` has more than one where taxes or charges were added up."""

    amount: Decimal
    entries: tuple[Entry, ...] = ()
    weight: float = 0.0


@dataclass(frozen=True)
class Totals:
    """``balanced``: subtotal, discount, charges and tax were found and make the total."""

    parts: dict[str, Part] = field(default_factory=dict)
    balanced: bool = False


def find_totals(answer: Answer, lines_sum: Decimal | None, mark: DecimalMark | None) -> Totals:
    candidates = _candidates(answer, mark)
    totals = [Part(c.amount, (c.entry,), c.weight) for c in candidates["total"]]
    subtotals = [Part(c.amount, (c.entry,), c.weight) for c in candidates["subtotal"]]
    net_of_lines = _net_of_lines(lines_sum, candidates)
    combined = product(
        [*totals, None],
        [*subtotals, None],
        _sums(candidates["tax"], pairs=True),
        _sums(candidates["charges"]),
        _sums(candidates["discount"]),
    )
    sums = (_Sum(*parts, lines_sum=lines_sum, net_of_lines=net_of_lines) for parts in combined)
    best = max((found for found in sums if found.uses_each_once), key=lambda found: found.score)
    return _completed(best, candidates)


@dataclass(frozen=True)
class _Sum:
    total: Part | None
    subtotal: Part | None
    tax: Part | None
    charges: Part | None
    discount: Part | None
    lines_sum: Decimal | None
    net_of_lines: frozenset[Decimal]

    @property
    def uses_each_once(self) -> bool:
        parts = (self.total, self.subtotal, self.tax, self.charges, self.discount)
        used = [id(entry) for part in parts if part is not None for entry in part.entries]
        return len(used) == len(set(used))

    @property
    def net(self) -> Decimal | None:
        return None if self.subtotal is None else self.subtotal.amount

    @property
    def expected(self) -> Decimal | None:
        base = self.net if self.net is not None else self.lines_sum
        if base is None:
            return None
        return base + _of(self.tax) + _of(self.charges) - abs(_of(self.discount))

    @property
    def balanced(self) -> bool:
        expected = self.expected
        return self.total is not None and expected is not None and abs(expected - self.total.amount) <= _CENT

    @property
    def score(self) -> float:
        score = sum(
            weight * part.weight
            for weight, part in ((1.0, self.total), (0.5, self.subtotal), (0.4, self.tax))
            if part is not None
        )
        score += _EACH_ADJUSTMENT * ((self.charges is not None) + (self.discount is not None))
        return score + self._arithmetic() + self._lines()

    def _arithmetic(self) -> float:
        if self.total is None or self.subtotal is None:
            return 0.4 if self.balanced and self.tax is not None else 0.0
        if self.balanced:
            trivial = self.tax is None and self.charges is None and self.discount is None
            return _TRIVIALLY_BALANCED if trivial else _BALANCED
        too_large = abs(self.subtotal.amount) > abs(self.total.amount) and self.discount is None
        return _UNBALANCED * (2 if too_large else 1)

    def _lines(self) -> float:
        if not self.lines_sum:
            return 0.0
        if self.net is not None and self.net in self.net_of_lines:
            return _LINES_AGREE
        if self.total is not None and abs(self.total.amount - self.lines_sum) <= _CENT:
            return _LINES_AGREE / 2
        return 0.0


def _net_of_lines(lines_sum: Decimal | None, candidates: dict[str, list[Candidate]]) -> frozenset[Decimal]:
    """What the lines make before and after a discount and a charge."""
    if lines_sum is None:
        return frozenset()
    discounts = [Decimal(0), *(abs(c.amount) for c in candidates["discount"])]
    charges = [Decimal(0), *(c.amount for c in candidates["charges"])]
    return frozenset(lines_sum - discount + charge for discount in discounts for charge in charges)


def _of(part: Part | None) -> Decimal:
    return Decimal(0) if part is None else part.amount


def _candidates(answer: Answer, mark: DecimalMark | None) -> dict[str, list[Candidate]]:
    """Role → amounts that may have it, each once, the likeliest first."""
    found: dict[str, dict[Decimal, Candidate]] = {
        role: {} for role in ("total", "amount_due", "subtotal", "tax", "charges", "discount", "prepaid")
    }
    for entry in answer.entries:
        roles = dict(_roles(entry))
        amount = parse_amount(entry.text, mark=mark) if roles else None
        if amount is None:
            continue
        for role, weight in roles.items():
            before = found[role].get(amount)
            if before is None:
                found[role][amount] = Candidate(amount, entry, weight)
            else:
                better = entry if weight > before.weight else before.entry
                repeated = max(weight, before.weight) + _REPEATED
                found[role][amount] = Candidate(amount, better, repeated)
    return {
        role: sorted(by_amount.values(), key=lambda c: -c.weight)[
            : _MOST_CANDIDATES.get(role, _MOST_OF_THE_OTHERS)
        ]
        for role, by_amount in found.items()
    }


def _roles(entry: Entry) -> Iterator[tuple[str, float]]:
    """What an entry may be, the weaker meanings first: a later, surer one replaces them."""
    typed, said = _ROLE_OF_TYPE.get(entry.type), labels.money_role(entry.label)
    if typed is None and (entry.type != "OTHER" or said in (None, "ignored") or not _is_money(entry)):
        return
    weights: dict[str, float] = {}
    if typed is not None:
        agreement = {typed: _LABEL_AGREES, None: 0.0, "ignored": -_IGNORED}.get(said, -_LABEL_DIFFERS / 2)
        weights[typed] = entry.confidence + agreement
    if said not in (None, "ignored") and said != typed:
        weights[said] = _LABEL_ALONE * entry.confidence
    if "total" in weights and labels.means(entry.label, "sure_total"):
        weights["total"] += _SURE_TOTAL
    for role, weight in tuple(weights.items()):
        for other, share in _ALSO.get(role, ()):
            yield other, max(weight, 0.0) * share
    yield from weights.items()


def _is_money(entry: Entry) -> bool:
    return has_decimals(entry.text) or entry.currency is not None or any(c in entry.text for c in "$€£¥₹")


def _sums(candidates: Sequence[Candidate], *, pairs: bool = False) -> list[Part | None]:
    """Nothing, each one, all of them, and each two of the taxes: a rate each."""
    groups: list[tuple[Candidate, ...]] = [(c,) for c in candidates]
    if pairs:
        groups += combinations(candidates, 2)
    if candidates:
        groups.append(tuple(candidates))
    return [None, *map(_added, dict.fromkeys(groups))]


def _added(group: Iterable[Candidate]) -> Part:
    members = tuple(group)
    return Part(
        sum((c.amount for c in members), Decimal(0)),
        tuple(c.entry for c in members),
        sum(c.weight for c in members) / len(members) - 0.05 * (len(members) - 1),
    )


def _completed(best: _Sum, candidates: dict[str, list[Candidate]]) -> Totals:
    parts = {
        "total": best.total,
        "subtotal": best.subtotal,
        "tax": best.tax or _first(candidates["tax"]),
        "charges": best.charges,
        "discount": best.discount or _first(candidates["discount"]),
        "amount_due": _due(best, candidates),
        "prepaid": _first(candidates["prepaid"]),
    }
    if best.total is None and best.expected is not None and best.subtotal is not None:
        parts["total"] = Part(best.expected)
    if best.subtotal is None and best.total is not None and best.tax is not None:
        parts["subtotal"] = Part(best.total.amount - best.tax.amount)
    return Totals({role: part for role, part in parts.items() if part is not None}, best.balanced)


def _first(candidates: Sequence[Candidate]) -> Part | None:
    return Part(candidates[0].amount, (candidates[0].entry,), candidates[0].weight) if candidates else None


def _due(best: _Sum, candidates: dict[str, list[Candidate]]) -> Part | None:
    """The one that is the total less what was paid; else the one that calls itself due."""
    said = [
        c for c in candidates["amount_due"]
        if c.entry.type == "AMOUNT_DUE" or labels.money_role(c.entry.label) == "amount_due"
    ]  # fmt: skip
    if best.total is not None:
        paid = {Decimal(0), *(abs(c.amount) for c in candidates["prepaid"])}
        said.sort(key=lambda c: best.total is not None and best.total.amount - c.amount not in paid)
    return _first(said)
