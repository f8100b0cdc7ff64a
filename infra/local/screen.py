"""What ``make run`` shows: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from infra.local.aws import CREDENTIALS, REGION
from infra.local.demo import LEFT_FOR_YOU, SAMPLES, Progress

_COLOURS = {
    "ready": "green",
    "approved": "green",
    "needs_review": "yellow",
    "split": "green",
    "failed": "red",
    "rejected": "red",
}


class Screen:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def say(self, sentence: str) -> None:
        self._console.print(sentence.rstrip("\n"), highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[list[Progress]], None]]:
        if not self._console.is_terminal:
            yield self._lines
            return
        with Live(console=self._console, refresh_per_second=8) as live:
            yield lambda rows: live.update(_table(rows)) if rows else None

    def ready(self, local: dict[str, Any], contents: str) -> None:
        key, url = local["api_key"], local["url"]
        self.say("")
        self.say(f"Sheaf runs at {url}  (API: {url}/docs)")
        self.say(f"  Holds     {contents} in the workspace {local['workspace_id']}")
        self.say(f"  Sign in   {local['sign_in_url']}")
        self.say(f"  Mail      {local['mail_url']}  (nothing leaves this machine)")
        self.say(f"  Stripe    {local['stripe_url']}  (no money moves)")
        self.say(f"  API key   {key}")
        self.say(f"  List      curl -s {url}/v1/documents -H 'Authorization: Bearer {key}'")
        self.say(f"  Drop      {_drop_line(local)}")
        self.say("  More      .sheaf/local.json and .sheaf/env have all of this, .sheaf/logs/ the logs")
        self.say("Ctrl-C stops; make clean forgets.")

    def _lines(self, rows: list[Progress]) -> None:
        for row in rows:
            if row.settled and row.filename not in self._told:
                self._told.add(row.filename)
                self.say("  ".join(_cells(row)))


def _drop_line(local: dict[str, Any]) -> str:
    """Puts a file into the bucket; curl signs, so that nothing else need be installed."""
    file = shlex.quote(str(SAMPLES / LEFT_FOR_YOU))
    user = ":".join(CREDENTIALS.values())
    folder = f"{local['aws_endpoint_url']}/{local['bucket']}/workspaces/{local['workspace_id']}/drop/"
    return f"curl -s --aws-sigv4 aws:amz:{REGION}:s3 -u {user} -T {file} {folder}"


def _table(rows: list[Progress]) -> Table:
    table = Table("File", "State", "Vendor", "Number", box=None, pad_edge=False)
    table.add_column("Total", justify="right")
    for row in rows:
        filename, state, *others = _cells(row)
        table.add_row(Text(filename), Text(state, style=_COLOURS.get(row.status, "dim")), *map(Text, others))
    return table


def _cells(row: Progress) -> tuple[str, str, str, str, str]:
    total = " ".join(row.fields[name] for name in ("total", "currency") if name in row.fields)
    return (
        row.filename,
        row.status.replace("_", " "),
        row.fields.get("vendor", ""),
        row.fields.get("invoice_number", ""),
        total,
    )
