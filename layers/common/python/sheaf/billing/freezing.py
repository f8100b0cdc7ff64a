"""The files of what was issued: made once, and from then on those that everybody gets.

no_file             a bill is the supplier's: its file is the captured document, if there is one
not_representable   an e-invoice of EN 16931 cannot say it
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel, ConfigDict

from sheaf.audit.entries import Change
from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.drafts import find_issued
from sheaf.billing.letterhead import Letterhead, letterhead, look_of
from sheaf.billing.sums import totals
from sheaf.kernel.errors import Conflict

if TYPE_CHECKING:
    from sheaf.billing.ports import Tenant

_UNSAFE = re.compile(r"[^\w.-]+")


class FrozenFile(BaseModel):
    """``size`` in bytes, ``sha256`` in hex."""

    model_config = ConfigDict(frozen=True)

    version_id: str
    sha256: str
    size: int


class Frozen(BaseModel):
    """``ubl`` is None where EN 16931 cannot say what the document does. ``head`` is what stood on it."""

    model_config = ConfigDict(frozen=True)

    pdf: FrozenFile
    ubl: FrozenFile | None = None
    head: Letterhead
    at: datetime


class IssuedFile(BaseModel):
    """``frozen``: this is the file that was issued, and stays as it is. A draft and a void document have one
    that says so across the page, and that is made anew when they change.
    """

    url: str
    filename: str
    expires_at: AwareDatetime
    size: int
    sha256: str
    frozen: bool


def find_printable(tenant: Tenant, issued_id: str) -> IssuedDocument:
    """Raises NotFound, Conflict."""
    document = find_issued(tenant, issued_id)
    if document.kind is Kind.BILL:
        raise Conflict(
            "A bill is the supplier's: look at the file of the document it was made of.", code="no_file"
        )
    return document


def is_fixed(document: IssuedDocument) -> bool:
    """Whether its file is the one that was issued, and not one that is marked as something else."""
    return not document.is_draft and document.voided_at is None


def freeze(tenant: Tenant, document: IssuedDocument) -> Frozen:
    """The files of an issued document: those that are there, else they are made, kept and staged.

    As it was issued, whatever became of it since. When that is committed, Conflict says that somebody was
    faster: their files count.
    """
    found = tenant.frozen.get(document.id)
    if found is not None:
        return found
    from sheaf.billing.rendering.pdf import render_pdf

    issued = document.model_copy(update={"voided_at": None})
    head = letterhead(tenant)
    page = render_pdf(issued, totals(issued.content), look=look_of(tenant, head))
    pdf = _kept(tenant, issued, "pdf", page)
    ubl = _ubl(issued)
    frozen = Frozen(
        pdf=pdf,
        ubl=None if ubl is None else _kept(tenant, issued, "ubl", ubl),
        head=head,
        at=tenant.clock.now(),
    )
    tenant.frozen.add(document.id, frozen)
    said = {"pdf": pdf.sha256} | ({"ubl": frozen.ubl.sha256} if frozen.ubl else {})
    tenant.record(Change(subject=document.id, after=said))
    return frozen


def link_to_pdf(tenant: Tenant, document: IssuedDocument, frozen: Frozen, lifetime: timedelta) -> IssuedFile:
    return _link(tenant, document, "pdf", frozen.pdf, lifetime)


def link_to_ubl(tenant: Tenant, document: IssuedDocument, frozen: Frozen, lifetime: timedelta) -> IssuedFile:
    """Raises NotRepresentable."""
    if frozen.ubl is None:
        refuse_ubl(document)
        raise AssertionError("what has no UBL has a reason for it")
    return _link(tenant, document, "ubl", frozen.ubl, lifetime)


def refuse_ubl(document: IssuedDocument) -> None:
    """Raises NotRepresentable, with the reason, if there is one."""
    from sheaf.billing.rendering import en16931

    en16931.einvoice(document, totals(document.content))


def link_to_preview(tenant: Tenant, document: IssuedDocument, lifetime: timedelta) -> IssuedFile:
    """Of a draft, or of what is void: that looks as it was issued."""
    from sheaf.billing.rendering.pdf import render_pdf

    frozen = tenant.frozen.get(document.id) if document.voided_at else None
    look = look_of(tenant, frozen.head if frozen else letterhead(tenant))
    pdf = render_pdf(document, totals(document.content), look=look)
    sha256 = hashlib.sha256(pdf).hexdigest()
    version_id = tenant.issued_files.put_preview(document.id, sha256, pdf)
    filename = filename_of(document, "pdf")
    url = tenant.issued_files.presign_preview(
        document.id, sha256, version_id, filename=filename, lifetime=lifetime
    )
    return IssuedFile(
        url=url,
        filename=filename,
        expires_at=tenant.clock.now() + lifetime,
        size=len(pdf),
        sha256=sha256,
        frozen=False,
    )


def filename_of(document: IssuedDocument, name: str) -> str:
    """Its number, as far as a file can be called so."""
    stem = _UNSAFE.sub("-", document.number or f"draft-{document.kind.value}").strip(".-") or document.id
    return f"{stem}.{'pdf' if name == 'pdf' else 'xml'}"


def _ubl(document: IssuedDocument) -> bytes | None:
    from sheaf.billing.rendering import ubl
    from sheaf.billing.rendering.en16931 import NotRepresentable

    try:
        return ubl.to_xml(document, totals(document.content))
    except NotRepresentable:
        return None


def _kept(tenant: Tenant, document: IssuedDocument, name: str, data: bytes) -> FrozenFile:
    version_id = tenant.issued_files.put(document.id, name, data)
    return FrozenFile(version_id=version_id, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _link(
    tenant: Tenant, document: IssuedDocument, name: str, file: FrozenFile, lifetime: timedelta
) -> IssuedFile:
    filename = filename_of(document, name)
    url = tenant.issued_files.presign(
        document.id, name, file.version_id, filename=filename, lifetime=lifetime
    )
    return IssuedFile(
        url=url,
        filename=filename,
        expires_at=tenant.clock.now() + lifetime,
        size=file.size,
        sha256=file.sha256,
        frozen=True,
    )
