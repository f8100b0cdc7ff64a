"""What follows from a change in the table, as its stream tells it: the search index, histories."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sheaf.audit.entries import Action
from sheaf.capture.cost import used_by
from sheaf.capture.documents import Status
from sheaf.capture.duplicates import DUPLICATE
from sheaf.capture.history import Told
from sheaf.capture.search import twins
from sheaf.storage._billing import IssuedItem
from sheaf.storage._table import AuditItem, DocumentItem, SetAsideItem
from sheaf.storage.documents import document_of
from sheaf.storage.workspace import entry_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.documents import Document
    from sheaf.storage.tenant import Tenant


def follow(tenant: Tenant, change: Mapping[str, Any]) -> frozenset[str]:
    """``change`` is the ``dynamodb`` part of a stream record, with both images. What a deleted document
    held is staged to be let go, what a reading took that has ended to be counted.

    Documents to be looked at again: it became, or is no longer, what they are duplicates of.
    """
    kind = change["Keys"]["pk"]["S"].partition("#")[2]
    if kind == DocumentItem.KIND:
        before, after = _document(change.get("OldImage")), _document(change.get("NewImage"))
        tenant.search.refile(before, after)
        if before and after is None:
            tenant.holds.forget(before)
            if not _may_come_back(tenant, before):
                tenant.history.forget(before.id)
        _count(tenant, before, after)
        return _to_look_at(tenant, before, after)
    if kind == SetAsideItem.KIND and "NewImage" not in change:
        document_id = change["Keys"]["sk"]["S"].partition("#")[2]
        if tenant.documents.get(document_id) is None:
            tenant.history.forget(document_id)
    if kind == IssuedItem.KIND and "NewImage" not in change:
        tenant.history.forget(change["Keys"]["sk"]["S"])
    if kind == AuditItem.KIND and "NewImage" in change:
        item = AuditItem.from_raw_data(_decoded(change["NewImage"]))
        if not item.told:
            _tell(tenant, item)
    return frozenset()


def _count(tenant: Tenant, before: Document | None, after: Document | None) -> None:
    """A reading that has ended, by the version of the document that it ended with."""
    document, used = after or before, used_by(before, after)
    if document and used:
        ended = document.version if after else document.version + 1
        tenant.usage.count(used, change=f"{document.id}#{ended}", at=tenant.clock.now())


def _may_come_back(tenant: Tenant, document: Document) -> bool:
    """It is set aside, or was and has come back already."""
    whole = document.part_of.document_id if document.part_of else None
    if whole is None:
        return False
    return tenant.set_aside.has(whole, document.id) or tenant.documents.get(document.id) is not None


def _to_look_at(tenant: Tenant, before: Document | None, after: Document | None) -> frozenset[str]:
    """Itself among them, when there is another one, or is said to be: what was seen of the others when it was
    read may have been behind, or has changed since.
    """
    old, new = _standing(before), _standing(after)
    if old == new:
        return frozenset()
    standing = [each for each in (before, after) if each and _standing(each)]
    found = {document_id for ids in tenant.search.twins(*standing).values() for document_id in ids}
    itself = {each.id for each in (before, after) if each}
    is_said = after is not None and DUPLICATE in after.checks
    return frozenset(found if found - itself or is_said else ())


def _standing(document: Document | None) -> dict[str, bool]:
    """What makes others its duplicates, and whether that is approved."""
    if document is None or not (document.status.is_open or document.status is Status.APPROVED):
        return {}
    return dict.fromkeys(twins(document), document.status is Status.APPROVED)


def _tell(tenant: Tenant, item: AuditItem) -> None:
    """Of documents, captured or issued. Nothing is told of what is gone."""
    entry = entry_of(item)
    if entry.action in (Action.DOCUMENT_DELETED, Action.DRAFT_DELETED):
        return
    if _is_there(tenant, entry.subject):
        tenant.history.put(entry, Told())


def _is_there(tenant: Tenant, subject: str) -> bool:
    prefix = subject.partition("_")[0]
    if prefix == "doc":
        return tenant.documents.get(subject) is not None
    if prefix in ("inv", "est", "crn", "bil"):
        return tenant.issued.summary(subject) is not None
    return False


def _document(image: dict[str, Any] | None) -> Document | None:
    return document_of(DocumentItem.from_raw_data(_decoded(image))) if image else None


def _decoded(image: dict[str, Any]) -> dict[str, Any]:
    """Lambda hands binary values over as base64."""
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in image.items()
    }
