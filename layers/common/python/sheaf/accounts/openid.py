"""Signing in at a provider, and linking a provider to an account.

A provider's word makes a new account or finds the one it was linked to. It never finds an account by an
address: whoever has one links the provider to it, signed in the way they did before.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from sheaf.access.challenges import LIFETIME, Challenge
from sheaf.access.openid import (
    AuthorizationRequest,
    IdentityClaims,
    IdentityRefused,
    LinkedIdentity,
    Provider,
    Redemption,
)
from sheaf.access.sessions import Factor, Session
from sheaf.access.tokens import digest_of, is_token, new_token
from sheaf.access.users import User
from sheaf.accounts.sign_in import SignedIn, known_user, log_of, new_user, sign_in
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, Forbidden, NotFound, Unauthenticated

if TYPE_CHECKING:
    from sheaf.accounts.ports import OpenId, Visit

_LONGEST_PATH = 500
_HOME, _LINKED = "/account", "/account/security"


def own_path(value: str) -> str:
    """A path on this site, and nothing that a browser takes for another one."""
    plain = value.isascii() and value.isprintable() and not set(value) & set(" \\")
    if not plain or len(value) > _LONGEST_PATH or value[:1] != "/" or value[:2] == "//":
        raise ValueError("must be a path on this site")
    return value


class Return(BaseModel):
    """``return_to``: where to go once signed in, a path on this site."""

    return_to: Annotated[str, AfterValidator(own_path)] = _HOME


class Callback(BaseModel):
    """https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2; providers add fields of their own."""

    model_config = ConfigDict(extra="ignore")

    code: str | None = None
    state: str | None = None
    error: str | None = None


class IdentityView(BaseModel):
    provider: str
    linked_at: AwareDatetime


class IdentityList(BaseModel):
    items: list[IdentityView]


@dataclass(frozen=True)
class Trip:
    """To which provider, for what (``sign-in`` or ``link``), and where it sends the browser back to."""

    openid: OpenId
    name: str
    purpose: str
    redirect_uri: str

    @property
    def provider(self) -> Provider:
        provider = self.openid.provider(self.name)
        if provider is None:
            raise NotFound("There is no such provider.")
        return provider

    @property
    def challenge_purpose(self) -> str:
        return f"{self.purpose} {self.name}"


@dataclass(frozen=True)
class Departure:
    """``token`` goes into the transaction's cookie."""

    url: str
    token: str


def set_out(
    visit: Visit, trip: Trip, *, return_to: str = _LINKED, session: Session | None = None
) -> Departure:
    """``session``: whose account is to be linked; None to sign in."""
    token = new_token()
    try:
        url = trip.openid.authorization_url(
            trip.provider, AuthorizationRequest(token, redirect_uri=trip.redirect_uri)
        )
    except IdentityRefused as error:
        raise Unauthenticated("The provider cannot be reached.", code="provider_unreachable") from error
    challenge = Challenge(
        digest=digest_of(token),
        purpose=trip.challenge_purpose,
        user_id=session.user_id if session else None,
        session_id=session.id if session else None,
        return_to=return_to,
        ends_at=visit.clock.now() + LIFETIME,
    )
    visit.credentials.add_challenge(challenge)
    return Departure(url, token)


def arrive(visit: Visit, trip: Trip, token: str, callback: Callback) -> tuple[SignedIn, str]:
    """The session, and where to go."""
    claims, challenge = _redeemed(visit, trip, token, callback)
    user_id = visit.people.user_id_of(claims.identity)
    user = known_user(visit, user_id) if user_id else _newcomer(visit, trip.provider, claims)
    return sign_in(visit, user, Factor.OPENID), challenge.return_to or _HOME


def link(visit: Visit, trip: Trip, token: str, callback: Callback) -> tuple[User, str]:
    """To the account that set out: whose it is, and where to go."""
    claims, challenge = _redeemed(visit, trip, token, callback)
    if challenge.user_id is None:
        raise AssertionError("a link is set out for by somebody")
    if visit.people.user_id_of(claims.identity) is not None:
        raise Conflict(
            f"This {trip.provider.label} account is linked to an account already.", code="identity_taken"
        )
    tokens = visit.people.sessions_of(challenge.user_id)
    if not any(each.id == challenge.session_id and each.is_live(visit.clock.now()) for each in tokens):
        raise Unauthenticated("The session has ended: sign in again.", code="session_ended")
    user = known_user(visit, challenge.user_id)
    _link(visit, trip.provider, claims, user)
    log_of(visit, user)
    visit.record(Change(subject=user.id, after={"provider": trip.name}))
    return user, challenge.return_to or _LINKED


def list_identities(visit: Visit) -> IdentityList:
    linked = visit.credentials.identities_of(visit.user_id)
    return IdentityList(items=[IdentityView(provider=i.provider, linked_at=i.linked_at) for i in linked])


def unlink(visit: Visit, provider: str) -> None:
    """A mailed link still signs in: nobody locks themselves out."""
    linked = [i for i in visit.credentials.identities_of(visit.user_id) if i.provider == provider]
    if not linked:
        raise NotFound("There is no such provider.")
    for identity in linked:
        visit.credentials.unlink_identity(identity, visit.user_id)
    visit.record(Change(subject=visit.user_id, before={"provider": provider}))


def _redeemed(visit: Visit, trip: Trip, token: str, callback: Callback) -> tuple[IdentityClaims, Challenge]:
    """Whatever comes of it, the trip is over: a second answer to it finds nothing."""
    provider, now = trip.provider, visit.clock.now()
    challenge = visit.credentials.take_challenge(digest_of(token), now) if is_token(token) else None
    request = AuthorizationRequest(token, redirect_uri=trip.redirect_uri)
    if (
        challenge is None
        or challenge.purpose != trip.challenge_purpose
        or not hmac.compare_digest(request.state.encode(), (callback.state or "").encode())
    ):
        raise Unauthenticated("This sign-in was not begun here, or took too long.", code="sign_in_unknown")
    if callback.error is not None or not callback.code:
        raise Unauthenticated(f"{provider.label} did not sign you in.", code="provider_declined")
    try:
        return trip.openid.claims(provider, Redemption(callback.code, request, now)), challenge
    except IdentityRefused as error:
        raise Unauthenticated(
            f"What {provider.label} says cannot be trusted.", code=f"provider_refused_{error.reason}"
        ) from error


def _newcomer(visit: Visit, provider: Provider, claims: IdentityClaims) -> User:
    if claims.email is None:
        raise Forbidden(
            f"{provider.label} does not vouch for your address: sign in by mail, then link {provider.label}.",
            code="address_unverified",
        )
    if visit.people.user_id_at(claims.email) is not None:
        raise Conflict(
            f"There is an account with this address: sign in the way you did before, "
            f"then link {provider.label} to it.",
            code="sign_in_as_before",
        )
    user = new_user(visit, claims.email, claims.name)
    _link(visit, provider, claims, user)
    return user


def _link(visit: Visit, provider: Provider, claims: IdentityClaims, user: User) -> None:
    linked = LinkedIdentity(identity=claims.identity, provider=provider.name, linked_at=visit.clock.now())
    visit.credentials.link_identity(linked, user.id)
