"""Signing in at an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).

Who somebody is, is (issuer, subject). An address in a token is the provider's word at best, and some let
anybody write there what they like (nOAuth): it finds nobody's account.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from sheaf.access.challenges import derived
from sheaf.access.users import Identity

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

TENANT = "{tenantid}"
"""Microsoft's discovery document names one issuer for all tenants, with this where a token has its own."""

ALGORITHMS = ["RS256"]
"""What all three sign with; a token that says otherwise is refused before its key is looked at."""

_LEEWAY = 60
_LONGEST_TOKEN = 16_000
_TENANT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class IdentityRefused(Exception):
    """A provider's answer that is not to be trusted, or none at all. ``reason`` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKey(IdentityRefused):
    """The key set does not hold the token's key: it may have been changed since."""


@dataclass(frozen=True)
class Provider:
    """``issuer`` is what tokens must say, to the letter. ``discovery`` is where its metadata are, ``vouched``
    the claim that says the address in a token was proven to be its subject's.
    """

    name: str
    label: str
    issuer: str
    discovery: str
    vouched: str = "email_verified"
    scopes: str = "openid email profile"
    response_mode: str | None = None

    @property
    def answers_cross_site(self) -> bool:
        """By a form on a page of its own, which no Lax cookie goes with."""
        return self.response_mode == "form_post"

    def at(self, base: str) -> Provider:
        """The same, somewhere else: for a double of it."""
        own = "/".join(self.issuer.split("/")[:3])
        return replace(
            self, issuer=self.issuer.replace(own, base), discovery=self.discovery.replace(own, base)
        )


_WELL_KNOWN = ".well-known/openid-configuration"
PROVIDERS = {
    provider.name: provider
    for provider in (
        # https://developers.google.com/identity/openid-connect/openid-connect
        Provider(
            "google",
            "Google",
            issuer="https://accounts.google.com",
            discovery=f"https://accounts.google.com/{_WELL_KNOWN}",
        ),
        # https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
        Provider(
            "microsoft",
            "Microsoft",
            issuer=f"https://login.microsoftonline.com/{TENANT}/v2.0",
            discovery=f"https://login.microsoftonline.com/common/v2.0/{_WELL_KNOWN}",
            vouched="xms_edov",
        ),
        # https://developer.apple.com/documentation/signinwithapple
        Provider(
            "apple",
            "Apple",
            issuer="https://appleid.apple.com",
            discovery=f"https://appleid.apple.com/{_WELL_KNOWN}",
            scopes="openid email name",
            response_mode="form_post",
        ),
    )
}


@dataclass(frozen=True)
class AuthorizationRequest:
    """What the browser takes to the provider. ``token`` stays in its cookie; all else follows from it."""

    token: str
    redirect_uri: str

    @property
    def state(self) -> str:
        return derived(self.token, "state")

    @property
    def nonce(self) -> str:
        return derived(self.token, "nonce")

    @property
    def verifier(self) -> str:
        return derived(self.token, "verifier")

    @property
    def challenge(self) -> str:
        """S256 of RFC 7636, section 4.2."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Redemption:
    code: str
    request: AuthorizationRequest
    now: datetime


class IdentityClaims(BaseModel):
    """``email`` is there only when the provider vouches for it."""

    model_config = ConfigDict(frozen=True)

    identity: Identity
    email: str | None = None
    name: str = ""


class LinkedIdentity(BaseModel):
    model_config = ConfigDict(frozen=True)

    identity: Identity
    provider: str
    linked_at: datetime


def verified_claims(
    token: str, keys: KeySet, provider: Provider, *, client_id: str, nonce: str, now: datetime
) -> IdentityClaims:
    """What an ID token says, once everything about it holds (OpenID Connect Core, section 3.1.3.7).

    Raises IdentityRefused; UnknownKey when another key set might do.
    """
    claims, key_issuer = _signed(token, keys)
    issuer = _issuer(provider, claims)
    if key_issuer is not None and _of_tenant(key_issuer, claims) != issuer:
        raise IdentityRefused("key_issuer")
    _check_times(claims, int(now.timestamp()))
    if claims.get("iss") != issuer:
        raise IdentityRefused("iss")
    if claims.get("aud") not in (client_id, [client_id]):
        raise IdentityRefused("aud")
    if claims.get("azp", client_id) != client_id:
        raise IdentityRefused("azp")
    if claims.get("nonce") != nonce:
        raise IdentityRefused("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:  # noqa: PLR2004 - section 2 of the standard
        raise IdentityRefused("sub")
    return IdentityClaims(
        identity=Identity(issuer=issuer, subject=subject),
        email=_vouched(claims, provider.vouched),
        name=_name(claims),
    )


def _signed(token: str, keys: KeySet) -> tuple[Mapping[str, Any], str | None]:
    """What it says, and whose tokens its key may sign: Microsoft's name an issuer each."""
    from joserfc import jws, jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    if len(token) > _LONGEST_TOKEN:
        raise IdentityRefused("too_long")
    try:
        header = jws.extract_compact(token.encode()).headers()
        if not isinstance(header.get("kid"), str):
            raise IdentityRefused("kid")
        pinned = keys.get_by_kid(header["kid"]).get("issuer")
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims, str(pinned) if pinned else None
    except InvalidKeyIdError as error:
        raise UnknownKey("kid") from error
    except (JoseError, ValueError) as error:
        raise IdentityRefused("signature") from error


def _issuer(provider: Provider, claims: Mapping[str, Any]) -> str:
    if TENANT not in provider.issuer:
        return provider.issuer
    tenant = claims.get("tid")
    if not isinstance(tenant, str) or not _TENANT_ID.fullmatch(tenant):
        raise IdentityRefused("tid")
    return _of_tenant(provider.issuer, claims)


def _of_tenant(issuer: str, claims: Mapping[str, Any]) -> str:
    return issuer.replace(TENANT, str(claims.get("tid")))


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    """Their clock and ours may differ by a minute."""
    if _instant(claims, "exp") <= now - _LEEWAY:
        raise IdentityRefused("exp")
    for name in ("iat", *(("nbf",) if "nbf" in claims else ())):
        if _instant(claims, name) > now + _LEEWAY:
            raise IdentityRefused(name)


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise IdentityRefused(name)
    return value


def _vouched(claims: Mapping[str, Any], by: str) -> str | None:
    """Apple says it as a string, Microsoft as a number."""
    from email_validator import EmailNotValidError, validate_email

    email = claims.get("email")
    if claims.get(by) not in (True, "true", "1") or not isinstance(email, str):
        return None
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _name(claims: Mapping[str, Any]) -> str:
    name = claims.get("name")
    return name[:100] if isinstance(name, str) else ""
