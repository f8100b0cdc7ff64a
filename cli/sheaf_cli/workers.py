"""Files read in processes of their own, so that one that crashes or hangs costs only its own file."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from sheaf.kernel.confined import Bounds, OutOfMemory, OutOfTime, Stopped, confined, limit_memory
from sheaf_cli.reading import Record, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MEMORY = 4 << 30  # bytes
_MOST_THREADS = 64
_CRASHED = ("reader_crashed", "The reader stopped on this file.")
_OUT_OF_MEMORY = ("out_of_memory", "The file needs more memory than the reader may use.")
_PROCESSES = multiprocessing.get_context("spawn")


type Read = Callable[[str], Record]


def read_files(paths: Sequence[str], read: Read, *, processes: int, seconds: float) -> Iterator[Record]:
    """Records as they are done; a file that takes longer than ``seconds`` gives a failure.

    ``read`` goes to other processes, so it must be picklable.
    """
    waiting = deque(paths)
    workers = [_Worker(read) for _ in range(min(processes, len(paths)))]
    try:
        while waiting or any(worker.path for worker in workers):
            for worker in workers:
                if waiting and not worker.path:
                    worker.give(waiting.popleft(), seconds)
            for worker in _done(workers):
                yield worker.take(seconds)
    finally:
        for worker in workers:
            worker.stop()


def read_alone(path: str, read: Read, *, seconds: float) -> Record:
    """One file, in a fork that has nothing to load twice; a file the reader stops on gives a failure."""
    try:
        bounds = Bounds(seconds=seconds, cpu_seconds=int(seconds) * _MOST_THREADS + 1, memory=_MEMORY)
        return confined(bounds, read, path)
    except OutOfTime:
        return failure(path, *_timed_out(seconds))
    except OutOfMemory:
        return failure(path, *_OUT_OF_MEMORY)
    except Stopped:
        return failure(path, *_CRASHED)


def _timed_out(seconds: float) -> tuple[str, str]:
    return "reading_timed_out", f"The file was not read within {seconds:g} seconds."


class _Worker:
    def __init__(self, read: Read) -> None:
        self._read = read
        self.path = ""
        self.deadline = 0.0
        self._start()

    def _start(self) -> None:
        self.connection, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_serve, args=(theirs, self._read))
        self._process.start()
        theirs.close()

    def give(self, path: str, seconds: float) -> None:
        self.path, self.deadline = path, time.monotonic() + seconds
        self.connection.send(path)

    def take(self, seconds: float) -> Record:
        """The record that came, or a failure: then the process is replaced."""
        path = self.path
        reason = _timed_out(seconds)
        if self.connection.poll():
            try:
                record: Record = self.connection.recv()
            except (EOFError, ConnectionError):
                reason = _CRASHED
            else:
                self.path = ""
                return record
        self.stop()
        self._start()
        return failure(path, *reason)

    def stop(self) -> None:
        self.connection.close()
        if self.path:  # busy: it does not see the closed pipe
            self._process.kill()
        self._process.join()
        self.path = ""


def _done(workers: Sequence[_Worker]) -> list[_Worker]:
    """Waits for an answer, a process's end or a deadline."""
    busy = [worker for worker in workers if worker.path]
    patience = min(worker.deadline for worker in busy) - time.monotonic()
    ready = wait([worker.connection for worker in busy], max(0.0, patience))
    now = time.monotonic()
    return [worker for worker in busy if worker.connection in ready or worker.deadline <= now]


def _serve(connection: Connection, read: Read) -> None:
    """Reads what comes through the pipe until it closes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    limit_memory(_MEMORY)
    while True:
        try:
            path = connection.recv()
        except (EOFError, ConnectionError):
            return
        try:
            record = read(path)
        except MemoryError:
            record = failure(path, *_OUT_OF_MEMORY)
        connection.send(record)
