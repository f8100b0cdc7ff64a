"""``sheaf invoices``: finds what is issued, and fetches its file."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sheaf_cli.connecting import ApiKey, Json, State, Url, connected, print_json
from sheaf_cli.documents import Limit
from sheaf_cli.fetching import Output, fetched
from sheaf_cli.local import STATE, stop
from sheaf_cli.tables import ID_WIDTH, WIDEST, amount_of, plain_table
from sheaf_client import Client, models

app = typer.Typer(
    add_completion=False, rich_markup_mode="rich", help="Invoices, estimates, credit notes and bills."
)

_PAGE = 200
_ID = re.compile(r"(inv|est|crn|bil)_[0-9a-z]{26}")
_STYLES = {
    "draft": "dim",
    "paid": "green",
    "accepted": "green",
    "partially_paid": "cyan",
    "declined": "red",
    "void": "dim",
    "overdue": "bold red",
    "expired": "red",
}

Kind = Annotated[models.Kind, typer.Option(help="What is looked for.")]


@app.callback(invoke_without_command=True)
def invoices(
    context: typer.Context,
    *,
    kind: Kind = models.Kind.INVOICE,
    status: Annotated[models.IssuedStatus | None, typer.Option(help="Only those that are so.")] = None,
    customer: Annotated[str | None, typer.Option(help="The id of the customer, cus_…")] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what should have been paid by now, the longest due first.")
    ] = False,
    number: Annotated[str | None, typer.Option(help="The one that has it, as it is printed.")] = None,
    limit: Limit = 50,
    everything: Annotated[bool, typer.Option("--all", help="All of them, however many.")] = False,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """List what is issued, and its drafts, the newest first."""
    if context.invoked_subcommand is not None:
        return
    asked: dict[str, Any] = {
        "status": status, "customer": customer, "overdue": overdue or None, "number": number,
    }  # fmt: skip
    with connected(url, api_key, state) as sheaf:
        most = None if everything else limit + 1
        each = sheaf.issued_documents.each(kind=kind, **asked, limit=min(most or _PAGE, _PAGE))
        found = list(islice(each, most))
    shown = found if everything else found[:limit]
    if as_json:
        print_json(shown)
    elif shown:
        console = Console(highlight=False)
        console.print(_table(shown), width=min(console.width, WIDEST))
        if len(found) > len(shown):
            print("There are more: ask with --limit or --all.", file=sys.stderr)
    elif any(value is not None for value in asked.values()):
        print("None is like that. Without options, `sheaf invoices` lists them all.")
    else:
        print("There is none yet.")


@app.command()
def pdf(
    document: Annotated[str, typer.Argument(metavar="ID", help="inv_…, or its number.")],
    *,
    kind: Kind = models.Kind.INVOICE,
    output: Output = None,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Fetch the PDF of an issued document; of a draft, one that says so."""
    with connected(url, api_key, state) as sheaf:
        issued_id = document if _ID.fullmatch(document) else _by_number(sheaf, kind, document)
        file = sheaf.issued_documents.pdf(issued_id)
        path = fetched(sheaf, file.url, output, filename=file.filename, size=file.size, sha256=file.sha256)
    if as_json:
        print_json({**file.model_dump(mode="json", exclude={"url", "expires_at"}), "path": str(path)})
    else:
        print(f"{path}: {file.size:,} bytes{'' if file.frozen else ', not as it will be issued'}")


def _by_number(sheaf: Client, kind: models.Kind, number: str) -> str:
    found = sheaf.issued_documents.list(kind=kind, number=number).items
    if not found:
        stop(f"No {kind.value.replace('_', ' ')} has the number {number}.")
    return found[0].id


def _table(items: Iterable[models.IssuedItemView]) -> Table:
    """Two lines each, for 80 columns: below the total the issue date, below the balance the due date."""
    table = plain_table()
    table.add_column("Number", no_wrap=True, overflow="ellipsis", min_width=ID_WIDTH, max_width=ID_WIDTH)
    table.add_column("Customer", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("Total", justify="right", no_wrap=True)
    table.add_column("Balance", justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for item in items:
        table.add_row(
            Text.assemble(item.number or "", "\n", (item.id, "dim")),
            item.party,
            _lines(amount_of(item.total.amount, item.total.currency), item.issue_date),
            _lines(amount_of(item.balance.amount, item.balance.currency), item.due_date or item.valid_until),
            Text(*_status(item)),
        )
    return table


def _lines(amount: str, day: date | None) -> Text:
    return Text.assemble(amount, "\n", (str(day or ""), "dim"))


def _status(item: models.IssuedItemView) -> tuple[str, str]:
    word = "overdue" if item.overdue else "expired" if item.expired else item.status.value
    return word.replace("_", " "), _STYLES.get(word, "")
