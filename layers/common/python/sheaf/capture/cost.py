"""What reading costs: text analyses, by the page. XML and copies cost nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sheaf.capture.reading import Source

if TYPE_CHECKING:
    from sheaf.capture.documents import Document

PRICES = {Source.TEXTRACT: Decimal("0.01")}
"""US dollars a page: AnalyzeExpense in us-east-1, the first million pages of a month; less after that.

https://aws.amazon.com/textract/pricing/
"""

CURRENCY = "USD"


class Price(BaseModel):
    amount: str
    currency: str = CURRENCY


class Cost(BaseModel):
    """``pages`` of the document; ``price`` is for every text analysis of its file that was started, whatever
    came of it. A part of a file costs nothing beside the file.
    """

    pages: int
    engine: Source | None
    price: Price


class Used(BaseModel):
    """Files, and their pages by what became of them: ``textract`` counts a page once for each analysis."""

    model_config = ConfigDict(frozen=True)

    documents: int = 0
    textract: int = 0
    xml: int = 0
    embedded: int = 0
    copied: int = 0


def cost_of(document: Document) -> Cost | None:
    """None while there is no file."""
    if document.file is None:
        return None
    part, analysed = document.part_of, document.file.pages * document.attempt
    return Cost(
        pages=part.last_page - part.first_page + 1 if part else document.file.pages,
        engine=Source.TEXTRACT if analysed else document.engine,
        price=price_of(0 if part else analysed),
    )


def price_of(analysed_pages: int) -> Price:
    return Price(amount=str(analysed_pages * PRICES[Source.TEXTRACT]))


def used_by(before: Document | None, after: Document | None) -> Used | None:
    """What a reading took that has ended with this change; None when none has.

    One that is deleted while it is being read took what it had begun.
    """
    document = after or before
    if document is None or document.file is None or document.part_of:
        return None
    if (before and before.status.is_final) or (after and not after.status.is_final):
        return None
    if after and after.waits_for_room:
        return None
    again = before.rereading if before else None
    pages = document.file.pages
    tries = document.attempt - (again.analyses if again else 0)
    return Used(documents=0 if again and not again.is_first else 1, **_pages(document, pages, tries))


def _pages(document: Document, pages: int, tries: int) -> dict[str, int]:
    if tries:
        return {Source.TEXTRACT.value: pages * tries}
    if document.duplicate_of:
        return {"copied": pages}
    engine = document.engine if document.engine in (Source.XML, Source.EMBEDDED) else None
    return {engine.value: pages} if engine else {}
