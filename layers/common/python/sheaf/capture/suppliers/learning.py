"""What an approved document teaches: the same approvals in the same order teach the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.capture.reading import Source
from sheaf.capture.suppliers.memory import REMEMBERED
from sheaf.capture.suppliers.own import is_own_iban, is_own_name, is_own_tax_id
from sheaf.capture.suppliers.supplier import Fact, FactKind, Supplier, account_of, folded
from sheaf.kernel.ids import derived_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Company

_MOST = 200
"""Facts about one supplier; then the oldest is forgotten: first of what was misread, names last."""

_LONGEST = 300
"""Characters of what is learned, so that all of it fits an item."""


@dataclass(frozen=True)
class _Lesson:
    kind: FactKind
    field: str
    value: str | None
    wrong: str | None = None

    @property
    def is_short(self) -> bool:
        return len(self.value or "") <= _LONGEST and len(self.wrong or "") <= _LONGEST


def learned(
    supplier: Supplier, company: Company, document_id: str, kept: KeptReading, at: datetime
) -> Supplier:
    """What the document taught when it was approved before, and does not say any more, is not true."""
    rest = withdrawn(supplier, document_id)
    facts = {fact.is_about: fact for fact in rest.facts}
    for lesson in _lessons(company, kept):
        if lesson.is_short and _undone(document_id, lesson.kind, lesson.field) not in supplier.undone:
            _learn(facts, supplier.id, document_id, lesson, at)
    name = _name(kept) if not rest.of(FactKind.NAME) else None
    return rest.model_copy(update={"name": name or rest.name, "facts": _kept(list(facts.values()))})


def withdrawn(supplier: Supplier, document_id: str) -> Supplier:
    """Without what only this document has taught."""
    return supplier.model_copy(update={"facts": tuple(_without(supplier.facts, document_id))})


def undone(supplier: Supplier, fact: Fact) -> Supplier:
    """Without the fact, which the documents that taught it do not teach again."""
    taught_by = filter(None, (fact.document_id, fact.confirmed_by))
    marks = (_undone(document_id, fact.kind, fact.field) for document_id in taught_by)
    return supplier.model_copy(
        update={
            "facts": tuple(each for each in supplier.facts if each.id != fact.id),
            "undone": tuple(dict.fromkeys((*supplier.undone, *marks))),
        }
    )


def called(supplier: Supplier, name: str, at: datetime) -> Supplier:
    """A person says what the supplier is called."""
    fact = Fact(
        id=derived_id("fct", at, supplier.id, FactKind.NAME, name),
        kind=FactKind.NAME,
        field="vendor",
        value=name,
        at=at,
    )
    others = tuple(each for each in supplier.facts if each.is_about != fact.is_about)
    return supplier.model_copy(update={"name": name, "facts": (*others, fact)})


def _lessons(company: Company, kept: KeptReading) -> Iterator[_Lesson]:
    current, machine = kept.current, kept.machine
    vendor, number, iban = _name(kept), current.value("vendor_tax_id"), current.value("iban")
    if vendor:
        yield _Lesson(FactKind.NAME, "vendor", vendor)
    if number and not is_own_tax_id(company, number):
        yield _Lesson(FactKind.TAX_ID, "vendor_tax_id", number)
    if iban and not is_own_iban(company, iban):
        yield _Lesson(FactKind.IBAN, "iban", iban)
    if account := account_of(current):
        yield _Lesson(FactKind.ACCOUNT, "account_number", account)
    for name in REMEMBERED:
        correction, read = kept.overlay.fields.get(name), machine.value(name)
        if correction is None or correction.source is not Source.PERSON or correction.value == read:
            continue
        yield _Lesson(FactKind.CORRECTION, name, correction.value, read)
        if name == "vendor" and _is_misread(read, vendor) and not is_own_name(company, read):
            yield _Lesson(FactKind.ALIAS, name, read)


def _name(kept: KeptReading) -> str | None:
    vendor = kept.current.value("vendor")
    return vendor and vendor[:_LONGEST]


def _is_misread(read: str | None, vendor: str | None) -> bool:
    found, right = folded("vendor", read or ""), folded("vendor", vendor or "")
    return bool(found and right) and found != right


def _learn(
    facts: dict[tuple[FactKind, str, str | None], Fact],
    supplier_id: str,
    document_id: str,
    lesson: _Lesson,
    at: datetime,
) -> None:
    new = Fact(
        id=derived_id("fct", at, supplier_id, document_id, lesson.kind, lesson.field),
        kind=lesson.kind,
        field=lesson.field,
        value=lesson.value,
        wrong=lesson.wrong,
        document_id=document_id,
        at=at,
    )
    known = facts.get(new.is_about)
    if known is None or not known.says(new.value):
        facts.pop(new.is_about, None)
        facts[new.is_about] = new
    elif known.document_id and not known.confirmed_by:
        facts[new.is_about] = known.model_copy(update={"confirmed_by": document_id})


def _without(facts: tuple[Fact, ...], document_id: str) -> Iterator[Fact]:
    for fact in facts:
        if fact.confirmed_by == document_id:
            yield fact.model_copy(update={"confirmed_by": None})
        elif fact.document_id != document_id:
            yield fact
        elif fact.confirmed_by:
            yield fact.model_copy(update={"document_id": fact.confirmed_by, "confirmed_by": None})


def _kept(facts: list[Fact]) -> tuple[Fact, ...]:
    going = sorted(facts, key=lambda fact: _FORGOTTEN_LATER.get(fact.kind, 0))
    gone = {fact.id for fact in going[: max(len(facts) - _MOST, 0)]}
    return tuple(fact for fact in facts if fact.id not in gone)


_FORGOTTEN_LATER = {FactKind.TAX_ID: 1, FactKind.IBAN: 1, FactKind.ACCOUNT: 1, FactKind.NAME: 2}


def _undone(document_id: str, kind: FactKind, field: str) -> str:
    return f"{document_id}#{kind}#{field}"
