"""Being paid: the account for cards, payment links, and money that goes back."""

from __future__ import annotations

from functions.payments import account, links, refunds
from functions.payments.routes import api

__all__ = ["account", "api", "handler", "links", "refunds"]

handler = api.handler
