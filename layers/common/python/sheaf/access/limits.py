"""How often something may be tried: a bucket of tries that fills up again.

A bucket is kept as the moment at which it is full again (GCRA, the virtual scheduling algorithm of ITU-T
I.371): a try moves that moment on by what one try takes to come back, and is refused when the moment would
then lie further ahead than the whole bucket takes.
"""

from __future__ import annotations

import hashlib
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


MAIL_TO_ADDRESS = Limit("mail to address", 5, timedelta(minutes=15))
MAIL_FROM_PLACE = Limit("mail from place", 60, timedelta(minutes=15))
SIGN_IN_FROM_PLACE = Limit("sign-in from place", 300, timedelta(minutes=15))
CODES_OF_USER = Limit("codes of user", 5, timedelta(minutes=15))

INVITATIONS_OF_CALLER = Limit("invitations", 20, timedelta(hours=1))
INVITATIONS_OF_WORKSPACE = Limit("invitations of workspace", 100, timedelta(days=1))
UPLOADS_OF_CALLER = Limit("uploads", 300, timedelta(minutes=1))
UPLOADS_OF_WORKSPACE = Limit("uploads of workspace", 3000, timedelta(minutes=10))
