"""What a workspace has used in a month. What was deleted since stays counted."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from sheaf.capture.cost import Price, Used, price_of
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import Forbidden

MONTH = "%Y-%m"


class UsageQuery(BaseModel):
    """``month`` is the current one if not said, by UTC."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = None


class PagesUsed(BaseModel):
    """``textract`` counts a page once for each analysis of it, ``copied`` those that had been read before."""

    textract: int
    xml: int
    embedded: int
    copied: int


class UsageView(BaseModel):
    """``documents`` are the files that were taken in."""

    month: str
    documents: int
    pages: PagesUsed
    price: Price


def show_usage(tenant: Tenant, query: UsageQuery) -> UsageView:
    """A moment behind the documents. Raises Forbidden."""
    if tenant.visibility.is_limited:
        raise Forbidden("What a workspace has used is not told by client, and you see some clients only.")
    month = query.month or tenant.clock.now().strftime(MONTH)
    used = tenant.usage.of(month) or Used()
    return UsageView(
        month=month,
        documents=used.documents,
        pages=PagesUsed(**used.model_dump(exclude={"documents"})),
        price=price_of(used.textract),
    )
