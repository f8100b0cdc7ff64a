"""Limiting members and API keys to the documents of some clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sheaf.access.visibility import LIMITABLE, MOST_CLIENTS
from sheaf.kernel.errors import Forbidden, InvalidRequest

if TYPE_CHECKING:
    from sheaf.access.roles import Role
    from sheaf.accounts.ports import Tenant

ClientIds = Annotated[
    frozenset[Annotated[str, Field(pattern=r"^cli_[0-9a-z]{26}$")]],
    Field(min_length=1, max_length=MOST_CLIENTS),
]
"""The clients whose documents somebody sees."""


def limit_to(tenant: Tenant, role: Role, clients: frozenset[str] | None) -> frozenset[str] | None:
    """These clients, as far as whoever has that role can be limited to them, by whoever asks.

    Raises InvalidRequest, Forbidden.
    """
    if not tenant.visibility.covers(clients):
        raise Forbidden("Nobody lets others see more than they see themselves.", code="beyond_your_clients")
    if clients is None:
        return None
    if role not in LIMITABLE:
        raise _refused(f"The role {role} sees every document: it cannot be limited.", "role_sees_all")
    if missing := tenant.clients.missing(clients):
        raise _refused(f"There is no such client: {', '.join(missing)}.", "client_unknown")
    return clients


def told(clients: frozenset[str] | None) -> str:
    """As the audit log says it."""
    return "all" if clients is None else ", ".join(sorted(clients))


def shown(tenant: Tenant, role: Role, clients: frozenset[str] | None) -> list[str] | None:
    """Those that count, as far as whoever asks may know of them."""
    if clients is None or role not in LIMITABLE:
        return None
    return sorted(each for each in clients if tenant.visibility.sees(each))


def _refused(message: str, code: str) -> InvalidRequest:
    return InvalidRequest(message, code=code, errors=[{"field": "clients", "message": message}])
