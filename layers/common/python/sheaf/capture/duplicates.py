"""Documents that say the same as another one: same supplier and number, or same supplier, date and total.

Of two, the younger is the duplicate; once one is approved, the other is. A rejected one counts for nothing.
Where the workspace blocks duplicates, an approved document holds what makes others its duplicates: two that
are approved at the same moment want the same, and one of them is refused.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sheaf.capture.documents import Status
from sheaf.capture.policy import Duplicates
from sheaf.capture.reading import Check
from sheaf.capture.search import is_by_number, twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.documents import Document
    from sheaf.capture.kept import KeptReading
    from sheaf.capture.policy import Policy
    from sheaf.capture.ports import Tenant

DUPLICATE = "duplicate"
DUPLICATE_FILE = "duplicate_file"
"""The same bytes: an error whatever the workspace asks for, since nothing about it is a guess."""

_MOST = 5
"""Duplicates that are named for one reason; whoever has looked at five knows."""


class Hold(BaseModel):
    """What ``twins`` gives for an approved document. ``version`` is the document's when it was approved.

    It holds as long as its document is approved: opening that again, or deleting it, lets go.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    document_id: str
    version: int


def with_duplicates(
    tenant: Tenant, policy: Policy, document: Document, kept: KeptReading, *, exact: bool
) -> KeptReading:
    """``document`` carries the reading. ``exact``: the index is asked for all that it has by now, and where
    duplicates are blocked, who holds what is approved is asked as well; else it may be a moment behind.
    """
    rest = tuple(check for check in kept.overlay.findings if check.code != DUPLICATE)
    found: dict[str, str] = {}
    asks_holders = exact and policy.duplicates is Duplicates.BLOCK
    for key, other in _duplicates(tenant, document, exact=exact, asks_holders=asks_holders):
        found.setdefault(other.id, key)
    return kept.found((*rest, *(_finding(policy, *each) for each in sorted(found.items()))))


def _finding(policy: Policy, other_id: str, key: str) -> Check:
    said, fields = _REASONS[is_by_number(key)]
    return Check(
        code=DUPLICATE,
        message=f"There is {other_id} already, with the same {said}.",
        severity="error" if policy.duplicates is Duplicates.BLOCK else "warning",
        fields=fields,
        found=other_id,
    )


_REASONS = {
    True: ("supplier and number", ("vendor", "invoice_number")),
    False: ("supplier, date and total", ("vendor", "invoice_date", "total")),
}


def hold(tenant: Tenant, document: Document) -> None:
    """Stages what an approved document holds. What another approved one holds stays with that: whoever
    approves has accepted by name that it is there.
    """
    for key in twins(document):
        held = tenant.holds.get(key)
        if held is None or held.document_id == document.id or not _is_approved(tenant, held.document_id):
            mine = Hold(key=key, document_id=document.id, version=document.version)
            tenant.holds.take(mine, instead_of=held)


def _duplicates(
    tenant: Tenant, document: Document, *, exact: bool, asks_holders: bool
) -> Iterator[tuple[str, Document]]:
    for key, filed in tenant.search.twins(document, consistent=exact).items():
        ids = dict.fromkeys(filed)
        if asks_holders and (held := tenant.holds.get(key)):
            ids[held.document_id] = None
        others = (tenant.documents.get(each) for each in ids if each != document.id)
        counted = (each for each in others if each and key in twins(each) and _counts(document, each))
        yield from ((key, other) for other in islice(counted, _MOST))


def _counts(document: Document, other: Document) -> bool:
    """Not where the same bytes are said to be there already."""
    if other.id == document.duplicate_of:
        return False
    return other.status is Status.APPROVED or (other.status.is_open and other.id < document.id)


def _is_approved(tenant: Tenant, document_id: str) -> bool:
    document = tenant.documents.get(document_id)
    return document is not None and document.status is Status.APPROVED
