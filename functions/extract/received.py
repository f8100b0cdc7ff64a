"""S3 put → queue → here: a landed file becomes a reading at once, or a running text analysis.

In the same queue are our own messages: a file is to be read again, or those that waited for room.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from functions.extract.steps import ACTOR, abandon, copy_reading, remind, serve_followers, start_job
from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.capture.inspection import Limits
from sheaf.capture.intake import (
    Place,
    StoredObject,
    adopt_drop,
    give_up_landing,
    locate,
    refuse_drop,
    take_in,
)
from sheaf.capture.rereading import is_told_of, read_again
from sheaf.capture.waiting import resume
from sheaf.edge.jobs import unit
from sheaf.edge.log import logger
from sheaf.edge.queues import sqs_handler

if TYPE_CHECKING:
    from collections.abc import Iterator


_SOON = timedelta(seconds=1)
_LATER = timedelta(seconds=5)
_TRIES = 5


class UnknownMessage(Exception):
    """Not what S3 sends of an object that was put: it ends with the dead letters, where people look at it."""


def received(message: dict[str, Any]) -> None:
    if again := message.get("reread"):
        reread(again["workspace_id"], again["document_id"], again["version"], again["tries"])
        return
    if room := message.get("resume"):
        go_on(room["workspace_id"], room["documents"])
        return
    for landed in objects(message):
        if landed.place is Place.DROP:
            adopt(landed)
        else:
            read(landed)


def adopt(dropped: StoredObject) -> None:
    with unit(dropped.workspace_id, ACTOR, Action.DOCUMENT_DROPPED) as tenant:
        document_id = adopt_drop(tenant, dropped)
    if document_id is None:
        return
    if dropped.size > limits().max_bytes:
        refuse(dropped, document_id)
        return
    tenant.blobs.adopt(dropped.key, dropped.version_id, document_id)
    logger.info("adopted", workspace_id=dropped.workspace_id, document_id=document_id)


def refuse(dropped: StoredObject, document_id: str) -> None:
    """What is not copied has no file that retention knows of, and so it is not kept."""
    with unit(dropped.workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        refuse_drop(tenant, document_id, dropped, limits())
    tenant.blobs.discard(dropped.key, dropped.version_id)
    logger.info("refused", workspace_id=dropped.workspace_id, document_id=document_id)


def read(landed: StoredObject) -> None:
    with unit(landed.workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        taken = take_in(tenant, landed, limits())
    if taken is None:
        return
    remind(landed.workspace_id, taken.id)
    if taken.waits_for is None:
        start_job(landed.workspace_id, taken)
    elif taken.last_part:
        copy_reading(landed.workspace_id, taken.id, taken.waits_for)


def reread(workspace_id: str, document_id: str, version: int, tries: int) -> None:
    """The message goes out before the document says so; what is still not there after some tries never
    will be.
    """
    with unit(workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
        document = tenant.documents.get(document_id)
        if not is_told_of(document, version):
            if document and tries < _TRIES:
                application().file_queues.read_again(
                    workspace_id, document_id, version=version, tries=tries + 1, after=_LATER
                )
            return
        document = read_again(tenant, document_id, limits())
    if document is None:
        return
    if document.status.is_final:
        serve_followers(workspace_id, document)
        return
    remind(workspace_id, document_id)
    start_job(workspace_id, document)


def go_on(workspace_id: str, room: int | None) -> None:
    """Files that waited for room are read, some at a time; the rest comes with a message of its own, which
    knows what of the room is taken: what is being read is not counted yet.
    """
    queues = application().file_queues
    with unit(workspace_id, ACTOR, Action.DOCUMENT_REPROCESSED) as tenant:
        begun = resume(tenant, room)
        for document in begun:
            queues.read_again(workspace_id, document.id, version=document.version, after=_SOON)
    if begun:
        queues.resume(workspace_id, None if room is None else room - len(begun))


def give_up(message: dict[str, Any]) -> None:
    if message.get("resume"):
        return  # the round comes by again
    if again := message.get("reread"):
        abandon(again["workspace_id"], again["document_id"])
        return
    for landed in objects(message):
        if landed.place is Place.ORIGINAL:
            with unit(landed.workspace_id, ACTOR, Action.DOCUMENT_READ) as tenant:
                give_up_landing(tenant, landed)


def limits() -> Limits:
    settings = application().settings
    return Limits(max_bytes=settings.max_file_bytes, max_pages=settings.max_pages, bounds=settings.bounds)


def objects(message: dict[str, Any]) -> Iterator[StoredObject]:
    """An S3 event notification; ``s3:TestEvent``, which S3 sends once, has no records. Raises UnknownMessage.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    if message.get("Event") == "s3:TestEvent":
        return
    if not message.get("Records"):
        raise UnknownMessage
    for record in message["Records"]:
        stored = record["s3"]["object"]
        found = locate(
            unquote_plus(stored["key"]),
            version_id=stored["versionId"],
            size=stored["size"],
            at=datetime.fromisoformat(record["eventTime"]),
        )
        if found is not None:
            yield found


handler = sqs_handler(received, give_up=give_up)
