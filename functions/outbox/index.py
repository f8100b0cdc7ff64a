"""The table's stream → here: documents are filed in the search index, what the machine did to them, and
whatever was done to issued ones, is told in their histories, and those that a change makes duplicates, or no
longer, are looked at again.

Changes of one document come in order and at least once; filing one again changes nothing.
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.audit.entries import Action
from sheaf.bootstrap import application
from sheaf.capture.findings import look_again
from sheaf.edge.jobs import again_on_conflict, unit
from sheaf.edge.log import logger
from sheaf.storage.following import follow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.storage.tenant import Tenant

ACTOR = Actor(kind=ActorKind.SYSTEM, id="index")


def handler(event: Mapping[str, Any], _context: object) -> None:
    """A failure brings the whole batch back."""
    tenants: dict[str, Tenant] = {}
    touched: dict[tuple[str, str], None] = {}
    for record in event["Records"]:
        workspace_id = record["dynamodb"]["Keys"]["pk"]["S"].partition("#")[0]
        if workspace_id not in tenants:
            tenants[workspace_id] = application().open(workspace_id, ACTOR, Origin())
        again_on_conflict(partial(file, tenants[workspace_id], record["dynamodb"], touched))
    for workspace_id, document_id in touched:
        again_on_conflict(partial(check, workspace_id, document_id))
    logger.info("indexed", count=len(event["Records"]))


def file(tenant: Tenant, change: Mapping[str, Any], touched: dict[tuple[str, str], None]) -> None:
    found = follow(tenant, change)
    tenant.commit(None)
    touched.update(dict.fromkeys((tenant.workspace_id, each) for each in sorted(found)))


def check(workspace_id: str, document_id: str) -> None:
    with unit(workspace_id, ACTOR.id, Action.DOCUMENT_CHECKED) as tenant:
        look_again(tenant, document_id)
