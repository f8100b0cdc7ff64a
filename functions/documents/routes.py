"""The routes of this function, declared by the modules beside this one."""

from __future__ import annotations

from datetime import timedelta

from sheaf.audit.entries import Action
from sheaf.capture.library import delete_document
from sheaf.edge.api import Api
from sheaf.storage.tenant import Tenant

api = Api()

LINK_LIFETIME = timedelta(minutes=5)


def remove(tenant: Tenant, document_id: str) -> None:
    """In several units of work; the last is left to the caller. Exports that hold it are withdrawn first."""
    from sheaf.exports.withdrawal import withdraw_exports  # which a look at a document does without

    while withdraw_exports(tenant, document_id):
        tenant.commit(Action.EXPORT_WITHDRAWN)
    while delete_document(tenant, document_id):
        tenant.commit(Action.DOCUMENT_DELETED)
