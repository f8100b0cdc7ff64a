"""The embedded AWS, as a process: ministack, a state that survives it, and a parent it does not outlive.

The host starts it with ``python -m infra.local.emulator``, a pipe on its standard input that nothing is
written to, and ministack's own environment (``GATEWAY_PORT``, ``STATE_DIR`` …). The end of that pipe is
the end of the host, however the host ended: the state is saved and the process leaves.

ministack itself saves when it is asked to stop. Files are on disk at once; tables and queues are not, so a
snapshot is taken soon after each change. The file ``unsaved`` in the state directory is as old as the first
change that no snapshot has yet: if it is there at a start, the last run lost what came since.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from infra.local import authorization, queries
from infra.local.asgi import Application, Message, Receive, Send
from infra.local.corrections import with_absence_hidden, with_response_overrides

if TYPE_CHECKING:
    from hypercorn.typing import ASGIFramework

BROKEN_STATE = 3
"""Exit status: a file of the state directory cannot be read; its path is the last line of the log."""

UNSAVED = "unsaved"
LOCK = "lock"
"""Held while the process lives; contains its id."""

_INTERNAL = ("/_ministack", "/_localstack")
"""Addresses at which anybody, any web page included, could wipe the state."""

_READS = ("Get", "BatchGet", "Query", "Scan", "List", "Describe", "Receive")
_SETTLE_SECONDS = 0.3
_REST_FACTOR = 10  # a snapshot that takes long is taken seldom: at most a tenth of the time goes to it


class Snapshots:
    """Writes the state from a fork, whose memory stands still while the parent goes on answering."""

    def __init__(self, directory: Path, save: Callable[[], None]) -> None:
        self._marker = directory / UNSAVED
        self._save = save
        self._changed = asyncio.Event()

    def note_change(self) -> None:
        if not self._changed.is_set():
            if not self._marker.exists():
                self._marker.touch()
            self._changed.set()

    async def run(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(_SETTLE_SECONDS)
            self._changed.clear()
            started = time.time()
            await self._write()
            if self._changed.is_set():
                os.utime(self._marker, (started, started))
            else:
                self.settle()
            await asyncio.sleep(_REST_FACTOR * (time.time() - started))

    def settle(self) -> None:
        self._marker.unlink(missing_ok=True)

    async def _write(self) -> None:
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            try:
                self._save()
            finally:
                os._exit(0)
        waiting = asyncio.ensure_future(asyncio.to_thread(os.waitpid, child, 0))
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:  # the last save comes next, and must not be overtaken by this one
            os.kill(child, signal.SIGKILL)
            await waiting
            raise


def observed(app: Application, note_change: Callable[[], None]) -> Application:
    """The application, reporting each request that may change something: before it runs, and after."""

    async def observing(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_INTERNAL):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        changes = scope["type"] == "http" and _may_change(scope)
        if changes:
            note_change()
        await app(scope, receive, send)
        if changes:
            note_change()

    return observing


def _may_change(scope: Message) -> bool:
    target = next((value.decode() for name, value in scope["headers"] if name == b"x-amz-target"), "")
    return scope["method"] not in {"GET", "HEAD"} and not target.partition(".")[2].startswith(_READS)


async def _serve(directory: Path) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import _build_persistence_save_dict, app
    from ministack.core.persistence import save_all

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    threading.Thread(target=_wait_for_end_of_host, args=(loop, stop), daemon=True).start()

    snapshots = Snapshots(directory, lambda: save_all(_build_persistence_save_dict()))
    writing = asyncio.create_task(snapshots.run())

    async def stopped() -> None:
        await stop.wait()
        writing.cancel()
        await asyncio.wait([writing])

    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    corrected = with_absence_hidden(with_response_overrides(app))
    observing = cast("ASGIFramework", observed(corrected, snapshots.note_change))
    await serve(observing, config, shutdown_trigger=stopped)
    snapshots.settle()


def _wait_for_end_of_host(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(stop.set)


def _refuse_broken_state(directory: Path) -> None:
    """Without the file, ministack would start empty, and then save over it."""
    for path in directory.glob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            sys.stderr.write(f"{path}\n")
            sys.exit(BROKEN_STATE)


def _release_messages(directory: Path) -> None:
    """Messages that somebody had taken are there again: whoever took them is gone."""
    path = directory / "sqs.json"
    if not path.exists():
        return
    state = json.loads(path.read_bytes())
    for queue in state["payload"]["queues"]["data"].values():
        for message in queue["messages"]:
            if message["receive_count"]:
                message["visible_at"] = 0
    path.write_text(json.dumps(state))


def _lock(directory: Path) -> TextIO:
    """Waits for a predecessor that is still saving."""
    lock = (directory / LOCK).open("a+")
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the host decides
    directory = Path(os.environ["STATE_DIR"])
    with _lock(directory):
        _refuse_broken_state(directory)
        _release_messages(directory)
        # The fork of a snapshot only writes files and leaves.
        warnings.filterwarnings("ignore", r".*multi-threaded, use of fork", DeprecationWarning)
        authorization.install()
        queries.install()
        asyncio.run(_serve(directory))


if __name__ == "__main__":
    main()
