"""The audit log as CSV (RFC 4180), the same rows as the API gives.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from sheaf.audit.entries import Entry

COLUMNS = (
    "id", "at", "action", "actor_kind", "actor_id", "subject",
    "ip", "user_agent", "request_id", "before", "after",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(entries: Iterable[Entry]) -> str:
    """With a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_inert(cell) for cell in _cells(entry)])
    return "\ufeff" + out.getvalue()


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        entry.id,
        entry.model_dump(mode="json")["at"],
        entry.action,
        entry.actor.kind,
        entry.actor.id,
        entry.subject,
        entry.origin.ip or "",
        entry.origin.user_agent or "",
        entry.origin.request_id or "",
        _json(entry.before),
        _json(entry.after),
    )


def _json(values: dict[str, str]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False) if values else ""


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
