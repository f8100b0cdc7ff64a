"""One invoice: from the candidates its pages offer to its reading.

Evidence of the whole document decides among them: its arithmetic (``totals``), its country and language
(``countries``, ``currencies``), its other dates (``when``), check digits (``numbers``). How far each value
may be believed is settled last (``evidence``, ``confidence``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.amounts import decimal_mark, plain
from sheaf.capture.checks import checked
from sheaf.capture.normalise import labels
from sheaf.capture.normalise.confidence import with_confidence
from sheaf.capture.normalise.countries import country_of, language_of, writes_day_first
from sheaf.capture.normalise.currencies import find_currency
from sheaf.capture.normalise.evidence import gather
from sheaf.capture.normalise.goods import find_line_items, lines_sum
from sheaf.capture.normalise.numbers import find_numbers
from sheaf.capture.normalise.parties import find_parties
from sheaf.capture.normalise.taxes import find_tax_lines
from sheaf.capture.normalise.totals import find_totals
from sheaf.capture.normalise.when import find_dates
from sheaf.capture.reading import FIELD_NAMES, DocumentType, Field, Reading, Source
from sheaf.kernel.money import quantize

if TYPE_CHECKING:
    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.normalise.evidence import Evidence
    from sheaf.capture.normalise.totals import Totals

_WORKED_OUT = 0.5
_TITLE_WORDS = 6


def read_invoice(answer: Answer, source: Source) -> Reading:
    """The reading of one invoice, its pages joined, with its checks. Nothing in it is required."""
    reading, evidence = weighed(answer, source)
    return checked(with_confidence(reading, evidence))


def weighed(answer: Answer, source: Source) -> tuple[Reading, dict[str, Evidence]]:
    """The values, with the reader's own confidence in them, and what speaks for and against each."""
    reading, totals = _chosen(answer, source)
    return reading, gather(answer, totals, reading)


def _chosen(answer: Answer, source: Source) -> tuple[Reading, Totals]:
    texts = [line.text for line in answer.lines]
    country, language = _place(answer, texts)
    credits_invoice = _is_credit_note(answer)
    mark = decimal_mark([entry.text for entry in answer.entries]) or decimal_mark(texts)
    lines = find_line_items(answer, mark)
    totals = find_totals(answer, lines_sum(lines), mark)
    total = totals.parts["total"].entries if "total" in totals.parts else ()
    currency = find_currency(answer, total, country=country, language=language, source=source)
    code = currency.value if currency else None
    dates = find_dates(
        answer,
        usually_day_first=writes_day_first(country, language, code),
        credits_invoice=credits_invoice,
        source=source,
    )
    fields = {
        **find_parties(answer, source),
        **find_numbers(answer, credits_invoice=credits_invoice, source=source),
        **dates.fields,
        **({"currency": currency} if currency else {}),
        **_money(totals, code, source),
        **_terms(answer, source),
    }
    document_type = _document_type(answer, totals, credits_invoice=credits_invoice)
    if document_type is DocumentType.INVOICE and not totals.paid_at_once:
        fields = _due_in_full(fields)
    reading = Reading(
        document_type=document_type,
        engine=source,
        fields={name: fields[name] for name in FIELD_NAMES if name in fields},
        line_items=lines,
        tax_breakdown=find_tax_lines(answer, totals, lines, mark),
        checks=dates.checks,
    )
    return reading, totals


def _place(answer: Answer, texts: list[str]) -> tuple[str | None, str | None]:
    """The supplier's own address weighs more than any other text."""
    own = [entry.text for entry in answer.of_type("VENDOR_ADDRESS", "VENDOR_PHONE", "VENDOR_VAT_NUMBER")]
    return country_of(own * 2 + texts), language_of(texts)


def _money(totals: Totals, currency: str | None, source: Source) -> dict[str, Field]:
    """A printed amount keeps its decimals; one that was worked out gets the currency's."""
    fields = {}
    for name, part in totals.parts.items():
        amount = abs(part.amount) if name in ("discount", "prepaid") else part.amount
        if not part.entries:
            value = plain(quantize(amount, currency))
            fields[name] = Field(value=value, confidence=_WORKED_OUT, source=source)
            continue
        first = part.entries[0]
        fields[name] = Field(
            value=plain(amount),
            raw=" + ".join(entry.text for entry in part.entries),
            confidence=round(min(entry.confidence for entry in part.entries), 3),
            page=first.page,
            box=first.box if len(part.entries) == 1 else None,
            source=source,
        )
    return _without_tendered(fields, totals)


def _without_tendered(fields: dict[str, Field], totals: Totals) -> dict[str, Field]:
    """What a till calls paid is the money handed over, not an advance: no amount is due after it."""
    if "prepaid" in fields and "amount_due" not in totals.parts:
        return {name: field for name, field in fields.items() if name != "prepaid"}
    return fields


def _terms(answer: Answer, source: Source) -> dict[str, Field]:
    for entry in (*answer.of_type("PAYMENT_TERMS"), *answer.of_type("OTHER")):
        if entry.type == "PAYMENT_TERMS" or labels.means(entry.label, "terms"):
            return {"payment_terms": _as_field(entry, source)}
    return {}


def _as_field(entry: Entry, source: Source) -> Field:
    text = " ".join(entry.text.split())
    return Field(
        value=text,
        raw=entry.text,
        confidence=round(entry.confidence, 3),
        page=entry.page,
        box=entry.box,
        source=source,
    )


def _due_in_full(fields: dict[str, Field]) -> dict[str, Field]:
    """The total is what is due, when nothing says otherwise."""
    if "total" not in fields or fields.keys() & {"amount_due", "prepaid"}:
        return fields
    return {**fields, "amount_due": fields["total"]}


def _is_credit_note(answer: Answer) -> bool:
    titles = (line.text for line in answer.lines if len(line.text.split()) <= _TITLE_WORDS)
    return any(labels.means(title, "credit_note") for title in titles)


def _document_type(answer: Answer, totals: Totals, *, credits_invoice: bool) -> DocumentType:
    lines = [line.text for line in answer.lines]
    total = totals.parts.get("total")
    if credits_invoice or (total is not None and total.amount < 0):
        return DocumentType.CREDIT_NOTE
    billed = any(
        entry.type in ("DUE_DATE", "RECEIVER_NAME", "PAYMENT_TERMS", "AMOUNT_DUE") for entry in answer.entries
    )
    if not billed and any(labels.means(line, "receipt") for line in lines):
        return DocumentType.RECEIPT
    return DocumentType.INVOICE
