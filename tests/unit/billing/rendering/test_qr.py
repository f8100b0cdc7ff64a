from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import segno

from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.parties import BankAccount
from sheaf.billing.rendering.qr import link_code, svg, transfer_code
from sheaf.billing.sums import totals
from tests.builders.issued import credit_note, issued, line, withheld

IBAN = "DE89370400440532013000"


def code(document: IssuedDocument) -> segno.QRCode | None:
    return transfer_code(document, totals(document.content).payable)


def expected(*lines: str) -> segno.QRCode:
    """EPC069-12, version 002: the lines in their order, error correction M."""
    return segno.make_qr("\n".join(lines), error="m", boost_error=False, encoding="utf-8")


def test_a_transfer_is_what_the_guideline_says() -> None:
    assert code(issued()) == expected(
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Hellwig & Söhne Werkstatt GmbH", IBAN, "EUR3716.21",
        "", "", "INV-2026-00042",
    )  # fmt: skip


def test_what_is_withheld_is_not_transferred() -> None:
    found = code(withheld(account=BankAccount(iban=IBAN)))
    assert found == expected(
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Hellwig & Söhne Werkstatt GmbH",
        IBAN,
        "EUR3246.15",
        "",
        "",
        "INV-2026-00042",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"currency": "CHF"},
        {"account": None},
        {"number": None},
        {"lines": (line(price="0"),)},
        {"lines": (line(price="9999999999"),)},
        {"account": BankAccount(holder="\U00020bb7" * 100, iban=IBAN)},
    ],
)
def test_no_code_where_a_transfer_does_not_apply(said: dict[str, Any]) -> None:
    assert code(issued(**said)) is None


def test_nobody_pays_an_estimate_or_a_credit_note() -> None:
    assert code(issued(Kind.ESTIMATE)) is None
    assert code(credit_note()) is None


def test_a_code_is_drawn_without_a_size_of_its_own() -> None:
    drawn = svg(link_code("https://pay.example/pay/x")).decode()
    assert drawn.startswith("<svg ")
    assert "viewBox" in drawn
    assert Decimal(drawn.count("<path")) == 1
