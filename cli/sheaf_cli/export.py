"""``sheaf export``: has a file made of many documents, and fetches it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sheaf_cli.connecting import ApiKey, Json, State, Url, connected, print_json
from sheaf_cli.documents import Currency, From, To
from sheaf_cli.fetching import Output, fetched
from sheaf_cli.local import STATE, stop
from sheaf_client import Client
from sheaf_client.models import ExportFilter, ExportView, Format, Layout, NewExport, Readable


def export(
    *,
    form: Annotated[Format, typer.Option("--format", help="For a spreadsheet, a program, or the books.")],
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="These documents; else by the options below.")
    ] = None,
    output: Output = None,
    status: Annotated[Readable, typer.Option(help="Only those that are so.")] = Readable.APPROVED,
    date_from: From = None,
    date_to: To = None,
    supplier: Annotated[str | None, typer.Option(help="A part of its name.")] = None,
    currency: Currency = None,
    client: Annotated[str | None, typer.Option(help="The id of the client they are for.")] = None,
    only_new: Annotated[bool, typer.Option("--only-new", help="Only what no export holds yet.")] = False,
    account: Annotated[str | None, typer.Option(help="The account for documents that name none.")] = None,
    month_first: Annotated[
        bool, typer.Option("--month-first", help="Dates as month, day, year, where the target takes both.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for it.")] = 900,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Export documents to a file.

    Exit code 1: it failed, or was not done when the time was over.
    """
    chosen = ExportFilter(
        status=status,
        from_=date_from.date() if date_from else None,
        to=date_to.date() if date_to else None,
        supplier=supplier,
        currency=currency.upper() if currency else None,
        client_id=client,
        only_new=only_new,
    )
    layout = Layout(account=account, month_first=month_first)
    if documents:
        wanted = NewExport(format=form, layout=layout, document_ids=documents)
    else:
        wanted = NewExport(format=form, layout=layout, filter=chosen)
    with connected(url, api_key, state) as sheaf:
        made = _made(sheaf, wanted, timeout)
        path = _fetched(sheaf, made, output) if made.state == "done" and made.documents else None
    if as_json:
        print_json({**made.model_dump(mode="json"), "path": str(path) if path else None})
    else:
        _tell(made, path)
    raise typer.Exit(int(made.state != "done"))


_FIRST_PAUSE = 0.3
_LONGEST_PAUSE = 5.0


def _made(sheaf: Client, wanted: NewExport, timeout: float) -> ExportView:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    made, pause, deadline = sheaf.exports.create(wanted), _FIRST_PAUSE, time.monotonic() + timeout
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("")
        while made.state in {"queued", "running"}:
            progress.update(task, description=f"{made.looked_at:,} looked at, {made.documents:,} exported")
            if time.monotonic() + pause > deadline:
                stop(f"It is still at work; ask for it later: {made.id}.")
            time.sleep(pause)
            pause = min(pause * 1.4, _LONGEST_PAUSE)
            made = sheaf.exports.get(made.id)
    return made


def _fetched(sheaf: Client, made: ExportView, output: Path | None) -> Path:
    link = sheaf.exports.link(made.id)
    return fetched(sheaf, link.url, output, filename=link.filename, size=made.size, sha256=made.sha256)


def _tell(made: ExportView, path: Path | None) -> None:
    if made.state != "done":
        print(f"The export {made.state}: {made.reason or 'no reason is given'}.", file=sys.stderr)
    elif path is None:
        print("No document is like that, so there is no file. Without --status, approved ones are exported.")
    else:
        documents = "1 document" if made.documents == 1 else f"{made.documents:,} documents"
        print(f"{path}: {documents}, {made.size or 0:,} bytes")
    if made.left_out:
        print(f"{made.left_out:,} could not be exported:", file=sys.stderr)
        for each in made.left_out_first:
            print(f"  {each.document_id}  {each.reason}", file=sys.stderr)
    for note in made.notes:
        print(note, file=sys.stderr)
