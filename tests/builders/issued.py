"""Issued documents as the tests of billing want them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sheaf.billing.document import (
    Content,
    Discount,
    IssuedDocument,
    Kind,
    LineItem,
    Period,
    Reference,
    Rounding,
    Tax,
    TaxCategory,
    Withholding,
)
from sheaf.billing.parties import Address, BankAccount, Party

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
SELLER = Party(
    name="Hellwig & Söhne Werkstatt GmbH",
    address=Address(lines=("Torstraße 118",), postcode="10119", city="Berlin", country="DE"),
    tax_id="DE136695976",
    registration_id="HRB 178412 B",
    email="buchhaltung@hellwig-werkstatt.example",
    phone="+49 30 5557 0134",
)
BUYER = Party(
    name="Lumière Studio SARL",
    contact="Camille Aubert",
    address=Address(lines=("24 rue des Martyrs", "Bâtiment C"), postcode="75009", city="Paris", country="FR"),
    tax_id="FR40303265045",
)
HOME_BUYER = Party(
    name="Café Mondrian",
    address=Address(lines=("Kastanienallee 12",), postcode="10435", city="Berlin", country="DE"),
)
ACCOUNT = BankAccount(
    holder="Hellwig & Söhne Werkstatt GmbH", iban="DE89370400440532013000", bic="COBADEFFXXX"
)
VAT_19, VAT_7 = Tax(rate=Decimal(19)), Tax(rate=Decimal(7))
REVERSE = Tax(category=TaxCategory.REVERSE_CHARGE, rate=Decimal(0))


def line(description: str = "Shelf, oiled oak", price: str = "248.00", **said: Any) -> LineItem:
    said.setdefault("quantity", Decimal(1))
    return LineItem(description=description, unit_price=Decimal(price), **{"tax": VAT_19, **said})


LINES = (
    line("Workbench, oiled oak", "1249.50", quantity=Decimal(2), code="WB-180",
         details="180 by 75 cm, height adjustable, with two drawers"),
    line("Fitting on site", "68.00", quantity=Decimal("6.5"), unit="HUR"),
    line("Handbook of joinery", "39.90", quantity=Decimal(3), tax=VAT_7,
         discount=Discount(percent=Decimal(10))),
    line("Delivery", "85.00", unit="LS"),
)  # fmt: skip


def content(**said: Any) -> Content:
    given: dict[str, Any] = {
        "seller": SELLER,
        "buyer": BUYER,
        "currency": "EUR",
        "issue_date": date(2026, 3, 5),
        "due_date": date(2026, 4, 4),
        "delivery_date": date(2026, 3, 2),
        "lines": LINES,
        "purchase_order": "PO-77120",
        "account": ACCOUNT,
        "notes": "Thank you for your order. The oil needs two weeks to harden fully.",
        "terms": "Payable within 30 days without deduction.",
        "locale": "en",
    }
    return Content(**given | said)


def issued(
    kind: Kind = Kind.INVOICE, *, number: str | None = "INV-2026-00042", **said: Any
) -> IssuedDocument:
    about = {name: said.pop(name) for name in ("voided_at", "issued_at") if name in said}
    return IssuedDocument(
        id=f"{kind.prefix}_01kjzp8q40e1m8n2a3b4c5d6e7",
        kind=kind,
        number=number,
        content=content(**said),
        created_by="usr_01kjzp8q40e1m8n2a3b4c5d6e7",
        **{"issued_at": AT if number else None, **about},
    )


def credit_note(**said: Any) -> IssuedDocument:
    reference = Reference(id="inv_01kjzp8q40e1m8n2a3b4c5d6e7", number="INV-2026-00042", date=date(2026, 3, 5))
    given = {"credits": reference, "lines": LINES[:1], "due_date": None, "terms": None, "notes": None}
    return issued(Kind.CREDIT_NOTE, number="CRN-2026-00007", **given | said)


def reverse_charge(**said: Any) -> IssuedDocument:
    lines = [each.model_copy(update={"tax": REVERSE}) for each in LINES]
    given = {
        "lines": tuple(lines),
        "locale": "de",
        "discount": Discount(percent=Decimal(3), reason="Treuerabatt"),
    }
    return issued(**given | said)


def withheld(**said: Any) -> IssuedDocument:
    return issued(withholding=Withholding(percent=Decimal(15), label="IRPF"), locale="es", **said)


def long_document(lines: int = 60, **said: Any) -> IssuedDocument:
    each = [line(f"Position {at}: board, planed and cut to size", f"{at}.25", quantity=Decimal(at % 7 + 1))
            for at in range(1, lines + 1)]  # fmt: skip
    return issued(lines=tuple(each), **said)


def monthly(**said: Any) -> IssuedDocument:
    period = Period(first=date(2026, 2, 1), last=date(2026, 2, 28))
    return issued(period=period, rounding=Rounding.PER_LINE, **said)
