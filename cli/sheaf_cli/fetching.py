"""Files that the system hands out, kept where somebody wants them."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sheaf_cli.local import stop
from sheaf_client import Client
from sheaf_client.files import fetch

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file or a folder; else here, by its own name.")
]


def fetched(
    sheaf: Client, url: str, output: Path | None, *, filename: str, size: int | None, sha256: str | None
) -> Path:
    """Where it is now."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    path = output if output and not output.is_dir() else _free((output or Path()) / filename)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(path.name, total=size)
        try:
            fetch(sheaf, url, path, sha256=sha256, report=lambda done: progress.update(task, completed=done))
        except OSError as error:
            stop(f"{path} cannot be written: {error.strerror or error}.")
    return path


def _free(path: Path) -> Path:
    """Nobody asked for a file of this name to be overwritten."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], names) if not each.exists())
