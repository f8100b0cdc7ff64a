"""What a running local system says of itself in ``.sheaf/local.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import urllib3

_TIMEOUT_SECONDS = 900
STATE = Path(".sheaf/local.json")
State = Annotated[Path, typer.Option(help="local.json of the running system (make run).")]


def running(path: Path) -> dict[str, Any]:
    """The local system's description. When it is not there or does not answer, the command ends."""
    try:
        local = dict(json.loads(path.read_text()))
        url = str(local["url"])
    except FileNotFoundError:
        stop(f"There is no {path}. Start the system with make run, and run this from the same directory.")
    except (ValueError, KeyError):
        stop(f"{path} is damaged. Start the system with make run, which writes it again.")
    try:
        urllib3.PoolManager(retries=False, timeout=10).request("GET", f"{url}/healthz")
    except urllib3.exceptions.HTTPError:
        stop(f"Nothing answers at {url}. Start the system with make run.")
    return local


def invoke(local: dict[str, Any], function: str, event: dict[str, str]) -> dict[str, Any]:
    """Runs a function by its name in the template: its ``payload``, or its ``error``."""
    answer = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS).request(
        "POST",
        f"{local['url']}/_local/invoke/{function}",
        body=json.dumps(event).encode(),
        headers={"x-local-token": local["token"]},
    )
    return dict(json.loads(answer.data))


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
