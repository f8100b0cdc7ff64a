"""What a printed label says its amount is."""

from __future__ import annotations

import pytest

from sheaf.capture.normalise.labels import money_role


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Importo totale", "total"),
        ("Spese di porto", "charges"),
        ("Total VAT", "tax"),
        ("Totale IVA", "tax"),
        ("Total incl. VAT", "total"),
        ("Totaal BTW inbegrepen", "total"),
        ("Mehrwertsteuerbetrag", "tax"),
        ("I.V.A. 21%", "tax"),
        ("Totaal excl.", "subtotal"),
        ("Total HTVA", "subtotal"),
        ("Total antes de IVA", "subtotal"),
        ("Net total", "subtotal"),
        ("Net payable", "amount_due"),
        ("Netto a pagare", "amount_due"),
        ("Offener Betrag", "amount_due"),
        ("Resto a pagar", "amount_due"),
        ("Resto", "change"),
        ("Montant TVAC", "total"),
    ],
)
def test_role(label: str, role: str) -> None:
    assert money_role(label) == role
