"""What a mail says, in the language of its document: plain, and the same in text and in HTML.

Nothing is loaded and nobody is counted: no pictures, no links but the one to pay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from html import escape

from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.rendering.formats import formats
from sheaf.billing.rendering.wording import wording
from sheaf.billing.sending.mail import Purpose
from sheaf.billing.sending.phrases import phrases
from sheaf.billing.states import is_open

_NO_NAME = re.compile(r"[^\w .&'\u2019+/-]+")
_LONGEST_NAME = 70
_BODY = "margin:0;padding:24px;background:#fff;color:#1f2933;font:16px/1.5 system-ui,sans-serif"
_SMALL = "margin:32px 0 0;color:#5f6b7a;font-size:13px"
_BUTTON = (
    "display:inline-block;padding:10px 18px;border-radius:6px;background:#1f4e5f;color:#fff;"
    "text-decoration:none"
)


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Occasion:
    """``message`` is what whoever sends it has to say; ``paid_on`` the day of the last payment;
    ``payment_url`` where it can be paid; ``takes_answers``: somebody reads what is answered.
    """

    purpose: Purpose
    today: date
    message: str | None = None
    paid_on: date | None = None
    payment_url: str | None = None
    takes_answers: bool = True


def compose(document: IssuedDocument, occasion: Occasion) -> Letter:
    content = document.content
    say, seller = phrases(content.locale), content.seller.name
    named = {
        "title": getattr(wording(content.locale), document.kind.value),
        "number": document.number,
        "seller": seller,
    }
    subject = {
        Purpose.DOCUMENT: say.subject,
        Purpose.REMINDER: say.subject_reminder,
        Purpose.RECEIPT: say.subject_receipt,
    }[occasion.purpose]
    contact = content.buyer.contact
    greeting = say.greeting_by_name.format(name=contact) if contact else say.greeting
    paragraphs = [greeting]
    if occasion.message:
        paragraphs += re.split(r"\n\s*\n", occasion.message)
    paragraphs.append(" ".join(_facts(document, occasion)))
    link = (say.pay, occasion.payment_url) if occasion.payment_url and is_open(document) else None
    footer = say.footer.format(seller=seller)
    if not occasion.takes_answers:
        footer += f" {say.no_reply}"
    return Letter(
        subject=" ".join(subject.format(**named).split()),
        text=_text(paragraphs, link, f"{say.closing}\n{seller}", footer),
        html=_html(paragraphs, link, f"{say.closing}\n{seller}", footer, content.locale),
    )


def sender(name: str, house: str) -> str:
    """``name`` as a mail's sender at the address of ``house`` (``Name <address>``): letters and digits, so
    that nothing in it is taken for another address.
    """
    plain = " ".join(_NO_NAME.sub(" ", name).split())[:_LONGEST_NAME]
    return f"{plain} via Sheaf <{parseaddr(house)[1]}>".lstrip()


def _facts(document: IssuedDocument, occasion: Occasion) -> Iterator[str]:
    content, shown = document.content, formats(document.content.locale)
    say, words = phrases(content.locale), wording(content.locale)
    if occasion.purpose is Purpose.RECEIPT and occasion.paid_on:
        yield say.received.format(date=shown.date(occasion.paid_on))
    yield say.attached.format(
        title=getattr(words, document.kind.value),
        number=document.number,
        date=shown.date(content.issue_date) if content.issue_date else "",
        amount=shown.with_currency(document.payable, content.currency),
    )
    if document.kind is Kind.ESTIMATE and content.valid_until:
        yield say.valid.format(date=shown.date(content.valid_until))
    if content.credits:
        yield say.takes_back.format(number=content.credits.number)
    if document.kind is Kind.INVOICE:
        yield from _of_payment(document, occasion)


def _of_payment(document: IssuedDocument, occasion: Occasion) -> Iterator[str]:
    content, shown = document.content, formats(document.content.locale)
    say = phrases(content.locale)
    if not is_open(document):
        if occasion.paid_on and occasion.purpose is not Purpose.RECEIPT:
            yield say.paid.format(date=shown.date(occasion.paid_on))
        return
    if content.due_date:
        due = say.was_due if content.due_date < occasion.today else say.due
        yield due.format(date=shown.date(content.due_date))
    if document.balance != document.payable:
        yield say.open.format(amount=shown.with_currency(document.balance, content.currency))
    if occasion.purpose is Purpose.REMINDER:
        yield say.crossed


def _text(paragraphs: list[str], link: tuple[str, str] | None, closing: str, footer: str) -> str:
    parts = [*paragraphs, *([f"{link[0]}: {link[1]}"] if link else ()), closing, f"-- \n{footer}"]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _html(paragraphs: list[str], link: tuple[str, str] | None, closing: str, footer: str, locale: str) -> str:
    parts = [_paragraph(each) for each in paragraphs]
    if link:
        label, url = (escape(each) for each in link)
        parts.append(f'<p style="margin:0 0 16px"><a href="{url}" style="{_BUTTON}">{label}</a></p>')
    parts += [_paragraph(closing), f'<p style="{_SMALL}">{escape(footer)}</p>']
    return (
        f'<!doctype html><html lang="{escape(locale)}"><head><meta charset="utf-8"></head>'
        f'<body style="{_BODY}"><div style="max-width:560px">{"".join(parts)}</div></body></html>'
    )


def _paragraph(text: str) -> str:
    lines = "<br>".join(escape(line) for line in text.strip().splitlines())
    return f'<p style="margin:0 0 16px">{lines}</p>'
