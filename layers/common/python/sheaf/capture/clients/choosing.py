"""Which client a document may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sheaf.kernel.errors import InvalidRequest

if TYPE_CHECKING:
    from sheaf.capture.ports import Tenant

ClientId = Annotated[str, Field(pattern=r"^cli_[0-9a-z]{26}$")]


def chosen_client(tenant: Tenant, client_id: str | None) -> str | None:
    """The same id, if whoever asks may give a document to that client. Raises InvalidRequest."""
    if client_id is None:
        if tenant.visibility.is_limited:
            raise _refused("Say whose document it is: you see those of some clients only.", "client_required")
        return None
    client = tenant.clients.get(client_id)
    if client is None:
        raise _refused("There is no such client.", "client_unknown")
    if client.archived:
        raise _refused("This client is archived and gets no more documents.", "client_archived")
    return client_id


def _refused(message: str, code: str) -> InvalidRequest:
    return InvalidRequest(message, code=code, errors=[{"field": "client_id", "message": message}])
