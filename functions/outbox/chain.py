"""The table's stream → here: each new audit entry gets its place in its workspace's chain.

Records of one partition key come in order and at least once; what has its place keeps it.
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.audit.chaining import chain_entries
from sheaf.bootstrap import application
from sheaf.edge.conflicts import again_on_conflict
from sheaf.edge.log import logger
from sheaf.storage.chain import recorded_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheaf.audit.entries import Entry

ACTOR = Actor(kind=ActorKind.SYSTEM, id="outbox")


def handler(event: Mapping[str, Any], _context: object) -> None:
    """A failure brings the whole batch back."""
    for workspace_id, entries in new_entries(event).items():
        chain(workspace_id, entries.values())


def new_entries(event: Mapping[str, Any]) -> dict[str, dict[str, Entry]]:
    """Workspace → entry id → entry, in the order of the stream."""
    found: dict[str, dict[str, Entry]] = {}
    for record in event["Records"]:
        recorded = recorded_entry(record["dynamodb"]["NewImage"]) if record["eventName"] == "INSERT" else None
        if recorded is not None:
            workspace_id, entry = recorded
            found.setdefault(workspace_id, {})[entry.id] = entry
    return found


def chain(workspace_id: str, told: Iterable[Entry] = ()) -> None:
    """Until nothing of the workspace's log is without its place."""
    app, entries = application(), tuple(told)

    def step() -> bool:
        tenant = app.open(workspace_id, ACTOR, Origin())
        more = chain_entries(tenant, entries)
        tenant.commit(None)
        return more

    while again_on_conflict(step):
        app.directory.note_chained(workspace_id, app.clock.now())
    logger.info("chained", workspace_id=workspace_id, count=len(entries))
