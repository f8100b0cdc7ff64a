"""A function run where it can be stopped: in a child process with a limit of memory and of time.

Parsers of strangers' files run here. A limit is no sandbox: the child has the rights of its parent.

The child is a fork: it costs a few milliseconds, its arguments need not be sent, and each file meets memory
that no other file was in. What the function imports should be imported before, or every child does it
again. The value comes back through a pipe: AWS Lambda has no shared memory for the queues and pools of
``multiprocessing``.

    Stopped          the child ended without an answer
    ├── OutOfMemory  it asked for more than it may have
    ├── OutOfTime    it ran longer than it may
    └── Crashed      a signal ended it; native code that finds no memory often ends so
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from sheaf.kernel.errors import SheafError

_NO_MEMORY = 77
_BROKEN = 1
_CHUNK = 1 << 20
_LENGTH = 8  # bytes that say how long the answer is
_STDERR = 2
_DATA = 5  # the place in statm
_MOST_FILES = 1 << 16


class Stopped(Exception):
    pass


class OutOfMemory(Stopped):
    pass


class OutOfTime(Stopped):
    pass


class Crashed(Stopped):
    pass


class Broken(RuntimeError):
    """The function raised what it does not declare: a mistake of ours, shown on the child's stderr."""


@dataclass(frozen=True)
class Bounds:
    """``seconds`` by the clock, ``cpu_seconds`` of the processor; ``memory`` in bytes of data, beside those
    the parent has.

    A child that shares its processor is better waited for a little longer than it may work.
    """

    seconds: float = 40.0
    cpu_seconds: int = 20
    memory: int = 1 << 30


def confined[**P, T](bounds: Bounds, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` returns, which must be possible to pickle.

    Raises ``Stopped``, the ``SheafError`` that the function raises, and ``Broken`` for any other error.
    """
    import pickle

    deadline = time.monotonic() + bounds.seconds
    ours, theirs = os.pipe()
    child = _fork()
    if child == 0:
        _serve(theirs, bounds, lambda: function(*args, **kwargs))
    os.close(theirs)
    try:
        answer = _received(ours, deadline)
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)  # one that has ended stays known until it is waited for
        _, status = os.waitpid(child, 0)
    if answer is None:
        late = time.monotonic() >= deadline
        raise _reason(os.waitstatus_to_exitcode(status), bounds, late=late)
    error, value = pickle.loads(answer)  # noqa: S301  # our own child's words
    if error is not None:
        raise error
    result: T = value
    return result


def limit_memory(most: int) -> None:
    """Of this process, in bytes: data and anonymous mappings, as far as the system counts them."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _fork() -> int:
    with warnings.catch_warnings():
        # Python warns of threads, whose locks a fork may find held: the child takes none of theirs, and
        # ends without running anything of its parent's.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _serve(pipe: int, bounds: Bounds, function: Callable[[], Any]) -> NoReturn:
    """Everything the child does. It never returns into its parent's code."""
    import pickle

    status = _BROKEN
    try:
        _confine(pipe, bounds)
        answer = pickle.dumps(_outcome(function))
        _send(pipe, len(answer).to_bytes(_LENGTH) + answer)
        status = 0
    except MemoryError:
        status = _NO_MEMORY
    except BaseException as error:  # noqa: BLE001  # there is nobody above to raise it to
        _complain(error)
    finally:
        os._exit(status)


def _outcome(function: Callable[[], Any]) -> tuple[Exception | None, Any]:
    try:
        return None, function()
    except SheafError as error:
        return error, None


def _confine(pipe: int, bounds: Bounds) -> None:
    """No connection, no core file, no part in the terminal's signals; what was there is not collected."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.closerange(_STDERR + 1, pipe)
    os.closerange(pipe + 1, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Even if the parent is gone.
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))
    limit_memory(_data_in_use() + bounds.memory)


def _data_in_use() -> int:
    """Bytes; 0 where the system does not say (https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html)."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123  # a fork should import nothing
            return int(statm.read().split()[_DATA]) * resource.getpagesize()
    except FileNotFoundError:
        return 0


def _complain(error: BaseException) -> None:
    """Where it happened and what kind; its text may quote an invoice. ``sys.stderr`` may be closed here."""
    said = [*traceback.format_tb(error.__traceback__), f"{type(error).__module__}.{type(error).__name__}\n"]
    os.write(_STDERR, "".join(said).encode())


def _send(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest[:_CHUNK]) :]


def _received(pipe: int, deadline: float) -> bytes | None:
    """A whole answer; None when the child ended before, or the time did."""
    found = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if not poll.poll(left * 1000):
            continue
        chunk = os.read(pipe, _CHUNK)
        if not chunk:
            break
        found += chunk
    answer = bytes(found[_LENGTH:])
    whole = len(found) >= _LENGTH and len(answer) == int.from_bytes(found[:_LENGTH])
    return answer if whole else None


def _reason(code: int, bounds: Bounds, *, late: bool) -> Exception:
    if late:
        return OutOfTime(f"more than {bounds.seconds:g} seconds")
    if code == -signal.SIGXCPU:
        return OutOfTime(f"more than {bounds.cpu_seconds} seconds of work")
    if code in (_NO_MEMORY, -signal.SIGKILL):  # that signal was the system's, which had no memory left
        return OutOfMemory(f"more than {bounds.memory >> 20} MiB")
    if code == _BROKEN:
        return Broken("its trace was printed where it happened")
    return Crashed(signal.Signals(-code).name if code < 0 else f"exit status {code}")
