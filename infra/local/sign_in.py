"""An address that signs somebody in on this machine, known to whoever reads local.json."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from infra.local.http import Request, Response

PATH = "/_local/sign-in"
_OK = 200


@dataclass(frozen=True)
class SignIn:
    """``mailed`` gives the token of a link for the owner of a workspace, ``answer`` is the API's."""

    secret: str
    mailed: Callable[[str], str]
    answer: Callable[[Request], Response]

    def url(self, origin: str, workspace_id: str) -> str:
        return f"{origin}{PATH}?{urlencode({'workspace': workspace_id, 'proof': self._proof(workspace_id)})}"

    def begin(self, request: Request) -> Response:
        """As the owner would: with the link from the mail. Every visit is a session of its own."""
        query = dict(parse_qsl(request.query))
        workspace_id, proof = query.get("workspace", ""), query.get("proof", "")
        if not hmac.compare_digest(proof.encode(), self._proof(workspace_id).encode()):
            return Response(403, b'{"message":"Forbidden"}')
        body = json.dumps({"token": self.mailed(workspace_id)}).encode()
        own = tuple(pair for pair in request.headers if pair[0] in ("host", "user-agent"))
        headers = (*own, ("content-type", "application/json"))
        confirm = replace(
            request, method="POST", path="/v1/sign-in/email/confirm", query="", headers=headers, body=body
        )
        confirmed = self.answer(confirm)
        if confirmed.status != _OK:
            return confirmed
        cookies = tuple(pair for pair in confirmed.headers if pair[0] == "set-cookie")
        return Response(303, b"", (("location", "/account"), ("cache-control", "no-store"), *cookies))

    def _proof(self, workspace_id: str) -> str:
        return hmac.new(self.secret.encode(), f"sign in {workspace_id}".encode(), hashlib.sha256).hexdigest()
