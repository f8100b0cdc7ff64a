"""What each printed amount may be: by the type the reader gave it, by its label, by how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.capture.amounts import has_decimals, parse_amount
from sheaf.capture.normalise import labels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

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
ROLES = (
    "total",
    "amount_due",
    "subtotal",
    "tax",
    "charges",
    "discount",
    "prepaid",
    "rounding",
    "tendered",
    "change",
)
_COUNTER = ("tendered", "change", "ignored")
_LABEL_AGREES, _LABEL_ALONE, _LABEL_DIFFERS, _LABEL_DENIES = 0.3, 0.6, -0.25, -0.4
_SURE_TOTAL = 0.25
_REPEATED = 0.1
_ZERO, _NO_CENTS = -1.0, -0.5
# A total may be printed as the amount due and the reverse; either may be a subtotal if the sums say so;
# what is handed over without change is the total.
_ALSO = {
    "total": (("subtotal", 0.15), ("amount_due", 0.2)),
    "subtotal": (("total", 0.2),),
    "amount_due": (("total", 0.75),),
    "tendered": (("total", 0.4),),
    "rounding": (("charges", 1.0),),
}
# Bounds the combinations: 7 totals x 7 subtotals x 23 taxes x 5 charges x 5 discounts.
_MOST = {"charges": 3, "discount": 3}
_MOST_OF_THE_OTHERS = 6


@dataclass(frozen=True)
class Candidate:
    amount: Decimal
    entry: Entry
    weight: float


type Candidates = dict[str, list[Candidate]]


def find_candidates(answer: Answer, mark: DecimalMark | None) -> Candidates:
    """Role → amounts that may have it, each once, the likeliest first."""
    found: dict[str, dict[Decimal, Candidate]] = {role: {} for role in ROLES}
    with_cents = any(has_decimals(entry.text) for entry in answer.entries)
    for entry in answer.entries:
        roles = dict(_roles(entry))
        amount = parse_amount(entry.text, mark=mark) if roles else None
        if amount is None:
            continue
        doubt = _NO_CENTS if with_cents and not has_decimals(entry.text) else 0.0
        for role, weight in roles.items():
            sure = weight + doubt + (_ZERO if role == "total" and not amount else 0.0)
            _add(found[role], Candidate(amount, entry, sure))
    if any(found["change"]):
        _forget_tendered_totals(found)
    return {role: _likeliest(role, by_amount) for role, by_amount in found.items()}


def _add(by_amount: dict[Decimal, Candidate], new: Candidate) -> None:
    before = by_amount.get(new.amount)
    if before is None:
        by_amount[new.amount] = new
        return
    better = max(before, new, key=lambda candidate: candidate.weight)
    by_amount[new.amount] = Candidate(better.amount, better.entry, better.weight + _REPEATED)


def _forget_tendered_totals(found: dict[str, dict[Decimal, Candidate]]) -> None:
    handed_over = {id(candidate.entry) for candidate in found["tendered"].values()}
    for amount, candidate in tuple(found["total"].items()):
        if id(candidate.entry) in handed_over:
            del found["total"][amount]


def _likeliest(role: str, by_amount: dict[Decimal, Candidate]) -> list[Candidate]:
    ranked = sorted(by_amount.values(), key=lambda candidate: -candidate.weight)
    return ranked[: _MOST.get(role, _MOST_OF_THE_OTHERS)]


def _roles(entry: Entry) -> Iterator[tuple[str, float]]:
    """What an entry may be, the weaker meanings first: a later, surer one replaces them."""
    weights = _said_roles(entry)
    if "total" in weights and labels.means(entry.label, "sure_total"):
        weights["total"] += _SURE_TOTAL
    for role, weight in weights.items():
        for other, share in _ALSO.get(role, ()):
            yield other, max(weight, 0.0) * share
    yield from weights.items()


def _said_roles(entry: Entry) -> dict[str, float]:
    typed, said = _ROLE_OF_TYPE.get(entry.type), labels.money_role(entry.label)
    if typed == "prepaid" and said == "tendered":
        typed = None
    if typed is None:
        if entry.type not in ("OTHER", "AMOUNT_PAID") or said in (None, "ignored") or not _is_money(entry):
            return {}
        return {said: _LABEL_ALONE * entry.confidence}
    if said is None:
        return {typed: entry.confidence}
    if said == typed or (typed == "total" and said == "amount_due"):
        return {typed: entry.confidence + _LABEL_AGREES, said: entry.confidence + _LABEL_AGREES}
    if said in _COUNTER:
        return {typed: entry.confidence + _LABEL_DENIES}
    return {typed: entry.confidence + _LABEL_DIFFERS, said: _LABEL_ALONE * entry.confidence}


def _is_money(entry: Entry) -> bool:
    return has_decimals(entry.text) or entry.currency is not None or any(c in entry.text for c in "$€£¥₹")
