"""What is said in words, on the page and in the e-invoice alike: when and what to pay, why no tax is due."""

from __future__ import annotations

from sheaf.billing.document import Content, IssuedDocument, Kind, Tax
from sheaf.billing.rendering.formats import formats
from sheaf.billing.rendering.wording import wording
from sheaf.billing.sums import Totals


def payment_terms(document: IssuedDocument, totals: Totals) -> str | None:
    """An invoice without a due date or terms of its own is payable on receipt, and says so."""
    content, words, form = (
        document.content,
        wording(document.content.locale),
        formats(document.content.locale),
    )
    terms = [content.terms] if content.terms else []
    if document.kind is not Kind.INVOICE:
        return content.terms
    if not terms and content.due_date is None:
        terms.append(words.on_receipt)
    if content.withholding and totals.withheld:
        withheld = words.withholding_terms.format(
            label=content.withholding.label,
            rate=form.share(content.withholding.percent),
            withheld=form.with_currency(totals.withheld, content.currency),
            payable=form.with_currency(totals.payable, content.currency),
        )
        terms.append(withheld)
    return "\n".join(terms) or None


def credited(document: IssuedDocument) -> str | None:
    """Which invoice a credit note takes back: "INV-7 of 1 May 2026"."""
    credits_, locale = document.content.credits, document.content.locale
    if credits_ is None:
        return None
    day = formats(locale).date(credits_.date)
    return wording(locale).credits_of.format(number=credits_.number, date=day)


def reasons(content: Content, tax: Tax) -> tuple[str, ...]:
    """Why none is due of what is taxed like that, as its lines say; else what the category means. None for
    what is taxed, and for the zero rate (BR-S-10, BR-Z-10).
    """
    usual = wording(content.locale).reasons.get(tax.category)
    if usual is None:
        return ()
    alike = (line.tax for line in content.lines if line.tax.category is tax.category)
    return tuple(dict.fromkeys(each.reason for each in alike if each.reason)) or (usual,)
