"""What reading a file costs, measured in the process that reads it."""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys
import time
from pathlib import Path

from sheaf_cli.reading import Record, read_file

_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = "5"  # proc(5): resets the peak resident set size
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def measured_read(path: str, *, use_xml: bool) -> Record:
    """The record of ``read_file`` and ``cost``: wall and CPU ``seconds``, ``peak`` bytes, ``pages``.

    Without Linux's ``/proc``, ``peak`` is the highest since the process began.
    """
    with contextlib.suppress(OSError):
        _CLEAR.write_text(_FORGET_PEAK, encoding="ascii")
    wall, cpu = time.perf_counter(), time.process_time()
    record = read_file(path, use_xml=use_xml)
    cost = {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "peak": _peak(),
    }
    if "error" not in record:
        record["cost"] = {**cost, "pages": _pages(Path(path))}
    return record


def _peak() -> int:
    try:
        found = _PEAK.search(_STATUS.read_text(encoding="ascii"))
    except OSError:
        found = None
    if found:
        return int(found[1]) << 10
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest if sys.platform == "darwin" else highest << 10


def _pages(path: Path) -> int:
    from sheaf.capture.inspection import inspect

    data = path.read_bytes()
    if path.suffix.lower() != ".json":
        return inspect(data, content_type=None).pages
    answer = json.loads(data)
    return sum(len(part["ExpenseDocuments"]) for part in (answer if isinstance(answer, list) else [answer]))
