"""The words on the page, a TOML file for each language.

The labels are those that readers of invoices look for, our own among them (``sheaf_reader.lexicon``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from sheaf.billing.document import TaxCategory

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")
_AMERICAN = {
    "tax_rate": "Tax",
    "tax_at": "Tax {rate}",
    "tax_id": "Tax ID",
}
_PIECE = "C62"


class Wording(BaseModel):
    """``{…}`` stands for what is filled in. ``reasons`` say why no tax is due, if the document does not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invoice: str
    estimate: str
    credit_note: str
    bill: str
    draft: str
    void: str
    invoice_number: str
    estimate_number: str
    credit_note_number: str
    issue_date: str
    other_date: str
    due_date: str
    valid_until: str
    delivery_date: str
    period: str
    buyer_reference: str
    purchase_order: str
    credits: str
    credits_of: str
    bill_to: str
    prepared_for: str
    attention: str
    tax_id: str
    registration_id: str
    description: str
    quantity: str
    unit_price: str
    discount: str
    tax_rate: str
    amount: str
    subtotal: str
    net: str
    tax_at: str
    tax_on: str
    total: str
    credit_total: str
    withheld: str
    payable: str
    payment: str
    account_holder: str
    iban: str
    bic: str
    payment_reference: str
    pay_online: str
    scan_transfer: str
    scan_pay: str
    on_receipt: str
    withholding_terms: str
    notes: str
    terms: str
    page: str
    reasons: dict[TaxCategory, str]
    units: dict[str, str]

    def unit(self, code: str, quantity: Decimal) -> str:
        """Empty for pieces; the code itself where there is no word for it. ``one|more`` in the files."""
        one, _, more = self.units.get(code, "" if code == _PIECE else code).partition("|")
        return one if abs(quantity) == 1 or not more else more


@cache
def wording(locale: str) -> Wording:
    """Of a BCP 47 tag: its language's, or English."""
    import tomllib

    language, _, rest = locale.partition("-")
    known = language if language in LANGUAGES else "en"
    said = tomllib.loads((files(__package__) / f"{known}.toml").read_text("utf-8"))
    return Wording.model_validate(said | (_AMERICAN if known == "en" and rest.upper() == "US" else {}))


def country(code: str, language: str) -> str:
    """What the country is called in the language; its code where it has no name."""
    return countries(language).get(code, code)


def countries(language: str) -> dict[str, str]:
    """Names by code."""
    known = _countries()
    return known.get(language[:2]) or known["en"]


@cache
def _countries() -> dict[str, dict[str, str]]:
    """By language and code, after CLDR."""
    import json

    names: dict[str, dict[str, str]] = json.loads((files(__package__) / "countries.json").read_text("utf-8"))
    return names
