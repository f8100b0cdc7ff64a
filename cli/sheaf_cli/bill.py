"""``sheaf bill``: makes what recurs and sends reminders on the local system, today or as of a day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sheaf_cli.local import STATE, State, invoke, running


def bill(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Do what is due by this day instead of today."),
    ] = None,
    state: State = STATE,
) -> None:
    """Make the invoices that recur and remind of those that are not paid, and show how many."""
    event = {"as_of": f"{as_of:%Y-%m-%d}"} if as_of else {}
    answer = invoke(running(state), "CalendarFunction", event)
    console = Console()
    if answer["error"] is not None:
        console.print(f"The run did not finish: {answer['error']['errorMessage']}", markup=False)
        raise typer.Exit(1)
    workspaces = answer["payload"]["workspaces"]
    if not workspaces:
        console.print("Nothing was due.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Workspace", no_wrap=True, min_width=30)
    for heading in ("Invoices", "Reminders"):
        table.add_column(heading, justify="right")
    for each in workspaces:
        table.add_row(each["workspace_id"], str(each["invoices"]), str(each["reminders"]))
    console.print(table)
    if not all(each["complete"] for each in workspaces):
        console.print("There was not enough time for all of it; run it again.")
