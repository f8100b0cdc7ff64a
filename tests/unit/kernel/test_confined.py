from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from sheaf.kernel.confined import Bounds, Broken, Crashed, OutOfMemory, OutOfTime, confined
from sheaf.kernel.errors import UnreadableFile

MEBIBYTE = 1 << 20
ROOMY = Bounds(seconds=60, memory=1024 * MEBIBYTE)


def children() -> str:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def refuse() -> NoReturn:
    raise UnreadableFile("Scan it again.", code="file_corrupt")


def divide() -> float:
    return 1 / int("0")


def wait() -> None:
    signal.pause()


def spin() -> None:
    while True:
        pass


def test_a_value_comes_back() -> None:
    assert confined(ROOMY, divmod, 17, 5) == (3, 2)


def test_a_value_longer_than_a_pipe_holds_comes_back() -> None:
    assert confined(ROOMY, bytes, 30 * MEBIBYTE) == bytes(30 * MEBIBYTE)


def test_a_refusal_comes_back_with_its_code() -> None:
    with pytest.raises(UnreadableFile, match="Scan it again") as refused:
        confined(ROOMY, refuse)
    assert refused.value.code == "file_corrupt"


def test_memory_is_limited() -> None:
    with pytest.raises(OutOfMemory):
        confined(Bounds(memory=512 * MEBIBYTE), bytearray, 600 * MEBIBYTE)


@pytest.mark.parametrize("endless", [wait, spin])
def test_time_is_limited(endless: Callable[[], None]) -> None:
    with pytest.raises(OutOfTime):
        confined(Bounds(seconds=0.05), endless)


def test_work_is_limited() -> None:
    with pytest.raises(OutOfTime, match="1 seconds of work"):
        confined(Bounds(seconds=60, cpu_seconds=1), spin)


def test_a_crash_is_told_by_its_signal() -> None:
    with pytest.raises(Crashed, match="SIGABRT"):
        confined(ROOMY, os.abort)
    with pytest.raises(Crashed, match="exit status 9"):
        confined(ROOMY, os._exit, 9)


def test_a_child_the_system_kills_had_no_memory() -> None:
    with pytest.raises(OutOfMemory):
        confined(ROOMY, signal.raise_signal, signal.SIGKILL)


def test_a_mistake_is_no_property_of_the_file(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Broken):
        confined(ROOMY, divide)
    said = capfd.readouterr().err
    assert "in divide" in said
    assert "builtins.ZeroDivisionError" in said
    assert "division by zero" not in said, "an error's text may quote an invoice"


def test_nothing_is_left_of_a_child() -> None:
    before, files = children(), open_files()
    for end in (refuse, divide, os.abort, wait):
        with pytest.raises((UnreadableFile, Broken, Crashed, OutOfTime)):
            confined(Bounds(seconds=0.2), end)
    assert (children(), open_files()) == (before, files)


def test_the_child_has_none_of_the_parent_s_connections() -> None:
    reading, writing = os.pipe()
    assert is_open(writing)
    assert not confined(ROOMY, is_open, writing)
    os.write(writing, b"still here")
    assert os.read(reading, 100) == b"still here"
    os.close(reading)
    os.close(writing)


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_other_threads_do_not_matter() -> None:
    done = threading.Event()
    waiting = threading.Thread(target=done.wait)
    waiting.start()
    try:
        assert confined(ROOMY, len, "four") == 4
    finally:
        done.set()
        waiting.join()
