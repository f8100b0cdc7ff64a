"""The invoices of a recurring one, each of them once.

An invoice's id follows from its schedule and its day. Three units of work make it: it is drafted, issued, and
mailed; the schedule moves on with the last. Stopped in between, the next run finds what is there, and goes on
from it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from pydantic import ValidationError

from sheaf.audit.entries import Change
from sheaf.billing.document import Content, IssuedDocument, Kind
from sheaf.billing.drafts import NewDraft, drafted, save_new
from sheaf.billing.issuing import issue
from sheaf.billing.ports import Tenant
from sheaf.billing.recurring.recurring import RecurringInvoice, Then
from sheaf.billing.rendering.formats import formats
from sheaf.billing.sending.mail import Mail
from sheaf.billing.sending.staging import House, recipient, stage_mail
from sheaf.kernel.errors import Conflict
from sheaf.kernel.ids import derived_id
from sheaf.kernel.preconditions import ANY
from sheaf.kernel.problems import not_accepted


def occurrence(tenant: Tenant, recurring: RecurringInvoice) -> IssuedDocument:
    """The draft of its next invoice; nothing is staged. Raises what making a draft raises, and Conflict
    (``recipient_missing``).
    """
    said = recurring.template.model_dump(exclude_none=True, exclude={"lines"})
    new = NewDraft(
        kind=Kind.INVOICE,
        customer_id=recurring.customer_id,
        period=recurring.period,
        lines=recurring.template.lines,
        **said,
    )
    draft = drafted(tenant, new, _invoice_id(recurring))
    if recurring.then is Then.SEND and recipient(tenant, draft) is None:
        raise Conflict("The customer has no address to send it to.", code="recipient_missing")
    return draft.model_copy(update={"content": _filled_in(draft.content)})


def begin(tenant: Tenant, recurring: RecurringInvoice) -> None:
    """Stages the draft, unless it is there."""
    if tenant.issued.get(_invoice_id(recurring)) is None:
        draft = save_new(tenant, occurrence(tenant, recurring))
        tenant.record(Change(subject=recurring.id, after={"invoice": draft.id}))


def go_on(tenant: Tenant, recurring: RecurringInvoice) -> IssuedDocument | None:
    """Stages that the draft is issued, if that was asked for. Raises what issuing raises.

    None: it is not, or somebody has done it, or thrown the draft away.
    """
    invoice = tenant.issued.get(_invoice_id(recurring))
    if invoice is None or not invoice.is_draft or recurring.then is Then.DRAFT:
        return None
    return issue(tenant, invoice.id, ANY)


def finish(tenant: Tenant, recurring: RecurringInvoice, house: House) -> Mail | None:
    """Stages the mail, if one was asked for, and that the schedule moves on.

    Whoever commits this tells the queue before. Raises what asking for a mail raises.
    """
    move_on(tenant, recurring, trouble=None)
    invoice = tenant.issued.get(_invoice_id(recurring))
    if invoice is None or recurring.then is not Then.SEND or invoice.is_draft or invoice.voided_at:
        return None
    return stage_mail(tenant, invoice, house)


def move_on(tenant: Tenant, recurring: RecurringInvoice, *, trouble: str | None) -> None:
    """To the next invoice; ``trouble``: what kept the last from going further than its draft."""
    after = recurring.model_copy(
        update={
            "position": recurring.position + 1,
            "made": recurring.made + 1,
            "last_invoice_id": _invoice_id(recurring),
            "trouble": trouble,
        }
    )
    tenant.recurring.save(after, instead_of=recurring)


def stop(tenant: Tenant, recurring: RecurringInvoice, *, trouble: str) -> None:
    """Paused until somebody has looked at it: not even a draft could be made."""
    after = recurring.model_copy(update={"paused_at": tenant.clock.now(), "trouble": trouble})
    tenant.record(Change(subject=recurring.id, after={"status": after.status.value, "trouble": trouble}))
    tenant.recurring.save(after, instead_of=recurring)


def _invoice_id(recurring: RecurringInvoice) -> str:
    day = recurring.upcoming
    if day is None:
        raise AssertionError("what has ended makes no invoices")
    at = datetime.combine(day, time(), UTC)
    return derived_id(Kind.INVOICE.prefix, at, recurring.id, day.isoformat())


def _filled_in(content: Content) -> Content:
    """With the names of its period in the places that are kept for them. Raises InvalidRequest: too long."""
    period, written = content.period, formats(content.locale)
    if period is None:
        return content
    names = {
        "{month}": written.month(period.first),
        "{year}": str(period.first.year),
        "{period}": f"{written.date(period.first)} \N{EN DASH} {written.date(period.last)}",
    }

    def filled[Text: str | None](text: Text) -> str | Text:
        if text is None:
            return text
        found: str = text
        for name, meant in names.items():
            found = found.replace(name, meant)
        return found

    lines = [
        dict(line) | {"description": filled(line.description), "details": filled(line.details)}
        for line in content.lines
    ]
    texts = {name: filled(getattr(content, name)) for name in ("notes", "terms", "purchase_order")}
    try:
        return Content.model_validate(dict(content) | texts | {"lines": lines})
    except ValidationError as error:
        raise not_accepted(error) from error
