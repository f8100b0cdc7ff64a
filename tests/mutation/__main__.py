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
    console, table = Console(), Table("module", "mutants", "killed", "harmless", "alive")
    at_once, reasons, problems = int(os.environ.get("JOBS", "2")), explained(), list[str]()
    preload()
    for module, tests in SUITES.items():
        if wanted and not any(part in module for part in wanted):
            continue
        made = mutants(SOURCE / module)
        try:
            lived = [mutant for mutant, died in noticed(module, made, tests, at_once=at_once) if not died]
        except Unready:
            problems.append(f"{module}: its tests fail before anything is changed")
            continue
        ids = {mutant.id for mutant in lived}
        alive = [mutant for mutant in lived if mutant.id not in reasons]
        stale = [mutant for mutant in made if mutant.id in reasons and mutant.id not in ids]
        problems += [f"{module}:{mutant.line}: alive: {mutant.id}" for mutant in alive]
        problems += [f"{module}:{mutant.line}: harmless, yet noticed: {mutant.id}" for mutant in stale]
        counts = len(made), len(made) - len(lived), len(lived) - len(alive), len(alive)
        table.add_row(module, *map(str, counts))
        console.print(module, *map(str, counts))
    console.print(table)
    for problem in problems:
        console.print(problem, markup=False, highlight=False, soft_wrap=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
