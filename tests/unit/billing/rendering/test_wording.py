from __future__ import annotations

from decimal import Decimal

import pytest

from sheaf.billing.document import TaxCategory
from sheaf.billing.rendering.wording import LANGUAGES, wording
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import squash

UNTAXED = set(TaxCategory) - {TaxCategory.STANDARD, TaxCategory.ZERO_RATED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_all_that_another_says(language: str) -> None:
    said, english = wording(language), wording("en")
    assert said.units.keys() == english.units.keys()
    assert said.reasons.keys() == UNTAXED
    for name, text in english:
        if isinstance(text, str):
            assert placeholders(getattr(said, name)) == placeholders(text), name


def placeholders(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("invoice_number", "INVOICE_RECEIPT_ID"),
        ("credit_note_number", "INVOICE_RECEIPT_ID"),
        ("issue_date", "INVOICE_RECEIPT_DATE"),
        ("due_date", "DUE_DATE"),
        ("delivery_date", "DELIVERY_DATE"),
        ("purchase_order", "PO_NUMBER"),
        ("subtotal", "SUBTOTAL"),
        ("net", "SUBTOTAL"),
        ("total", "TOTAL"),
        ("payable", "AMOUNT_DUE"),
    ],
)
def test_a_label_is_one_that_readers_of_invoices_know(language: str, name: str, meaning: str) -> None:
    assert meaning in lexicon().labels.get(squash(getattr(wording(language), name)), ())


def test_units_are_counted() -> None:
    english = wording("en")
    assert (english.unit("DAY", Decimal(1)), english.unit("DAY", Decimal("1.5"))) == ("day", "days")
    assert (english.unit("C62", Decimal(2)), english.unit("4L", Decimal(2))) == ("", "4L")


def test_american_invoices_are_taxed_without_vat() -> None:
    assert wording("en-US").tax_at == "Tax {rate}"
    assert wording("en-GB").tax_at == "VAT {rate}"
