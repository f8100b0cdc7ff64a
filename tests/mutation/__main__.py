"""``python -m tests.mutation [MODULE …]``: a table of mutants, and 1 when one lives that nobody explained."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutation.mutants import mutants
from tests.mutation.run import Unready, noticed, preload
from tests.mutation.suites import SOURCE, SUITES

HARMLESS = Path(__file__).with_name("harmless.toml")


def explained() -> dict[str, str]:
    """The mutants that may live, each with the reason."""
    groups = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))["harmless"]
    return {mutant: group["reason"] for group in groups for mutant in group["mutants"]}


def main(wanted: list[str]) -> int:
    console, table = Console(soft_wrap=True), Table("module", "mutants", "killed", "harmless", "alive")
    at_once, reasons, is_good = int(os.environ.get("JOBS", "2")), explained(), True
    preload()

    def complain(where: str, what: str) -> None:
        nonlocal is_good
        is_good = False
        console.print(f"{where}: {what}", markup=False, highlight=False)

    for module, tests in SUITES.items():
        if wanted and not any(part in module for part in wanted):
            continue
        made, lived, alive = mutants(SOURCE / module), set[str](), 0
        try:
            for mutant, is_noticed in noticed(module, made, tests, at_once=at_once):
                where = f"{module}:{mutant.line}"
                if not is_noticed:
                    lived.add(mutant.id)
                if not is_noticed and mutant.id not in reasons:
                    alive += 1
                    complain(where, f"alive: {mutant.id}")
                elif is_noticed and mutant.id in reasons:
                    complain(where, f"called harmless, yet noticed: {mutant.id}")
        except Unready:
            complain(module, "its tests fail before anything is changed")
            continue
        counts = len(made), len(made) - len(lived), len(lived) - alive, alive
        table.add_row(module, *map(str, counts))
    console.print(table)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
