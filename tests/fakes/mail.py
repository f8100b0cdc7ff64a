"""A mailbox for everybody: what was sent, each message once, as Resend's idempotency keys have it."""

from __future__ import annotations

import re

from sheaf.accounts.mail import AlreadySent, Message, NotSent, TooMany, Unmailable


class FakeMail:
    """``refused`` are senders and recipients with whom it will have nothing to do."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_down = False
        self.too_many = 0
        """So often it takes no more for the moment."""
        self.refused: set[str] = set()

    def send(self, message: Message) -> str:
        if self.is_down:
            raise NotSent
        if self.too_many:
            self.too_many -= 1
            raise TooMany
        if self.refused & {message.sender, message.to}:
            raise Unmailable
        same = next((other for other in self.sent if other.key == message.key), None)
        if same is None:
            self.sent.append(message)
        elif same != message:
            raise AlreadySent
        return f"mail-{message.key}"

    def latest_token(self, to: str) -> str:
        """What follows the # of the link in the last mail to an address that has one."""
        texts = [message.text for message in self.sent if message.to == to]
        found = [match[1] for text in texts if (match := re.search(r"#([\w-]+)", text))]
        assert found, texts
        return found[-1]
