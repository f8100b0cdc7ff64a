"""Whose tax number, which account: by check digits, labels and places."""

from __future__ import annotations

import pytest

from sheaf.capture.checks import needs_review
from sheaf.capture.identifiers import Verdict, iban, tax_id
from tests.builders.candidates import INVOICE, Values, codes, field, page, read, values


def placed(one: Values, left: float, top: float, height: float = 0.02) -> Values:
    box = {"BoundingBox": {"Left": left, "Top": top, "Width": 0.2, "Height": height}}
    return {**one, "ValueDetection": {**one["ValueDetection"], "Geometry": box}}


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("DE 136 695 976", Verdict.VALID),
        ("DE136695977", Verdict.INVALID),
        ("FR11123456782", Verdict.VALID),
        ("GB 980 7806 84", Verdict.VALID),
        ("CHE-107.787.577 IVA", Verdict.VALID),
        ("CHE-107.787.578", Verdict.INVALID),
        ("ABN 83 914 571 673", Verdict.VALID),
        ("ABN 99 999 999 999", Verdict.INVALID),
        ("27AAPFU0939F1ZV", Verdict.VALID),
        ("27AAPFU0939F1ZO", Verdict.INVALID),
        ("NO 995 525 828 MVA", Verdict.VALID),
        ("201/113/40209", Verdict.UNKNOWN),
        ("12-3456789", Verdict.UNKNOWN),
    ],
)
def test_tax_numbers_are_checked_by_the_scheme_of_their_form(number: str, verdict: Verdict) -> None:
    assert tax_id(number) is verdict


def test_an_iban_is_checked() -> None:
    assert iban("DE89 3704 0044 0532 0130 00") is Verdict.VALID
    assert iban("DE89 3704 0044 0532 0130 01") is Verdict.INVALID


class TestWhoseTaxNumber:
    def test_what_is_called_yours_is_the_buyers(self) -> None:
        reading = read(
            page(
                field("VENDOR_VAT_NUMBER", "DE136695976", "Ihre USt-IdNr."),
                field("VENDOR_VAT_NUMBER", "FR11123456782", "USt-IdNr."),
            )
        )
        assert values(reading, "vendor_tax_id", "buyer_tax_id") == ("FR11123456782", "DE136695976")

    def test_what_stands_under_the_buyers_address_is_the_buyers(self) -> None:
        address = placed(field("RECEIVER_ADDRESS", "1 Quay St\nHull HU1 1AA"), 0.1, 0.2, 0.06)
        reading = read(
            page(
                address,
                placed(field("VENDOR_VAT_NUMBER", "GB980780684", "VAT no."), 0.1, 0.28),
                placed(field("VENDOR_VAT_NUMBER", "DE136695976", "VAT no."), 0.6, 0.9),
            )
        )
        assert values(reading, "vendor_tax_id", "buyer_tax_id") == ("DE136695976", "GB980780684")

    def test_a_number_that_adds_up_is_preferred(self) -> None:
        reading = read(page(field("VENDOR_VAT_NUMBER", "DE136695977"), field("TAX_PAYER_ID", "DE136695976")))
        assert reading.value("vendor_tax_id") == "DE136695976"

    def test_one_that_does_not_is_kept_with_a_warning(self) -> None:
        reading = read(page(*INVOICE, field("VENDOR_VAT_NUMBER", "DE136695977", "VAT ID")))
        assert reading.value("vendor_tax_id") == "DE136695977"
        assert "tax_id_invalid" in codes(reading)
        assert not needs_review(reading)


class TestAccounts:
    def test_a_misprinted_iban_is_kept_with_a_warning(self) -> None:
        reading = read(page(*INVOICE, lines=("IBAN: DE89 3704 0044 0532 0130 01",)))
        assert reading.value("iban") == "DE89370400440532013001"
        assert "iban_invalid" in codes(reading)

    @pytest.mark.parametrize(
        ("lines", "routing", "account"),
        [
            (("Sort code 20-41-12  Account no. 12345678",), "204112", "12345678"),
            (("BSB: 062-000", "Account number: 1234 5678"), "062000", "12345678"),
            (("By ACH", "Routing number 111000025", "Acct # 000123456789"), "111000025", "000123456789"),
            (("ABA: 111000025", "A/C: 9876543210"), "111000025", "9876543210"),
        ],
    )
    def test_without_an_iban_the_account_and_its_routing_number(
        self, lines: tuple[str, ...], routing: str, account: str
    ) -> None:
        reading = read(page(*INVOICE, lines=lines))
        assert values(reading, "routing_number", "account_number") == (routing, account)

    def test_a_customers_account_is_none(self) -> None:
        assert read(page(*INVOICE, lines=("Account number: 4400123",))).value("account_number") is None

    def test_a_routing_number_must_add_up(self) -> None:
        lines = ("Routing number 111000026", "Account 12345678")
        assert read(page(*INVOICE, lines=lines)).value("routing_number") is None

    def test_a_bic_stands_beside_its_label(self) -> None:
        def cell(text: str, left: float) -> Values:
            box = {"Left": left, "Top": 0.9, "Width": 0.1, "Height": 0.01}
            block = {"BlockType": "LINE", "Text": text, "Confidence": 99.0, "Page": 1}
            return {**block, "Geometry": {"BoundingBox": box}}

        sheet = {**page(*INVOICE), "Blocks": [cell("COBADEFFXXX", 0.4), cell("BIC:", 0.2)]}
        assert read(sheet).value("bic") == "COBADEFFXXX"
