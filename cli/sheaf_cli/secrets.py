"""``sheaf secrets``: what the functions keep in the parameter store, set, looked at and renewed.

A value is read from standard input, never from the command line, and never shown.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from secrets import token_bytes
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from sheaf_cli.local import STATE, State, stop
from sheaf_cli.provision import Stack, connect

app = typer.Typer(no_args_is_help=True, add_completion=False)
KNOWN = {
    "resend-api-key": "Resend's key: mails are sent with it",
    "sealing-keys": "Master keys of the secrets of second factors (rotate makes them)",
    "stripe-webhook-secrets": 'What Stripe signs events of our account with: ["whsec_…"], or []',
    "resend-webhook-secrets": 'What Resend signs events with: ["whsec_…"], or []',
    "paddle-webhook-secrets": 'What Paddle signs events with: ["pdl_ntfset_…"], or []',
    "seller-api-key": "Our key at Stripe or Paddle, if workspaces buy their plans there; else any word",
    "token-keys": "Keys of the tokens of connections to other vendors; no function needs them yet",
    "openid-clients": 'Google, Microsoft, Apple: {"google": {"client_id": "…", "secret": "…"}, …}, or {}',
}
_RINGS = ("sealing-keys", "token-keys")
_OPTIONAL = frozenset({"token-keys"})


@app.callback()
def _root() -> None:
    """Secrets in the parameter store, encrypted."""


@app.command()
def check(stack: Stack = None, state: State = STATE) -> None:
    """Which secrets are there; a function refuses to start without its own."""
    store = _Store(stack, state)
    table = Table("Secret", "", "What it is for", box=None, pad_edge=False)
    missing = 0
    for name, purpose in KNOWN.items():
        there = store.read(name) is not None
        optional = name in _OPTIONAL
        missing += not there and not optional
        absent = "not set" if optional else "[red]missing[/]"
        table.add_row(name, "[green]there[/]" if there else absent, purpose)
    Console().print(table)
    raise typer.Exit(1 if missing else 0)


@app.command("set")
def set_(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(KNOWN)}.")],
    stack: Stack = None,
    state: State = STATE,
) -> None:
    """Set a secret to what comes in: sheaf secrets set resend-api-key < key.txt"""
    if name not in KNOWN:
        stop(f"There is no secret {name}: {', '.join(KNOWN)}.")
    value = sys.stdin.read().strip()
    if not value:
        stop("Nothing came in: send the value to standard input.")
    _Store(stack, state).write(name, value)
    typer.echo(f"{name} is set. Functions that run have the old value until they are started anew.")


@app.command()
def rotate(
    name: Annotated[str, typer.Argument(help=f"Which keys: {' or '.join(_RINGS)}.")] = _RINGS[0],
    use: Annotated[
        str | None, typer.Option(help="A key that rotate has added before: it seals from now on.")
    ] = None,
    stack: Stack = None,
    state: State = STATE,
) -> None:
    """Renew a master key, in two steps, so that no function meets a secret it cannot open.

    First a key is added that opens; when every function has been started anew, --use makes it the one that
    seals.
    """
    if name not in _RINGS:
        stop(f"{name} has no keys that are renewed: {' or '.join(_RINGS)}.")
    store = _Store(stack, state)
    keys: dict[str, str] = json.loads(store.read(name) or "{}")
    if use is None:
        number = max((int(key_id[1:]) for key_id in keys if key_id[1:].isdigit()), default=0) + 1
        added = f"k{number:03d}"
        fresh = {added: b64encode(token_bytes(32)).decode()}
        store.write(name, json.dumps(fresh | keys))
        if not keys:
            typer.echo(f"{added} seals and opens.")
            return
        typer.echo(
            f"{added} opens. When every function has been started anew (a deployment does it): "
            f"sheaf secrets rotate {name} --use {added}"
        )
        return
    if use not in keys:
        stop(f"There is no key {use}: {', '.join(keys) or 'there is none'}.")
    others = {key_id: key for key_id, key in keys.items() if key_id != use}
    store.write(name, json.dumps(others | {use: keys[use]}))
    typer.echo(f"{use} seals from now on; the others still open.")


class _Store:
    def __init__(self, stack: str | None, state: Any) -> None:
        import boto3

        connect(stack, state)
        self._path = os.environ["SHEAF_SECRETS_PATH"]
        self._ssm = boto3.client("ssm", region_name=os.environ.get("AWS_REGION"))  # boto3 looks elsewhere

    def read(self, name: str) -> str | None:
        try:
            answer = self._ssm.get_parameter(Name=self._path + name, WithDecryption=True)
        except self._ssm.exceptions.ParameterNotFound:
            return None
        return str(answer["Parameter"]["Value"])

    def write(self, name: str, value: str) -> None:
        self._ssm.put_parameter(Name=self._path + name, Value=value, Type="SecureString", Overwrite=True)
