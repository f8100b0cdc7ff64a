"""From an object in the bucket to a reading, or to a running text analysis.

Every step can be repeated: the same event twice finds the document further on and does nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import Enum, auto

from pydantic import BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.capture.copies import finish_as_copy
from sheaf.capture.documents import Digest, Document, FileFacts, Status, StoredFile
from sheaf.capture.examination import examine
from sheaf.capture.finish import fail, finish, given_up
from sheaf.capture.inspection import Inspection, Limits, content_type_of_name
from sheaf.capture.kept import KeptReading
from sheaf.capture.ports import Tenant
from sheaf.capture.waiting import has_room, put_off
from sheaf.kernel.errors import NotFound, UnreadableFile
from sheaf.kernel.ids import derived_id, is_id


class Place(Enum):
    ORIGINAL = auto()
    DROP = auto()


class StoredObject(BaseModel):
    """An object version that S3 told us of; ``at`` is the time of S3's event."""

    model_config = ConfigDict(frozen=True)

    workspace_id: str
    place: Place
    key: str
    name: str
    """The document's id for an original, the file's name for a drop."""

    folder: str | None = None
    """The first of the folders that it was dropped into."""

    version_id: str
    size: int
    at: datetime


def locate(key: str, *, version_id: str, size: int, at: datetime) -> StoredObject | None:
    """What an object's key means; None for keys that are nobody's business (folders, our own pictures)."""
    folder = None
    match key.split("/"):
        case ["workspaces", workspace_id, "files", name, "original"] if is_id(name, "doc"):
            place = Place.ORIGINAL
        case ["workspaces", workspace_id, "drop", *folders, name] if name:
            place, folder = Place.DROP, folders[0] if folders else None
        case _:
            return None
    if not is_id(workspace_id, "wrk"):
        return None
    return StoredObject(
        workspace_id=workspace_id,
        place=place,
        key=key,
        name=name,
        folder=folder,
        version_id=version_id,
        size=size,
        at=at,
    )


def adopt_drop(tenant: Tenant, dropped: StoredObject) -> str | None:
    """The id of the document that a dropped object becomes: the same for every delivery of its event. In a
    folder that is named like a client's id, it is that client's.

    None: the object is not there any more. It was taken away, or has been adopted already.

    Raises NotFound when the folder is no workspace's: the object stays where it is, and its event ends
    with the dead letters, where people are told of it.
    """
    if not tenant.blobs.is_dropped(dropped.key, dropped.version_id):
        return None
    document_id = derived_id("doc", dropped.at, dropped.key, dropped.version_id)
    if tenant.documents.get(document_id) is None:
        if tenant.workspace.get() is None:
            raise NotFound("This drop folder belongs to no workspace.")
        document = Document(
            id=document_id,
            filename=_printable(dropped.name[:255]),
            content_type=content_type_of_name(dropped.name),
            status=Status.AWAITING_UPLOAD,
            created_at=dropped.at,
            created_by=tenant.actor.id,
            client_id=_client_of(tenant, dropped.folder),
        )
        tenant.documents.add(document)
        client = {"client": document.client_id} if document.client_id else {}
        tenant.record(Change(subject=document_id, after={"status": document.status, **client}))
    return document_id


def _client_of(tenant: Tenant, folder: str | None) -> str | None:
    client = tenant.clients.get(folder) if folder else None
    return client.id if client and not client.archived else None


def refuse_drop(tenant: Tenant, document_id: str, dropped: StoredObject, limits: Limits) -> None:
    """Stages the failure of the document of a dropped object that is over the limit."""
    document = tenant.documents.get(document_id)
    if document is not None and document.status is Status.AWAITING_UPLOAD:
        failure = UnreadableFile(
            f"The file has {dropped.size:,} bytes; the most is {limits.max_bytes:,}. It was not kept: "
            "split it or reduce its resolution, and send it again.",
            code="file_too_large",
        )
        fail(tenant, document, failure)


def take_in(tenant: Tenant, landed: StoredObject, limits: Limits) -> Document | None:
    """Stages what a landed file becomes. Returns the document if it is still to be read: its text analysis
    must be started now, or it waits for the first document with its bytes (``waits_for``), or for more
    parts of that one than came with this unit of work (``last_part``).

    There may be no room for it by now, or it was never announced: it is kept, and read when there is.

    A file whose document was deleted before the file came is erased: nothing else would ever do it.
    """
    document = tenant.documents.get(landed.name)
    if document is None:
        tenant.blobs.erase([landed.name])
        return None
    if document.status is Status.AWAITING_UPLOAD:
        return _look_into(tenant, document, landed, limits)
    is_first = document.status is Status.READING and not document.is_to_be_examined
    return document if is_first else None


def give_up_landing(tenant: Tenant, landed: StoredObject) -> None:
    """Stages the failure of a document whose file could not be looked into; retention knows of the file.

    One that is being read already has a reminder that looks after it.
    """
    document = tenant.documents.get(landed.name)
    if document is not None and document.status is Status.AWAITING_UPLOAD:
        fail(tenant, _landed(tenant, document, landed, None, None), given_up())


def _look_into(tenant: Tenant, document: Document, landed: StoredObject, limits: Limits) -> Document | None:
    sha256, inspection = None, None
    try:
        data = _bytes(tenant, landed, limits)
        if data is None:
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        inspection, reading = examine(data, content_type=document.content_type, limits=limits)
    except UnreadableFile as failure:
        fail(tenant, _landed(tenant, document, landed, sha256, inspection), failure)
        return None
    document = _landed(tenant, document, landed, sha256, inspection)
    if not has_room(tenant):
        put_off(tenant, document)
        return None
    digest = tenant.digests.get(sha256, document.client_id)
    first = tenant.documents.get(digest.document_id) if digest else None
    if digest and first and first.status is not Status.FAILED and first.client_id == document.client_id:
        document = _follow(tenant, document, first, digest)
    else:
        tenant.digests.claim(sha256, document, instead_of=digest.document_id if digest else None)
        kept = KeptReading(machine=reading) if reading else None
        document = finish(tenant, document, kept) if kept else _save(tenant, document.analysed())
    if document.status.is_final:
        return None
    _keep_readable(tenant, document, inspection)
    return document


def _bytes(tenant: Tenant, landed: StoredObject, limits: Limits) -> bytes | None:
    """None: that version was deleted meanwhile. A file over the limit is not even fetched."""
    if landed.size > limits.max_bytes:
        raise UnreadableFile(
            f"The file has {landed.size:,} bytes; the most is {limits.max_bytes:,}. "
            "Split it or reduce its resolution.",
            code="file_too_large",
        )
    return tenant.blobs.read(landed.name, landed.version_id)


def _printable(name: str) -> str:
    """A key may hold line breaks and what turns the text around; a name that people read may not."""
    return "".join(character if character.isprintable() else "_" for character in name)


def _keep_readable(tenant: Tenant, document: Document, inspection: Inspection) -> None:
    """For the text analysis of the document: one that waits for another may come to need its own."""
    if document.file and inspection.readable is not None and inspection.readable_content_type is not None:
        tenant.blobs.put_readable(
            document.id, document.file.id, inspection.readable, inspection.readable_content_type
        )


def _save(tenant: Tenant, document: Document) -> Document:
    tenant.documents.save(document)
    return document.model_copy(update={"version": document.version + 1})


def _follow(tenant: Tenant, document: Document, first: Document, digest: Digest) -> Document:
    """The same bytes as ``first``: its reading serves for both, now or when it is there."""
    document = document.model_copy(update={"duplicate_of": first.id})
    if first.status.is_final:
        return finish_as_copy(tenant, document, first)
    tenant.digests.follow(digest, document.id)
    tenant.documents.require_status(first.id, Status.READING)
    return _save(tenant, document)


def _landed(
    tenant: Tenant,
    document: Document,
    landed: StoredObject,
    sha256: str | None,
    inspection: Inspection | None,
) -> Document:
    """The document with its file; the file's item, which retention walks, is staged."""
    file = FileFacts(
        id=derived_id("fil", landed.at, landed.key, landed.version_id),
        size=landed.size,
        sha256=sha256,
        content_type=inspection.content_type
        if inspection
        else document.content_type or "application/octet-stream",
        pages=inspection.pages if inspection else 0,
        uploaded_at=landed.at,
    )
    tenant.files.add(
        StoredFile(
            id=file.id,
            document_id=document.id,
            version_id=landed.version_id,
            sha256=sha256,
            size=landed.size,
            uploaded_at=landed.at,
            converted=inspection is not None and inspection.readable is not None,
        )
    )
    return document.landed(file)
