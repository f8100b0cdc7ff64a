"""Many uploads announced at once. What is kept of a batch is enough to go on with it: which of its files
were accepted, and so, by their places in it, the ids of their documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from sheaf.audit.entries import Change
from sheaf.capture.clients.choosing import chosen_client
from sheaf.capture.documents import Document, Failure, Status
from sheaf.capture.ports import Tenant
from sheaf.capture.uploads import NewUpload, Upload, UploadRules, announce, form, refuse_hopeless
from sheaf.kernel.errors import InvalidRequest, NotFound, SheafError
from sheaf.kernel.ids import derived_id, is_id
from sheaf.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from sheaf.kernel.problems import ItemProblem, not_accepted, problem_of
from sheaf.subscription.quota import require_room

MOST_FILES = 1000
DOCUMENTS_AT_ONCE = 49
"""With its audit entry, each is two of the hundred actions of a transaction; the batch itself is one."""

_STEP = timedelta(milliseconds=1)
"""From the time in the id of one document to that of the next: their ids are in the order of the files."""


class Batch(BaseModel):
    """``files`` are all that were named; ``refused`` the places (from 0) of those that were not accepted.

    ``complete``: every document of it has been made.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    created_at: datetime
    created_by: str
    files: int
    refused: frozenset[int] = frozenset()
    complete: bool = False

    @property
    def ids(self) -> dict[str, int]:
        """The documents of the files that were accepted, in their order, and their places."""
        return {self._id(at): at for at in range(self.files) if at not in self.refused}

    def _id(self, at: int) -> str:
        return derived_id("doc", self.created_at + at * _STEP, self.id, str(at))


class NotAccepted:
    def __init__(self, error: InvalidRequest) -> None:
        self.error = error


def _each_alone(value: object) -> NewUpload | NotAccepted:
    """What is wrong with one file is said of that one."""
    try:
        return NewUpload.model_validate(value)
    except ValidationError as error:
        return NotAccepted(not_accepted(error))


type _File = Annotated[NewUpload | NotAccepted, PlainValidator(_each_alone, json_schema_input_type=NewUpload)]


class NewBatch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    files: Annotated[list[_File], Field(min_length=1, max_length=MOST_FILES)]

    def upload(self, at: int) -> NewUpload:
        """Of a file that was accepted."""
        new = self.files[at]
        if isinstance(new, NotAccepted):
            raise new.error
        return new

    def refused(self, tenant: Tenant, rules: UploadRules) -> dict[int, SheafError]:
        """What is wrong with which of them."""
        uploads = [new for new in self.files if isinstance(new, NewUpload)]
        clients = {
            client_id: _error(chosen_client, tenant, client_id)
            for client_id in {new.client_id for new in uploads}
        }
        found = {at: _refusal(new, rules, clients) for at, new in enumerate(self.files)}
        return {at: error for at, error in found.items() if error}


def _refusal(
    new: NewUpload | NotAccepted, rules: UploadRules, clients: Mapping[str | None, SheafError | None]
) -> SheafError | None:
    if isinstance(new, NotAccepted):
        return new.error
    return _error(refuse_hopeless, new, rules) or clients[new.client_id]


def _error[**P](check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> SheafError | None:
    try:
        check(*args, **kwargs)
    except SheafError as error:
        return error
    return None


class BatchForm(BaseModel):
    """Either ``fields``, which go together with those of the batch, or why there is no form."""

    document_id: str | None = None
    fields: dict[str, str] = {}
    error: ItemProblem | None = None


class BatchForms(BaseModel):
    """One for each file, in their order. POST each to ``url`` as multipart/form-data: ``fields`` of the batch
    and of the file first, the file last, as ``file``.
    """

    batch_id: str
    url: str
    fields: dict[str, str]
    expires_at: AwareDatetime
    items: list[BatchForm]


def open_batch(tenant: Tenant, new: NewBatch, rules: UploadRules) -> Batch:
    """Stages the batch itself: from here on, whoever comes again can go on."""
    refused = new.refused(tenant, rules)
    require_room(tenant, len(new.files) - len(refused))
    batch = Batch(
        id=tenant.new_id("bat"),
        created_at=tenant.clock.now(),
        created_by=tenant.actor.id,
        files=len(new.files),
        refused=frozenset(refused),
        complete=len(refused) == len(new.files),
    )
    tenant.batches.put(batch)
    tenant.record(Change(subject=batch.id, after={"files": str(len(batch.ids))}))
    return batch


def announce_rest(tenant: Tenant, batch: Batch, new: NewBatch, there: Collection[str]) -> Iterator[None]:
    """Stages the documents that are not there yet; each step is to be committed."""
    places = {document_id: at for document_id, at in batch.ids.items() if document_id not in there}
    missing = [] if batch.complete else list(places)
    for some in batched(missing, DOCUMENTS_AT_ONCE, strict=False):
        for document_id in some:
            announce(tenant, document_id, new.upload(places[document_id]))
        if some[-1] == missing[-1]:
            tenant.batches.put(batch.model_copy(update={"complete": True}))
        yield


def forms(
    tenant: Tenant, batch: Batch, new: NewBatch, rules: UploadRules, there: Collection[str]
) -> BatchForms:
    """Fresh ones, for the documents that are ``there``."""
    made = {
        at: form(tenant, document_id, new.upload(at), rules)
        for document_id, at in batch.ids.items()
        if document_id in there
    }
    shared, refused = _shared([each.fields for each in made.values()]), new.refused(tenant, rules)
    return BatchForms(
        batch_id=batch.id,
        url=next((each.url for each in made.values()), ""),
        fields=shared,
        expires_at=tenant.clock.now() + rules.lifetime,
        items=[_form(made.get(at), refused.get(at), shared) for at in range(len(new.files))],
    )


def _shared(forms: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The key, the policy and the signature are each file's own; a session's token is long, and is not."""
    first = forms[0] if forms else {}
    return {name: value for name, value in first.items() if all(one.get(name) == value for one in forms)}


def _form(upload: Upload | None, refusal: SheafError | None, shared: Mapping[str, str]) -> BatchForm:
    if upload is None:
        return BatchForm(error=problem_of(refusal or NotFound("The document of this upload was deleted.")))
    own = {name: value for name, value in upload.fields.items() if name not in shared}
    return BatchForm(document_id=upload.document_id, fields=own)


# --- how far it has come ----------------------------------------------------------------------------------


class BatchFile(BaseModel):
    """``number`` is its place in the batch, from 1."""

    number: int
    document_id: str
    filename: str | None = None
    status: Status | Literal["deleted", "not_announced"]
    failure: Failure | None = None


class BatchView(BaseModel):
    """``counts``: how many files are in which state, of those that were accepted.

    ``complete`` is false when the call that announced it ended half way: the same call once more, with its
    Idempotency-Key, goes on.
    """

    id: str
    created_at: AwareDatetime
    created_by: str
    files: int
    refused: int
    complete: bool
    counts: dict[str, int]
    items: list[BatchFile]
    next_cursor: str | None


class BatchQuery(BaseModel):
    """In the order of the files."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(pattern=r"^doc_[0-9a-z]{26}$")] | None = None


def show_batch(tenant: Tenant, batch_id: str, query: BatchQuery) -> BatchView:
    """It may be a moment behind. Whoever sees some clients only sees the batches they made themselves."""
    batch = find_batch(tenant, batch_id)
    there = documents_of(tenant, batch, consistent=False)
    files = [_file(batch, document_id, at, there.get(document_id)) for document_id, at in batch.ids.items()]
    after = [file for file in files if query.cursor is None or file.document_id > query.cursor]
    page = after[: query.limit]
    return BatchView(
        id=batch.id,
        created_at=batch.created_at,
        created_by=batch.created_by,
        files=batch.files,
        refused=len(batch.refused),
        complete=batch.complete,
        counts=dict(sorted(Counter(str(file.status) for file in files).items())),
        items=page,
        next_cursor=page[-1].document_id if len(after) > len(page) else None,
    )


def _file(batch: Batch, document_id: str, at: int, document: Document | None) -> BatchFile:
    if document is None:
        status: Literal["deleted", "not_announced"] = "deleted" if batch.complete else "not_announced"
        return BatchFile(number=at + 1, document_id=document_id, status=status)
    return BatchFile(
        number=at + 1,
        document_id=document_id,
        filename=document.filename,
        status=document.status,
        failure=document.failure,
    )


def find_batch(tenant: Tenant, batch_id: str) -> Batch:
    batch = tenant.batches.get(batch_id) if is_id(batch_id, "bat") else None
    hidden = tenant.visibility.is_limited and batch is not None and batch.created_by != tenant.actor.id
    if batch is None or hidden:
        raise NotFound("There is no such batch in this workspace.")
    return batch


def documents_of(tenant: Tenant, batch: Batch, *, consistent: bool = True) -> dict[str, Document]:
    """Those that are there: their ids lie together, among those of what else was made in that second."""
    ids = batch.ids
    if not ids:
        return {}
    found = tenant.documents.between(min(ids), max(ids), consistent=consistent)
    return {document.id: document for document in found if document.id in ids}
