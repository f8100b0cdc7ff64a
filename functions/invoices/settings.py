"""How the workspace bills."""

from __future__ import annotations

from functions.invoices.routes import api
from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.settings import (
    BillingSettings,
    BillingSettingsView,
    change_billing_settings,
    show_billing_settings,
)
from sheaf.edge.api import Answer
from sheaf.kernel.preconditions import IfMatch, etag
from sheaf.storage.tenant import Tenant


def _shown(view: BillingSettingsView) -> Answer[BillingSettingsView]:
    return Answer(view, headers={"etag": etag(view.version)})


@api.get("/v1/settings/billing", permission=Permission.SETTINGS_READ)
def settings(tenant: Tenant) -> Answer[BillingSettingsView]:
    """Who sells, what drafts begin with, and how they are numbered."""
    return _shown(show_billing_settings(tenant))


@api.put("/v1/settings/billing", permission=Permission.SETTINGS_WRITE, audit=Action.BILLING_SETTINGS_CHANGED)
def edit_settings(tenant: Tenant, body: BillingSettings, if_match: IfMatch) -> Answer[BillingSettingsView]:
    """Set all of it: what is left out gets its default."""
    return _shown(change_billing_settings(tenant, body, if_match))
