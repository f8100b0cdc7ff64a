"""What stands on everything that a workspace issues: its logo, and the colour of the title."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import Base64Bytes, BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.billing.rendering.look import Colour, Look

if TYPE_CHECKING:
    from sheaf.billing.ports import Tenant


class NewLogo(BaseModel):
    """A PNG, JPEG or SVG file in base64: at most 512 KiB and four megapixels."""

    model_config = ConfigDict(extra="forbid")

    logo: Base64Bytes


class LogoView(BaseModel):
    """``size`` in bytes, ``sha256`` in hex."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int


class Logo(LogoView):
    version_id: str


class Letterhead(BaseModel):
    """As it is at one moment: what was issued keeps its own."""

    model_config = ConfigDict(frozen=True)

    accent: Colour
    logo: Logo | None = None


def set_logo(tenant: Tenant, new: NewLogo) -> LogoView:
    """Raises InvalidRequest for what cannot be printed."""
    from sheaf.billing.rendering.pdf import check_logo

    check_logo(new.logo)
    sha256 = hashlib.sha256(new.logo).hexdigest()
    before = tenant.logo.get()
    if before is None or before.sha256 != sha256:
        version_id = tenant.issued_files.put_logo(new.logo)
        before = Logo(sha256=sha256, size=len(new.logo), version_id=version_id)
        tenant.logo.save(before)
        tenant.record(Change(subject=tenant.workspace_id, after={"changed": "logo", "logo": sha256}))
    return LogoView(sha256=before.sha256, size=before.size)


def remove_logo(tenant: Tenant) -> None:
    """What was issued with it keeps it."""
    if tenant.logo.get() is not None:
        tenant.logo.save(None)
        tenant.record(Change(subject=tenant.workspace_id, after={"changed": "logo"}))


def letterhead(tenant: Tenant) -> Letterhead:
    settings, _ = tenant.billing_settings.get()
    return Letterhead(accent=settings.accent, logo=tenant.logo.get())


def look_of(tenant: Tenant, head: Letterhead) -> Look:
    logo = tenant.issued_files.read_logo(head.logo.version_id) if head.logo else None
    return Look(logo=logo, accent=head.accent)
