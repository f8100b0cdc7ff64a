"""Mail by Resend (https://resend.com/docs/api-reference/emails/send-email)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheaf.accounts.mail import Message
    from sheaf.settings import Settings


class Resend:
    """``api_key`` is asked for when the first mail is sent, not before."""

    def __init__(self, settings: Settings, api_key: Callable[[], str]) -> None:
        self._settings = settings
        self._api_key = api_key

    def send(self, message: Message) -> None:
        """Resend keeps idempotency keys for a day: the same message twice is one mail."""
        import resend

        resend.api_key = self._api_key()
        if self._settings.resend_url:
            resend.api_url = self._settings.resend_url
        resend.Emails.send(
            {
                "from": self._settings.mail_from,
                "to": [message.to],
                "subject": message.subject,
                "text": message.text,
            },
            {"idempotency_key": message.key},
        )
