"""Where the time and the memory of a page go: ``python -m benchmarks.pages FILE...``.

Each file is read some times in this process, as the server and the local reader do it; the fastest reading
counts, when models are loaded and modules imported. CPU time, because the clock's depends on what else runs.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import sheaf_reader.expense
from sheaf.capture.examination import look_into
from sheaf.capture.normalise import invoice, normalise
from sheaf.capture.reading import Source
from sheaf.kernel.errors import UnreadableFile
from sheaf_reader import ReaderError, document, ocr
from sheaf_reader.response import response

_ROUNDS = 3
_MIB = 1 << 20
_RESET_PEAK = "5"
STEPS = {
    "inspect": "inspect",
    "words": "words, or the page as a picture",
    "detect": "OCR: find the lines",
    "recognise": "OCR: read the lines",
    "layout": "layout",
    "fields": "labels, tables, fields",
    "answer": "answer",
    "normalise": "normalise",
    "checks": "checks",
}


@dataclass
class Steps:
    """CPU seconds of each step without the steps inside it; the most memory it took beside what there was."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peaks: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _inside: list[float] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        _forget_peak()
        before = _memory("VmRSS")
        begin = time.process_time()
        self._inside.append(0.0)
        try:
            yield
        finally:
            took = time.process_time() - begin
            self.seconds[name] += took - self._inside.pop()
            self.peaks[name] = max(self.peaks[name], _memory("VmHWM") - before)
            if self._inside:
                self._inside[-1] += took

    @contextmanager
    def around(self, owner: Any, attribute: str, name: str) -> Iterator[None]:
        """Calls of that function are a step of their own."""
        function: Callable[..., Any] = getattr(owner, attribute)

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.step(name):
                return function(*arguments, **named)

        setattr(owner, attribute, timed)
        try:
            yield
        finally:
            setattr(owner, attribute, function)

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


@dataclass(frozen=True)
class Reading:
    """``kind``: what had to be done to read it."""

    kind: str
    pages: int
    steps: Steps


def read(data: bytes) -> Reading:
    """Raises ``UnreadableFile`` and ``ReaderError``."""
    steps = Steps()
    with steps.step("inspect"):
        inspection, reading = look_into(data, content_type=None)
    if reading is not None:
        return Reading("e-invoice", inspection.pages, steps)
    with _recognition(steps), steps.step("words"):
        pages = list(document.pages(inspection.readable or data))
    with steps.around(sheaf_reader.expense, "sheets", "layout"), steps.step("fields"):
        expenses = sheaf_reader.expense.analyse(pages)
    with steps.step("answer"):
        answer = response(expenses)
    with steps.around(invoice, "checked", "checks"), steps.step("normalise"):
        normalise(answer, source=Source.EMBEDDED)
    kind = "page as a picture" if "recognise" in steps.seconds else "PDF with text"
    return Reading(kind, len(pages), steps)


@contextmanager
def _recognition(steps: Steps) -> Iterator[None]:
    """The two networks of the engine, once something has asked for it."""
    if not ocr._engine.cache_info().currsize:  # noqa: SLF001  # loading it is no page's cost
        yield
        return
    engine = ocr._engine()  # noqa: SLF001  # measured from outside, so that reading pays nothing for it
    with steps.around(engine, "text_det", "detect"), steps.around(engine, "text_rec", "recognise"):
        yield


def _forget_peak() -> None:
    """https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html"""
    try:
        Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
    except OSError:  # another system, or a container that forbids it: peaks then only grow
        return


def _memory(name: str) -> int:
    """Bytes; 0 where the system does not say (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html)."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


def table(kind: str, readings: list[Reading]) -> Table:
    pages = sum(reading.pages for reading in readings)
    total = sum(reading.steps.total for reading in readings)
    shown = Table(title=f"{kind}: {len(readings)} files, {pages} pages, {total / pages * 1000:.1f} ms a page")
    for heading in ("Step", "CPU ms a page", "Share", "MiB at most"):
        shown.add_column(heading, justify="left" if heading == "Step" else "right")
    for name, title in STEPS.items():
        seconds = sum(reading.steps.seconds.get(name, 0.0) for reading in readings)
        peak = max(reading.steps.peaks.get(name, 0) for reading in readings)
        if any(name in reading.steps.seconds for reading in readings):
            shown.add_row(
                title, f"{seconds / pages * 1000:.2f}", f"{seconds / total:.0%}", f"{peak / _MIB:.0f}"
            )
    return shown


def main(paths: list[str]) -> None:
    found: dict[str, list[Reading]] = defaultdict(list)
    for path in paths:
        data = Path(path).read_bytes()
        try:
            readings = [read(data) for _ in range(_ROUNDS)]
        except (UnreadableFile, ReaderError) as error:
            print(f"{path}: {error}", file=sys.stderr)  # noqa: T201  # a command
            continue
        fastest = min(readings[1:], key=lambda reading: reading.steps.total)
        found[fastest.kind].append(fastest)
    for kind, readings in sorted(found.items()):
        Console().print(table(kind, readings))


if __name__ == "__main__":
    main(sys.argv[1:])
