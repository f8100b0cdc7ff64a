"""A mailbox for everybody: what was sent, each message once, as Resend's idempotency keys have it."""

from __future__ import annotations

import re

from sheaf.accounts.mail import Message, NotSent


class FakeMail:
    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_down = False

    def send(self, message: Message) -> None:
        if self.is_down:
            raise NotSent
        if all(message.key != other.key for other in self.sent):
            self.sent.append(message)

    def latest_token(self, to: str) -> str:
        """What follows the # of the link in the last mail to an address that has one."""
        texts = [message.text for message in self.sent if message.to == to]
        found = [match[1] for text in texts if (match := re.search(r"#([\w-]+)", text))]
        assert found, texts
        return found[-1]
