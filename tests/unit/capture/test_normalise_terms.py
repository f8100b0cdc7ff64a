"""Due dates that follow from the terms of payment, in the languages they are agreed in."""

from __future__ import annotations

import pytest

from tests.builders.candidates import field, page, read


def due(terms: str, issued: str = "2026-03-14") -> str | None:
    return read(page(field("INVOICE_RECEIPT_DATE", issued), field("PAYMENT_TERMS", terms))).value("due_date")


@pytest.mark.parametrize(
    "terms",
    [
        "30 days",
        "Net 30",
        "net 30 days from invoice date",
        "Payable within 30 days",
        "30 Tage netto",
        "zahlbar innerhalb von 30 Tagen",
        "zahlbar innert 30 Tagen",
        "Zahlungsziel: 30 Tage",
        "30 jours net",
        "Paiement à 30 jours",
        "sous 30 jours",
        "30 giorni data fattura",
        "Pagamento entro 30 giorni",
        "30 días fecha factura",
        "Pago a 30 días",
        "30 dias",
        "Pagamento a 30 dias",
        "Betaling binnen 30 dagen",
        "30 dagen netto",
    ],
)
def test_days_after_the_invoice(terms: str) -> None:
    assert due(terms) == "2026-04-13"


@pytest.mark.parametrize(
    "terms",
    [
        "2/10 net 30",
        "2% 10, net 30",
        "2 % discount within 10 days, 30 days net",
        "10 Tage 2% Skonto, 30 Tage netto",
        "Zahlbar innerhalb 30 Tagen netto, innerhalb 10 Tagen 3% Skonto",
        "innerhalb von 10 Tagen mit 2 % Skonto oder in 30 Tagen ohne Abzug",
        "2 % d'escompte sous 10 jours, 30 jours net",
        "sconto 2% entro 10 giorni, netto 30 giorni",
        "2 % de descuento a 10 días, 30 días neto",
        "2% korting binnen 10 dagen, 30 dagen netto",
    ],
)
def test_what_is_offered_for_paying_sooner_is_not_the_term(terms: str) -> None:
    assert due(terms) == "2026-04-13"


@pytest.mark.parametrize(
    ("terms", "date"),
    [
        ("30 jours fin de mois", "2026-04-30"),
        ("60 giorni fine mese", "2026-05-31"),
        ("30 days end of month", "2026-04-30"),
        ("30 Tage zum Monatsende", "2026-04-30"),
        ("30 días fin de mes", "2026-04-30"),
        ("30 dagen einde maand", "2026-04-30"),
    ],
)
def test_the_end_of_the_month_in_which_the_days_are_over(terms: str, date: str) -> None:
    assert due(terms) == date


@pytest.mark.parametrize(
    "terms",
    [
        "Due on receipt",
        "sofort fällig",
        "Paiement à réception",
        "Al contado",
        "Rimessa diretta",
    ],
)
def test_at_once(terms: str) -> None:
    assert due(terms) == "2026-03-14"
