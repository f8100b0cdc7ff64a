"""An execution environment, as a process: imports one handler and runs one event at a time.

The host writes an invocation a line on standard input, ``{"request_id", "event"}``, and reads an answer a
line: ``{"payload"}``, or ``{"error": {"errorType", "errorMessage", "stackTrace"}}``. The first line it reads
says that the handler is imported. What the handler prints goes to the function's log. The end of the input
is the end of the process.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from sheaf.kernel.confined import limit_memory

_GRACE_SECONDS = 5


@dataclass(frozen=True)
class Context:
    """What Lambda gives a handler as its second argument."""

    aws_request_id: str
    function_name: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


Handler = Callable[[Any, Context], Any]


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    memory = int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]) * 1024 * 1024
    limit_memory(memory)
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    _write(answers, {"ready": True})
    timeout = int(os.environ["SHEAF_LOCAL_TIMEOUT"])
    for line in sys.stdin:
        invocation = json.loads(line)
        # If the host is gone, nobody else ends a handler that does not.
        signal.alarm(timeout + _GRACE_SECONDS)
        _write(answers, _run(handler, invocation["event"], _context(invocation["request_id"], timeout)))
        signal.alarm(0)


def _run(handler: Handler, event: Any, context: Context) -> dict[str, Any]:
    try:
        return {"payload": json.loads(json.dumps(handler(event, context)))}
    except Exception as error:  # noqa: BLE001  # whatever a handler raises is the caller's answer, as on Lambda
        traceback.print_exc()
        return {
            "error": {
                "errorType": type(error).__name__,
                "errorMessage": str(error),
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
        }


def _context(request_id: str, timeout: int) -> Context:
    name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    return Context(
        aws_request_id=request_id,
        function_name=name,
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        invoked_function_arn=f"arn:aws:lambda:{os.environ['AWS_REGION']}:000000000000:function:{name}",
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        deadline=time.monotonic() + timeout,
    )


def _write(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
