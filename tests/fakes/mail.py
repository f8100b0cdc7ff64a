"""A mailbox for everybody: what was sent, each message once, as Resend's idempotency keys have it."""

from __future__ import annotations

import re

from sheaf.accounts.mail import Message


class FakeMail:
    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        if all(message.key != other.key for other in self.sent):
            self.sent.append(message)

    def latest_token(self, to: str) -> str:
        """What follows the # of the link in the last mail to an address."""
        text = [message.text for message in self.sent if message.to == to][-1]
        found = re.search(r"#([\w-]+)", text)
        assert found, text
        return found[1]
