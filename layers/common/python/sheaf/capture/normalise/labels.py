r"""What the labels beside a value mean, in the languages invoices come in.

The tables are regular expressions, one alternative or more a line, for text without accents in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TAX = (
    r"vat|tax(?:es)?|gst|hst|pst|qst|sst|iva|igic|tva|mwst|m\.?w\.?st|ust|u\.?st|umsatzsteuer|mehrwertsteuer"
    r"|btw|moms|mva|alv|dph|ptu|kdv|igst|cgst|sgst|utgst|tps|tvq|steuer|impuestos?|imposta|imposto|cess"
)
_WITH_TAX = rf"(?:incl?\w*|inkl\w*|con|con el|mit|avec|\+|and|&)\.?\s*(?:of |de |d')?(?:{_TAX})"
_WITHOUT = r"excl?\w*|exkl\w*|ex|ohne|zzgl\.?|before|without|hors|sin|senza|zonder|utan|uten|w/o"

_CHANGE = r"""
    \bchange\b|ruckgeld|wechselgeld|rendu|cambio|resto
"""
_TENDERED = r"""
    \bcash\b|\bca sh\b|tender|\btend\b|\bvisa\b|master\s?card|\bamex\b|debit|credit card|\bcard\b
    gegeben|espece|efectivo|contanti
"""
_NO_PART_OF_THE_SUM = r"""
    \bqty\b|quantity|\bitems?\b(?! total)|saved|savings|you save|points
    prior balance|previous balance|balance forward|last (?:bill|invoice)|credit limit
    (?:carried|brought) forward|ubertrag|a reporter|suma y sigue|riporto
    exchange rate|\brate\b|account (?:no|num)
"""
_ROUNDING = r"""
    \bround\w*|\brundung\w*|arrondi|redondeo|arrotondamento|afronding
"""
_SUBTOTAL = rf"""
    sub[\s-]*total|sous[\s-]*total|subtotale|subtotaal|zwischensumme|delsumma|delsum
    (?:{_WITHOUT})\.?\s*(?:la )?(?:{_TAX}|taxes?)
    \b(?:netto|net)(?:\s*-?\s*(?:betrag|wert|summe|amount|total|value|price|preis))?\b(?!.*payer)
    \bnettobetrag|\bnettosumme|summe netto|warenwert|positionssumme
    \bh\.?t\b|base tax|\bbase ht\b|valeur nette|base imponible|imponibile|importo netto|wartosc netto
    taxable|total fees|goods total|merchandise|item total|lines? total
"""
_GRAND_TOTAL = rf"""
    total.*{_WITH_TAX}
    grand\s*total
"""
_CHARGES = r"""
    shipping|freight|delivery|handling|service charge|surcharge|\btips?\b|gratuity|postage|packaging
    disbursements|\bfees?\b
    versand|porto|fracht|verpackung|frais|livraison|envio|trasporto|spedizione|verzend|frakt
"""
_DISCOUNT = r"""
    discount|rabatt|remise|rebate|skonto|nachlass|descuento|sconto|korting|desconto|coupon
"""
_PREPAID = r"""
    \bpaid\b|deposit|advance|prepaid|payments?\b(?! terms)
    anzahlung|bereits gezahlt|acompte|deja (?:paye|regle)|anticipo|acconto|aanbetaling|voldaan
"""
_AMOUNT_DUE = r"""
    amount due|balance due|\bdue\b|\bbalance\b|amount you owe|payable|to pay
    zahlbetrag|restbetrag|zu zahlen|net a payer|reste a payer|saldo|te betalen|te voldoen|openstaand
    att betala|at betale|a betale|do zaplaty|da pagare|a pagar
"""
_TOTAL = r"""
    total\w*|totaal\w*|\btot\b|\bt\.?t\.?c\b|montant|invoice amount
    gesamt(?:betrag|summe|preis)?|rechnungs(?:betrag|summe)|endbetrag|endsumme|brutto\w*|\bsumme?\b
    \bsuma\b|razem|celkem|osszesen|yhteensa|toplam
"""
_SURE_TOTAL = rf"""
    grand|t\.?t\.?c|incl|inkl|{_WITH_TAX}
    gesamtbetrag|rechnungsbetrag|endbetrag|brutto
    invoice total|total (?:amount|due|factura|general|a pagar|da pagare|payable|to pay|fattura|documento)
"""
_INVOICE_NUMBER = r"""
    (?:invoice|receipt|bill|document|credit note|memo)\W{0,3}(?:(?:no|nr|num\w*|#|id|n)\b|#)
    (?:rechnungs?|beleg|gutschrifts?|factuur|faktura)\W{0,3}(?:(?:no|nr|num\w*|#|id|n)\b|n[o°]|#|-?nummer)
    (?:facture|factura|fattura|fatura|folio|avoir)\W{0,3}(?:(?:no|nr|num\w*|#|id|n)\b|n[o°]|#)
    \binv\b|tax invoice no|numero (?:de )?(?:la )?(?:factur|fattur)|facture n|rechnung nr|factuurnr|fakturanr
"""
_PURCHASE_ORDER = r"""
    \bp\.?\s?o\.?\b|purchase order|order (?:no|num|#|id|ref)|customer order|your order
    bestell\w*|commande|pedido|\bordine\b|bestelling|orden de compra|ordernr|ordrenr
"""
_INVOICE_DATE = r"""
    invoice date|date of (?:issue|invoice)|issued?|bill(?:ing)? date|statement date|receipt date|tax date
    rechnungsdatum|date (?:de )?(?:la )?factur|date d.emission|date de facturation
    fecha (?:de )?(?:la )?(?:factura|emision)|data (?:della )?fattura|factuurdatum|fakturadat|data de emissao
"""
_DUE_DATE = r"""
    due|payable (?:by|before)|pay by|payment date
    fallig|zahlbar bis|echeance|a regler avant|vencimiento|vencimento|scadenza|vervaldatum|forfall
"""
_OF_AN_INVOICE = r"""
    \binvoice\b|rechnung|facture|fattura|factuur|factura\b|fatura
"""
_CREDITED = r"""
    credit|gutschrift|storno|korrektur|avoir|rectificativ|abono
"""
_ANY_DATE = r"""
    \bdate\b|\bdated\b|\bdatum\b|\bfecha\b|\bdata\b|\bdato\b
"""
_TERMS = r"""
    terms|zahlungs(?:bedingung|ziel)|conditions? (?:de )?(?:paiement|reglement)|modalites
    condiciones|forma de pago|pagamento|betalings
"""
_ATTENTION = r"""
    \battn|attention|c/o|z\.?\s?hd|contact
"""
_CREDIT_NOTE = r"""
    ^(?:tax )?credit (?:note|memo|invoice)\b|^gutschrift\b|^stornorechnung\b|^rechnungskorrektur\b
    ^(?:facture d.)?avoir\b|^nota (?:de|di) credito\b|^factura rectificativa\b
    ^credit(?:nota|factuur)\b|^kredit(?:nota|faktura)\b|^korekta\b
"""
_RECEIPT = r"""
    \breceipt\b|\bcashier\b|\bmerchant id\b|\bterminal\b|\bapproved\b|\bchange\b|\bcash\b|\btender\b
    \bkassenbon\b|\bquittung\b|\bticket\b
"""


def _compiled(table: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\s*\n\s*", "|", table.strip()))


# In the order they are tried: the first that matches says what an amount is.
_MONEY = tuple(
    (role, _compiled(table))
    for role, table in (
        ("change", _CHANGE),
        ("tendered", _TENDERED),
        ("ignored", _NO_PART_OF_THE_SUM),
        ("rounding", _ROUNDING),
        ("subtotal", _SUBTOTAL),
        ("total", _GRAND_TOTAL),
        ("charges", _CHARGES),
        ("discount", _DISCOUNT),
        ("prepaid", _PREPAID),
        ("amount_due", _AMOUNT_DUE),
        ("total", _TOTAL),
        ("tax", rf"\b(?:{_TAX})\b"),
    )
)
_MEANINGS = {
    "sure_total": _compiled(_SURE_TOTAL),
    "invoice_number": _compiled(_INVOICE_NUMBER),
    "purchase_order": _compiled(_PURCHASE_ORDER),
    "invoice_date": _compiled(_INVOICE_DATE),
    "due_date": _compiled(_DUE_DATE),
    "of_an_invoice": _compiled(_OF_AN_INVOICE),
    "credited": _compiled(_CREDITED),
    "any_date": _compiled(_ANY_DATE),
    "terms": _compiled(_TERMS),
    "attention": _compiled(_ATTENTION),
    "credit_note": _compiled(_CREDIT_NOTE),
    "receipt": _compiled(_RECEIPT),
}
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s?%")


_FOLDED = 1024  # texts kept: each is asked for what it may mean many times


@lru_cache(_FOLDED)
def folded(text: str) -> str:
    """Lower case, no accents, one line."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@lru_cache(_FOLDED)
def money_role(label: str) -> str | None:
    """subtotal, discount, charges, tax, rounding, total, prepaid, amount_due; what passes over a counter:
    tendered, change; "ignored" for an amount that is none of them.
    """
    text = folded(label)
    return next((role for role, pattern in _MONEY if pattern.search(text)), None) if text else None


def means(label: str, meaning: str) -> bool:
    return _MEANINGS[meaning].search(folded(label)) is not None


def is_of_original(label: str) -> bool:
    """On a credit note: whether the label speaks of the invoice that is credited."""
    return means(label, "of_an_invoice") and not means(label, "credited")


def tax_rate(label: str) -> str | None:
    """The percentage in a tax's label, as a plain decimal."""
    found = _RATE.search(label)
    return found[1].replace(",", ".") if found else None
