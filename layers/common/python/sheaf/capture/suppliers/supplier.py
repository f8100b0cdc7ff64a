"""A supplier, as the documents that were approved tell of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.capture.identifiers import compact
from sheaf.capture.reading import Reading
from sheaf.capture.search import name_key

_NUMBERS = frozenset(("vendor_tax_id", "iban", "bic", "account_number", "routing_number"))


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class FactKind(StrEnum):
    NAME = "name"
    ALIAS = "alias"
    """What the machine has read for the name, and it was not the name."""

    TAX_ID = "tax_id"
    IBAN = "iban"
    ACCOUNT = "account"
    """``routing number/account number``; without a routing number ``/account number``."""

    CORRECTION = "correction"


class Fact(_Record):
    """``field`` is the reading's. ``wrong`` is what the machine had read where ``value`` was right; None: it
    had read nothing. ``value`` None: there was no such field.

    ``document_id`` is the approved document that it was learned from, ``confirmed_by`` another one that says
    it, too. Without a document, a person has said it of the supplier.
    """

    id: str
    kind: FactKind
    field: str
    value: str | None
    wrong: str | None = None
    document_id: str | None = None
    confirmed_by: str | None = None
    at: datetime

    @property
    def is_about(self) -> tuple[FactKind, str, str | None]:
        """Of two facts about the same, the later one holds."""
        about = self.wrong if self.kind is FactKind.CORRECTION else self.value
        return self.kind, self.field, None if about is None else folded(self.field, about)

    def says(self, value: str | None) -> bool:
        if value is None or self.value is None:
            return value is self.value
        return folded(self.field, value) == folded(self.field, self.value)


class Supplier(_Record):
    """``name`` is what it is called from now on; ``facts`` are in the order in which they were learned.

    ``account`` and ``tax_code`` are names in the workspace's books; ``currency`` and ``payment_terms`` are
    those of documents that say nothing of them. ``undone``: what a document is not to teach again.
    """

    id: str
    name: str
    facts: tuple[Fact, ...] = ()
    undone: tuple[str, ...] = ()
    account: str | None = None
    tax_code: str | None = None
    currency: str | None = None
    payment_terms: str | None = None
    version: int = 0

    def knows(self, kind: FactKind, value: str | None) -> bool:
        return any(fact.says(value) for fact in self.of(kind))

    def of(self, *kinds: FactKind) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind in kinds)


class SupplierItemView(BaseModel):
    """A supplier in a list."""

    id: str
    name: str
    account: str | None = None
    tax_code: str | None = None
    currency: str | None = None


def folded(field: str, value: str) -> str:
    """Two values that fold to the same are the same, however they are written."""
    if field == "vendor":
        return name_key(value)
    return compact(value) if field in _NUMBERS else value


def account_of(reading: Reading) -> str | None:
    number = reading.value("account_number")
    return f"{compact(reading.value('routing_number') or '')}/{compact(number)}" if number else None


_LONGEST_KEY = 100
"""Characters, of up to four bytes; a sort key has 1,024."""

_PREFIXES = {FactKind.NAME: "n", FactKind.ALIAS: "n", FactKind.TAX_ID: "t", FactKind.IBAN: "i"}


def key(kind: FactKind, value: str | None) -> str | None:
    """Under which a supplier is found by this; None: by that nobody is found."""
    text = folded("vendor" if _PREFIXES[kind] == "n" else "iban", value or "")
    return f"{_PREFIXES[kind]}#{text[:_LONGEST_KEY]}" if text else None


def keys(supplier: Supplier) -> frozenset[str]:
    found = (key(fact.kind, fact.value) for fact in supplier.facts if fact.kind in _PREFIXES)
    return frozenset(filter(None, found))


def item_view(supplier: Supplier) -> SupplierItemView:
    return SupplierItemView(**{name: getattr(supplier, name) for name in SupplierItemView.model_fields})
