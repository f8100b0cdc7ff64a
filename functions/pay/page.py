"""The pages that whoever has a payment link sees: no script, nothing from elsewhere, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from functions.pay.words import Words, words
from sheaf.billing.payments.link import PAGE
from sheaf.billing.rendering.formats import Formats, formats
from sheaf.edge.api import Answer

if TYPE_CHECKING:
    from datetime import date

    from sheaf.billing.document import Content, IssuedDocument
    from sheaf.billing.payments.paying import Payable

HTML = "text/html; charset=utf-8"
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action {sent_to}; base-uri 'none'; frame-ancestors 'none'"
)
_AGAIN = 15
"""Seconds after which the page that waits looks again."""


def headers(stripe_url: str = "") -> dict[str, str]:
    """Where the form leads, browsers hold against the policy as well: Stripe's own page, or one that the
    workspace has there at a name of its own.
    """
    sent_to = f"'self' https: {stripe_url}".rstrip()
    return {
        "content-security-policy": _POLICY.format(sent_to=sent_to),
        "x-robots-tag": "noindex, nofollow",
    }


def invoice_page(payable: Payable, token: str, today: date, *, stripe_url: str) -> Answer[str]:
    document, said = payable.document, payable.document.content
    told, written = words(said.locale), formats(said.locale)
    amount = written.with_currency(payable.amount, payable.currency)
    body = (
        _seller(said.seller.name)
        + f"<h1>{escape(told.invoice)} {escape(document.number or '')}</h1>"
        + f'<p class="due">{escape(told.amount_due)}<strong>{escape(amount)}</strong></p>'
        + _dates(said, told, written, today)
        + _cards(payable, token, told, amount)
        + _transfer(payable, told)
    )
    return Answer(_page(told, f"{told.invoice} {document.number}", body), HTML, headers(stripe_url))


def waiting_page(payable: Payable, token: str) -> Answer[str]:
    """Somebody comes back from the provider, which says nothing: what counts is what the provider tells."""
    told = words(payable.document.content.locale)
    said = told.under_way if payable.is_under_way else told.wait_here
    again = f'<p><a class="button" href="{PAGE}{escape(token)}/done">{escape(told.look_again)}</a></p>'
    body = (
        _seller(payable.document.content.seller.name)
        + f'<h1>{escape(told.waiting)}</h1><p role="status">{escape(said)}</p>{again}'
    )
    refreshed = headers() | {"refresh": str(_AGAIN)}
    return Answer(_page(told, told.waiting, body), HTML, refreshed)


def paid_page(document: IssuedDocument) -> Answer[str]:
    """Whoever has just paid it: later the link is gone, and says so to anybody alike."""
    said = document.content
    told = words(said.locale)
    body = (
        f"{_seller(said.seller.name)}<h1>{escape(told.paid)}</h1>"
        f"<p>{escape(document.number or '')}</p><p>{escape(told.thanks)}</p>"
    )
    return Answer(_page(told, told.paid, body), HTML, headers())


def refusal_page(code: str, status: int, language: str) -> Answer[str]:
    told = words(language)
    by_code = {
        "already_paid": (told.paid, told.thanks),
        "link_expired": (told.expired, told.ask_again),
        "link_revoked": (told.void, told.ask_again),
        "invoice_void": (told.void, told.ask_again),
        "payment_under_way": (told.waiting, told.under_way),
        "too_many_requests": (told.too_often, told.try_again),
        "not_found": (told.nothing, told.check_address),
    }
    title, text = by_code.get(code, (told.not_now, told.try_again))
    return _told(told, title, text, status)


def _told(told: Words, title: str, text: str, status: int) -> Answer[str]:
    body = f"<h1>{escape(title)}</h1><p>{escape(text)}</p>"
    return Answer(_page(told, title, body), HTML, headers(), status=status)


def _seller(name: str) -> str:
    return f'<p class="seller">{escape(name)}</p>'


def _dates(said: Content, told: Words, written: Formats, today: date) -> str:
    rows = ""
    for label, day in ((told.issued, said.issue_date), (told.due, said.due_date)):
        if day is not None:
            late = day == said.due_date and day < today
            mark = f' <span class="late">{escape(told.overdue)}</span>' if late else ""
            rows += f"<dt>{escape(label)}</dt><dd>{escape(written.date(day))}{mark}</dd>"
    return f"<dl>{rows}</dl>"


def _cards(payable: Payable, token: str, told: Words, amount: str) -> str:
    if payable.is_under_way:
        return f'<p class="note" role="status">{escape(told.under_way)}</p>'
    if payable.account is None:
        return ""
    label = escape(told.pay.format(amount=amount))
    test = f'<p class="note">{escape(told.test)}</p>' if not payable.account.is_live else ""
    return (
        f'{test}<form method="post" action="{PAGE}{escape(token)}/checkout">'
        f'<button class="first">{label}</button></form><p class="soft">{escape(told.at_stripe)}</p>'
    )


def _transfer(payable: Payable, told: Words) -> str:
    said = payable.document.content
    account = said.account
    if account is None:
        return ""
    iban = " ".join(account.iban[at : at + 4] for at in range(0, len(account.iban), 4))
    facts = {
        told.holder: account.holder or said.seller.name,
        "IBAN": iban,
        "BIC": account.bic or "",
        told.reference: payable.document.number or "",
    }
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value
    )
    code = _code(payable)
    hint = told.scan if code else told.to_transfer
    return (
        f"<section><h2>{escape(told.transfer)}</h2><dl>{rows}</dl>"
        f'<p class="soft">{escape(hint)}</p>{code}</section>'
    )


def _code(payable: Payable) -> str:
    """Drawn into the page: a picture of its own would be a second request with the token in it."""
    from sheaf.billing.rendering.qr import svg, transfer_code

    code = transfer_code(payable.document, payable.amount)
    return f'<div class="code" role="img" aria-label="QR, EPC">{svg(code).decode()}</div>' if code else ""


def _page(told: Words, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{told.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/pay.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )
