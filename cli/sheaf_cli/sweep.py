"""``sheaf sweep``: runs the retention of the local system, today or as of a day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from sheaf_cli.local import STATE, State, invoke, running


def sweep(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Delete what is due on this day instead of today."),
    ] = None,
    state: State = STATE,
) -> None:
    """Delete the files whose retention window has closed, and show what was deleted."""
    event = {"as_of": f"{as_of:%Y-%m-%d}"} if as_of else {}
    answer = invoke(running(state), "SweepFunction", event)
    console = Console()
    if answer["error"] is not None:
        console.print(f"The sweep did not finish: {answer['error']['errorMessage']}", markup=False)
        raise typer.Exit(1)
    report = answer["payload"]
    if any(workspace["files_deleted"] for workspace in report["workspaces"]):
        console.print(_table(report))
    else:
        console.print(f"Nothing was due on {report['as_of']}.")
    if not report["complete"]:
        console.print("There was not enough time for all of it; run it again.")


def _table(report: dict[str, Any]) -> Table:
    table = Table(title=f"Deleted as of {report['as_of']} (run {report['run_id']})", box=None, pad_edge=False)
    table.add_column("Workspace", no_wrap=True, min_width=30)
    for heading in ("Files", "Bytes"):
        table.add_column(heading, justify="right")
    table.add_column("Certificates", no_wrap=True, min_width=30)
    for workspace in report["workspaces"]:
        if not workspace["files_deleted"]:
            continue
        table.add_row(
            workspace["workspace_id"],
            f"{workspace['files_deleted']:,}",
            f"{workspace['bytes_deleted']:,}",
            "\n".join(workspace["certificates"]),
        )
    return table
