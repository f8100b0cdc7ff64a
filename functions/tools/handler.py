"""Tools for anybody: what comes in goes out again, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib.resources import files

from functions.tools import form, invoice
from sheaf.access.limits import Limit
from sheaf.access.roles import Permission
from sheaf.edge.api import Answer, Api
from sheaf.edge.buckets import Buckets
from sheaf.edge.request import Request
from sheaf.kernel.errors import InvalidRequest
from sheaf.settings import site

api = Api()

HTML = "text/html; charset=utf-8"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
LIMIT = Limit("invoices of place", 20, timedelta(minutes=10))
_buckets = Buckets(LIMIT)


@api.get("/tools/invoice", permission=Permission.PUBLIC, produces=HTML)
def invoice_form() -> Answer[str]:
    """A form to make an invoice with, without an account."""
    return Answer(form.page(invoice.blank(_now().date())), HTML, HEADERS)


@api.answer("/tools/invoice", produces="application/pdf")
def make_invoice(body: invoice.Typed, request: Request) -> Answer[str] | Answer[bytes]:
    """The invoice as a PDF, with its e-invoice inside; the form again where something is missing."""
    if body.more:
        return Answer(form.page(body.with_more_lines()), HTML, HEADERS)
    known = replace(request, edge_digests=site().edge_digests)
    now = _now()
    _buckets.take(known.place, now)
    try:
        pdf = invoice.made(body, now)
    except InvalidRequest as refusal:
        shown = form.page(body, refusal.errors or [{"field": "", "message": refusal.message}])
        return Answer(shown, HTML, HEADERS, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    filename = invoice.filename(body)
    return Answer(pdf, "application/pdf", {"content-disposition": f'attachment; filename="{filename}"'})


@api.get("/tools.css", permission=Permission.PUBLIC, produces="text/css; charset=utf-8")
def style() -> Answer[str]:
    """The look of these pages."""
    text = files(__package__).joinpath("tools.css").read_text(encoding="utf-8")
    return Answer(text, "text/css; charset=utf-8")


def _now() -> datetime:
    return datetime.now(UTC)


handler = api.handler
