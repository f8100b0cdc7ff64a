"""What stands on the page: every text as it is printed, for the template to place.

The template gets these texts as data, never as markup: what a customer is called can do nothing to the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from sheaf.billing.document import Discount, IssuedDocument, Kind, LineItem
from sheaf.billing.parties import Address, Party
from sheaf.billing.rendering.formats import Formats, formats, paper
from sheaf.billing.rendering.lettering import breakable, drawable
from sheaf.billing.rendering.look import Look
from sheaf.billing.rendering.qr import link_code, transfer_code
from sheaf.billing.rendering.terms import credited, payment_terms, reasons
from sheaf.billing.rendering.wording import Wording, country, wording
from sheaf.billing.sums import LineSum, Totals

_NBSP = "\N{NO-BREAK SPACE}"
_LONG = 1000
_TO = "\N{EN DASH}"

type Pairs = list[list[str]]
_POSTCODE_LAST = frozenset(("US", "CA", "AU", "GB", "IE", "NZ", "IN", "SG", "ZA"))


LOGO = "logo.svg"
CODE = "qr.svg"


class Page:
    """The texts of one document, with the words and formats of its locale."""

    def __init__(
        self, document: IssuedDocument, totals: Totals, *, look: Look, payment_url: str | None
    ) -> None:
        self.document = document
        self.content = document.content
        self.totals = totals
        self.look = look
        self.words: Wording = wording(self.content.locale)
        self.formats: Formats = formats(self.content.locale)
        asks = document.kind is Kind.INVOICE and document.voided_at is None and totals.payable > 0
        self.payment_url = payment_url if asks else None
        self.code = link_code(self.payment_url) if self.payment_url else None
        if asks and self.code is None:
            self.code = transfer_code(document, totals.payable)
        self.asks_for_money = asks

    def texts(self) -> dict[str, Any]:
        """JSON for ``document.typ``; see there what is placed where."""
        content, words = self.content, self.words
        texts = {
            "lang": self.formats.language[:2],
            "paper": paper(content.locale, content.seller.address.country),
            "accent": self.look.accent,
            "logo": LOGO if self.look.logo else None,
            "title": getattr(words, self.document.kind.value),
            "number": self.document.number or words.draft,
            "watermark": self._watermark(),
            "seller": self._party(content.seller),
            "buyer": self._party(content.buyer, attention=content.buyer.contact),
            "buyer_label": words.prepared_for if self.document.kind is Kind.ESTIMATE else words.bill_to,
            "facts": list(self._facts()),
            "head": self._head(),
            "lines": [self._line(*each) for each in zip(content.lines, self.totals.lines, strict=True)],
            "sums": list(self._sums()),
            "due": self._due(),
            "reasons": [said for each in self.totals.taxes for said in reasons(self.content, each.tax)],
            "payment": self._payment(),
            "notes": self._notes(),
            "footer": list(self._footer()),
            "page": words.page,
        }
        printed: dict[str, Any] = _drawable(texts)
        return printed | {"url": self.payment_url}

    def _watermark(self) -> str | None:
        if self.document.voided_at is not None:
            return self.words.void
        return self.words.draft if self.document.is_draft else None

    def _party(self, party: Party, *, attention: str | None = None) -> dict[str, Any]:
        return {
            "name": party.name,
            "lines": [
                *([self.words.attention.format(name=attention)] if attention else ()),
                *self._address(party.address),
            ],
            "facts": list(self._registered(party)),
        }

    def _address(self, address: Address) -> list[str]:
        """With the country, where the parties are not in the same."""
        last = address.country in _POSTCODE_LAST
        city = ", ".join(filter(None, (address.city, address.region))) if last else address.city
        town = (city, address.postcode) if last else (address.postcode, city)
        lines = [*address.lines, " ".join(filter(None, town))]
        if address.region and not last:
            lines.append(address.region)
        if self.content.seller.address.country != self.content.buyer.address.country:
            lines.append(country(address.country, self.formats.language))
        return [line for line in lines if line]

    def _registered(self, party: Party) -> Iterator[str]:
        if party.tax_id:
            yield f"{self.words.tax_id} {party.tax_id}"
        if party.registration_id:
            yield f"{self.words.registration_id} {party.registration_id}"

    def _facts(self) -> Iterator[list[str]]:
        """What the document is known by: a label and a value each."""
        content, words = self.content, self.words
        kind = self.document.kind
        is_bill = kind in (Kind.INVOICE, Kind.BILL)
        yield [words.invoice_number if is_bill else getattr(words, f"{kind.value}_number"),
               self.document.number or words.draft]  # fmt: skip
        dates = (
            (words.issue_date if is_bill else words.other_date, content.issue_date),
            (words.due_date, content.due_date if is_bill else None),
            (words.valid_until, content.valid_until if kind is Kind.ESTIMATE else None),
            (words.delivery_date, content.delivery_date),
        )
        for label, day in dates:
            if day:
                yield [label, self.formats.date(day)]
        if content.period:
            first, last = self.formats.date(content.period.first), self.formats.date(content.period.last)
            yield [words.period, first if first == last else f"{first} {_TO} {last}"]
        if reference := credited(self.document):
            yield [words.credits, reference.replace(" ", _NBSP).replace(_NBSP, " ", 1)]
        for label, said in (
            (words.purchase_order, content.purchase_order),
            (words.buyer_reference, content.buyer_reference),
        ):
            if said:
                yield [label, said]

    def _head(self) -> dict[str, str]:
        """Columns that no line fills are left out."""
        words = self.words
        head = {
            "description": words.description,
            "quantity": words.quantity,
            "unit_price": words.unit_price,
            "discount": words.discount,
            "tax": words.tax_rate,
            "amount": words.amount,
        }
        if not any(line.discount for line in self.totals.lines):
            del head["discount"]
        return head

    def _line(self, line: LineItem, summed: LineSum) -> dict[str, Any]:
        currency = self.content.currency
        quantity = (
            f"{self.formats.number(line.quantity)} {self.words.unit(line.unit, line.quantity)}".rstrip()
        )
        return {
            "description": line.description,
            "details": "\n".join(filter(None, (line.code, line.details))),
            "quantity": quantity,
            "unit_price": self.formats.price(line.unit_price, currency),
            "discount": self._discount(line.discount, summed.discount),
            "tax": self.formats.share(line.tax.rate),
            "amount": self.formats.amount(summed.net, currency),
            "torn": _is_long(line),
        }

    def _discount(self, discount: Discount | None, amount: Decimal) -> str:
        if discount is None or not amount:
            return ""
        if discount.percent is not None:
            return self.formats.share(discount.percent)
        return self.formats.amount(amount, self.content.currency)

    def _sums(self) -> Iterator[list[str]]:
        """From the lines to the total, which is the last; what stands small below a label comes third."""
        words, totals = self.words, self.totals
        money = self._money
        if totals.discount:
            yield [words.subtotal, money(totals.subtotal)]
            reason = self.content.discount.reason if self.content.discount else None
            yield [reason or words.discount, money(-totals.discount)]
        yield [words.net if totals.discount else words.subtotal, money(totals.net)]
        for each in totals.taxes:
            label = words.tax_at.format(rate=self.formats.share(each.tax.rate))
            yield [label, money(each.amount), *self._taxed(each.base)]
        is_credit = self.document.kind is Kind.CREDIT_NOTE
        yield [words.credit_total if is_credit else words.total, money(totals.total)]

    def _taxed(self, base: Decimal) -> Iterator[str]:
        """What is taxed, where it is not the net total in the row above."""
        if len(self.totals.taxes) > 1:
            yield self.words.tax_on.format(base=self._money(base))

    def _due(self) -> dict[str, Any] | None:
        """Below the total: what the buyer keeps back, and what is to be paid in the end."""
        if self.document.kind not in (Kind.INVOICE, Kind.BILL):
            return None
        withheld: Pairs = []
        if self.content.withholding and self.totals.withheld:
            rate = self.formats.share(self.content.withholding.percent)
            label = self.words.withheld.format(label=self.content.withholding.label, rate=rate)
            withheld = [[label, self._money(-self.totals.withheld)]]
        return {"withheld": withheld, "label": self.words.payable, "amount": self._money(self.totals.payable)}

    def _payment(self) -> dict[str, Any] | None:
        account, words = self.content.account, self.words
        if not self.asks_for_money or (account is None and self.payment_url is None):
            return None
        facts: Pairs = []
        if account:
            if account.holder and account.holder != self.content.seller.name:
                facts.append([words.account_holder, account.holder])
            facts.append([words.iban, _in_fours(account.iban)])
            if account.bic:
                facts.append([words.bic, account.bic])
            if self.document.number:
                facts.append([words.payment_reference, self.document.number])
        scan = words.scan_pay if self.payment_url else words.scan_transfer
        return {
            "title": words.payment,
            "facts": facts,
            "link": words.pay_online,
            "scan": scan if self.code else None,
        }

    def _notes(self) -> Pairs:
        content = self.content
        said = (
            (self.words.notes, content.notes),
            (self.words.terms, payment_terms(self.document, self.totals)),
        )
        return [[label, text] for label, text in said if text]

    def _footer(self) -> Iterator[str]:
        seller = self.content.seller
        yield " · ".join(filter(None, (seller.name, seller.email, seller.phone)))
        if registered := list(self._registered(seller)):
            yield " · ".join(registered)

    def _money(self, value: Decimal) -> str:
        return self.formats.with_currency(value, self.content.currency)


def _is_long(line: LineItem) -> bool:
    """Too long for a page perhaps: then it may be torn between two."""
    text = f"{line.description}\n{line.details or ''}"
    return len(text) > _LONG or text.count("\n") > _LONG // 50


def _in_fours(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return breakable(drawable(value))
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    return [_drawable(each) for each in value] if isinstance(value, Iterable) else value
