"""``sheaf read``: invoices and receipts to fields, with no server."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheaf_cli.reading import Record


_WIDEST = 120  # characters


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def read(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="PDF, PNG, JPEG, TIFF, WebP, HEIC; UBL or CII XML; recorded AnalyzeExpense answers (.json).",
        ),
    ],
    output: Annotated[Format, typer.Option("--format", help="How to print what was read.")] = Format.TABLE,
    no_xml: Annotated[bool, typer.Option("--no-xml", help="Read the page, not the XML in it.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds a file may take.")] = 300,
) -> None:
    """Read invoices and receipts.

    A file of several invoices is divided: a row of the table for each; in JSON one record of the file, which
    says what the first invoice says and has all of them in "parts", each with its first and last page as
    "pages".

    Exit code 1: a file could not be read.
    """
    records = _records(files, jobs=jobs, seconds=timeout, use_xml=not no_xml)
    failed = False
    shown = []
    for record in _with_progress(records, len(files)):
        failed = failed or "error" in record
        if output is Format.JSONL:
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            shown.append(record)
    if output is not Format.JSONL:
        order = {path: place for place, path in enumerate(files)}
        _show(sorted(shown, key=lambda record: order[record["path"]]), output)
    raise typer.Exit(int(failed))


def _records(files: list[str], *, jobs: int, seconds: float, use_xml: bool) -> Iterator[Record]:
    from sheaf_cli.reading import read_file
    from sheaf_cli.workers import read_alone, read_files

    read = partial(read_file, use_xml=use_xml)
    if len(files) == 1:
        yield read_alone(files[0], read, seconds=seconds)
        return
    yield from read_files(files, read, processes=jobs, seconds=seconds)


def _with_progress(records: Iterable[Record], count: int) -> Iterator[Record]:
    if count == 1 or not sys.stderr.isatty():
        yield from records
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(records, "Reading", count, console=Console(stderr=True), transient=True)


def _show(records: list[Record], output: Format) -> None:
    if output is Format.JSON:
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from sheaf_cli.display import detail, summary

    console = Console()
    shown = detail(records[0]) if len(records) == 1 else summary(records)
    console.print(shown, width=min(console.width, _WIDEST))
