"""What is listed by name: customers and items."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sheaf.capture.search import name_key
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page, decoded, encoded, unknown_cursor


def _in_letters(name: str) -> str:
    if not name_key(name):
        raise ValueError("A name with letters or digits is wanted")
    return name


class Named(BaseModel):
    """A record with an entry in a list of names."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: int = 0
    archived: bool = False

    @property
    @abstractmethod
    def listed_as(self) -> str: ...


class NameQuery(BaseModel):
    """``q``: how the name begins."""

    q: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_in_letters)] | None = None
    archived: bool | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,400}$")] | None = None


class NamedThings[Summary](Protocol):
    def page(
        self, *, prefix: str, limit: int, cursor: str | None, archived: bool | None
    ) -> Page[Summary]: ...


def listed[Summary](things: NamedThings[Summary], query: NameQuery) -> Page[Summary]:
    """Raises InvalidRequest for a cursor that is not of this list."""
    prefix = name_key(query.q or "")
    cursor = decoded(query.cursor) if query.cursor else None
    if cursor is not None and not cursor.startswith(prefix):
        raise unknown_cursor()
    page = things.page(prefix=prefix, limit=query.limit, cursor=cursor, archived=query.archived)
    return Page(page.items, encoded(page.next_cursor) if page.next_cursor else None)
