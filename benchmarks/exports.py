"""What an export of a large workspace takes: ``python -m benchmarks.exports [DOCUMENTS]`` (100,000).

Every format is measured in a process of its own: seconds of its CPU, the most memory it had. The code is the
product's; what stands in for AWS keeps frozen parts as files and makes the documents up as they are asked
for, so that nothing but the export is in memory. What the calls take on AWS is not in the seconds: their
number is printed, and the request units of a smaller export, counted on an emulated DynamoDB.
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

from rich.console import Console
from rich.table import Table

from benchmarks.invoices import analysed, contents
from sheaf.capture.documents import Document, Status, Summary
from sheaf.capture.kept import KeptReading
from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Field, Reading, Source
from sheaf.exports import work
from sheaf.exports.formats import Format
from sheaf.exports.job import Export, Part, State
from sheaf.kernel.clock import FixedClock
from sheaf.kernel.ids import derived_id
from sheaf.storage.codec import pack, unpack

DEFAULT = 100_000
UNITS_OF = 270
AT = datetime(2026, 1, 1, tzinfo=UTC)
_KIB = 1024
_MIB = 1 << 20


@dataclass
class Workspace:
    """Approved documents, made of the samples' readings; the same number is the same document."""

    size: int
    bodies: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        samples = [each for each in contents().values() if each.get("line_items")]
        readings = [normalise(analysed(each), source=Source.TEXTRACT)[0].reading for each in samples]
        self.bodies = [pack(_complete(reading)) for reading in readings]

    def document(self, number: int) -> Document:
        at = AT + timedelta(seconds=number)
        return Document(
            id=derived_id("doc", at, str(number)),
            filename=f"invoice {number}.pdf",
            content_type="application/pdf",
            status=Status.APPROVED,
            created_at=at,
            created_by="usr_1",
            engine=Source.TEXTRACT,
            summary=Summary(invoice_date="2026-01-31", vendor="V", total="1.00", currency="EUR"),
        )

    def reading(self, number: int) -> Reading:
        """Unpacked anew, as it comes from the table."""
        reading = unpack(Reading, self.bodies[number % len(self.bodies)])
        known = reading.fields["invoice_number"]
        named = known.model_copy(update={"value": f"{known.value}-{number}"})
        return reading.model_copy(update={"fields": reading.fields | {"invoice_number": named}})


def _complete(reading: Reading) -> Reading:
    """With what every format asks for."""
    known = {"vendor": "Supplier", "invoice_number": "R", "invoice_date": "2026-01-31", "total": "1.00"}
    added = {name: Field(value=value, source=Source.TEXTRACT) for name, value in known.items()}
    currency = {"currency": Field(value="EUR", source=Source.TEXTRACT)}
    return reading.model_copy(update={"fields": {**added, **currency, **reading.fields}})


@dataclass
class Tenant:
    """What an export needs of the world (``sheaf.exports.ports``), on this disk."""

    workspace: Workspace
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(AT))
    calls: Counter[str] = field(default_factory=Counter)
    export: Export | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    """Of the documents of one part."""

    @property
    def exports(self) -> Tenant:
        return self

    @property
    def export_marks(self) -> Tenant:
        return self

    @property
    def exportable(self) -> Tenant:
        return self

    @property
    def export_files(self) -> Tenant:
        return self

    def record(self, _change: object) -> None: ...

    def add(self, _document_id: str, _export_id: str) -> None: ...

    def save(self, export: Export) -> None:
        self.calls["TransactWriteItems"] += 1
        self.export = export.model_copy(update={"version": export.version + 1})

    def page(self, _status: Status, *, limit: int, after: str | None) -> tuple[list[Document], str | None]:
        self.calls["Query"] += 1
        first = self.numbers[after] + 1 if after else 0
        found = [self.workspace.document(n) for n in range(first, min(first + limit, self.workspace.size))]
        self.numbers = {document.id: first + n for n, document in enumerate(found)}
        return found, found[-1].id if first + limit < self.workspace.size else None

    def readings(self, document_ids: Sequence[str]) -> Iterator[tuple[str, KeptReading]]:
        self.calls["BatchGetItem"] += 1
        for each in document_ids:
            yield each, KeptReading(machine=self.workspace.reading(self.numbers[each]))

    def add_part(self, _export_id: str, part: Part) -> None:
        (self.folder / f"{part.number:06}.json").write_text(part.model_dump_json())

    def parts(self, _export_id: str, *, after: int = 0) -> Iterator[Part]:
        self.calls["Query"] += 1
        for path in sorted(self.folder.glob("*.json"))[after:]:
            yield Part.model_validate_json(path.read_text())

    def put_part(self, _export_id: str, number: int, data: bytes) -> str:
        self.calls["PutObject"] += 1
        (self.folder / f"{number:06}.gz").write_bytes(data)
        return "1"

    def part(self, _export_id: str, number: int, _version_id: str) -> bytes:
        self.calls["GetObject"] += 1
        return (self.folder / f"{number:06}.gz").read_bytes()

    def put_file(self, _export_id: str, _file: BinaryIO, _content_type: str) -> str:
        self.calls["PutObject, in parts"] += 1
        return "1"


def take(folder: Path, size: int) -> dict[str, Any]:
    """The steps of an export: the same for every format."""
    tenant = Tenant(Workspace(size), folder, export=_asked(Format.JSON))
    while work.step(cast("Any", tenant), cast("Export", tenant.export)) is work.Next.STEP:
        pass
    (folder / "export").write_text(cast("Export", tenant.export).model_dump_json())
    return {"calls": dict(tenant.calls), "parts": sum(p.stat().st_size for p in folder.glob("*.gz"))}


def put_together(folder: Path, chosen: Format) -> dict[str, Any]:
    export = Export.model_validate_json((folder / "export").read_text())
    tenant = Tenant(Workspace(0), folder, export=export.model_copy(update={"format": chosen}))
    work.assemble(cast("Any", tenant), cast("Export", tenant.export))
    file = cast("Export", tenant.export).file
    return {"calls": dict(tenant.calls), "size": file.size if file else 0}


def _asked(chosen: Format) -> Export:
    export_id = derived_id("exp", AT, chosen.value)
    return Export(id=export_id, format=chosen, state=State.QUEUED, created_at=AT, created_by="usr_1")


def _measured(run: Callable[[], dict[str, Any]]) -> None:
    """In a process of its own: what it took, as JSON on stdout."""
    began = time.process_time()
    outcome = run()
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    sys.stdout.write(json.dumps(outcome | {"seconds": seconds, "memory": most}))


def _child(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.exports", *arguments]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603 - ourselves
    return answer


def main(size: int) -> None:
    logging.disable()
    console = Console(width=110)
    table = Table(title=f"An export of {size:,} documents", title_justify="left")
    for name in ("", "CPU seconds", "most memory MiB", "file MiB"):
        table.add_column(name, justify="right" if name else "left")
    with tempfile.TemporaryDirectory() as folder:
        took = _child("take", folder, str(size))
        _row(table, "taking the documents", took, took["parts"])
        for chosen in Format:
            made = _child("assemble", folder, chosen.value)
            _row(table, f"putting together: {chosen}", made, made["size"])
    console.print(table)
    console.print(f"Calls while taking: {took['calls']}; while putting together: {made['calls']}")
    for what, reads, writes in units():
        console.print(f"{what}: {reads:.2f} RRU and {writes:.2f} WRU a document")


def units() -> Iterator[tuple[str, float, float]]:
    """Of an export's kinds, per document, on an emulated DynamoDB."""
    from benchmarks.meter import Meter
    from tests.builders.world import fresh_world
    from tests.component.test_exports import act, ask, store

    with fresh_world() as world:
        ws, queue = world.workspace(), world.reminders.exports
        store(world, ws, *map(Workspace(UNITS_OF).reading, range(UNITS_OF)))
        meter = Meter(world.app.connection.client)

        def counted(what: str) -> tuple[str, float, float]:
            with meter.counting() as bill:
                world.export(queue.pop(0))
            return what, bill.reads / UNITS_OF, bill.writes / UNITS_OF

        first = ask(world, ws).json["id"]
        yield counted("Taken and put together")
        yield counted("Looked after, a while later")
        act(world, ws, "repeat", first)
        yield counted("Repeated")
        queue.clear()
        ask(world, ws, filter={"only_new": True})
        yield counted("Only what is new: nothing")


def _row(table: Table, name: str, outcome: dict[str, Any], size: int) -> None:
    cells = (outcome["seconds"], outcome["memory"] / _MIB, size / _MIB)
    table.add_row(name, *(f"{cell:,.0f}" for cell in cells))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["take", folder, size]:
            _measured(lambda: take(Path(folder), int(size)))
        case ["assemble", folder, chosen]:
            _measured(lambda: put_together(Path(folder), Format(chosen)))
        case [size]:
            main(int(size))
        case _:
            main(DEFAULT)
