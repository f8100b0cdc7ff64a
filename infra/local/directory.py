"""``.sheaf``: everything the host keeps between two runs, and the lock that makes it one host's."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.failure import LocalError

LOOPBACK = "127.0.0.1"
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Directory:
    root: Path

    @property
    def aws_state(self) -> Path:
        return self.root / "aws"

    @property
    def files(self) -> Path:
        return self.root / "s3"

    @property
    def textract(self) -> Path:
        return self.root / "textract"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def local_json(self) -> Path:
        return self.root / "local.json"

    def read(self, name: str) -> dict[str, Any]:
        """A small JSON file of the host's own; empty if it is not there."""
        path = self.root / name
        try:
            content = json.loads(path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise LocalError(f"{path} is damaged.", "Delete it, or start anew with make clean.") from error
        return dict(content)

    def write(self, name: str, content: dict[str, Any]) -> None:
        self.write_lines(name, [json.dumps(content, indent=2)])

    def write_lines(self, name: str, lines: list[str]) -> None:
        """Readable by this user only: it may hold the demo workspace's key."""
        temporary = self.root / f"{name}.new"
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123  # Path.open takes no mode bits
            file.writelines(f"{line}\n" for line in lines)
        temporary.replace(self.root / name)

    def port(self, name: str) -> int:
        """The port this part had before, as long as it is free: addresses stay valid over a restart."""
        ports = self.read("ports.json")
        if name not in ports or not is_free(ports[name]):
            ports[name] = _free_port()
            self.write("ports.json", ports)
        return int(ports[name])


@contextmanager
def opened(root: Path) -> Iterator[Directory]:
    """The directory, made if need be, for this process alone."""
    directory = Directory(root.resolve())
    try:
        for path in (directory.aws_state, directory.files, directory.textract, directory.logs):
            path.mkdir(parents=True, exist_ok=True)
        directory.root.chmod(0o700)
        lock = (directory.root / "lock").open("a+")
    except OSError as error:
        raise LocalError(
            f"{error.filename} cannot be used ({error.strerror}).",
            f"Make {directory.root} a directory you may write, or move it away.",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise LocalError(
                f"Sheaf already runs in {directory.root} (process {lock.read()}).",
                "Stop it with Ctrl-C in its terminal, or use it as it is.",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield directory


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
