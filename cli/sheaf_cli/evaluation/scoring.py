"""Whether an answer is right: how much another spelling of the same thing may differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

FIELDS = (
    "vendor", "buyer", "invoice_number", "invoice_date", "due_date", "currency",
    "subtotal", "tax", "total", "amount_due",
)  # fmt: skip
AMOUNTS = frozenset(("subtotal", "tax", "total", "amount_due"))
_NAMES = frozenset(("vendor", "buyer"))
_EXACT = frozenset(("invoice_date", "due_date", "currency"))
_CENT = Decimal("0.01")
_HALF_A_CENT = Decimal("0.005")
_SHORTEST_PART = 4  # letters and digits: "AG" is part of half of all names
_UNWRITTEN = re.compile(r"[\W_]+")


def is_right(field: str, given: str, accepted: Iterable[str]) -> bool:
    """Amounts within half a cent, dates and currencies exactly, the rest without case and punctuation.

    Of two names, one may also be a part of the other: "Kunden AG" is "Kunden AG Mitte".
    """
    if field in AMOUNTS:
        value = _decimal(given)
        return value is not None and any(abs(value - Decimal(right)) < _HALF_A_CENT for right in accepted)
    if field in _EXACT:
        return given in accepted
    letters = _letters(given)
    others = [_letters(right) for right in accepted]
    return letters in others or (field in _NAMES and any(_is_part(letters, other) for other in others))


@dataclass(frozen=True)
class Lines:
    """``found`` of the ``wanted`` amounts are among those of the lines that were ``offered``."""

    found: int = 0
    wanted: int = 0
    offered: int = 0

    def __add__(self, other: Lines) -> Lines:
        return Lines(self.found + other.found, self.wanted + other.wanted, self.offered + other.offered)

    @property
    def recall(self) -> float | None:
        return self.found / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        return self.found / self.offered if self.offered else None


def match_lines(wanted: Sequence[Decimal], offered: Sequence[Mapping[str, Any]]) -> Lines:
    """Each offered amount answers for one wanted amount; the order is free."""
    common = Counter(wanted) & Counter(
        value for line in offered if (value := amount(line.get("amount"))) is not None
    )
    return Lines(common.total(), len(wanted), len(offered))


def amount(value: object) -> Decimal | None:
    """To the cent; None when it is no number, or one that no invoice has."""
    number = _decimal(value)
    try:
        return None if number is None else number.quantize(_CENT)
    except InvalidOperation:  # more digits than the context's precision
        return None


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _letters(text: str) -> str:
    return _UNWRITTEN.sub("", text).upper()


def _is_part(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHORTEST_PART and (one in other or other in one)
