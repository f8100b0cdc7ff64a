"""Signing in: by mail, at a provider, with a passkey; second factors; the pages for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.signin import account, email, openid, pages, passkeys, second_factor, ways
from functions.signin.routes import api
from sheaf.edge.pages import for_people
from sheaf.edge.responses import Response

__all__ = ["account", "api", "email", "handler", "openid", "pages", "passkeys", "second_factor"]


def handler(event: Mapping[str, Any], context: object) -> Response:
    return for_people(event, api.handler(event, context), ways.WAYS)
