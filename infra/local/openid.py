"""An OpenID Connect provider on this machine: three of them, shaped as Google, Microsoft and Apple are.

Everything is real HTTP: discovery, a key set whose keys change, a page to choose an account on, and a token
endpoint that checks the client, the code and its verifier. The page can also hand out tokens with a fault.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from infra.local.http import Request, Response
from infra.local.openid_tokens import Account, Fault, Keys, id_token

NAMES = ("google", "microsoft", "apple")
BODY_LIMIT = 1 << 16
_DISCOVERY = "/.well-known/openid-configuration"
_APPLE = "https://appleid.apple.com"
_TENANT = "{tenantid}"
_HTML = (("content-type", "text/html; charset=utf-8"),)
_CODE_SECONDS = 60
_MOST_CODES = 1000


@dataclass(frozen=True)
class Grant:
    """What a code stands for, once."""

    provider: str
    account: Account
    asked: Mapping[str, str]
    fault: Fault | None
    ends: float


@dataclass
class OpenIdProvider:
    """``url`` is where it answers. ``fault`` spoils the tokens of all codes to come."""

    url: str = ""
    now: Callable[[], float] = time.time
    fault: Fault | None = None
    keys: Keys = field(default_factory=Keys)
    fetched: list[str] = field(default_factory=list)
    """The paths that were asked for."""

    def __post_init__(self) -> None:
        self._secret = secrets.token_urlsafe(24)
        self._apple = ECKey.generate_key("P-256")
        self._grants: dict[str, Grant] = {}

    def clients(self) -> dict[str, dict[str, str]]:
        """What Sheaf is known by, as its settings take it."""
        plain = {
            name: {"client_id": "sheaf", "secret": self._secret, "base": f"{self.url}/{name}"}
            for name in NAMES
        }
        key = self._apple.as_pem(private=True).decode()
        apple = {"secret": "", "team_id": "TEAM", "key_id": "KEY", "private_key": key}
        return plain | {"apple": plain["apple"] | apple}

    def answer(self, request: Request) -> Response:
        self.fetched.append(request.path)
        name, _, rest = request.path.removeprefix("/").partition("/")
        if name not in NAMES:
            return Response(404, b'{"error":"not_found"}')
        if f"/{rest}".endswith(_DISCOVERY):
            return _json(self._metadata(name))
        form = dict(parse_qsl(request.query if request.method == "GET" else request.body.decode()))
        answers: dict[tuple[str, str], Callable[[str, dict[str, str]], Response]] = {
            ("GET", "jwks"): lambda *_: _json(self.keys.public()),
            ("GET", "authorize"): self._page,
            ("POST", "authorize"): self._chosen,
            ("POST", "token"): self._token,
        }
        answer = answers.get((request.method, rest))
        return answer(name, form) if answer else Response(404, b'{"error":"not_found"}')

    def authorize(self, url: str, account: Account) -> dict[str, str]:
        """As somebody who chose an account on the page: what the browser takes back."""
        asked = dict(parse_qsl(urlsplit(url).query))
        name = urlsplit(url).path.split("/")[1]
        return self._granted(name, asked, account, self.fault)

    def _metadata(self, name: str) -> dict[str, Any]:
        base = f"{self.url}/{name}"
        return {
            "issuer": self._issuer(name, _TENANT),
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _issuer(self, name: str, tenant: str) -> str:
        base = f"{self.url}/{name}"
        return f"{base}/{tenant}/v2.0" if name == "microsoft" else base

    def _page(self, name: str, asked: dict[str, str]) -> Response:
        wrong = _wrong_request(asked)
        if wrong:
            return Response(400, escape(wrong).encode(), _HTML)
        kept = "".join(_hidden(key, value) for key, value in asked.items())
        faults = "".join(f"<option>{escape(fault)}</option>" for fault in Fault)
        return _html(
            f"<h1>{name.capitalize()}, on this machine</h1><p>Nobody is asked for a password here.</p>"
            f'<form method="post">{kept}'
            '<p><label>Address <input name="email" type="email" value="ada@example.com" required></label>'
            '<p><label>Name <input name="name" value="Ada Ashdown"></label>'
            '<p><label><input name="vouched" type="checkbox" checked> The address is proven</label>'
            f'<p><label>Fault <select name="fault"><option value="">none</option>{faults}</select></label>'
            '<p><button name="answer" value="yes">Continue</button> '
            '<button name="answer" value="no" formnovalidate>Cancel</button></form>'
        )

    def _chosen(self, name: str, form: dict[str, str]) -> Response:
        account = Account(
            email=form.pop("email", ""), name=form.pop("name", ""), vouched=bool(form.pop("vouched", ""))
        )
        fault, answer = form.pop("fault", ""), form.pop("answer", "")
        wrong = _wrong_request(form)
        if wrong:
            return Response(400, escape(wrong).encode(), _HTML)
        back = {"error": "access_denied", "state": form["state"]}
        if answer == "yes":
            back = self._granted(name, form, account, Fault(fault) if fault else self.fault)
        if form.get("response_mode") == "form_post":
            fields = "".join(_hidden(key, value) for key, value in back.items())
            action = escape(form["redirect_uri"])
            return _html(
                f'<form method="post" action="{action}">{fields}<button>Back to Sheaf</button></form>'
            )
        return Response(303, b"", (("location", f"{form['redirect_uri']}?{urlencode(back)}"),))

    def _granted(
        self, name: str, asked: Mapping[str, str], account: Account, fault: Fault | None
    ) -> dict[str, str]:
        if len(self._grants) >= _MOST_CODES:
            self._grants.clear()
        code = secrets.token_urlsafe(24)
        self._grants[code] = Grant(name, account, asked, fault, self.now() + _CODE_SECONDS)
        return {"code": code, "state": asked["state"]}

    def _token(self, name: str, form: dict[str, str]) -> Response:
        """https://www.rfc-editor.org/rfc/rfc6749#section-5, and section 4.6 of RFC 7636."""
        if not self._knows(name, form):
            return _json({"error": "invalid_client"}, 401)
        grant = self._grants.pop(form.get("code", ""), None)
        if (
            grant is None
            or grant.provider != name
            or grant.ends < self.now()
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != grant.asked["redirect_uri"]
            or _s256(form.get("code_verifier", "")) != grant.asked["code_challenge"]
        ):
            return _json({"error": "invalid_grant"}, 400)
        token = id_token(self.keys, self._claims(name, grant), self.now, grant.fault)
        answer = {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 3600}
        return _json(answer | ({"id_token": token} if token else {}))

    def _claims(self, name: str, grant: Grant) -> dict[str, Any]:
        account = grant.account
        claims = {
            "iss": self._issuer(name, account.tenant),
            "aud": grant.asked["client_id"],
            "sub": account.id,
            "nonce": grant.asked.get("nonce", ""),
            "email": account.email,
        }
        match name:
            case "microsoft":
                vouched = {"xms_edov": True} if account.vouched else {}
                return claims | {"tid": account.tenant, "name": account.name} | vouched
            case "apple":
                return claims | {"email_verified": "true" if account.vouched else "false"}
        return claims | {"email_verified": account.vouched, "name": account.name}

    def _knows(self, name: str, form: Mapping[str, str]) -> bool:
        secret = form.get("client_secret", "")
        if form.get("client_id") != "sheaf":
            return False
        if name != "apple":
            return hmac.compare_digest(secret.encode(), self._secret.encode())
        try:
            claims = jwt.decode(secret, self._apple, algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            return False
        expected = {"iss": "TEAM", "sub": "sheaf", "aud": _APPLE}
        return expected.items() <= claims.items() and claims["exp"] > self.now()


def _wrong_request(asked: Mapping[str, str]) -> str | None:
    if asked.get("client_id") != "sheaf" or asked.get("response_type") != "code":
        return "unknown client, or not the code flow"
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "no PKCE"
    missing = [name for name in ("redirect_uri", "state", "nonce", "scope") if not asked.get(name)]
    return f"missing: {', '.join(missing)}" if missing else None


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _html(body: str) -> Response:
    style = "body{font:16px/1.55 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1.25rem}"
    head = f'<meta charset="utf-8"><title>Sign in</title><style>{style}</style>'
    return Response(200, f'<!doctype html><html lang="en">{head}{body}'.encode(), _HTML)


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(status, json.dumps(document).encode())
