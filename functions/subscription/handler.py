"""What the workspace pays for Sheaf: by the API, and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.subscription import page, plans
from functions.subscription.routes import api
from sheaf.edge.pages import ACCOUNT, SUBSCRIPTION, Way, for_people, shown
from sheaf.edge.responses import Response

__all__ = ["api", "handler", "page", "plans"]

WAYS = {
    "GET /account/subscription": Way(ACCOUNT),
    "POST /v1/subscription/checkout": Way(SUBSCRIPTION, lambda _event, made: shown(page.leave(made["url"]))),
    "POST /v1/subscription/portal": Way(SUBSCRIPTION, lambda _event, made: shown(page.leave(made["url"]))),
}


def handler(event: Mapping[str, Any], context: object) -> Response:
    return for_people(event, api.handler(event, context), WAYS)
