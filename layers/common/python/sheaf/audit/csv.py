"""The audit log as CSV (RFC 4180), the same rows as the API gives, and back.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, CSV injection); so does
one that begins with an apostrophe, and nothing is lost.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from sheaf.audit.chain import Exported, Link, canonical
from sheaf.audit.entries import Entry

COLUMNS = (
    "id", "at", "action", "actor_kind", "actor_id", "subject",
    "ip", "user_agent", "request_id", "before", "after", "number", "previous", "hash",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def to_csv(entries: Iterable[tuple[Entry, Link | None]]) -> str:
    """With a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry, link in entries:
        writer.writerow(_row(entry, link))
    return "\ufeff" + out.getvalue()


def from_csv(text: str) -> Iterator[Exported]:
    """Raises ValueError, with the line, for what is no entry."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: this is no CSV") from error
    if not rows or tuple(rows[0][1]) != COLUMNS:
        raise ValueError("line 1: these are not the columns of an audit log")
    for line, cells in rows[1:]:
        try:
            entry, link = _entry([_as_written(cell) for cell in cells])
            canonical(entry)  # which half a surrogate pair, escaped in a cell's JSON, has no form in
        except (ValidationError, ValueError, TypeError) as error:
            raise ValueError(f"line {line}: this is no entry of an audit log") from error
        yield Exported(entry, link, exact=cells == _row(entry, link))


def _row(entry: Entry, link: Link | None) -> list[str]:
    return [_inert(cell) for cell in _cells(entry, link)]


def _cells(entry: Entry, link: Link | None) -> tuple[str, ...]:
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
        *((str(link.number), link.previous, link.hash) if link else ("", "", "")),
    )


def _entry(cells: list[str]) -> tuple[Entry, Link | None]:
    if len(cells) < len(COLUMNS):
        raise ValueError("cells are missing")
    row = dict(zip(COLUMNS, cells, strict=False))
    entry = Entry.model_validate(
        {
            **{name: row[name] for name in ("id", "at", "action", "subject")},
            "actor": {"kind": row["actor_kind"], "id": row["actor_id"]},
            "origin": {name: row[name] or None for name in ("ip", "user_agent", "request_id")},
            "before": json.loads(row["before"] or "{}"),
            "after": json.loads(row["after"] or "{}"),
        }
    )
    link = {name: row[name] for name in ("number", "previous", "hash")}
    return entry, Link.model_validate(link) if row["hash"] else None


def _json(values: dict[str, str]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False) if values else ""


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_written(cell: str) -> str:
    return cell.removeprefix("'")
