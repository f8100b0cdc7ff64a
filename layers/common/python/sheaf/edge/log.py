"""Structured logs of ids and codes: never a field of an invoice, a key, a file name or somebody's words."""

from __future__ import annotations

from aws_lambda_powertools import Logger

_ALLOWED = frozenset(
    {
        "action", "at", "attempt", "batch", "code", "count", "document_id", "failure", "job_id", "message_id",
        "refused", "request_id", "route", "run_id", "source", "status", "workspace_id", "workspaces",
    }
)  # fmt: skip


class AllowListLogger:
    """Powertools' logger behind a list of the names that may be logged; another is a programming error."""

    def __init__(self, service: str) -> None:
        self._logger = Logger(service=service, log_uncaught_exceptions=False)

    def info(self, event: str, **facts: str | int | None) -> None:
        self._check(facts)
        self._logger.info(event, extra=facts)

    def warning(self, event: str, **facts: str | int | None) -> None:
        self._check(facts)
        self._logger.warning(event, extra=facts)

    @staticmethod
    def _check(facts: dict[str, str | int | None]) -> None:
        if unknown := facts.keys() - _ALLOWED:
            raise TypeError(f"not allowed in a log: {', '.join(sorted(unknown))}")


logger = AllowListLogger("sheaf")
