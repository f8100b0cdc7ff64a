"""Mails as the API shows them."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel

from sheaf.billing.sending.mail import Happening, Mail, MailState, Purpose


class MailEvent(BaseModel):
    state: MailState
    at: AwareDatetime
    reason: str | None


class MailView(BaseModel):
    """``state`` is the last that counts of ``events``; ``unknown``: it may have been sent, or not.
    ``doubtful`` are addresses that earlier mails could not be delivered to, or whose owners complained.
    """

    id: str
    purpose: Purpose
    state: MailState
    reason: str | None
    to: str
    cc: list[str]
    subject: str
    doubtful: list[str]
    asked_at: AwareDatetime
    asked_by: str
    events: list[MailEvent]


class MailTrouble(MailEvent):
    """Why mails to an address may not arrive."""


def mail_view(mail: Mail) -> MailView:
    latest = mail.latest
    return MailView(
        id=mail.id,
        purpose=mail.purpose,
        state=mail.state,
        reason=latest.reason if latest else None,
        to=mail.to,
        cc=list(mail.cc),
        subject=mail.subject,
        doubtful=list(mail.doubtful),
        asked_at=mail.asked_at,
        asked_by=mail.asked_by,
        events=[MailEvent(**dict(each)) for each in mail.happened],
    )


def trouble_view(trouble: Happening | None) -> MailTrouble | None:
    return MailTrouble(**dict(trouble)) if trouble else None
