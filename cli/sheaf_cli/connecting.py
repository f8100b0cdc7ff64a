"""How commands reach the API, and what they say when it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from sheaf_cli.local import stop
from sheaf_client import Client, Refused, SheafError

Url = Annotated[
    str | None, typer.Option(envvar="SHEAF_URL", help="Where Sheaf is; else the local system (make run).")
]
ApiKey = Annotated[
    str | None,
    typer.Option(
        envvar="SHEAF_API_KEY",
        show_envvar=True,
        help="Better in the environment: others on this machine see arguments.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]
State = Annotated[Path, typer.Option(help="local.json of the local system.")]


@contextmanager
def connected(url: str | None, api_key: str | None, state: Path) -> Iterator[Client]:
    """A refusal that nobody caught ends the command, with its sentence."""
    try:
        with Client.connect(url, api_key, state=state) as sheaf:
            yield sheaf
    except SheafError as error:
        stop(sentence(error))


def sentence(error: SheafError) -> str:
    if not isinstance(error, Refused):
        return str(error)
    details = [
        f"  {each['field']}: {each['message']}" for each in error.errors if each["message"] != str(error)
    ]
    return "\n".join([str(error), *details])


def print_json(value: BaseModel | Mapping[str, Any] | Sequence[BaseModel | Mapping[str, Any]]) -> None:
    print(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2))
