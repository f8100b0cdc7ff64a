"""``sheaf documents``: finds documents, and shows all that is known of one."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console

from sheaf_cli.connecting import ApiKey, Json, State, Url, connected, print_json
from sheaf_cli.local import STATE
from sheaf_cli.tables import WIDEST, document, table_of_documents
from sheaf_client import models

app = typer.Typer(add_completion=False, rich_markup_mode="rich", help="Find documents and look at them.")

_PAGE = 200


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter("an amount is wanted, such as 1234.50") from error


Status = Annotated[models.Status | None, typer.Option(help="Only those that are so.")]
Words = Annotated[str | None, typer.Option("--q", help="Words in suppliers' names, numbers and file names.")]
Supplier = Annotated[str | None, typer.Option(help="Its name or id.")]
Check = Annotated[str | None, typer.Option(help="The code of something that was found.")]
From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day on the invoice.")
]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day on the invoice.")]
AmountFrom = Annotated[Decimal | None, typer.Option(parser=_decimal, metavar="AMOUNT", help="Least total.")]
AmountTo = Annotated[Decimal | None, typer.Option(parser=_decimal, metavar="AMOUNT", help="Greatest total.")]
Currency = Annotated[str | None, typer.Option(metavar="CODE", help="Such as EUR.")]
Client = Annotated[str | None, typer.Option(help="The id of the client it is for.")]
Limit = Annotated[int, typer.Option(min=1, help="The most to show.")]


@app.callback(invoke_without_command=True)
def documents(
    context: typer.Context,
    *,
    status: Status = None,
    q: Words = None,
    supplier: Supplier = None,
    client: Client = None,
    check: Check = None,
    date_from: From = None,
    date_to: To = None,
    amount_from: AmountFrom = None,
    amount_to: AmountTo = None,
    currency: Currency = None,
    limit: Limit = 50,
    everything: Annotated[bool, typer.Option("--all", help="All of them, however many.")] = False,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Find documents, the newest first."""
    if context.invoked_subcommand is not None:
        return
    asked: dict[str, Any] = {
        "status": status,
        "q": q,
        "supplier": supplier,
        "client": client,
        "check": check,
        "date_from": date_from.date() if date_from else None,
        "date_to": date_to.date() if date_to else None,
        "amount_from": amount_from,
        "amount_to": amount_to,
        "currency": currency.upper() if currency else None,
    }
    with connected(url, api_key, state) as sheaf:
        most = None if everything else limit + 1
        found = list(islice(sheaf.documents.each(**asked, limit=min(most or _PAGE, _PAGE)), most))
    shown = found if everything else found[:limit]
    if as_json:
        print_json(shown)
    elif shown:
        show(shown, more=len(found) > len(shown))
    else:
        print(_nothing(filtered=any(value is not None for value in asked.values())))


def show(items: list[models.DocumentItemView], *, more: bool = False) -> None:
    console = Console(highlight=False)
    width = min(console.width, WIDEST)
    console.print(table_of_documents(items, width), width=width)
    if more:
        print("There are more: ask with --limit or --all.", file=sys.stderr)


def _nothing(*, filtered: bool) -> str:
    if filtered:
        return "No document is like that. Without options, `sheaf documents` lists them all."
    return "There are no documents yet. Send some: sheaf upload FILES… --wait"


@app.command("show")
def show_one(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="doc_…")],
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Show a document: its fields, each with how sure it is and from where; lines, checks, history."""
    with connected(url, api_key, state) as sheaf:
        view = sheaf.documents.get(document_id)
        if as_json:
            print_json(view)
            return
        history = list(sheaf.documents.each_history(document_id, limit=_PAGE))
    console = Console(highlight=False)
    console.print(document(view, history), width=min(console.width, WIDEST))
