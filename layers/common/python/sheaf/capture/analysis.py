"""Text analysis runs elsewhere and takes its time: starting it, collecting its answer, missing it.

start ──> (Textract) ──> completion ──> collect
  └────── reminder, later ──> still reading? look_after ──> start (the same job) ──> collect | wait
"""

from __future__ import annotations

from datetime import timedelta

from sheaf.capture.copies import finish_as_copy, stand_alone
from sheaf.capture.documents import Document, Status
from sheaf.capture.finish import fail, finish, given_up
from sheaf.capture.kept import KeptReading
from sheaf.capture.normalise import normalise
from sheaf.capture.packets import divided_by_hand, not_divided_by_hand
from sheaf.capture.ports import Job, JobResult, JobState, Tenant, TextAnalysis
from sheaf.capture.reading import Part, Source
from sheaf.capture.splitting import break_off, known_bytes, split
from sheaf.capture.untrusted import parsed
from sheaf.kernel.confined import Bounds
from sheaf.kernel.errors import SheafError, UnreadableFile

MAX_ATTEMPTS = 3
PATIENCE = timedelta(hours=24)
"""A file that is not read by then is given up."""


def start(tenant: Tenant, document: Document, analysis: TextAnalysis) -> Job | None:
    """Starts the document's job, or finds the one that runs: the token is the same for the same attempt.

    None: the file was refused (its failure is staged), or was deleted meanwhile.
    """
    original = tenant.files.get(document.file.id) if document.file else None
    if original is None:
        return None
    blobs, converted = tenant.blobs, original.converted
    key = blobs.readable_key(document.id, original.id) if converted else blobs.original_key(document.id)
    token = f"{document.id}-{document.attempt}"
    try:
        job_id = analysis.start(key, None if converted else original.version_id, token=token)
    except UnreadableFile as failure:
        _give_up(tenant, document, failure)
        return None
    return Job(
        id=job_id,
        workspace_id=tenant.workspace_id,
        document_id=document.id,
        attempt=document.attempt,
        pages=document.wanted_pages,
    )


type Outcome = tuple[Part, ...] | UnreadableFile | None
"""What a job that has ended says: the invoices of the file, why there are none, or to try again."""


def outcome_of(result: JobResult, job: Job, bounds: Bounds) -> Outcome:
    if result.state is JobState.LOST or (result.state is JobState.FAILED and result.reason is None):
        return None
    if result.response is None:
        return _unreadable(result.reason)
    try:
        return parsed(bounds, normalise, result.response, source=Source.TEXTRACT, pages=job.pages)
    except UnreadableFile as failure:
        return failure


def collect(tenant: Tenant, job: Job, outcome: Outcome) -> Document | None:
    """Stages the outcome of a finished job. Returns what becomes of the document, unless nobody waits for
    this job any more; it is still ``reading`` when there are more invoices than one unit of work takes.
    """
    document = tenant.documents.get(job.document_id)
    if document is None or not document.is_analysed_by(job.attempt):
        return None
    if outcome is None:
        _try_again(tenant, document)
        return None
    return _ended(tenant, document, outcome)


def _ended(tenant: Tenant, document: Document, outcome: tuple[Part, ...] | UnreadableFile) -> Document | None:
    if isinstance(outcome, UnreadableFile):
        return _give_up(tenant, document, outcome)
    if document.division and document.division.pending:
        return divided_by_hand(tenant, document, document.division, outcome)
    if len(outcome) == 1 and document.last_part is None:
        return finish(tenant, document, KeptReading(machine=outcome[0].reading))
    if document.engine:
        return fail(tenant, document, _several())
    return split(tenant, document, outcome)


def followers(tenant: Tenant, first: Document) -> tuple[str, ...]:
    """The documents with the same bytes that wait for ``first``."""
    digest = known_bytes(tenant, first)
    if digest is None or digest.document_id != first.id:
        return ()
    return tuple(sorted(digest.followers))


def give_up(tenant: Tenant, document_id: str) -> Document | None:
    """Stages the failure of a document that is still to be read after the last try; it, if it was."""
    document = tenant.documents.get(document_id)
    if document is None or document.status is not Status.READING:
        return None
    _give_up(tenant, document, given_up())
    return document


def look_after(tenant: Tenant, document_id: str) -> Document | None:
    """What a reminder is for. Returns the document if it is still to be read: its job must be started, or
    found, once more; or it waits on for the first document with its bytes (``waits_for``).

    A follower whose first document was deleted, or a part of it, stands on its own from here; one whose
    first document is done gets its copy, or the next parts of it.
    """
    document = tenant.documents.get(document_id)
    if document is None or document.status is not Status.READING or document.reading_since is None:
        return None
    if tenant.clock.now() - document.reading_since > PATIENCE:
        _give_up(tenant, document, given_up())
        return None
    if document.waits_for is None:
        return None if document.is_to_be_examined else document
    first = tenant.documents.get(document.waits_for)
    if first is None:
        return stand_alone(tenant, document)
    if first.status.is_final:
        copy = finish_as_copy(tenant, document, first)
        return None if copy.status.is_final else copy
    return document


def _try_again(tenant: Tenant, document: Document) -> None:
    if document.tries < MAX_ATTEMPTS:
        tenant.documents.save(document.analysed())
    else:
        _give_up(tenant, document, given_up())


def _give_up(tenant: Tenant, document: Document, failure: SheafError) -> Document:
    if document.division and document.division.pending:
        return not_divided_by_hand(tenant, document, document.division, failure)
    return break_off(tenant, document, failure)


def _several() -> UnreadableFile:
    return UnreadableFile(
        "Several invoices were found in it now: upload it again to have a document for each.",
        code="several_invoices",
    )


def _unreadable(reason: str | None) -> UnreadableFile:
    return UnreadableFile(
        "The text of this file could not be recognised. Check that it opens, and upload it again.",
        code=reason or "reading_failed",
    )
