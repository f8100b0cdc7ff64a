"""Handing a mail over, once, and noting what became of it.

Between the call to the provider and the note of it a process may die: then the call is made again, and the
provider knows it by its key for a day. After that nobody knows, and the mail is not sent a second time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.access.webhooks import TAG, Event
from sheaf.accounts.mail import Attachment, Message
from sheaf.audit.entries import Change
from sheaf.billing.freezing import Frozen, filename_of
from sheaf.billing.sending.mail import Address, Happening, Mail, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheaf.billing.document import IssuedDocument
    from sheaf.billing.ports import Tenant

KEY_HOLDS = timedelta(hours=23)
"""Resend keeps idempotency keys for 24 hours."""

DOCUMENT_TAG = "document"
TYPES = {
    "email.sent": MailState.SENT,
    "email.delivery_delayed": MailState.DELAYED,
    "email.delivered": MailState.DELIVERED,
    "email.failed": MailState.FAILED,
    "email.suppressed": MailState.BOUNCED,
    "email.bounced": MailState.BOUNCED,
    "email.complained": MailState.COMPLAINED,
}
"""https://resend.com/docs/webhooks/event-types; ``suppressed``: it had bounced there before."""

_OF_ADDRESS = frozenset({MailState.DELIVERED, MailState.BOUNCED, MailState.COMPLAINED})
_LONGEST_REASON = 300


def begin(tenant: Tenant, document: IssuedDocument, mail: Mail) -> Mail | None:
    """Stages that it is handed over now, if it is for the first time. None: it is not to be."""
    now = tenant.clock.now()
    if mail.state is not MailState.QUEUED:
        return None
    if mail.tried_at is None:
        if document.voided_at is not None:
            note(tenant, mail, Happening(state=MailState.FAILED, at=now, reason="void"))
            return None
        return tenant.mails.save(mail.model_copy(update={"tried_at": now}), instead_of=mail)
    if now - mail.tried_at > KEY_HOLDS:
        note(tenant, mail, Happening(state=MailState.UNKNOWN, at=now))
        return None
    return mail


def message_of(tenant: Tenant, document: IssuedDocument, mail: Mail, frozen: Frozen) -> Message:
    """The same whenever it is asked for."""
    wanted = [("pdf", "application/pdf", frozen.pdf)]
    if mail.attach_ubl and frozen.ubl:
        wanted.append(("ubl", "application/xml", frozen.ubl))
    return Message(
        to=mail.to,
        cc=mail.cc,
        sender=mail.sender,
        reply_to=(mail.reply_to,) if mail.reply_to else (),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        key=mail.id,
        tags={TAG: mail.id, DOCUMENT_TAG: mail.issued_id},
        attachments=tuple(
            Attachment(
                filename=filename_of(document, name),
                content_type=content_type,
                content=tenant.issued_files.read(document.id, name, file.version_id),
            )
            for name, content_type, file in wanted
        ),
    )


def note(tenant: Tenant, mail: Mail, told: Happening, provider_id: str | None = None) -> None:
    """Stages what became of it. A document of which a mail has left is sent."""
    after = mail.with_happening(told)
    after = after.model_copy(update={"provider_id": mail.provider_id or provider_id})
    if after == mail:
        return
    tenant.mails.save(after, instead_of=mail)
    if after.state is not mail.state:
        tenant.record(
            Change(
                subject=mail.issued_id,
                before={"state": mail.state.value},
                after={"mail": mail.id, "state": after.state.value},
            )
        )
    document = tenant.issued.get(mail.issued_id) if after.has_left else None
    if document is not None and document.sent_at is None:
        sent = document.model_copy(update={"sent_at": mail.tried_at or told.at})
        tenant.issued.save(sent, instead_of=document)


def take_note(tenant: Tenant, event: Event) -> None:
    """What the provider tells of a mail. Of none of ours, nothing follows."""
    tags = event.object.get("tags")
    if not isinstance(tags, dict):
        return
    mail = tenant.mails.get(str(tags.get(DOCUMENT_TAG)), str(tags.get(TAG)))
    if mail is None:
        return
    told = Happening(state=TYPES[event.type], at=event.at, reason=_reason(event))
    provider_id = event.object.get("email_id")
    note(tenant, mail, told, provider_id if isinstance(provider_id, str) else None)
    if told.state in _OF_ADDRESS:
        _note_addresses(tenant, _concerned(event, mail), told)


def _concerned(event: Event, mail: Mail) -> Iterable[str]:
    """Those of the recipients that the event names."""
    to = event.object.get("to")
    named = {each.casefold() for each in to if isinstance(each, str)} if isinstance(to, list) else set()
    return [each for each in mail.recipients if each.casefold() in named] or [mail.to]


def _note_addresses(tenant: Tenant, addresses: Iterable[str], told: Happening) -> None:
    for address in addresses:
        known = tenant.addresses.get(address)
        before = known or Address(address=address)
        after = before.with_happening(told)
        if after != before:
            tenant.addresses.save(after, instead_of=known)


def _reason(event: Event) -> str | None:
    """What the provider says of it, in its words."""
    said = event.object.get(event.type.removeprefix("email.").replace("bounced", "bounce"))
    text = (said.get("message") or said.get("reason")) if isinstance(said, dict) else None
    return " ".join(text.split())[:_LONGEST_REASON] if isinstance(text, str) else None
