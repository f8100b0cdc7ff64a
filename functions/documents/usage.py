"""What reading has cost."""

from __future__ import annotations

from functions.documents.routes import api
from sheaf.access.roles import Permission
from sheaf.capture.usage import UsageQuery, UsageView, show_usage
from sheaf.storage.tenant import Tenant


@api.get("/v1/usage", permission=Permission.WORKSPACE_READ)
def usage_of_month(tenant: Tenant, query: UsageQuery) -> UsageView:
    """What was read in a month: files, pages by how they were read, the price of the text analyses."""
    return show_usage(tenant, query)
