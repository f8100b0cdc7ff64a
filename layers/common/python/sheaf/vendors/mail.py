"""Mail by Resend (https://resend.com/docs/api-reference/emails/send-email)."""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheaf.accounts.mail import Message, NotSent
    from sheaf.settings import Settings


_SECONDS = 8
"""A mail must not take the time of the request that it follows."""

_LATER = frozenset((
    HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT,
))  # fmt: skip
"""Not the mail's fault: our key, their time, or the same mail on its way by another call."""

_ANOTHER_MAIL = "invalid_idempotent_request"


class Resend:
    """``api_key`` is asked for when the first mail is sent, not before."""

    def __init__(self, settings: Settings, api_key: Callable[[], str]) -> None:
        self._settings = settings
        self._api_key = api_key

    def send(self, message: Message) -> str:
        """Raises NotSent. Resend keeps idempotency keys for a day: the same message twice is one mail."""
        import resend
        from resend.exceptions import ResendError
        from resend.http_client_requests import RequestsClient

        resend.default_http_client = RequestsClient(timeout=_SECONDS)
        resend.api_key = self._api_key()
        if self._settings.resend_url:
            resend.api_url = self._settings.resend_url
        try:
            sent = resend.Emails.send(self._parameters(message), {"idempotency_key": message.key})
        except ResendError as error:
            raise _refusal(error) from error
        return sent["id"]

    def _parameters(self, message: Message) -> Any:
        asked: dict[str, Any] = {
            "from": message.sender or self._settings.mail_from,
            "to": [message.to],
            "cc": list(message.cc),
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "reply_to": list(message.reply_to),
            "attachments": [
                {
                    "filename": attachment.filename,
                    "content_type": attachment.content_type,
                    "content": b64encode(attachment.content).decode(),
                }
                for attachment in message.attachments
            ],
            "tags": [{"name": name, "value": value} for name, value in message.tags.items()],
        }
        return {name: value for name, value in asked.items() if value}


def _refusal(error: Any) -> NotSent:
    """https://resend.com/docs/api-reference/errors"""
    from sheaf.accounts.mail import AlreadySent, NotSent, TooMany, Unmailable

    if error.error_type == _ANOTHER_MAIL:
        return AlreadySent()
    status = HTTPStatus(int(error.code))
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        return TooMany()
    return Unmailable() if status.is_client_error and status not in _LATER else NotSent()
