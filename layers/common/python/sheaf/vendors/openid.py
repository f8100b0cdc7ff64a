"""Identity providers over HTTPS: their metadata, their keys, and what a code is worth.

Metadata and keys are fetched once per execution environment; a token whose key is not among them makes us
fetch the keys once more, for providers change them without notice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sheaf.access.openid import (
    PROVIDERS,
    AuthorizationRequest,
    IdentityClaims,
    IdentityRefused,
    Provider,
    Redemption,
    UnknownKey,
    verified_claims,
)

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from sheaf.settings import OpenIdClient

_SECONDS = 5
_MOST_BYTES = 1 << 20
_OK = 200
_APPLE_SECRET_LIFE = timedelta(minutes=5)
_APPLE = "https://appleid.apple.com"


class OpenIdProviders:
    def __init__(self, clients: Mapping[str, OpenIdClient]) -> None:
        self._known = {
            name: _Known(PROVIDERS[name], client) for name, client in clients.items() if name in PROVIDERS
        }

    def provider(self, name: str) -> Provider | None:
        known = self._known.get(name)
        return known.provider if known else None

    def authorization_url(self, provider: Provider, request: AuthorizationRequest) -> str:
        """https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest"""
        known = self._known[provider.name]
        query = {
            "response_type": "code",
            "client_id": known.client.client_id,
            "redirect_uri": request.redirect_uri,
            "scope": provider.scopes,
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": request.challenge,
            "code_challenge_method": "S256",
        }
        if provider.response_mode:
            query["response_mode"] = provider.response_mode
        return f"{known.endpoint('authorization_endpoint')}?{urlencode(query)}"

    def claims(self, provider: Provider, redemption: Redemption) -> IdentityClaims:
        known = self._known[provider.name]
        token = known.redeemed(redemption)
        try:
            return known.verified(token, redemption)
        except UnknownKey:
            known.forget_keys()
            return known.verified(token, redemption)


class _Known:
    """One provider, and what it was heard to say."""

    def __init__(self, provider: Provider, client: OpenIdClient) -> None:
        self.client = client
        self.provider = provider.at(client.base) if client.base else provider

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        metadata = _fetched("GET", self.provider.discovery)
        if metadata.get("issuer") != self.provider.issuer:
            raise IdentityRefused("discovery")
        return metadata

    @cached_property
    def keys(self) -> KeySet:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        document = _fetched("GET", self.endpoint("jwks_uri"))
        try:
            return KeySet.import_key_set({"keys": document["keys"]})
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise IdentityRefused("jwks") from error

    def forget_keys(self) -> None:
        self.__dict__.pop("keys", None)

    def endpoint(self, name: str) -> str:
        """Over TLS, unless it is a double's."""
        url = self.metadata.get(name)
        scheme = self.client.base or "https://"
        if not isinstance(url, str) or not url.startswith(scheme):
            raise IdentityRefused("discovery")
        return url

    def redeemed(self, redemption: Redemption) -> str:
        """The ID token for a code. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3"""
        form = {
            "grant_type": "authorization_code",
            "code": redemption.code,
            "redirect_uri": redemption.request.redirect_uri,
            "client_id": self.client.client_id,
            "client_secret": self._secret(redemption.now),
            "code_verifier": redemption.request.verifier,
        }
        token = _fetched("POST", self.endpoint("token_endpoint"), form).get("id_token")
        if not isinstance(token, str):
            raise IdentityRefused("no_token")
        return token

    def verified(self, token: str, redemption: Redemption) -> IdentityClaims:
        return verified_claims(
            token,
            self.keys,
            self.provider,
            client_id=self.client.client_id,
            nonce=redemption.request.nonce,
            now=redemption.now,
        )

    def _secret(self, now: datetime) -> str:
        return apple_secret(self.client, now) if self.client.private_key else self.client.secret


def apple_secret(client: OpenIdClient, now: datetime) -> str:
    """https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret"""
    from joserfc import jwt
    from joserfc.jwk import ECKey

    issued = int(now.timestamp())
    claims = {
        "iss": client.team_id,
        "iat": issued,
        "exp": issued + int(_APPLE_SECRET_LIFE.total_seconds()),
        "aud": _APPLE,
        "sub": client.client_id,
    }
    return jwt.encode({"alg": "ES256", "kid": client.key_id}, claims, ECKey.import_key(client.private_key))


def _fetched(method: str, url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """A JSON object. Redirects are not followed: what a provider says of itself stands where it said."""
    import urllib3

    pool = urllib3.PoolManager(retries=False, timeout=_SECONDS)
    headers = {"accept": "application/json"}
    if form is not None:
        headers["content-type"] = "application/x-www-form-urlencoded"
    try:
        answer = pool.request(
            method,
            url,
            body=urlencode(form) if form is not None else None,
            headers=headers,
            redirect=False,
            preload_content=False,
        )
        body = answer.read(_MOST_BYTES)
        answer.release_conn()
        document = json.loads(body) if answer.status == _OK else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise IdentityRefused("unreachable") from error
    if not isinstance(document, dict):
        raise IdentityRefused("provider")
    return document
