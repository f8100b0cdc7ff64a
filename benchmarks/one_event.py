"""A fresh process that imports one handler, answers one event, and says what that took.

    python -m benchmarks.one_event functions.upload.handler.handler < event.json

The last line of its output is ``{"answer", "cpu_seconds", "peak_kibibytes"}``. With no handler it does
nothing: that is what the others are compared with.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path


class Context:
    """What the handlers ask of Lambda's context."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


def peak() -> int:
    """KiB that were resident at most, of this program alone: getrusage would count its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    answer = None
    if len(sys.argv) > 1:
        module, _, name = sys.argv[1].rpartition(".")
        event = json.load(sys.stdin)
        answer = getattr(importlib.import_module(module), name)(event, Context())
    said = {"answer": answer, "cpu_seconds": time.process_time(), "peak_kibibytes": peak()}
    sys.stdout.write(f"\n{json.dumps(said)}\n")


if __name__ == "__main__":
    main()
