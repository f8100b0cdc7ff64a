"""PDF/A-3a of an issued document, with its e-invoice inside where there can be one (Factur-X, EN 16931).

It is PDF/UA-1, too: a screen reader finds the table, and what the pictures say.

The same document gives the same bytes: times are its own, fonts are the package's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sheaf.billing.document import IssuedDocument
from sheaf.billing.rendering import facturx, qr
from sheaf.billing.rendering.en16931 import NotRepresentable
from sheaf.billing.rendering.look import Look, drawing, logo_refused
from sheaf.billing.rendering.metadata import as_facturx
from sheaf.billing.rendering.page import CODE, LOGO, Page
from sheaf.billing.sums import Totals
from sheaf.kernel.ids import created_at

if TYPE_CHECKING:
    import typst

_TEMPLATE = "document.typ"
_ATTACHED = (
    f'#pdf.attach("{facturx.FILENAME}", relationship: "alternative", mime-type: "text/xml", '
    'description: "Factur-X")\n'
)
_STANDARDS = ["a-3a", "ua-1"]
_LOGO = """
#set document(title: "Logo", date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Source Sans Pro", fallback: false)
#image(sys.inputs.logo, width: 4cm, alt: "Logo")
"""


def render_pdf(
    document: IssuedDocument, totals: Totals, *, look: Look | None = None, payment_url: str | None = None
) -> bytes:
    """A draft or a void document says so across the page. Without XML where EN 16931 cannot say it.

    The logo of ``look`` is one that ``check_logo`` took.
    """
    page = Page(document, totals, look=look or Look(), payment_url=payment_url)
    template = (files(__package__) / _TEMPLATE).read_bytes()
    xml = _einvoice(document, totals)
    sources = {"main.typ": template, **_pictures(page)}
    if xml is not None:
        sources |= {"main.typ": _ATTACHED.encode() + template, facturx.FILENAME: xml}
    at = _time(document)
    written = {"year": at.year, "month": at.month, "day": at.day,
               "hour": at.hour, "minute": at.minute, "second": at.second}  # fmt: skip
    pdf = _typeset(sources, at, {"page": json.dumps(page.texts()), "written": json.dumps(written)})
    return pdf if xml is None else as_facturx(pdf)


def check_logo(logo: bytes) -> None:
    """Raises InvalidRequest: no PNG, JPEG or SVG that can stand on a page, or too large a one.

    It is typeset once, alone: an SVG may draw what PDF/A cannot hold, or refer to other files.
    """
    sources = {"main.typ": _LOGO.encode(), LOGO: drawing(logo)}
    try:
        _typeset(sources, datetime(2026, 1, 1, tzinfo=UTC), {"logo": LOGO})
    except RuntimeError as error:
        # typst's own errors are RuntimeErrors, some of them nothing else; what is in brackets names our paths
        raise logo_refused(str(error).partition(" (")[0]) from error


def _typeset(sources: dict[str, bytes], at: datetime, inputs: dict[str, str]) -> bytes:
    """Nothing is read but ``sources`` and the fonts."""
    import typst

    pdf: bytes = typst.compile(  # type: ignore[call-overload]  # its stubs lack files by name
        sources,
        root=str(files(__package__) / "fonts"),
        font_paths=_fonts(),
        sys_inputs=inputs,
        pdf_standards=_STANDARDS,
        timestamp=at,
    )
    return pdf


def _einvoice(document: IssuedDocument, totals: Totals) -> bytes | None:
    try:
        return facturx.to_xml(document, totals)
    except NotRepresentable:
        return None


def _pictures(page: Page) -> dict[str, bytes]:
    found = {}
    if page.look.logo:
        found[LOGO] = drawing(page.look.logo)
    if page.code:
        found[CODE] = qr.svg(page.code)
    return found


def _time(document: IssuedDocument) -> datetime:
    """To the second, as PDF has it: when it was issued, else the day it bears, else when it was begun."""
    day = document.content.issue_date
    at = document.issued_at or (datetime.combine(day, time(), UTC) if day else created_at(document.id))
    return at.astimezone(UTC).replace(microsecond=0)


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(files(__package__) / "fonts")],
    )
