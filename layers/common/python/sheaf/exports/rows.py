"""A document as an export takes it: frozen when the export is made, and the same in every repeat of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sheaf.capture.amounts import plain
from sheaf.capture.documents import Status
from sheaf.capture.reading import Reading
from sheaf.kernel.names import Name


def _canonical(rate: str) -> str:
    return plain(Decimal(rate).normalize())


type Rate = Annotated[str, StringConstraints(pattern=r"^\d{1,3}(\.\d{1,4})?$"), AfterValidator(_canonical)]


class ExportedDocument(BaseModel):
    """``account`` and ``tax_code`` are names in the books of whoever imports the file; ``client`` is whom the
    document is for, where a workspace keeps the books of several.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    filename: str
    status: Status
    created_at: datetime
    decided_at: datetime | None = None
    reading: Reading
    account: str | None = None
    tax_code: str | None = None
    client: str | None = None


class Layout(BaseModel):
    """What an importing program wants to be told, and no document says.

    ``month_first``: dates as month, day, year, where the target takes both. ``account`` is used for
    documents that have none; ``tax_codes`` maps a rate in percent (``20``, ``5.5``) to the name that the
    target knows it by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    month_first: bool = False
    account: Name | None = None
    tax_codes: Annotated[dict[Rate, Name], Field(max_length=50)] = {}


class Written(BaseModel):
    """What kind of file it became: what is too long for one file of the target becomes an archive."""

    model_config = ConfigDict(frozen=True)

    extension: str
    content_type: str
