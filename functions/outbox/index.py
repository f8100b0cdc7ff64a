"""The table's stream → here: documents are filed in the search index, and what the machine did to them is
told in their histories.

Changes of one document come in order and at least once; filing one again changes nothing.
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.bootstrap import application
from sheaf.edge.log import logger
from sheaf.storage.following import follow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.storage.tenant import Tenant

ACTOR = Actor(kind=ActorKind.SYSTEM, id="index")


def handler(event: Mapping[str, Any], _context: object) -> None:
    """A failure brings the whole batch back."""
    tenants: dict[str, Tenant] = {}
    for record in event["Records"]:
        workspace_id = record["dynamodb"]["Keys"]["pk"]["S"].partition("#")[0]
        if workspace_id not in tenants:
            tenants[workspace_id] = application().open(workspace_id, ACTOR, Origin())
        follow(tenants[workspace_id], record["dynamodb"])
    logger.info("indexed", count=len(event["Records"]))
