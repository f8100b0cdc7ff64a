"""``sheaf evaluate``: what the reader gets right on documents whose content is known."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from sheaf_cli.evaluation.judging import Evaluation
    from sheaf_cli.evaluation.labels import Labelled
    from sheaf_cli.reading import Record

_WIDTH = 110  # characters


class Split(StrEnum):
    DEV = "dev"
    HOLDOUT = "holdout"


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Labelled sets: folders with a manifest.json or an expected.json.",
        ),
    ],
    *,
    sets: Annotated[str, typer.Option(help="Names of sets, separated by commas.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Files of a set; 0: all.")] = 0,
    split: Annotated[Split | None, typer.Option(help="Only files of this split.")] = None,
    own_split: Annotated[
        bool,
        typer.Option(
            "--own-split", help="Score two halves apart: one to tune on, one whose misses are not shown."
        ),
    ] = False,
    no_xml: Annotated[bool, typer.Option("--no-xml", help="Read the page, not the XML in it.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write report.json, report.md and the plots here.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds a file may take.")] = 300,
) -> None:
    """Read labelled documents and say how much of it is right."""
    from rich.console import Console

    from sheaf_cli.evaluation.judging import evaluation, judge
    from sheaf_cli.evaluation.labels import BadLabels, load

    try:
        documents = load(folder, sets=list(filter(None, sets.split(","))), split=split, limit=limit)
    except BadLabels as error:
        raise typer.BadParameter(str(error)) from error
    if not documents:
        raise typer.BadParameter("No labelled document is left of these sets.")
    start = time.monotonic()
    records = _read(documents, jobs=jobs, seconds=timeout, use_xml=not no_xml)
    judged = [
        judge(document, records[document.path], half=document.half if own_split else "")
        for document in documents
    ]
    found = evaluation(judged)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    _print(found, console)
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    workers = "1 process" if jobs == 1 else f"{jobs} processes"
    console.print(f"{len(documents)} files read by {workers} in {minutes}:{seconds:02}.", style="dim")
    if out is not None:
        from sheaf_cli.evaluation.report import write

        console.print(f"Written: {', '.join(write(found, out))} in {out}.", style="dim")


def _read(documents: Sequence[Labelled], *, jobs: int, seconds: float, use_xml: bool) -> dict[str, Record]:
    """Path → record."""
    from sheaf_cli.evaluation.measuring import measured_read
    from sheaf_cli.workers import read_files

    paths = [document.path for document in documents]
    read = partial(measured_read, use_xml=use_xml)
    records = read_files(paths, read, processes=jobs, seconds=seconds)
    return {record["path"]: record for record in _with_progress(records, len(paths))}


def _with_progress(records: Iterator[Record], count: int) -> Iterator[Record]:
    from rich.console import Console
    from rich.progress import track

    hidden = not sys.stderr.isatty()
    yield from track(records, "Reading", count, console=Console(stderr=True), transient=True, disable=hidden)


def _print(found: Evaluation, console: Console) -> None:
    from sheaf_cli.evaluation.tables import on_screen, sheets

    for sheet in sheets(found):
        console.print(on_screen(sheet), width=min(console.width, _WIDTH))
        console.print()
