"""What a phone is pointed at to pay: a SEPA transfer (EPC069-12) or the address of a payment page.

https://www.europeanpaymentscouncil.eu/document-library/guidance-documents/quick-response-code-guidelines-enable-data-capture-initiation
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.billing.document import IssuedDocument, Kind

if TYPE_CHECKING:
    import segno

_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")
_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_INK = "#16191d"


def transfer_code(document: IssuedDocument, amount: Decimal) -> segno.QRCode | None:
    """None where a SEPA transfer does not apply: another currency, no account, nothing to pay, no number that
    the money could be told by, or more to say than the 331 bytes there are.
    """
    from segno.helpers import make_epc_qr

    content, account = document.content, document.content.account
    if document.kind is not Kind.INVOICE or document.number is None or account is None:
        return None
    if content.currency != "EUR" or not _LEAST <= amount <= _MOST:
        return None
    holder = account.holder or content.seller.name
    try:
        return make_epc_qr(
            name=holder[:_LONGEST_NAME],
            iban=account.iban,
            amount=amount,
            text=document.number[:_LONGEST_TEXT],
            bic=account.bic,
            encoding="utf-8",
        )
    except ValueError:
        return None


def link_code(url: str) -> segno.QRCode:
    import segno

    return segno.make_qr(url, error="m")


def svg(code: segno.QRCode) -> bytes:
    written = io.BytesIO()
    code.save(written, kind="svg", border=0, xmldecl=False, omitsize=True, dark=_INK)
    return written.getvalue()
