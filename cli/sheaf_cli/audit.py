"""``sheaf audit verify``: does an exported audit log hold together? Offline; nothing is asked of anybody."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheaf.audit.chain import Anchor, Break, Exported, Link

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
    from sheaf.audit.chain import Anchor, faults

    console = Console()
    try:
        exported = [each for path in files for each in _read(path)]
        anchors = [Anchor.model_validate_json(path.read_bytes()) for path in anchor or ()]
    except ValueError as error:
        console.print(f"[red]{escape(str(error))}[/]")
        sys.exit(2)
    places = {each.entry.id: each.link for each in exported}
    linked = {entry_id: link for entry_id, link in places.items() if link is not None}
    found = [*faults(exported), *_disagreements(linked, anchors)]
    if found:
        console.print(_table(found))
        sys.exit(1)
    if not linked:
        console.print(_nothing(len(places)))
        sys.exit(2)
    console.print(_summary([link.number for link in linked.values()], len(anchors)))
    if waiting := len(places) - len(linked):
        console.print(f"[yellow]{waiting:,} newest without a place yet: they can still be changed unseen.[/]")


def _table(found: Sequence[Break]) -> Table:
    table = Table("Place", "Entry", "What is wrong", box=None, pad_edge=False)
    for each in sorted(found, key=lambda each: (each.number, each.entry_id, each.reason)):
        table.add_row(str(each.number or ""), escape(each.entry_id), f"[red]{each.reason}[/]")
    return table


def _nothing(waiting: int) -> str:
    if not waiting:
        return "[red]Nothing to verify[/]: there are no entries."
    return f"[red]Nothing to verify[/]: none of {waiting:,} entries has a place: they can be changed unseen."


def _summary(numbers: Sequence[int], anchors: int) -> str:
    agreeing = f", {anchors} anchors agree" if anchors else ""
    count, first, last = len(numbers), min(numbers), max(numbers)
    return f"[green]The log holds[/]: {count:,} entries, places {first:,} to {last:,}{agreeing}."


def _disagreements(linked: Mapping[str, Link], anchors: Sequence[Anchor]) -> Iterator[Break]:
    from sheaf.audit.chain import Break

    at = {link.number: (entry_id, link) for entry_id, link in linked.items()}
    for anchor in anchors:
        entry_id, link = at.get(anchor.number, ("", None))
        if link is None:
            yield Break(anchor.number, "", f"is missing: the log went that far on {anchor.day}")
        elif link.hash != anchor.hash:
            yield Break(anchor.number, entry_id, f"is not what was kept of {anchor.day}")


def _read(path: Path) -> Iterator[Exported]:
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
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from error


class _Object(dict[str, Any]):
    """``doubled``: it, or one in it, says a key twice; some readers take the first and some the last."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        inner = (value for _, value in pairs if isinstance(value, _Object))
        self.doubled: bool = len(self) < len(pairs) or any(each.doubled for each in inner)


def _from_json(text: str) -> Iterator[Exported]:
    """A page, a list of entries, or either of them a line."""
    decoder, text, position = json.JSONDecoder(object_pairs_hook=_Object), text.strip(), 0
    while position < len(text):
        value, position = decoder.raw_decode(text, position)
        if isinstance(value, list):
            yield from (_exported(item) for item in value)
        elif isinstance(value, _Object) and "items" in value and "id" not in value:
            yield from _page(value)
        else:
            yield _exported(value)
        while text[position : position + 1].isspace():
            position += 1


def _page(page: _Object) -> Iterator[Exported]:
    """What is odd about a page is odd about each entry on it."""
    exact = page.keys() == {"items", "next_cursor"} and not page.doubled
    if not isinstance(page["items"], list):
        raise ValueError("this is no audit log")  # noqa: TRY004  # the file is wrong, not the program
    for item in page["items"]:
        found = _exported(item)
        yield replace(found, exact=found.exact and exact)


def _exported(item: Any) -> Exported:
    """Compared as text: to Python 1, 1.0 and true are equal."""
    from sheaf.audit.chain import Exported
    from sheaf.audit.log import ChainedEntry

    found = ChainedEntry.model_validate(item)
    exact = _text(item) == _text(found.model_dump(mode="json")) and not item.doubled
    return Exported(found.entry, found.link, exact=exact)


def _text(value: Any) -> bytes:
    """Raises UnicodeEncodeError for half a surrogate pair, which JSON can escape and UTF-8 not say."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
