"""What a workspace asks of its documents: settings that reading, checks and approval go by."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sheaf.capture.reading import Reading

BANK_DETAILS_CHANGED = "bank_details_changed"


class Duplicates(StrEnum):
    """What a second invoice with the same supplier and number, or supplier, date and total, is."""

    WARN = "warn"
    BLOCK = "block"


class Company(BaseModel):
    """The workspace's own company: it is the buyer, never the supplier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()


class Policy(BaseModel):
    """``second_approval_above``: currency → amount. As soon as one is set, a document in a currency that has
    none needs a second approval as well: what cannot be compared is not small.
    """

    model_config = ConfigDict(frozen=True)

    second_approval_above: dict[str, Decimal] = {}
    second_approval_on_bank_change: bool = False
    duplicates: Duplicates = Duplicates.WARN
    company: Company = Company()
    version: int = 0

    def asks_for_two(self, reading: Reading) -> bool:
        changed = any(check.code == BANK_DETAILS_CHANGED for check in reading.checks)
        if self.second_approval_on_bank_change and changed:
            return True
        if not self.second_approval_above:
            return False
        total, limit = reading.value("total"), self.second_approval_above.get(reading.value("currency") or "")
        return total is None or limit is None or abs(Decimal(total)) > limit
