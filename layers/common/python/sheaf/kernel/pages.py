"""Lists come in pages. A cursor is the id or the key of the last item seen: it opens no door."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sheaf.kernel.errors import InvalidRequest

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class Page[Thing]:
    """``next_cursor`` is None on the last page; any other page may hold fewer items than asked for."""

    items: list[Thing]
    next_cursor: str | None


def encoded(key: str) -> str:
    """A key that is no id, as a cursor: in characters that a URL takes as they are."""
    return base64.urlsafe_b64encode(key.encode()).rstrip(b"=").decode()


def decoded(cursor: str) -> str:
    """Raises InvalidRequest."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise unknown_cursor() from error


def unknown_cursor() -> InvalidRequest:
    message = "This is not a cursor of this list"
    return InvalidRequest("Not accepted: cursor.", errors=[{"field": "cursor", "message": message}])
