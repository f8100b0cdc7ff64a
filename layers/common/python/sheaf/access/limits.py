"""How often something may be tried: a bucket of tries that fills up again.

A bucket is kept as the moment at which it is full again (GCRA, the virtual scheduling algorithm of ITU-T
I.371): a try moves that moment on by what one try takes to come back, and is refused when the moment would
then lie further ahead than the whole bucket takes.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limit:
    """``tries`` at once, and as many again in ``per``."""

    name: str
    tries: int
    per: timedelta

    @property
    def interval(self) -> timedelta:
        """After which one try has come back."""
        return self.per / self.tries

    def digest(self, key: str) -> str:
        """Addresses of people and machines are not kept in the clear."""
        return hashlib.sha256(f"{self.name}\x00{key}".encode()).hexdigest()


@dataclass(frozen=True)
class Allowance:
    """What is left after a try: ``remaining`` tries at once; after ``full_in`` the bucket is full again."""

    limit: Limit
    remaining: int
    full_in: timedelta

    @property
    def next_in(self) -> timedelta:
        """After which there is a try again: nothing while one is left."""
        return max(self.full_in + self.limit.interval - self.limit.per, timedelta(0))


def in_words(wait: timedelta) -> str:
    """Rounded up, for people: ``40 seconds``, ``3 minutes``, ``2 hours``."""
    seconds = math.ceil(wait.total_seconds())
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds > size:
            return f"{math.ceil(seconds / size)} {unit}s"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


MAIL_TO_ADDRESS = Limit("mail to address", 5, timedelta(minutes=15))
MAIL_FROM_PLACE = Limit("mail from place", 60, timedelta(minutes=15))
SIGN_IN_FROM_PLACE = Limit("sign-in from place", 300, timedelta(minutes=15))
CODES_OF_USER = Limit("codes of user", 5, timedelta(minutes=15))

INVITATIONS_OF_CALLER = Limit("invitations", 20, timedelta(hours=1))
INVITATIONS_OF_WORKSPACE = Limit("invitations of workspace", 100, timedelta(days=1))
CHANGES_TO_ACCOUNT = Limit("account changes", 120, timedelta(minutes=10))
UPLOADS_OF_CALLER = Limit("uploads", 300, timedelta(minutes=1))
UPLOADS_IN_BATCHES = Limit("uploads in batches", 3000, timedelta(minutes=10))
UPLOADS_OF_WORKSPACE = Limit("uploads of workspace", 3000, timedelta(minutes=10))
PAY_PAGES_FROM_PLACE = Limit("pay pages from place", 120, timedelta(minutes=5))
PAY_PAGES_OF_LINK = Limit("pay pages of link", 120, timedelta(minutes=5))
CHECKOUTS_OF_LINK = Limit("checkouts of link", 20, timedelta(minutes=15))
MAILS_OF_WORKSPACE = Limit("mails of workspace", 500, timedelta(hours=1))
"""Of what it issues: they go out in our name as well."""

WEBHOOKS_OF_ENDPOINT = Limit("webhooks of endpoint", 600, timedelta(minutes=1))
