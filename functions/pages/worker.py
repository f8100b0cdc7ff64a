"""A page that somebody wants to look at → queue → here: pictures of it and its neighbours."""

from __future__ import annotations

from typing import Any

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.bootstrap import application
from sheaf.capture.page_drawing import draw_pages, give_up_drawing
from sheaf.edge.log import logger
from sheaf.edge.queues import sqs_handler

ACTOR = Actor(kind=ActorKind.SYSTEM, id="pages")


def draw(message: dict[str, Any]) -> None:
    app = application()
    tenant = app.open(message["workspace_id"], ACTOR, Origin())
    draw_pages(tenant, message["document_id"], message["page"], app.settings.bounds)
    tenant.commit(None)
    logger.info("drawn", workspace_id=message["workspace_id"], document_id=message["document_id"])


def give_up(message: dict[str, Any]) -> None:
    tenant = application().open(message["workspace_id"], ACTOR, Origin())
    give_up_drawing(tenant, message["document_id"], message["page"])
    tenant.commit(None)


handler = sqs_handler(draw, give_up=give_up)
