"""The steps of a reading that more than one trigger takes, each in its own unit of work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.capture.analysis import collect, followers, give_up, look_after, outcome_of, start
from sheaf.capture.copies import catch_up
from sheaf.capture.ports import JobState
from sheaf.edge.jobs import unit
from sheaf.edge.log import logger

if TYPE_CHECKING:
    from sheaf.capture.analysis import Outcome
    from sheaf.capture.documents import Document
    from sheaf.capture.ports import Job

ACTOR = "extract"


def remind(workspace_id: str, document_id: str) -> None:
    app = application()
    app.reminders.remind(workspace_id, document_id, after=timedelta(seconds=app.settings.watch_seconds))


def start_job(workspace_id: str, document: Document) -> Job | None:
    """Starts the text analysis (or finds the running one) and records whose it is.

    Stopped anywhere in between, it is repeated by the redelivery of its event: the same token is the same
    job, the same record the same record.
    """
    app = application()
    with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        job = start(tenant, document, app.text_analysis(workspace_id))
    if job is None:
        serve_followers(workspace_id, document)
        return None
    app.directory.add_job(job, app.clock.now())
    return job


def settle(job: Job) -> bool:
    """Collects a job that has ended. False: it runs on, or got lost; somebody must look again later."""
    app = application()
    result = app.text_analysis(job.workspace_id).result(job.id)
    if result.state is JobState.RUNNING:
        return False
    document = _collected(job, outcome_of(result, job, app.settings.bounds))
    if document is None:
        if result.state is not JobState.SUCCEEDED:
            _start_next_attempt(job)
        return result.state is JobState.SUCCEEDED
    logger.info("collected", workspace_id=job.workspace_id, document_id=document.id, job_id=job.id)
    serve_followers(job.workspace_id, document)
    return True


def _collected(job: Job, outcome: Outcome) -> Document | None:
    """A file of many invoices takes several units of work."""
    while True:
        with unit(job.workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
            document = collect(tenant, job, outcome)
        if document is None or document.status.is_final:
            return document


def _start_next_attempt(job: Job) -> None:
    with unit(job.workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        document = look_after(tenant, job.document_id)
    if document is not None and document.attempt > job.attempt:
        start_job(job.workspace_id, document)


def abandon(workspace_id: str, document_id: str) -> None:
    """Every try has failed: the document says so, and so do those that waited for its reading."""
    with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        document = give_up(tenant, document_id)
    if document is not None:
        serve_followers(workspace_id, document)


def serve_followers(workspace_id: str, first: Document) -> None:
    with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        waiting = followers(tenant, first)
    for document_id in waiting:
        copy_reading(workspace_id, document_id, first.id)


def copy_reading(workspace_id: str, document_id: str, first_id: str) -> None:
    """What ``first_id`` says becomes what its copy says, all parts of it; or the copy is read by itself."""
    while True:
        with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
            document = catch_up(tenant, document_id, first_id)
        if document is None or document.status.is_final:
            return
        if document.duplicate_of is None:
            start_job(workspace_id, document)
            return
