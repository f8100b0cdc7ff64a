"""A host in a process of its own, to be killed: `python -m tests.e2e.host STATE`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from infra.local.stack import LocalStack

READY = "ready.json"


def main(state: Path) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with LocalStack(state, port=0) as stack:
        kept = stack.directory.read("workspace.json")
        if not kept:
            made = stack.create_workspace("Acme")
            kept = {"workspace_id": made.workspace_id, "api_key": made.api_key}
            stack.directory.write("workspace.json", kept)
        stack.directory.write(READY, stack.describe() | kept)
        signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
