"""Mail by Resend (https://resend.com/docs/api-reference/emails/send-email)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheaf.accounts.mail import Message
    from sheaf.settings import Settings


_SECONDS = 8
"""A mail must not take the time of the request that it follows."""


class Resend:
    """``api_key`` is asked for when the first mail is sent, not before."""

    def __init__(self, settings: Settings, api_key: Callable[[], str]) -> None:
        self._settings = settings
        self._api_key = api_key

    def send(self, message: Message) -> None:
        """Raises NotSent. Resend keeps idempotency keys for a day: the same message twice is one mail."""
        import resend
        from resend.exceptions import ResendError
        from resend.http_client_requests import RequestsClient

        from sheaf.accounts.mail import NotSent

        resend.default_http_client = RequestsClient(timeout=_SECONDS)
        resend.api_key = self._api_key()
        if self._settings.resend_url:
            resend.api_url = self._settings.resend_url
        try:
            resend.Emails.send(
                {
                    "from": self._settings.mail_from,
                    "to": [message.to],
                    "subject": message.subject,
                    "text": message.text,
                },
                {"idempotency_key": message.key},
            )
        except ResendError as error:
            raise NotSent from error
