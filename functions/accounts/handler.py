"""Accounts: the workspace, its members and API keys, and whoever is signed in; the pages for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.accounts import keys, members, page, person, ways, workspace, workspace_page
from functions.accounts.routes import api
from sheaf.edge.pages import for_people
from sheaf.edge.responses import Response

__all__ = ["api", "handler", "keys", "members", "page", "person", "workspace", "workspace_page"]


def handler(event: Mapping[str, Any], context: object) -> Response:
    return for_people(event, api.handler(event, context), ways.WAYS)
