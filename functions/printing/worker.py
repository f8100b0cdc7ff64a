"""A message of what was issued → here: its files are made, once; a mail of it is handed over, once."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from sheaf.accounts.mail import AlreadySent, Message, TooMany, Unmailable
from sheaf.audit.entries import Action
from sheaf.billing.freezing import Frozen, freeze
from sheaf.billing.sending.delivering import begin, message_of, note
from sheaf.billing.sending.mail import Happening, MailState
from sheaf.bootstrap import application
from sheaf.edge.jobs import unit
from sheaf.edge.log import logger
from sheaf.edge.queues import sqs_handler

ACTOR = "dispatcher"
_LATER = timedelta(seconds=5)
_TRIES = 5
_WHEN_THERE_IS_ROOM = (10, 90)
"""Seconds, between which it is tried again when the mail provider takes no more."""

_PATIENCE = 60
"""Tries of that kind: three quarters of an hour. Then it is a failure, which SQS tries again."""


def work(message: dict[str, Any]) -> None:
    """What is still not there after some tries never will be: its message went out before the commit."""
    is_there = _send(message) if message["mail_id"] else _frozen(message) is not None
    if not is_there and message["tries"] < _TRIES:
        _again(message, _LATER)


def _again(message: dict[str, Any], after: timedelta) -> None:
    application().issued_queue.send(**message | {"tries": message["tries"] + 1}, after=after)


def _frozen(message: dict[str, Any]) -> Frozen | None:
    with unit(message["workspace_id"], ACTOR, Action.FROZEN) as tenant:
        document = tenant.issued.get(message["issued_id"])
        return None if document is None or document.is_draft else freeze(tenant, document)


def _send(message: dict[str, Any]) -> bool:
    """Whether there is such a mail. It is noted that it is handed over before it is, and after."""
    workspace_id, issued_id = message["workspace_id"], message["issued_id"]
    frozen = _frozen(message)
    if frozen is None:
        return False
    with unit(workspace_id, ACTOR, Action.MAIL_DISPATCHED) as tenant:
        mail = tenant.mails.get(issued_id, message["mail_id"])
        document = tenant.issued.get(issued_id)
        if mail is None or document is None:
            return False
        begun = begin(tenant, document, mail)
    if begun is None:
        return True
    try:
        state, reason, provider_id = _handed_over(message_of(tenant, document, begun, frozen))
    except TooMany:
        if message["tries"] >= _PATIENCE:
            raise
        seconds = random.randint(*_WHEN_THERE_IS_ROOM)  # noqa: S311  # nothing is secret about it
        _again(message, timedelta(seconds=seconds))
        return True
    told = Happening(state=state, at=application().clock.now(), reason=reason)
    with unit(workspace_id, ACTOR, Action.MAIL_DISPATCHED) as tenant:
        mail = tenant.mails.get(issued_id, message["mail_id"])
        if mail is not None:
            note(tenant, mail, told, provider_id)
    logger.info("mail dispatched", workspace_id=workspace_id, code=state.value)
    return True


def _handed_over(letter: Message) -> tuple[MailState, str | None, str | None]:
    """Raises NotSent when it may go later."""
    try:
        return MailState.SENT, None, application().mail.send(letter)
    except AlreadySent:  # in other words, by a version of ours that wrote it otherwise
        return MailState.SENT, None, None
    except Unmailable:
        return MailState.FAILED, "refused by the mail provider", None


handler = sqs_handler(work)
