"""What is said of a document to somebody who sees some clients only.

Duplicates are looked for among the documents of one client and no further, so nothing is said of another's.
What is left are traces of what was said before a document came to the client that it has now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.duplicates import DUPLICATE, DUPLICATE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheaf.capture.ports import Tenant
    from sheaf.capture.reading import Check
    from sheaf.capture.views import DocumentView

_OF_ANOTHER = frozenset({DUPLICATE, DUPLICATE_FILE})


def without_others(tenant: Tenant, view: DocumentView) -> DocumentView:
    """Nothing in it names a document or an export that whoever asks does not see."""
    reading = view.reading
    if reading is not None:
        checks = tuple(_without_another(tenant, check) for check in reading.checks)
        reading = reading.model_copy(update={"checks": checks})
    return view.model_copy(
        update={
            "duplicate_of": view.duplicate_of if is_seen(tenant, view.duplicate_of) else None,
            "exports": tuple(mark for mark in view.exports if tenant.exports.get(mark.id)),
            "reading": reading,
        }
    )


def seen_of(tenant: Tenant, document_ids: Iterable[str]) -> list[str]:
    return [each for each in document_ids if is_seen(tenant, each)]


def is_seen(tenant: Tenant, document_id: str | None) -> bool:
    return document_id is not None and tenant.documents.get(document_id) is not None


def _without_another(tenant: Tenant, check: Check) -> Check:
    if check.code not in _OF_ANOTHER or check.found is None or is_seen(tenant, check.found):
        return check
    return check.model_copy(update={"message": "It is there already, among other documents.", "found": None})
