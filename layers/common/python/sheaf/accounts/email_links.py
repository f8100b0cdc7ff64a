"""Signing in by a link in a mail: whoever reads the mailbox is its owner.

Nothing here looks at whether an address is known before the link is used, so nothing tells.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from sheaf.access.sessions import Factor
from sheaf.access.tokens import digest_of, is_token, new_token
from sheaf.access.users import Address, folded_address
from sheaf.accounts.sign_in import SignedIn, known_user, new_user, sign_in
from sheaf.kernel.errors import Forbidden, Gone

if TYPE_CHECKING:
    from sheaf.accounts.ports import Visit

LIFETIME = timedelta(minutes=15)


class LinkRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Address


class LinkAsked(BaseModel):
    """The same for every address."""

    detail: str = "If that address can get mail, a link is on its way."


class LinkToken(BaseModel):
    """What follows the ``#`` in the mailed link."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


def make_link(visit: Visit, email: str) -> str:
    """The token that goes into the mail."""
    token = new_token()
    visit.credentials.add_link(digest_of(token), email, ends=visit.clock.now() + LIFETIME)
    return token


def follow_link(visit: Visit, token: str) -> SignedIn:
    """Signs in whoever the address belongs to; an address nobody has claimed becomes a new account."""
    email = _used(visit, token)
    user_id = visit.people.user_id_at(email)
    user = known_user(visit, user_id) if user_id else new_user(visit, email)
    return sign_in(visit, user, Factor.EMAIL)


def prove_by_link(visit: Visit, token: str) -> Factor:
    """For somebody who is signed in already."""
    email = _used(visit, token)
    if folded_address(email) != folded_address(known_user(visit, visit.user_id).email):
        raise Forbidden("This link is for another address.", code="link_not_yours")
    return Factor.EMAIL


def _used(visit: Visit, token: str) -> str:
    digest = digest_of(token)
    email = visit.credentials.link_address(digest, visit.clock.now()) if is_token(token) else None
    if email is None:
        raise Gone("This link was used, or has run out: ask for another.", code="link_gone")
    visit.credentials.use_link(digest)
    return email
