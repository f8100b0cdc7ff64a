"""What is issued, as files, and what stands on them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sheaf.access.roles import Permission
from sheaf.audit.entries import Action
from sheaf.billing.document import IssuedDocument
from sheaf.billing.freezing import (
    Frozen,
    IssuedFile,
    find_printable,
    freeze,
    is_fixed,
    link_to_pdf,
    link_to_preview,
    link_to_ubl,
    refuse_ubl,
)
from sheaf.billing.letterhead import LogoView, NewLogo, remove_logo, set_logo
from sheaf.edge.api import Api
from sheaf.edge.jobs import again_on_conflict, unit
from sheaf.storage.tenant import Tenant

api = Api()

ACTOR = "printing"
LINK_LIFETIME = timedelta(minutes=5)


@api.get("/v1/issued-documents/<issued_id>/pdf", permission=Permission.BILLING_READ)
def pdf(tenant: Tenant, issued_id: str) -> IssuedFile:
    """A link, for five minutes, to the PDF that was issued; of a draft, to one that says so."""
    document = find_printable(tenant, issued_id)
    if not is_fixed(document):
        return link_to_preview(tenant, document, LINK_LIFETIME)
    return link_to_pdf(tenant, document, _frozen(tenant, document), LINK_LIFETIME)


@api.get("/v1/issued-documents/<issued_id>/ubl", permission=Permission.BILLING_READ)
def ubl(tenant: Tenant, issued_id: str) -> IssuedFile:
    """A link, for five minutes, to the e-invoice (UBL 2.1, EN 16931); 409 where there can be none."""
    document = find_printable(tenant, issued_id)
    refuse_ubl(document)
    return link_to_ubl(tenant, document, _frozen(tenant, document), LINK_LIFETIME)


@api.put(
    "/v1/settings/billing/logo", permission=Permission.SETTINGS_WRITE, audit=Action.BILLING_SETTINGS_CHANGED
)
def logo(tenant: Tenant, body: NewLogo) -> LogoView:
    """Set the logo of what is issued from now on: a PNG, JPEG or SVG file, in base64."""
    return set_logo(tenant, body)


@api.delete(
    "/v1/settings/billing/logo", permission=Permission.SETTINGS_WRITE, audit=Action.BILLING_SETTINGS_CHANGED
)
def no_logo(tenant: Tenant) -> None:
    """Take the logo away; what was issued with it keeps it."""
    remove_logo(tenant)


def _frozen(tenant: Tenant, document: IssuedDocument) -> Frozen:
    """Whoever asks before the worker has come to it has it done: the same bytes, and nothing else changes."""
    made = partial(_made, tenant.workspace_id, document.id)
    return tenant.frozen.get(document.id) or again_on_conflict(made)


def _made(workspace_id: str, issued_id: str) -> Frozen:
    with unit(workspace_id, ACTOR, Action.FROZEN) as own:
        return freeze(own, find_printable(own, issued_id))


handler = api.handler
