"""What is done with an issued document: each step once, under the version that was seen."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from functions.invoices.documents import answer, same_document
from functions.invoices.routes import api
from sheaf.access.limits import MAILS_OF_WORKSPACE, Limit
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing import conversions, issuing
from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.payments.ending import may_be_paid_by_card
from sheaf.billing.payments.recording import NewPayment, pay
from sheaf.billing.sending.staging import House, NewMail, ask_for_mail
from sheaf.billing.views import IssuedView
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch
from sheaf.storage.tenant import Tenant

MAILS_OF_CALLER = Limit("mails", 200, timedelta(hours=1))


@api.post(
    "/v1/issued-documents/<issued_id>/issue",
    permission=Permission.BILLING_ISSUE,
    audit=Action.ISSUED,
    replay=same_document,
    status=HTTPStatus.OK,
    contended=True,
)
def issue(tenant: Tenant, issued_id: str, if_match: IfMatch, app: Application) -> Answer[IssuedView]:
    """Issue a draft: it gets the next number, and what it says is fixed."""
    document = issuing.issue(tenant, issued_id, if_match)
    if document.kind is not Kind.BILL:
        app.issued_queue.send(tenant.workspace_id, document.id)
    if document.kind is Kind.CREDIT_NOTE:
        _end_checkouts(app, tenant, document)
    return answer(tenant, document)


@api.post(
    "/v1/issued-documents/<issued_id>/void",
    permission=Permission.BILLING_REFUND,
    audit=Action.VOIDED,
    replay=same_document,
    status=HTTPStatus.OK,
)
def void(tenant: Tenant, issued_id: str, if_match: IfMatch, app: Application) -> Answer[IssuedView]:
    """Declare void what nobody has paid for. Its number stays used."""
    document = issuing.void(tenant, issued_id, if_match)
    _end_checkouts(app, tenant, document)
    return answer(tenant, document)


@api.post(
    "/v1/issued-documents/<issued_id>/send",
    permission=Permission.BILLING_ISSUE,
    audit=Action.MAIL_REQUESTED,
    replay=same_document,
    status=HTTPStatus.ACCEPTED,
)
def send(
    tenant: Tenant, issued_id: str, body: NewMail, if_match: IfMatch, app: Application
) -> Answer[IssuedView]:
    """Mail it to the customer, with its PDF; its `mails` say what becomes of that."""
    house = House(app.settings.mail_from, app.settings.origin)
    document, mail = ask_for_mail(tenant, issued_id, body, if_match, house)
    # Not before it is known that there is something to send.
    app.throttles.take(MAILS_OF_WORKSPACE, tenant.workspace_id)
    app.throttles.take(MAILS_OF_CALLER, tenant.actor.id)
    app.issued_queue.send(tenant.workspace_id, document.id, mail_id=mail.id)
    return answer(tenant, document)


@api.post(
    "/v1/issued-documents/<issued_id>/accept",
    permission=Permission.BILLING_ISSUE,
    audit=Action.ESTIMATE_ACCEPTED,
    replay=same_document,
    status=HTTPStatus.OK,
)
def accept(tenant: Tenant, issued_id: str, if_match: IfMatch) -> Answer[IssuedView]:
    """Note that the customer accepts an estimate."""
    return answer(tenant, conversions.accept(tenant, issued_id, if_match))


@api.post(
    "/v1/issued-documents/<issued_id>/decline",
    permission=Permission.BILLING_ISSUE,
    audit=Action.ESTIMATE_DECLINED,
    replay=same_document,
    status=HTTPStatus.OK,
)
def decline(tenant: Tenant, issued_id: str, if_match: IfMatch) -> Answer[IssuedView]:
    """Note that the customer declines an estimate."""
    return answer(tenant, conversions.decline(tenant, issued_id, if_match))


@api.post(
    "/v1/issued-documents/<issued_id>/convert",
    permission=Permission.BILLING_ISSUE,
    audit=Action.ESTIMATE_CONVERTED,
    replay=same_document,
)
def convert(tenant: Tenant, issued_id: str, if_match: IfMatch) -> Answer[IssuedView]:
    """Make the draft of an invoice of an estimate, once."""
    return answer(tenant, conversions.convert(tenant, issued_id, if_match))


@api.post(
    "/v1/issued-documents/<issued_id>/credit",
    permission=Permission.BILLING_WRITE,
    audit=Action.INVOICE_CREDITED,
    replay=same_document,
)
def credit(tenant: Tenant, issued_id: str, if_match: IfMatch) -> Answer[IssuedView]:
    """Begin the credit note of an invoice, over all of it; its lines can be changed."""
    return answer(tenant, conversions.credit(tenant, issued_id, if_match))


@api.post(
    "/v1/issued-documents/<issued_id>/payments",
    permission=Permission.BILLING_ISSUE,
    audit=Action.PAYMENT_RECORDED,
    replay=same_document,
)
def record_payment(
    tenant: Tenant, issued_id: str, body: NewPayment, if_match: IfMatch, app: Application
) -> Answer[IssuedView]:
    """Note a payment of an invoice or a bill."""
    document = pay(tenant, issued_id, body, if_match)
    _end_checkouts(app, tenant, document)
    return answer(tenant, document)


def _end_checkouts(app: Application, tenant: Tenant, document: IssuedDocument) -> None:
    """Those that were begun for the invoice before. Nobody is stopped who pays in the minute after this."""
    reference = document.content.credits
    issued_id = reference.id if reference else document.id
    if may_be_paid_by_card(tenant, issued_id):
        app.refund_queue.end_checkouts(tenant.workspace_id, issued_id)
