"""``sheaf sweep``: runs the retention of the local system, today or as of a day."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import urllib3
from rich.console import Console
from rich.table import Table

STATE = Path(".sheaf/local.json")
_TIMEOUT_SECONDS = 900


def sweep(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Delete what is due on this day instead of today."),
    ] = None,
    state: Annotated[Path, typer.Option(help="local.json of the running system (make run).")] = STATE,
) -> None:
    """Delete the files whose retention window has closed, and show what was deleted."""
    event = {"as_of": f"{as_of:%Y-%m-%d}"} if as_of else {}
    answer = _invoke(_local(state), event)
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


def _local(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        _stop(f"There is no {path}. Start the system with make run, and run this from the same directory.")


def _invoke(local: dict[str, Any], event: dict[str, str]) -> dict[str, Any]:
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)
    try:
        answer = http.request(
            "POST",
            f"{local['url']}/_local/invoke/SweepFunction",
            body=json.dumps(event).encode(),
            headers={"x-local-token": local["token"]},
        )
    except urllib3.exceptions.HTTPError:
        _stop(f"Nothing answers at {local['url']}. Start the system with make run.")
    return dict(json.loads(answer.data))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _table(report: dict[str, Any]) -> Table:
    table = Table("Workspace", title=f"Deleted as of {report['as_of']} (run {report['run_id']})")
    for heading in ("Files", "Bytes"):
        table.add_column(heading, justify="right")
    table.add_column("Certificates")
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
