"""Accounts: the workspace, its members and API keys, and whoever is signed in."""

from __future__ import annotations

from functions.accounts import keys, members, person, workspace
from functions.accounts.routes import api

__all__ = ["api", "handler", "keys", "members", "person", "workspace"]

handler = api.handler
