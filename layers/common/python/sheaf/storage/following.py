"""What follows from a change in the table, as its stream tells it: the search index, documents' histories."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sheaf.audit.entries import Action
from sheaf.capture.history import Told
from sheaf.storage._table import AuditItem, DocumentItem
from sheaf.storage.documents import document_of
from sheaf.storage.workspace import entry_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.documents import Document
    from sheaf.storage.tenant import Tenant


def follow(tenant: Tenant, change: Mapping[str, Any]) -> None:
    """``change`` is the ``dynamodb`` part of a stream record, with both images."""
    kind = change["Keys"]["pk"]["S"].partition("#")[2]
    if kind == DocumentItem.KIND:
        tenant.search.refile(_document(change.get("OldImage")), _document(change.get("NewImage")))
        if "NewImage" not in change:
            tenant.history.forget(change["Keys"]["sk"]["S"])
    elif kind == AuditItem.KIND and "NewImage" in change:
        item = AuditItem.from_raw_data(_decoded(change["NewImage"]))
        if item.subject.startswith("doc_") and not item.told:
            _tell(tenant, item)


def _tell(tenant: Tenant, item: AuditItem) -> None:
    """Nothing is told of what is gone."""
    entry = entry_of(item)
    if entry.action is not Action.DOCUMENT_DELETED and tenant.documents.get(entry.subject) is not None:
        tenant.history.put(entry, Told())


def _document(image: dict[str, Any] | None) -> Document | None:
    return document_of(DocumentItem.from_raw_data(_decoded(image))) if image else None


def _decoded(image: dict[str, Any]) -> dict[str, Any]:
    """Lambda hands binary values over as base64."""
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in image.items()
    }
