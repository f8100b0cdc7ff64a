"""Starts and stops the embedded AWS, and makes clients of it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.session import Session

from infra.local.directory import CHECKOUT, LOOPBACK, Directory
from infra.local.emulator import BROKEN_STATE, LOCK, UNSAVED
from infra.local.failure import LocalError

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

REGION = "us-east-1"
ACCOUNT = "000000000000"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""They open the embedded AWS only; it checks signatures against them as AWS would."""

_START_SECONDS = 30
_STOP_SECONDS = 20


class EmbeddedAws:
    """Starts itself again when it dies. Unless it ``keeps_state``, all is gone then, and when it stops.

    ``on_loss`` hears since when changes are gone, after a run that was killed before it saved them;
    ``on_failure`` hears why it could not start again.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        on_loss: Callable[[datetime], None],
        on_failure: Callable[[LocalError], None],
        keeps_state: bool = True,
    ) -> None:
        self._directory = directory
        self._keeps_state = keeps_state
        self._on_loss = on_loss
        self._on_failure = on_failure
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="aws", daemon=True)
        self.port = 0

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def is_ready(self) -> bool:
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def start(self) -> None:
        self._stop_stale()
        self.port = self._directory.port("aws")
        self._launch()
        self._supervisor.start()

    def stop(self) -> None:
        """Asks it to save and leave; it loses nothing."""
        self._stopping.set()
        deadline = time.monotonic() + _STOP_SECONDS
        while self._supervisor.is_alive() or _is_alive(self._process):
            if (process := self._process) is not None:
                process.send_signal(signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)
            time.sleep(0.02)
        self._bury()

    def _bury(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def kill(self) -> None:
        """What a crash would do; it starts again by itself."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _launch(self) -> None:
        lost_since = self._take_loss()
        with (self._directory.logs / "aws.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.emulator"],
                cwd=CHECKOUT,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._process = process
        self._wait_until_ready(process)
        if lost_since is not None:
            self._on_loss(lost_since)

    def _take_loss(self) -> datetime | None:
        unsaved = self._directory.aws_state / UNSAVED
        if not unsaved.exists():
            return None
        since = datetime.fromtimestamp(unsaved.stat().st_mtime, tz=UTC)
        unsaved.unlink()
        return since

    def _supervise(self) -> None:
        while (process := self._process) is not None:
            process.wait()
            if self._stopping.is_set():
                return
            self._bury()
            try:
                self._launch()
            except LocalError as error:
                if not self._stopping.is_set():
                    self._on_failure(error)
                return

    def _environment(self) -> dict[str, str]:
        directory = self._directory
        return os.environ | CREDENTIALS | {
            "AUTH": "true",
            "BIND_HOST": LOOPBACK,
            "MINISTACK_HOST": LOOPBACK,
            "MINISTACK_REGION": REGION,
            "GATEWAY_PORT": str(self.port),
            "PERSIST_STATE": "1" if self._keeps_state else "0",
            "STATE_DIR": str(directory.aws_state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(directory.files),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",
        }  # fmt: skip

    def _stop_stale(self) -> None:
        """A run whose host died may still be saving; whoever holds its lock is asked to finish."""
        path = self._directory.aws_state / LOCK
        deadline = time.monotonic() + _STOP_SECONDS
        while _is_locked(path):
            with suppress(ProcessLookupError):
                os.kill(
                    int(path.read_text()), signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
                )
            time.sleep(0.2)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            status = process.poll()
            if status is not None:
                raise self._explained(status)
            if self.is_ready:
                return
            time.sleep(0.05)
        process.kill()
        raise LocalError(
            f"The embedded AWS did not answer within {_START_SECONDS} seconds.",
            f"Its log is {self._directory.logs / 'aws.log'}.",
        )

    def _explained(self, status: int) -> LocalError:
        log = self._directory.logs / "aws.log"
        last_line = (log.read_text().strip().splitlines() or [""])[-1]
        if status == BROKEN_STATE:
            return LocalError(
                f"{last_line} is damaged.", "Put a good copy in its place, or start anew with make clean."
            )
        return LocalError(f"The embedded AWS did not start: {last_line}", f"Its log is {log}.")


def session() -> Session:
    return Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )


def assumed(role_arn: str, endpoint: str, session_name: str, lifetime_seconds: int) -> dict[str, str]:
    """Environment variables with credentials of the role: what it may not do is refused here too."""
    sts: STSClient = session().client("sts", endpoint_url=endpoint)
    credentials = sts.assume_role(
        RoleArn=role_arn, RoleSessionName=session_name, DurationSeconds=lifetime_seconds
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


def _is_alive(process: subprocess.Popen[bytes] | None) -> bool:
    return process is not None and process.poll() is None


def _is_locked(path: Path) -> bool:
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
