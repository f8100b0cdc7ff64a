"""An upload is announced first: the answer is a form that takes exactly the announced file."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from sheaf.audit.entries import Change
from sheaf.capture.clients.choosing import ClientId, chosen_client
from sheaf.capture.content_types import WHAT_TO_SEND, cannot_be_read
from sheaf.capture.documents import Document, Status
from sheaf.capture.ports import Tenant
from sheaf.kernel.errors import InvalidRequest, NotFound, TooLarge
from sheaf.kernel.ids import created_at
from sheaf.subscription.quota import require_room


def _plain_name(name: str) -> str:
    if not name.isprintable() or "/" in name or "\\" in name:
        raise PydanticCustomError("file_name", "A file name has no path and no control characters")
    return name


class NewUpload(BaseModel):
    """``size`` in bytes. ``content_type`` is what the form will insist on and the bytes must bear out.

    ``client_id``: whose document it is. Whoever sees some clients only has to say.
    """

    model_config = ConfigDict(extra="forbid")

    filename: Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_plain_name)]
    content_type: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9!#$&^_.+-]{1,63}/[A-Za-z0-9!#$&^_.+-]{1,63}$")
    ]
    size: Annotated[int, Field(ge=0, le=10**12, strict=True, json_schema_extra={"minimum": 1})]
    client_id: ClientId | None = None


class Upload(BaseModel):
    """POST the file to ``url`` as multipart/form-data: ``fields`` first, the file last, as ``file``."""

    document_id: str
    url: str
    fields: dict[str, str]
    expires_at: AwareDatetime


class UploadRules(BaseModel):
    max_bytes: int
    lifetime: timedelta


def announce_upload(tenant: Tenant, new: NewUpload, rules: UploadRules) -> Upload:
    refuse_hopeless(new, rules)
    chosen_client(tenant, new.client_id)
    require_room(tenant)
    document_id = tenant.new_id("doc")
    announce(tenant, document_id, new)
    return form(tenant, document_id, new, rules)


def announce(tenant: Tenant, document_id: str, new: NewUpload) -> None:
    """Stages the document of a file that is to come, for a client that may be chosen."""
    document = Document(
        id=document_id,
        filename=new.filename,
        content_type=new.content_type.lower(),
        status=Status.AWAITING_UPLOAD,
        created_at=created_at(document_id),
        created_by=tenant.actor.id,
        client_id=new.client_id,
    )
    tenant.documents.add(document)
    client = {"client": document.client_id} if document.client_id else {}
    tenant.record(Change(subject=document.id, after={"status": document.status, **client}))


def refuse_hopeless(new: NewUpload, rules: UploadRules) -> None:
    """What could be sent, and then only fail. Raises InvalidRequest, TooLarge."""
    if new.size == 0:
        raise _refused("size", "The file is empty.", code="file_empty")
    if named := cannot_be_read(new.filename, new.content_type):
        raise _refused(
            "content_type",
            f"This is {named}, which cannot be read: {WHAT_TO_SEND}",
            code="file_type_unsupported",
        )
    if new.size > rules.max_bytes:
        raise TooLarge(
            f"The file has {new.size:,} bytes; the most is {rules.max_bytes:,}. "
            "Split it or reduce its resolution.",
            code="file_too_large",
        )


def _refused(field: str, message: str, *, code: str) -> InvalidRequest:
    return InvalidRequest(message, code=code, errors=[{"field": field, "message": message}])


def renew_upload(tenant: Tenant, document_id: str, new: NewUpload, rules: UploadRules) -> Upload:
    """The same announcement once more, with a fresh form: a retry makes no second document."""
    if tenant.documents.get(document_id) is None:
        raise NotFound("The document of this upload was deleted.")
    return form(tenant, document_id, new, rules)


def form(tenant: Tenant, document_id: str, new: NewUpload, rules: UploadRules) -> Upload:
    post = tenant.blobs.presign_upload(
        document_id, content_type=new.content_type.lower(), size=new.size, lifetime=rules.lifetime
    )
    return Upload(
        document_id=document_id,
        url=post.url,
        fields=post.fields,
        expires_at=tenant.clock.now() + rules.lifetime,
    )
