"""The schedule → here: where each chain that went on that day ends, put where nothing can be deleted.

The event is ``{}`` for the day before, or ``{"day": "2026-11-20"}``. Done twice, it says the same twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from functions.outbox.chain import ACTOR, chain
from sheaf.access.actor import Origin
from sheaf.bootstrap import application
from sheaf.edge.log import logger

if TYPE_CHECKING:
    from collections.abc import Mapping


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    app = application()
    now = app.clock.now()
    day = date.fromisoformat(event["day"]) if event.get("day") else now.date() - timedelta(days=1)
    anchored = 0
    for workspace_id in app.directory.chained_on(day):
        chain(workspace_id)
        head = app.open(workspace_id, ACTOR, Origin()).chain.head()
        app.anchors.put(workspace_id, day, head, now)
        anchored += 1
    logger.info("anchored", count=anchored)
    return {"day": day.isoformat(), "workspaces": anchored}
