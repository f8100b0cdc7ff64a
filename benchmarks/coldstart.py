"""What the first event of a fresh process costs: ``python -m benchmarks.coldstart [function ...]``.

Refused events end before any I/O; answered ones meet a DynamoDB on the loopback. Instructions are counted
by valgrind, above those of a bare interpreter: they repeat from run to run and machine to machine, so they
are what the gates are about. The peer is FastAPI, Mangum and boto3 (``benchmarks/peer.py``).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.first_events import First, functions, peers
from benchmarks.loopback import loopback
from tests.builders import webhooks

ROOT = Path(__file__).parents[1]
MOST_MIB = 55
"""Of a function behind the API."""

_RUNS = 5
_COLLECTED = re.compile(r"Collected : (\d+)")


@dataclass(frozen=True)
class Cost:
    """Of one process. ``instructions`` in millions above a bare interpreter; None without valgrind."""

    milliseconds: float
    mebibytes: float
    instructions: float | None

    def share_of(self, other: Cost) -> float:
        if self.instructions is None or other.instructions is None:
            return self.milliseconds / other.milliseconds
        return self.instructions / other.instructions


class Bench:
    def __init__(self, endpoint: str) -> None:
        self._environment = _environment(endpoint)
        self._valgrind = shutil.which("valgrind")
        self._bare = 0.0
        self.bare = self.cost(None)
        self._bare = self.bare.instructions or 0.0

    def cost(self, first: First | None) -> Cost:
        self._run(first)  # writes what is missing of the bytecode
        runs = [self._run(first) for _ in range(_RUNS)]
        return Cost(
            statistics.median(run["cpu_seconds"] for run in runs) * 1000,
            statistics.median(run["peak_kibibytes"] for run in runs) / 1024,
            self._instructions(first),
        )

    def _run(self, first: First | None) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._process([], first).stdout.splitlines()[-1])
        if first and first.status and said["answer"]["statusCode"] != first.status:
            raise RuntimeError(f"{first.name}: {said['answer']}")
        return said

    def _instructions(self, first: First | None) -> float | None:
        if self._valgrind is None:
            return None
        counting = [self._valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        found = _COLLECTED.search(self._process(counting, first).stderr)
        return int(found[1]) / 1e6 - self._bare if found else None

    def _process(self, before: Sequence[str], first: First | None) -> subprocess.CompletedProcess[str]:
        handler = [first.handler] if first else []
        return subprocess.run(  # noqa: S603 - our own program, with our own arguments
            [*before, sys.executable, "-m", "benchmarks.one_event", *handler],
            cwd=ROOT,
            env=self._environment,
            input=json.dumps(first.event if first else None),
            text=True,
            capture_output=True,
            check=True,
        )


def _environment(endpoint: str) -> dict[str, str]:
    """As Lambda sets it, with the endpoint on the loopback; the order of sets is the same in every run."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONHASHSEED": "0",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "SHEAF_RECORDS_TABLE": "records",
        "SHEAF_DIRECTORY_TABLE": "directory",
        "SHEAF_BUCKET": "files",
        "SHEAF_WEBHOOKS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/webhooks",
        "SHEAF_REFUNDS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/refunds",
        "SHEAF_STRIPE_WEBHOOK_SECRETS": json.dumps([webhooks.STRIPE_SECRET]),
        "SHEAF_TENANT_ROLE_ARN": "arn:aws:iam::123456789012:role/tenant",
        "POWERTOOLS_SERVICE_NAME": "sheaf",
    }


def measure(wanted: Sequence[str]) -> dict[str, Cost]:
    chosen = [first for first in functions() if not wanted or first.name.split(",")[0] in wanted]
    with loopback() as endpoint:
        bench = Bench(endpoint)
        costs = {"bare interpreter": bench.bare}
        for first in track([*peers(), *chosen], description="Starting processes", transient=True):
            costs[first.name] = bench.cost(first)
    return costs


def _table(costs: dict[str, Cost]) -> Table:
    known = {first.name: first for first in functions()}
    table = Table(title="First event of a fresh process", title_justify="left")
    table.add_column("event")
    for name in ("Minstr", "CPU ms", "MiB", "of the peer"):
        table.add_column(name, justify="right")
    table.add_column("gate")
    for name, cost in costs.items():
        instructions = "-" if cost.instructions is None else f"{cost.instructions:,.0f}"
        numbers = [instructions, f"{cost.milliseconds:.0f}", f"{cost.mebibytes:.0f}"]
        first = known.get(name)
        if first is None or first.peer is None:
            table.add_row(name, *numbers)
        else:
            share = cost.share_of(costs[first.peer])
            table.add_row(name, *numbers, f"{share:.2f}", _verdict(first, cost, share))
    return table


def _verdict(first: First, cost: Cost, share: float) -> str:
    if first.share is None:
        return ""
    gates = [(share, first.share, f"{first.share:.2f} of the peer")]
    if first.status:
        gates.append((cost.mebibytes, MOST_MIB, f"{MOST_MIB} MiB"))
    verdicts = [
        f"[green]≤ {told}: ok[/]" if value <= most else f"[red]≤ {told}: over[/]"
        for value, most, told in gates
    ]
    return ", ".join(verdicts)


def main() -> None:
    costs = measure(sys.argv[1:])
    Console(width=110).print(_table(costs))


if __name__ == "__main__":
    main()
