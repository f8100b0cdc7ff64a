"""``sheaf audit verify``: does an exported audit log hold together? Offline; nothing is asked of anybody."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheaf.audit.chain import Anchor, Link
    from sheaf.audit.entries import Entry

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def _root() -> None:
    """The audit log."""


@app.command()
def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Exports: CSV as /v1/audit-events.csv gives it, or the JSON pages of /v1/audit-events.",
            exists=True,
            dir_okay=False,
        ),
    ],
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="An anchor (JSON) that the log must agree with. May be given again.", exists=True),
    ] = None,
) -> None:
    """Check that no entry was changed, taken out or put in between."""
    from sheaf.audit.chain import Anchor, breaks

    console = Console()
    try:
        entries = {entry.id: (entry, link) for path in files for entry, link in _read(path)}
        anchors = [Anchor.model_validate_json(path.read_bytes()) for path in anchor or ()]
    except ValueError as error:
        console.print(f"[red]{escape(str(error))}[/]")
        sys.exit(2)
    linked = [(entry, link) for entry, link in entries.values() if link is not None]
    found = [(each.number, each.entry_id, each.reason) for each in breaks(linked)]
    found += list(_disagreements(linked, anchors))
    if found:
        table = Table("Place", "Entry", "What is wrong", box=None, pad_edge=False)
        for number, entry_id, reason in sorted(found):
            table.add_row(str(number), entry_id, f"[red]{reason}[/]")
        console.print(table)
        sys.exit(1)
    console.print(_summary(linked, len(entries) - len(linked), len(anchors)))


def _summary(linked: Sequence[tuple[Entry, Link]], waiting: int, anchors: int) -> str:
    numbers = sorted(link.number for _, link in linked)
    places = f"places {numbers[0]:,} to {numbers[-1]:,}" if numbers else "no places"
    parts = [f"[green]The log holds[/]: {len(linked):,} entries, {places}"]
    if waiting:
        parts.append(f"{waiting:,} newest without a place yet")
    if anchors:
        parts.append(f"{anchors} anchors agree")
    return ", ".join(parts) + "."


def _disagreements(
    linked: Sequence[tuple[Entry, Link]], anchors: Sequence[Anchor]
) -> Iterator[tuple[int, str, str]]:
    at = {link.number: (entry, link) for entry, link in linked}
    for anchor in anchors:
        if anchor.number not in at:
            yield anchor.number, "", f"is missing: the log went that far on {anchor.day}"
        elif at[anchor.number][1].hash != anchor.hash:
            yield anchor.number, at[anchor.number][0].id, f"is not what was kept of {anchor.day}"


def _read(path: Path) -> Iterator[tuple[Entry, Link | None]]:
    """Raises ValueError with the file's name."""
    from pydantic import ValidationError

    from sheaf.audit.csv import from_csv

    try:
        text = path.read_bytes().decode("utf-8-sig")
        if text.lstrip().startswith(("{", "[")):
            yield from _from_json(text)
        else:
            yield from from_csv(text)
    except ValidationError as error:
        raise ValueError(f"{path}: this is no audit log") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _from_json(text: str) -> Iterator[tuple[Entry, Link | None]]:
    """A page, a list of entries, or either of them a line."""
    from sheaf.audit.log import ChainedEntry

    decoder, position = json.JSONDecoder(), 0
    while position < len(text):
        value, position = decoder.raw_decode(text, position)
        position += len(text[position:]) - len(text[position:].lstrip())
        for item in value.get("items", [value]) if isinstance(value, dict) else value:
            entry = ChainedEntry.model_validate(item)
            yield entry.entry, entry.link
