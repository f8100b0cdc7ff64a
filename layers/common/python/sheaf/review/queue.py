"""The queue: what waits for somebody, in the order that is worth most."""

from __future__ import annotations

from sheaf.capture.library import DocumentList, Selection, look_up
from sheaf.capture.search import QUEUE
from sheaf.review.ports import Tenant


class QueueQuery(Selection):
    """The same filters as in the list of documents; within the queue they keep its order."""


def list_queue(tenant: Tenant, query: QueueQuery) -> DocumentList:
    return look_up(tenant, QUEUE, query)
