"""The audit log: what was done, by whom, when, from where, and what changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sheaf.access.actor import Actor, Origin


class Action(StrEnum):
    ACCESS_DENIED = "access.denied"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    SESSION_PROVED = "session.proved"
    SIGN_IN_REQUESTED = "sign_in.requested"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_RENAMED = "passkey.renamed"
    PASSKEY_REMOVED = "passkey.removed"
    SECOND_FACTOR_STARTED = "second_factor.started"
    SECOND_FACTOR_ENABLED = "second_factor.enabled"
    SECOND_FACTOR_DISABLED = "second_factor.disabled"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    WORKSPACE_CREATED = "workspace.created"
    WORKSPACE_RENAMED = "workspace.renamed"
    WORKSPACE_ENTERED = "workspace.entered"
    WORKSPACE_TRANSFERRED = "workspace.transferred"
    WORKSPACE_CLOSED = "workspace.closed"
    WORKSPACE_KEPT = "workspace.kept"
    MEMBER_INVITED = "member.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    MEMBER_JOINED = "member.joined"
    MEMBER_CHANGED = "member.changed"
    MEMBER_REMOVED = "member.removed"
    MEMBER_LEFT = "member.left"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    SETTINGS_CHANGED = "settings.changed"
    DOCUMENT_UPLOADED = "document.uploaded"
    DOCUMENT_DROPPED = "document.dropped"
    DOCUMENT_READ = "document.read"
    DOCUMENT_REPROCESSED = "document.reprocessed"
    DOCUMENT_CHECKED = "document.checked"
    DOCUMENT_DELETED = "document.deleted"
    DOCUMENT_CLAIMED = "document.claimed"
    DOCUMENT_RELEASED = "document.released"
    DOCUMENT_CORRECTED = "document.corrected"
    DOCUMENT_COMMENTED = "document.commented"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_REOPENED = "document.reopened"
    DOCUMENT_DIVIDED = "document.divided"
    DOCUMENT_JOINED = "document.joined"
    DIVISION_UNDONE = "document.division_undone"
    DOCUMENT_ASSIGNED = "document.assigned"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CLIENT_DELETED = "client.deleted"
    SUPPLIER_CHANGED = "supplier.changed"
    SUPPLIER_FACT_FORGOTTEN = "supplier.fact_forgotten"
    REVIEW_SETTINGS_CHANGED = "review_settings.changed"
    BILLING_SETTINGS_CHANGED = "billing_settings.changed"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_CHANGED = "customer.changed"
    CUSTOMER_DELETED = "customer.deleted"
    ITEM_CREATED = "item.created"
    ITEM_CHANGED = "item.changed"
    ITEM_DELETED = "item.deleted"
    DRAFT_CREATED = "draft.created"
    DRAFT_CHANGED = "draft.changed"
    DRAFT_DELETED = "draft.deleted"
    ISSUED = "issued_document.issued"
    VOIDED = "issued_document.voided"
    FROZEN = "issued_document.frozen"
    MAIL_REQUESTED = "mail.requested"
    MAIL_DISPATCHED = "mail.dispatched"
    MAIL_TOLD = "mail.told"
    REMINDED = "issued_document.reminded"
    RECURRING_CREATED = "recurring_invoice.created"
    RECURRING_CHANGED = "recurring_invoice.changed"
    RECURRING_DELETED = "recurring_invoice.deleted"
    RECURRENCE_MADE = "recurring_invoice.made"
    ESTIMATE_ACCEPTED = "estimate.accepted"
    ESTIMATE_DECLINED = "estimate.declined"
    ESTIMATE_CONVERTED = "estimate.converted"
    INVOICE_CREDITED = "invoice.credited"
    PAYMENT_RECORDED = "payment.recorded"
    REFUND_RECORDED = "refund.recorded"
    PAYMENT_BEGUN = "payment.begun"
    PAYMENT_DISPUTED = "payment.disputed"
    PAYMENT_LINK_CREATED = "payment_link.created"
    PAYMENT_LINK_REVOKED = "payment_link.revoked"
    PAYMENT_ACCOUNT_CONNECTED = "payment_account.connected"
    PAYMENT_ACCOUNT_DISCONNECTED = "payment_account.disconnected"
    EXPORT_REQUESTED = "export.requested"
    EXPORT_REPEATED = "export.repeated"
    EXPORT_FINISHED = "export.finished"
    EXPORT_DOWNLOADED = "export.downloaded"
    EXPORT_WITHDRAWN = "export.withdrawn"
    WEBHOOK_RECEIVED = "webhook.received"
    SUBSCRIPTION_CHANGED = "subscription.changed"
    CHECKOUT_OPENED = "subscription.checkout_opened"
    PORTAL_OPENED = "subscription.portal_opened"
    FILES_EXPIRED = "files.expired"


class Change(BaseModel):
    """What an action did, told by the use case: its subject's id, and the values before and after.

    ``before`` and ``after`` hold settings, states and counts, never what an invoice says.
    """

    model_config = ConfigDict(frozen=True)

    subject: str
    before: dict[str, str] = {}
    after: dict[str, str] = {}


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    at: datetime
    action: Action
    actor: Actor
    origin: Origin
    subject: str
    before: dict[str, str] = {}
    after: dict[str, str] = {}


class EntryFilter(BaseModel):
    """``since`` is inclusive, ``until`` exclusive."""

    model_config = ConfigDict(frozen=True)

    action: Action | None = None
    actor: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
