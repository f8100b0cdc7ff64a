r"""What the labels beside a value mean, in the languages invoices come in.

The tables are regular expressions, one alternative or more a line, for text without accents in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TAX = (
    r"vat|tax(?:es)?|gst|hst|pst|qst|sst|iva|tva|mwst|m\.?w\.?st|ust|u\.?st|umsatzsteuer|mehrwertsteuer"
    r"|btw|moms|mva|alv|dph|ptu|kdv|igst|cgst|sgst|utgst|tps|tvq|tvh|igic|igv|icms"
    r"|i\.v\.a|t\.v\.a|b\.t\.w|steuern?|versicherungs?steuer|\w*steuerbetrag|(?:um|mehrwert)\w*steuer\w*|taxes?|omzetbelasting"
    r"|impuestos?|imposta|imposte|impostos?|cuota|cess"
)
_WITH_TAX = rf"(?:incl?\w*|inkl\w*|con|con el|mit|avec|\+|and|&)\.?\s*(?:of |de |d')?(?:{_TAX})"
_WITHOUT = (
    r"excl?\w*|exkl\w*|exc?|ohne|zzgl\.?|vor(?= )|before|without|hors|avant|sin|antes de|senza|zonder|sem|s/"
    r"|utan|uten|w/o"
)
_SUM_OF = r"total\w*|totaal|tot\.|summe|gesamt|montante?|importo?|importe|amount|valor|kwota"
_AN_AMOUNT = "betrag|wert|summe|amount|total|value|price|preis"
_PAYING = "pay|pag|due|betalen|regler|versare|ttc"
_OF_IT = r"(?:of |de |des |de la |de l.|del |dell.|do |dos |van |der |d.)?"

_CHANGE = r"""
    \bchange\b|ruckgeld|wechselgeld|rendu|cambio|\bresto\b(?! .*pag)
"""
_TENDERED = r"""
    \bcash\b|\bca sh\b|tender|\btend\b|\bvisa\b|master\s?card|\bamex\b|\bdebit\b|credit card|\bcard\b
    gegeben|espece|efectivo|contanti
"""
_NO_PART_OF_THE_SUM = r"""
    \bqty\b|quantity|\bitems?\b(?! (?:sub)?total)|saved|savings|you save|points
    prior balance|previous balance|balance forward|last (?:bill|invoice)|credit limit
    (?:carried|brought) forward|ubertrag|a reporter|suma y sigue|riporto
    exchange rate|\brate\b|account (?:no|num)
"""
_ROUNDING = r"""
    \bround\w*|\brundung\w*|arrondi|redondeo|arrotondamento|afronding
"""
_TAXES_TOGETHER = rf"""
    (?:{_SUM_OF})\W{{0,2}}{_OF_IT}(?:{_TAX})\b(?!\W*(?:in|ex|comp|zzgl|esclu))
    \b(?:{_TAX})[\s-]+(?:total\w*|totaal|gesamt)\b
"""
_SUBTOTAL = rf"""
    sub[\s-]*total|sous[\s-]*total|subtotale|subtotaal|zwischen(?:summe|total)|tussentotaal|delsumma|delsum
    (?:{_WITHOUT})\.?\s*(?:la |d\W)?(?:{_TAX}|taxes?)|(?:{_TAX})\W+(?:excl|esclus|exclu|no inclu|excluid)
    \b(?:nett?o?|total\w* netto?)(?:[\s-]*(?:{_AN_AMOUNT}))?\b(?!.*(?:{_PAYING}))
    \bnetto(?:gesamt)?(?:betrag|summe|entgelt|umsatz|rechnungs\w+)|gesamtnetto|summe netto
    waren(?:netto)?wert(?!.*brutto)
    positionssumme|summe (?:der )?(?:positionen|artikel|leistungen)|\bentgelt
    \bh\.?t(?:va)?\b|base tax|\bbase ht\b|valeur nette|base impo[ns]|\bb\.? ?imponible|imponibil|wartosc netto
    importo netto|importe (?:neto|bruto|base)|totaa?le? (?:excl|ex|exclusi\w+|parziale)\b
    taxable|total fees|(?:goods|basic|assessable) (?:value|amount)|merchandise
    (?:goods|items?|lines?|products?|services?) total|montant net\b(?! a)
    total\w* {_OF_IT}(?:goods|righe|imp\.le|mer[ck]\w+|marchandises?)
    total\w* {_OF_IT}(?:produ\w+|servi\w+|presta\w+|artic\w+|artikel\w*)
    goederenbedrag|grondslag|maatstaf|belastbaar|(?:base|valor) (?:tributa\w+|i?liquid\w+|neto|sem)
    \biliquido|incidencia|mercadoria|(?:razem|kwota|suma) netto
"""
_GRAND_TOTAL = rf"""
    total.*{_WITH_TAX}
    grand\s*total|(?:amount|bedrag|importe|importo|valor|montant|betrag)\W+{_WITH_TAX}
"""
_CHARGES = r"""
    shipping|freight|delivery|handling|service charge|surcharge|\btips?\b|gratuity|postage|packaging
    disbursements|\bfees?\b
    versand|\bporto|fracht|verpackung|frais|livraison|envio|trasporto|spedizione|verzend|frakt|\bportes\b
"""
_DISCOUNT = r"""
    discount|rabatt|remise|rebate|skonto|nachlass|descuento|sconto|korting|desconto|coupon
"""
_PREPAID = r"""
    \bpaid\b|deposit|advance|prepaid|payments?\b(?! terms| due| amount)
    anzahlung|bereits gezahlt|acompte|deja (?:paye|regle)|anticipo|acconto|aanbetaling|voldaan
"""
_AMOUNT_DUE = r"""
    amount due|balance due|\bdue\b|\bbalance\b|amount you owe|payable|to pay|outstanding|owing
    pay this amount|please pay|remaining
    zahl(?:ungs)?betrag|rest(?:be[td]rag|summe|zahlung|forderung)|zu (?:be)?zahlen|(?:zu|bitte) uberweisen
    offen\w*|ausstehend|fallig\w* betrag|uberweisungsbetrag|abbuchungsbetrag|lastschriftbetrag|verbleib
    net a (?:payer|regler)|reste|solde|somme due|montant du\b|a (?:payer|regler)
    saldo|te betalen|te voldoen|openstaand|verschuldigd|resterend|te incasseren
    att betala|at betale|a betale|do zaplaty|pagare|a pagar|pendiente|adeudad|por pagar|residuo|dovuto
    em divida|por liquidar|em falta
"""
_TOTAL = r"""
    total\w*|totaal\w*|\btot\b|\bt\.?t\.?c\b|\btvac\b|montant|(?:invoice|bill) (?:amount|value)|amount charged
    gross(?: amount| total)?$|gesamt(?:betrag|summe|preis)?|(?:rechnungs|end)(?:betrag|summe|preis)
    brutto\w*|\bsumme?\b|gutschriftsbetrag|factuurbedrag|eindbedrag|importe (?:factura|liquido)|liquido a
    importo (?:totale|fattura)|valor (?:da (?:fatura|nota)|do documento)
    \bsuma\b|razem|ogolem|celkem|osszesen|yhteensa|toplam
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
_CARRIED = r"""
    \b(?:carried|brought) forward|\bcontinued (?:from|on)|\bsubtotal page
    \bubertrag\b|\bfortsetzung|\ba reporter|^report\b(?! to| date)|\bsuite (?:page|de)
    \bsuma anterior|\bsuma y sigue|\briporto\b|\ba riportare|\btransporteren\b|\ba transportar|\btransporte\b$
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
        ("tax", _TAXES_TOGETHER),
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
    "carried": _compiled(_CARRIED),
    "tax": _compiled(rf"\b(?:{_TAX})\b"),
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
