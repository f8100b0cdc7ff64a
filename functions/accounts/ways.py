"""Where a person goes on from this function's routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from functions.accounts import page, workspace_page
from functions.accounts.routes import api
from sheaf.edge.pages import ACCOUNT, SIGN_IN, WORKSPACE, Way, sent_to, shown
from sheaf.edge.responses import Response

__all__ = ["WAYS", "page"]


def _to(path: str) -> Callable[[Mapping[str, Any], Any], Response]:
    return lambda _event, _document: sent_to(path)


WAYS = {
    "GET /account": Way(SIGN_IN),
    "GET /account/workspace": Way(ACCOUNT),
    "POST /v1/workspaces": Way(ACCOUNT, _to(ACCOUNT)),
    "POST /v1/invitations/accept": Way("/invitations", _to(ACCOUNT)),
    "POST /v1/invitations": Way(WORKSPACE, _to(WORKSPACE)),
    "POST /v1/api-keys": Way(WORKSPACE, lambda _event, made: shown(workspace_page.made_key(made))),
    **{key: Way(back) for key, back in api.forms.items()},
}
