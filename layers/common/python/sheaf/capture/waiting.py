"""Files that come when the workspace's plan has no room for them: they are kept, and read when there is.

dropped, or announced in time ──> failed (quota_exhausted) ──> reading, as if it had just come
                                                 by the round, or when somebody has it read again
"""

from __future__ import annotations

from sheaf.capture.documents import NO_ROOM, Document
from sheaf.capture.finish import fail
from sheaf.capture.ports import Tenant
from sheaf.capture.reprocessing import begin_again
from sheaf.kernel.errors import SheafError
from sheaf.subscription.quota import allowance_of

AT_ONCE = 20
"""Documents of one unit of work: each is three of the hundred actions of a transaction."""


def has_room(tenant: Tenant) -> bool:
    """A moment behind what was read."""
    found = allowance_of(tenant)
    return found is None or found.has_room_for(1)


def put_off(tenant: Tenant, document: Document) -> None:
    """Stages that its file, which has landed, waits for room."""
    fail(
        tenant,
        document,
        SheafError(
            "It was not read, for the plan has no room for another document. Its file is kept: it is read "
            "when the quota renews, or soon after a larger plan is chosen.",
            code=NO_ROOM,
        ),
    )
    tenant.waiting.add(document.id)
    tenant.subscriptions.watch()


def room_for_waiting(tenant: Tenant) -> int | None:
    """How many of those that wait may be read; None: all of them."""
    found = allowance_of(tenant)
    return found.left if found else None


def resume(tenant: Tenant, room: int | None) -> list[Document]:
    """Stages that the oldest of those that wait are to be read. None left of them, or no room: none."""
    at_once = AT_ONCE if room is None else min(room, AT_ONCE)
    begun = []
    for document_id in tenant.waiting.first(at_once) if at_once else ():
        document = tenant.documents.get(document_id)
        if document is not None and document.waits_for_room:
            begun.append(begin_again(tenant, document))
        else:
            tenant.waiting.remove(document_id)
    return begun
