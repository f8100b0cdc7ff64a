"""Lists come in pages. A cursor is the id of the last item seen, nothing more: it opens no door."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class Page[Thing]:
    """``next_cursor`` is None on the last page; any other page may hold fewer items than asked for."""

    items: list[Thing]
    next_cursor: str | None
