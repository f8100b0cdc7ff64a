"""Looking at the pages of a file."""

from __future__ import annotations

from http import HTTPStatus

from functions.documents.routes import LINK_LIFETIME, api
from sheaf.access.roles import Permission
from sheaf.bootstrap import Application
from sheaf.capture.page_views import PageLink, link_to_page
from sheaf.edge.api import Answer
from sheaf.storage.tenant import Tenant

IN_A_MOMENT = "2"
"""Seconds."""


@api.get(
    "/v1/documents/<document_id>/pages/<page>",
    permission=Permission.DOCUMENT_READ,
    status=HTTPStatus.FOUND,
)
def page_picture(tenant: Tenant, document_id: str, page: str, app: Application) -> Answer[PageLink]:
    """A picture of a page: a redirect to a link that works for five minutes.

    It is drawn when it is first asked for; until it is there, 202 and Retry-After.
    """
    link = link_to_page(tenant, document_id, page, LINK_LIFETIME)
    if link.url is not None:
        return Answer(link, headers={"location": link.url})
    app.file_queues.draw(tenant.workspace_id, link.document_id, link.page)
    return Answer(link, headers={"retry-after": IN_A_MOMENT}, status=HTTPStatus.ACCEPTED)
