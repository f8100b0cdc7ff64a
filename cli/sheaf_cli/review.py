"""``sheaf review``: the documents that wait for somebody; at the terminal, or decided by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console

from sheaf_cli.connecting import ApiKey, Json, State, Url, connected, print_json, sentence
from sheaf_cli.documents import Check, Client, Currency, Limit, Supplier, Words
from sheaf_cli.local import STATE
from sheaf_cli.reviewing import HELP, Step, correction, work_through
from sheaf_cli.tables import status_of
from sheaf_client import Refused
from sheaf_client.models import Approval, DocumentView, Refusal

app = typer.Typer(add_completion=False, rich_markup_mode="rich", help="Review what was read.")

_PAGE = 50

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="doc_…")]


@app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    *,
    q: Words = None,
    supplier: Supplier = None,
    client: Client = None,
    check: Check = None,
    currency: Currency = None,
    limit: Limit = 50,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Work through what waits, the likeliest to be wrong first. With --json, list it instead."""
    if context.invoked_subcommand is not None:
        return
    with connected(url, api_key, state) as sheaf:
        queue = sheaf.review.each(
            q=q, supplier=supplier, client=client, check=check, currency=currency, limit=min(limit, _PAGE)
        )
        waiting = islice(queue, limit)
        if as_json:
            print_json(list(waiting))
            return
        console = Console(highlight=False)
        first = next(waiting, None)
        if first is None:
            console.print("Nothing waits for review. Send files with `sheaf upload FILES… --wait`.")
            return
        console.print(HELP, style="dim", markup=False)
        done = work_through(sheaf, _with(first, waiting), console)
    console.print(", ".join(f"{done[step]} {step}" for step in Step if done[step]) or "Nothing was decided.")


def _with[Item](first: Item, rest: Iterable[Item]) -> Iterable[Item]:
    yield first
    yield from rest


@app.command()
def approve(
    ids: Ids,
    *,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="An error among the checks that is right."),
    ] = None,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Approve documents as they are now."""
    approval = Approval(accept=accept or [])
    with connected(url, api_key, state) as sheaf:

        def decide(document_id: str) -> DocumentView:
            sheaf.documents.get(document_id)
            return sheaf.documents.approve(document_id, approval)

        _for_each(ids, decide, as_json=as_json)


@app.command()
def reject(
    ids: Ids,
    *,
    reason: Annotated[str, typer.Option(help="For whoever looks at it later.")],
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Reject documents."""
    with connected(url, api_key, state) as sheaf:

        def decide(document_id: str) -> DocumentView:
            sheaf.documents.get(document_id)
            return sheaf.documents.reject(document_id, Refusal(reason=reason))

        _for_each(ids, decide, as_json=as_json)


@app.command()
def correct(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="doc_…")],
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="FIELD=VALUE…", help="total=12.50; with nothing after it, the field goes."),
    ] = None,
    *,
    undo: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="Back to what the machine read.")
    ] = None,
    as_json: Json = False,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Correct what was read of a document."""
    try:
        request = correction(assignments or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if undo:
        request = request.model_copy(update={"undo": undo})
    if not (request.fields or request.document_type or request.undo):
        raise typer.BadParameter("say what to correct: field=value, or --undo field")
    with connected(url, api_key, state) as sheaf:

        def decide(name: str) -> DocumentView:
            sheaf.documents.get(name)
            return sheaf.documents.correct(name, request)

        _for_each([document_id], decide, as_json=as_json)


def _for_each(ids: Iterable[str], decide: Callable[[str], DocumentView], *, as_json: bool) -> None:
    """One refusal does not keep the others from being decided; it makes the exit code 1."""
    console = Console(highlight=False)
    records: list[dict[str, Any]] = []
    for document_id in ids:
        try:
            view = decide(document_id)
        except Refused as refusal:
            error = {"code": refusal.code, "message": str(refusal)}
            records.append({"document_id": document_id, "status": None, "error": error})
            if not as_json:
                console.print(
                    f"{document_id}  {sentence(refusal)}", style="red", markup=False, soft_wrap=True
                )
            continue
        records.append({"document_id": document_id, "status": view.status, "error": None})
        if not as_json:
            console.print(view.id, status_of(view.status), view.filename, sep="  ", markup=False)
    if as_json:
        print_json(records)
    raise typer.Exit(int(any(record["error"] for record in records)))
