"""Who sees what is billed: those who see the whole workspace. It is nobody's client's."""

from __future__ import annotations

from sheaf.billing.ports import Tenant
from sheaf.kernel.errors import Forbidden, NotFound
from sheaf.kernel.ids import is_id


def require_sight(tenant: Tenant) -> None:
    """Raises Forbidden to whoever is limited to some clients, and wants to make something."""
    if tenant.visibility.is_limited:
        raise Forbidden(
            "Billing is for those who see the documents of all clients.", code="limited_to_clients"
        )


def require_there(tenant: Tenant, identifier: str, *prefixes: str, what: str) -> None:
    """Raises NotFound before anything is read: for what is no id, and for whoever is limited."""
    if tenant.visibility.is_limited or not any(is_id(identifier, prefix) for prefix in prefixes):
        raise nowhere(what)


def nowhere(what: str) -> NotFound:
    return NotFound(f"There is no such {what} in this workspace.")
