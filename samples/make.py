"""Makes the sample invoices again: ``python -m samples.make [NAME ...]``.

``sources/<stem>.toml`` says what an invoice says, ``sources/<stem>.typ`` how it looks. The files are in
the repository, so this is needed only when one of them should change. The same locked packages give
the same bytes.
"""

from __future__ import annotations

import atexit
import io
import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pillow_heif
import typst
from PIL import Image

from samples.sources import camera, einvoice
from samples.sources.invoice import SOURCES, Invoice, load

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent

_FONTS = {
    "font_hanken_grotesk": "*.otf",
    "font_manrope": "Manrope-*[!t].ttf",
    "font_source_sans_pro": "*.otf",
}
_SCREEN_DPI = 150
_NINE = time(9, tzinfo=UTC)


def pdf(stem: str, invoice: Invoice) -> bytes:
    return _typeset(stem, invoice)


def facturx_pdf(stem: str, invoice: Invoice) -> bytes:
    return einvoice.facturx_pdf(_typeset(stem, invoice, pdf_standards="a-3b"), invoice)


def scanned_pdf(stem: str, invoice: Invoice) -> bytes:
    return camera.scanned(_typeset(stem, invoice), angle=-0.7, seed=5)


def faxed_tiff(stem: str, invoice: Invoice) -> bytes:
    return camera.faxed(_typeset(stem, invoice), angle=0.35, seed=12)


def receipt_photo(stem: str, invoice: Invoice) -> bytes:
    (page,) = camera.pages(_typeset(stem, invoice), 300)
    corners = ((262, 118), (905, 86), (962, 1418), (222, 1440))
    photo = camera.photographed(page, corners, size=(1180, 1560), desk=(122, 84, 56), seed=6)
    return _saved(photo, "JPEG", quality=82)


def invoice_photo(stem: str, invoice: Invoice) -> bytes:
    (page,) = camera.pages(_typeset(stem, invoice), 220)
    corners = ((168, 132), (1402, 96), (1466, 1872), (92, 1838))
    photo = camera.photographed(page, corners, size=(1560, 2000), desk=(92, 96, 98), seed=11)
    pillow_heif.register_heif_opener()
    return _saved(photo, "HEIF", quality=42)


def png(stem: str, invoice: Invoice) -> bytes:
    (page,) = camera.pages(_typeset(stem, invoice), _SCREEN_DPI)
    return _saved(
        page.quantize(64, dither=Image.Dither.NONE), "PNG", optimize=True, dpi=(_SCREEN_DPI, _SCREEN_DPI)
    )


def webp(stem: str, invoice: Invoice) -> bytes:
    (page,) = camera.pages(_typeset(stem, invoice), _SCREEN_DPI)
    return _saved(page, "WEBP", quality=80, method=6)


def ubl_xml(_: str, invoice: Invoice) -> bytes:
    return einvoice.ubl(invoice)


def cii_xml(_: str, invoice: Invoice) -> bytes:
    return einvoice.cii(invoice, einvoice.XRECHNUNG)


RECIPES: dict[str, Callable[[str, Invoice], bytes]] = {
    "us-office-furniture.pdf": pdf,
    "de-electrician-facturx.pdf": facturx_pdf,
    "fr-caterer.pdf": pdf,
    "ch-components-60-lines.pdf": pdf,
    "uk-joiner-scan.pdf": scanned_pdf,
    "ie-grocer-receipt.jpg": receipt_photo,
    "nl-bicycles.png": png,
    "be-printer-ubl.xml": ubl_xml,
    "de-landscaping-cii.xml": cii_xml,
    "es-ceramics.webp": webp,
    "au-plumber-photo.heic": invoice_photo,
    "ca-freight-fax.tiff": faxed_tiff,
    "de-bookshop-credit-note.pdf": pdf,
}


def expected(name: str) -> dict[str, Any]:
    """What a reader should find in the file; only what the file shows."""
    invoice = load(Path(name).stem)
    due = invoice.due_date
    facts = {
        "path": name,
        "document_type": invoice.document_type,
        "vendor": invoice.seller.name,
        "buyer": invoice.buyer and invoice.buyer.name,
        "invoice_number": invoice.number,
        "invoice_date": invoice.invoice_date.isoformat(),
        "due_date": due and due.isoformat(),
        "currency": invoice.currency,
        "discount": _total(invoice, sign=-1),
        "charges": _total(invoice, sign=1),
        "subtotal": f"{invoice.subtotal}",
        "tax": f"{invoice.tax}",
        "total": f"{invoice.total}",
        "prepaid": f"{invoice.prepaid}" if invoice.prepaid else None,
        "amount_due": None if invoice.paid else f"{invoice.amount_due}",
        "iban": invoice.iban,
        "line_items": [
            {
                "description": line.description,
                "quantity": f"{line.quantity}",
                "unit_price": f"{line.unit_price}",
                "amount": f"{line.amount}",
            }
            for line in invoice.lines
        ],
    }
    return {field: value for field, value in facts.items() if value is not None}


def main(names: list[str]) -> None:
    for name in names or RECIPES:
        stem = Path(name).stem
        (HERE / name).write_bytes(RECIPES[name](stem, load(stem)))
    answers = [expected(name) for name in RECIPES]
    (HERE / "expected.json").write_text(
        json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _total(invoice: Invoice, *, sign: int) -> str | None:
    amounts = [sign * item.amount for item in invoice.adjustments if sign * item.amount > 0]
    return f"{sum(amounts)}" if amounts else None


def _typeset(stem: str, invoice: Invoice, pdf_standards: typst.PDFStandards = None) -> bytes:
    page: bytes = typst.compile(
        SOURCES / f"{stem}.typ",
        root=SOURCES,
        font_paths=fonts(),
        sys_inputs={"invoice": invoice.to_json()},
        pdf_standards=pdf_standards or [],
        timestamp=datetime.combine(invoice.invoice_date, _NINE),
    )
    return page


@cache
def fonts() -> typst.Fonts:
    """Those that typst brings and those of the font packages; never what this machine happens to have.

    The folder lives as long as the run: typst opens a font when a page first needs it.
    """
    folder = tempfile.mkdtemp(prefix="sheaf-fonts-")
    atexit.register(shutil.rmtree, folder)
    for package, pattern in _FONTS.items():
        for font in Path(str(files(package) / "files")).glob(pattern):
            shutil.copy(font, folder)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _saved(picture: Image.Image, image_format: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, image_format, **options)
    return target.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
