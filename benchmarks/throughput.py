"""Many invoices dropped at once on the embedded AWS: how long until all are read?

    python -m benchmarks.throughput [COUNT]

Prints the documents in each state while it goes, then the seconds and the documents a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.local.stack import LocalStack
from tests.builders.files import invoice_pdf
from tests.e2e.client import SETTLED, Client

DEFAULT_COUNT = 200


def main(count: int) -> None:
    console = Console()
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder)) as stack:
        client = Client.of(stack)
        s3, bucket = client.aws("s3"), client.local["bucket"]
        started = time.monotonic()
        for number in range(count):
            key = f"workspaces/{client.local['workspace_id']}/drop/invoice-{number:04}.pdf"
            s3.put_object(Bucket=bucket, Key=key, Body=invoice_pdf(f"INV-{number:04}"))
        dropped = time.monotonic() - started
        with Live(console=console, refresh_per_second=4) as live:
            while True:
                states = Counter(document["status"] for document in client.documents())
                live.update(_table(states, count, time.monotonic() - started))
                if sum(states[state] for state in SETTLED) == count:
                    break
                time.sleep(0.5)
        seconds = time.monotonic() - started
    console.print(
        f"{count} invoices: dropped in {dropped:.1f} s, all read after {seconds:.1f} s "
        f"({count / seconds:.1f} a second)."
    )


def _table(states: Counter[str], count: int, seconds: float) -> Table:
    table = Table(title=f"{seconds:5.1f} s")
    table.add_column("State")
    table.add_column("Documents", justify="right")
    for state, number in sorted(states.items()):
        table.add_row(state, str(number))
    table.add_row("not there yet", str(count - states.total()))
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else DEFAULT_COUNT)
