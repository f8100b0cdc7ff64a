"""The schedule → the sweep: files whose retention window has closed are hard-deleted.

The event is ``{}``, or ``{"as_of": "2033-01-31"}`` to sweep as if it were that day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.edge.jobs import FAILURES, again_on_conflict, unit
from sheaf.edge.log import logger
from sheaf.kernel.ids import new_id
from sheaf.retention.sweep import Batch, delete_due, reschedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

ACTOR = "retention"
MARGIN_MS = 60_000
"""What is left of the function's time when no further batch is begun; the next run goes on from there."""


class SweptWorkspace(BaseModel):
    workspace_id: str
    files_deleted: int = 0
    bytes_deleted: int = 0
    certificates: list[str] = []
    refused: dict[str, str] = {}
    failure: str | None = None


class Report(BaseModel):
    """``complete`` is False when the time ran out: the rest is still due and comes with the next run."""

    run_id: str
    as_of: date
    complete: bool = True
    workspaces: list[SweptWorkspace] = []


class SweepIncomplete(Exception):
    """Some files could not be deleted. They stay due; the alarm on this function's errors tells people."""


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    app = application()
    now = app.clock.now()
    as_of = datetime.combine(date.fromisoformat(event["as_of"]), time(), UTC) if event.get("as_of") else now
    report = Report(run_id=new_id("run", now), as_of=as_of.date())
    for workspace_id in app.directory.due_workspaces(as_of.date()):
        if context.get_remaining_time_in_millis() < MARGIN_MS:
            report.complete = False
            break
        swept = sweep(workspace_id, report.run_id, as_of, context)
        report.workspaces.append(swept)
        logger.info(
            "swept", run_id=report.run_id, workspace_id=workspace_id, count=swept.files_deleted,
            refused=len(swept.refused), failure=swept.failure,
        )  # fmt: skip
    if any(swept.refused or swept.failure for swept in report.workspaces):
        raise SweepIncomplete(report.model_dump_json())
    return report.model_dump(mode="json")


def sweep(workspace_id: str, run_id: str, as_of: datetime, context: LambdaContext) -> SweptWorkspace:
    """One workspace in trouble does not keep the others waiting: its failure is in the report."""
    swept = SweptWorkspace(workspace_id=workspace_id)
    after: str | None = None
    try:
        while context.get_remaining_time_in_millis() > MARGIN_MS:
            batch = again_on_conflict(partial(delete_batch, workspace_id, run_id, as_of, after))
            if batch is None:
                break
            after = batch.last
            swept.refused.update(batch.refused)
            if batch.certificate:
                swept.certificates.append(batch.certificate.id)
                swept.files_deleted += len(batch.certificate.files)
                swept.bytes_deleted += sum(file.size for file in batch.certificate.files)
        again_on_conflict(partial(move_on, workspace_id))
    except FAILURES as error:
        swept.failure = type(error).__name__
    return swept


def delete_batch(workspace_id: str, run_id: str, as_of: datetime, after: str | None) -> Batch | None:
    with unit(workspace_id, ACTOR, Action.FILES_EXPIRED) as tenant:
        return delete_due(tenant, run_id=run_id, as_of=as_of, after=after)


def move_on(workspace_id: str) -> None:
    with unit(workspace_id, ACTOR, Action.FILES_EXPIRED) as tenant:
        reschedule(tenant)
