"""What is issued here can be captured here: from the e-invoice exactly, and from the page as it is seen."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sheaf.billing.document import IssuedDocument
from sheaf.billing.parties import Address, Party
from sheaf.billing.rendering.look import Look
from sheaf.billing.rendering.pdf import render_pdf
from sheaf.billing.sums import Totals, totals
from sheaf_cli.reading import read_file
from tests.builders.issued import LINES, credit_note, issued, long_document, reverse_charge, withheld

if TYPE_CHECKING:
    from pathlib import Path

ITALIAN = Party(
    name="Officina Bellandi S.r.l.",
    address=Address(lines=("Via Savona 97",), postcode="20144", city="Milano", country="IT"),
    tax_id="IT07643520567",
)
ISSUED = {
    "English": issued(),
    "German, no tax": reverse_charge(),
    "French": issued(locale="fr"),
    "Spanish, withheld": withheld(lines=LINES[:2]),
    "Italian": issued(locale="it", seller=ITALIAN, account=None),
    "Dutch": issued(locale="nl"),
    "American": issued(locale="en-US", currency="USD", account=None, lines=LINES[:2]),
    "credit note": credit_note(),
    "three pages": long_document(60),
}


def read(document: IssuedDocument, folder: Path, *, use_xml: bool) -> dict[str, Any]:
    path = folder / "issued.pdf"
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3"/></svg>'
    path.write_bytes(render_pdf(document, totals(document.content), look=Look(logo=logo)))
    return read_file(str(path), use_xml=use_xml)


def facts(document: IssuedDocument, sums: Totals) -> dict[str, Any]:
    """What a reading has to have, whichever way it was read."""
    said = document.content
    return {
        "document_type": document.kind.value,
        "vendor": said.seller.name,
        "vendor_tax_id": said.seller.tax_id,
        "buyer": said.buyer.name,
        "invoice_number": document.number,
        "invoice_date": str(said.issue_date),
        "due_date": str(said.due_date) if said.due_date else None,
        "purchase_order": said.purchase_order,
        "currency": said.currency,
        "subtotal": sums.net,
        "tax": sums.tax,
        "total": sums.total,
        "iban": said.account.iban if said.account and document.kind.value == "invoice" else None,
    }


def found(read: dict[str, Any]) -> dict[str, Any]:
    amounts = {name: Decimal(read[name]) for name in ("subtotal", "tax", "total") if read.get(name)}
    return {name: amounts.get(name, read.get(name)) for name in facts(issued(), totals(issued().content))}


@pytest.mark.parametrize("use_xml", [True, False], ids=["e-invoice", "page"])
@pytest.mark.parametrize("name", ISSUED)
def test_it_is_read_back_as_it_was_issued(name: str, use_xml: bool, tmp_path: Path) -> None:
    document = ISSUED[name]
    sums = totals(document.content)
    back = read(document, tmp_path, use_xml=use_xml)
    assert back["engine"] == ("xml" if use_xml else "embedded")
    assert found(back) == facts(document, sums)
    assert back["status"] == "ready"
    told = [(Decimal(each["quantity"]), Decimal(each["amount"])) for each in back["line_items"]]
    lines = zip(document.content.lines, sums.lines, strict=True)
    assert told == [(line.quantity, summed.net) for line, summed in lines]


def test_what_is_to_be_transferred_stands_on_the_page(tmp_path: Path) -> None:
    """EN 16931 has no word for what is withheld: its amount due is before it, and the terms say the rest."""
    document = ISSUED["Spanish, withheld"]
    sums = totals(document.content)
    assert Decimal(read(document, tmp_path, use_xml=False)["amount_due"]) == sums.payable
    told = read(document, tmp_path, use_xml=True)
    assert Decimal(told["amount_due"]) == sums.total
    assert "El comprador retiene IRPF" in told["payment_terms"]
