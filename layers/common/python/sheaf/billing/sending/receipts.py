"""Receipts that nobody asks for: whoever pays an invoice by card is told that the money came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.billing.sending.mail import Purpose
from sheaf.billing.sending.staging import can_be_reached, stage_mail
from sheaf.kernel.ids import created_at, derived_id

if TYPE_CHECKING:
    from sheaf.billing.document import IssuedDocument
    from sheaf.billing.payments.payment import Payment
    from sheaf.billing.ports import Tenant
    from sheaf.billing.sending.mail import Mail
    from sheaf.billing.sending.staging import House


def is_wanted(tenant: Tenant, document: IssuedDocument) -> bool:
    """Whether the workspace sends receipts, and its customer can be reached."""
    return can_be_reached(tenant, document) and tenant.billing_settings.get()[0].receipts


def stage_receipt(tenant: Tenant, document: IssuedDocument, payment: Payment, house: House) -> Mail | None:
    """One for each payment, whatever becomes of the money later: None, if there is one.

    Whoever commits this tells the queue before.
    """
    mail_id = derived_id("mail", created_at(payment.id), payment.id)
    if tenant.mails.get(document.id, mail_id) is not None:
        return None
    return stage_mail(tenant, document, house, mail_id=mail_id, purpose=Purpose.RECEIPT)
