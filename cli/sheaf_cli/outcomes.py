"""What became of the files that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from sheaf_cli.tables import ID_WIDTH, WIDE, WIDEST, amount_of, plain_table, status_of
from sheaf_client.models import DocumentItemView, Summary


@dataclass(frozen=True)
class Outcome:
    """What became of a file. ``document`` is there once it has been read."""

    path: Path
    document_id: str | None = None
    was_there: bool = False
    document: DocumentItemView | None = None
    code: str | None = None
    message: str | None = None

    @property
    def status(self) -> str:
        if self.message is not None:
            return "failed"
        if self.document is not None:
            return self.document.status
        return "was there" if self.was_there else "sent"

    @property
    def problem(self) -> str | None:
        failure = self.document.failure if self.document else None
        return failure.message if failure else self.message

    @property
    def record(self) -> dict[str, Any]:
        failure = self.document.failure if self.document else None
        code = failure.code if failure else self.code
        return {
            "path": str(self.path),
            "document_id": self.document_id,
            "status": self.status.replace(" ", "_"),
            "was_there": self.was_there,
            "document": self.document.model_dump(mode="json") if self.document else None,
            "error": {"code": code, "message": self.problem} if self.problem else None,
        }


def table_of_outcomes(outcomes: Sequence[Outcome], *, waited: bool, width: int = WIDEST) -> Table:
    names_supplier = waited and width >= WIDE
    shown = plain_table()
    shown.add_column("File", no_wrap=True, overflow="ellipsis", ratio=3)
    shown.add_column("Document", no_wrap=True, min_width=ID_WIDTH)
    if names_supplier:
        shown.add_column("Supplier", no_wrap=True, overflow="ellipsis", ratio=2)
    if waited:
        shown.add_column("Amount", justify="right", no_wrap=True)
    shown.add_column("State", no_wrap=True)
    for each in outcomes:
        said = each.document.summary if each.document else Summary()
        row = [Text(each.path.name), Text(each.document_id or "", "dim")]
        row += [Text(said.vendor or "")] * names_supplier
        row += [Text(amount_of(said.total, said.currency))] * waited
        shown.add_row(*row, status_of(each.status))
    return shown
