"""Execution environments, seen from the host: as on Lambda, a process of its own for each event at a time."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from infra.local.aws import REGION
from infra.local.directory import CHECKOUT
from infra.local.template import Function

LIFETIME_SECONDS = 6 * 3600
_INIT_SECONDS = 60
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Answer:
    """What an invocation came to: a payload, or an error in Lambda's words."""

    payload: Any = None
    error: dict[str, Any] | None = None


class Environments:
    """The environments of one function; at most ``limit`` live at once, and stay warm.

    ``variables`` gives what the template sets and the credentials, afresh for each environment.
    """

    def __init__(
        self, function: Function, variables: Callable[[], dict[str, str]], *, limit: int, log: Path
    ) -> None:
        self.function = function
        self._variables = variables
        self._log = log
        self._places = threading.BoundedSemaphore(limit)
        self._lock = threading.Lock()
        self._idle: list[_Environment] = []
        self._busy: list[_Environment] = []
        self._stopped = False

    def invoke(self, event: Any) -> Answer:
        """Waits for a free environment, then for its answer or the function's timeout."""
        request_id = str(uuid.uuid4())
        with self._environment() as environment:
            if environment is None:
                return Answer(error={"errorType": "Host.Leaving", "errorMessage": "the host is leaving"})
            return environment.invoke(request_id, event, self.function.timeout)

    def warm(self) -> None:
        """Starts one environment ahead of the first event."""
        with self._environment() as environment:
            if environment is not None:
                environment.wait_until_ready()

    def retire(self) -> None:
        """The next events meet new environments, with new credentials."""
        with self._lock:
            for environment in (*self._idle, *self._busy):
                environment.retire()

    def kill(self) -> None:
        """Ends them all; an event that is at work ends in an error."""
        with self._lock:
            self._stopped = True
            for environment in (*self._idle, *self._busy):
                environment.kill()
            while self._idle:
                self._idle.pop().close()

    @contextmanager
    def _environment(self) -> Iterator[_Environment | None]:
        with self._places:
            environment = self._taken()
            try:
                yield environment
            finally:
                if environment is not None:
                    self._put_back(environment)

    def _taken(self) -> _Environment | None:
        with self._lock:
            if self._stopped:
                return None
            while self._idle and self._idle[-1].is_old:
                self._idle.pop().close()
            environment = self._idle.pop() if self._idle else self._new()
            self._busy.append(environment)
            return environment

    def _new(self) -> _Environment:
        return _Environment(_environment(self.function) | self._variables(), self._log)

    def _put_back(self, environment: _Environment) -> None:
        with self._lock:
            self._busy.remove(environment)
            if environment.alive and not environment.is_old and not self._stopped:
                self._idle.append(environment)
            else:
                environment.close()


class _Environment:
    def __init__(self, variables: dict[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.runtime"],
                cwd=CHECKOUT,
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        self._events = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._log = log
        self._ready = False
        self._rest = b""
        self._ends = time.monotonic() + LIFETIME_SECONDS

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def is_old(self) -> bool:
        """Its credentials are about to expire, or are not known any more."""
        return time.monotonic() >= self._ends

    def retire(self) -> None:
        self._ends = 0

    def wait_until_ready(self) -> bool:
        if not self._ready:
            self._ready = self._read_line(_INIT_SECONDS) is not None
        return self._ready

    def invoke(self, request_id: str, event: Any, timeout: int) -> Answer:
        if not self.wait_until_ready():
            return self._failed(request_id, "Runtime.InitError", "the handler could not be imported")
        try:
            self._events.write(json.dumps({"request_id": request_id, "event": event}).encode() + b"\n")
            self._events.flush()
        except BrokenPipeError:
            return self._failed(request_id, "Runtime.ExitError", "the environment was gone")
        started = time.monotonic()
        line = self._read_line(timeout)
        if line is not None:
            return Answer(**json.loads(line))
        if time.monotonic() - started >= timeout:
            return self._failed(request_id, "Sandbox.Timedout", f"Task timed out after {timeout}.00 seconds")
        return self._failed(request_id, "Runtime.ExitError", f"Runtime exited: status {self._process.wait()}")

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._events.close()
        self._answers.close()
        self._process.wait()

    def _read_line(self, seconds: float) -> bytes | None:
        """None at the deadline, and when the process is gone."""
        deadline = time.monotonic() + seconds
        descriptor = self._answers.fileno()
        while b"\n" not in self._rest:
            readable, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(descriptor, 1 << 16) if readable else b""
            if not chunk:
                return None
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _failed(self, request_id: str, kind: str, message: str) -> Answer:
        self._process.kill()
        self._process.wait()
        with self._log.open("a") as log:
            log.write(f"{request_id} {kind}: {message}\n")
        return Answer(error={"errorType": kind, "errorMessage": f"RequestId: {request_id} Error: {message}"})


def _environment(function: Function) -> dict[str, str]:
    """The variables Lambda sets, and nothing of the user's own AWS configuration."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/sheaf/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "_HANDLER": function.handler,
        "SHEAF_LOCAL_TIMEOUT": str(function.timeout),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
