"""``sheaf upload``: sends files, several at once, and waits for what they say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from glob import glob
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sheaf_cli.connecting import ApiKey, Json, State, Url, connected, print_json, sentence
from sheaf_cli.local import STATE
from sheaf_cli.outcomes import Outcome, table_of_outcomes
from sheaf_cli.tables import WIDEST
from sheaf_client import Client, Refused, SheafError
from sheaf_client.errors import Unauthenticated
from sheaf_client.files import CONTENT_TYPES, Report, each_read, key_of, send_file
from sheaf_client.models import DocumentItemView


def upload(
    *,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILES…", help="Files, folders (all that can be read in them), patterns."),
    ],
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until they are read, and show what they say.")
    ] = False,
    client: Annotated[str | None, typer.Option(help="The id of the client they are for.")] = None,
    as_json: Json = False,
    jobs: Annotated[int, typer.Option(min=1, max=16, help="Files sent at once.")] = 4,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the readings.")] = 900,
    url: Url = None,
    api_key: ApiKey = None,
    state: State = STATE,
) -> None:
    """Send files to be read.

    After an interruption run it again: a file that has arrived within the last day is not sent twice.

    Exit code 1: a file was refused, could not be read, or was still not read when the time was over.
    """
    paths = list(dict.fromkeys(path for name in files for path in _expanded(name)))
    if not paths:
        print("There is nothing to send: no PDF, picture or XML file in there.", file=sys.stderr)
        raise typer.Exit(1)
    with connected(url, api_key, state) as sheaf:
        outcomes = _send_all(sheaf, paths, client, jobs)
        if wait:
            outcomes = _wait(sheaf, outcomes, timeout)
    if as_json:
        print_json([each.record for each in outcomes])
    else:
        _show(outcomes, waited=wait)
    under_way = [each for each in outcomes if wait and each.document is None]
    raise typer.Exit(int(bool(under_way) or any(each.status == "failed" for each in outcomes)))


def _expanded(name: str) -> Iterator[Path]:
    """A name that is nothing stays, for its row to say so."""
    path = Path(name)
    if path.is_dir():
        found = sorted(each for each in path.rglob("*") if each.is_file())
        shown = (
            each for each in found if not any(part.startswith(".") for part in each.relative_to(path).parts)
        )
        yield from (each for each in shown if each.suffix.lower() in CONTENT_TYPES)
    elif path.exists():
        yield path
    else:
        matching = sorted(glob(name, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        yield from (Path(each) for each in matching if Path(each).is_file())
        if not matching:
            yield path


def _send_all(sheaf: Client, paths: Sequence[Path], client_id: str | None, jobs: int) -> list[Outcome]:
    """In the order of ``paths``. The same file under the same name, in two folders, is sent once."""
    keys: dict[Path, str] = {}
    outcomes: dict[Path, Outcome] = {}
    for path in paths:
        try:
            keys[path] = key_of(path, client_id)
        except OSError as error:
            outcomes[path] = Outcome(path, code="file_not_opened", message=error.strerror or str(error))
    firsts: dict[str, Path] = {}
    for path, key in keys.items():
        firsts.setdefault(key, path)
    with _progress(firsts.values()) as reporting, ThreadPoolExecutor(jobs) as pool:
        futures: dict[Future[Outcome], str] = {
            pool.submit(_send, sheaf, path, client_id, key, reporting): key for key, path in firsts.items()
        }
        try:
            done = {futures[future]: future.result() for future in as_completed(futures)}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    outcomes |= {path: replace(done[key], path=path) for path, key in keys.items()}
    return [outcomes[path] for path in paths]


def _send(
    sheaf: Client, path: Path, client_id: str | None, key: str, reporting: Callable[[Path], Report]
) -> Outcome:
    try:
        sent = send_file(sheaf, path, client_id=client_id, key=key, report=reporting(path))
    except Unauthenticated:
        raise  # it would be the same for every other file
    except Refused as error:
        return Outcome(path, code=error.code, message=str(error))
    except SheafError as error:
        return Outcome(path, code="not_sent", message=sentence(error))
    except OSError as error:
        return Outcome(path, code="file_not_opened", message=error.strerror or str(error))
    return Outcome(path, sent.document_id, was_there=sent.was_there)


@contextmanager
def _progress(paths: Iterable[Path]) -> Iterator[Callable[[Path], Report]]:
    """A bar for all bytes, and one for each file while it is being sent; nothing where nobody looks."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    sizes = {path: path.stat().st_size for path in paths}
    columns = (
        TextColumn("{task.description}", table_column=None),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        together = progress.add_task(f"{len(sizes)} files", total=sum(sizes.values()) or None)
        sent = dict.fromkeys(sizes, 0)

        def reporting(path: Path) -> Report:
            task = progress.add_task(path.name, total=sizes[path])

            def report(count: int) -> None:
                sent[path] = count
                progress.update(task, completed=count, visible=count < sizes[path])
                progress.update(together, completed=sum(sent.values()))

            return report

        yield reporting


def _wait(sheaf: Client, outcomes: Sequence[Outcome], timeout: float) -> list[Outcome]:
    ids = {each.document_id for each in outcomes if each.document_id}
    read: dict[str, DocumentItemView] = {}
    console = Console(stderr=True)
    with console.status("") as status:
        for document in each_read(sheaf, ids, timeout=timeout):
            read[document.id] = document
            status.update(f"{len(read)} of {len(ids)} read …")
    return [
        replace(each, document=read.get(each.document_id)) if each.document_id else each for each in outcomes
    ]


def _show(outcomes: Sequence[Outcome], *, waited: bool) -> None:
    console = Console(highlight=False)
    width = min(console.width, WIDEST)
    console.print(table_of_outcomes(outcomes, waited=waited, width=width), width=width)
    for each in outcomes:
        if each.problem:
            console.print(f"{each.path.name}: {each.problem}", style="red", markup=False, soft_wrap=True)
    if waited and any(each.document_id and each.document is None for each in outcomes):
        console.print("Not all of them have been read by now: see `sheaf documents`.")
    elif any(each.status == "sent" for each in outcomes):
        console.print("They are being read: see `sheaf documents`.")
