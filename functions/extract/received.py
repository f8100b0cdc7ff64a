"""S3 put → queue → here: a landed file becomes a reading at once, or a running text analysis."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from functions.extract.steps import ACTOR, copy_reading, remind, start_job
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
from sheaf.edge.jobs import unit
from sheaf.edge.log import logger
from sheaf.edge.queues import sqs_handler

if TYPE_CHECKING:
    from collections.abc import Iterator


class UnknownMessage(Exception):
    """Not what S3 sends of an object that was put: it ends with the dead letters, where people look at it."""


def received(message: dict[str, Any]) -> None:
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
    if taken.duplicate_of is None:
        start_job(landed.workspace_id, taken)
    elif taken.last_part:
        copy_reading(landed.workspace_id, taken.id, taken.duplicate_of)


def give_up(message: dict[str, Any]) -> None:
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
