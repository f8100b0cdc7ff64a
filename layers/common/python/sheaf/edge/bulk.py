"""The same for many documents: each is a unit of work of its own, and its refusal is nobody else's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sheaf.edge.conflicts import again_on_conflict
from sheaf.kernel.errors import SheafError
from sheaf.kernel.preconditions import ANY, IfMatch
from sheaf.kernel.problems import ItemProblem, problem_of

if TYPE_CHECKING:
    from sheaf.audit.entries import Action
    from sheaf.storage.tenant import Tenant

MOST = 100
SECONDS = 20.0
"""After which nothing more is begun: a request has 29."""


class Reference(BaseModel):
    """``etag``: the version that was seen; without one, the document is taken as it is."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(max_length=100)]
    etag: Annotated[str, Field(max_length=255)] | None = None

    @property
    def if_match(self) -> IfMatch:
        return ANY if self.etag is None else IfMatch.of(self.etag)


class Bulk(BaseModel):
    model_config = ConfigDict(extra="forbid")

    documents: Annotated[list[Reference], Field(min_length=1, max_length=MOST)]


class ItemResult(BaseModel):
    """``not_reached``: there was no time for it; send it once more."""

    id: str
    status: Literal["ok", "refused", "not_reached"]
    problem: ItemProblem | None = None


class BulkResult(BaseModel):
    """In the order in which they were asked for."""

    items: list[ItemResult]


def for_each(
    documents: Sequence[Reference],
    step: Callable[[Tenant, Reference], None],
    *,
    action: Action,
    tenant: Tenant,
) -> BulkResult:
    """``step`` stages what is to be done with one document."""

    def unit(document: Reference) -> None:
        try:
            step(tenant, document)
            tenant.commit(action)
        finally:
            tenant.discard()

    began = time.monotonic()
    items = []
    for document in documents:
        if time.monotonic() - began > SECONDS:
            items.append(ItemResult(id=document.id, status="not_reached"))
            continue
        try:
            again_on_conflict(partial(unit, document))
        except SheafError as error:
            items.append(ItemResult(id=document.id, status="refused", problem=problem_of(error)))
        else:
            items.append(ItemResult(id=document.id, status="ok"))
    return BulkResult(items=items)
