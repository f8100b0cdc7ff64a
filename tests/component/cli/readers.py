"""Stand-ins for the reading of a file, for the workers to run."""

from __future__ import annotations

import os
import threading

from sheaf_cli.reading import Record


def misbehaving(path: str) -> Record:
    """Does what the file is called."""
    if path == "crash":
        os._exit(11)
    if path == "hang":
        threading.Event().wait()
    if path == "devour":
        bytearray(8 << 30)
    return {"path": path, "status": "ready"}
