import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.capture.einvoice import read_einvoice
from sheaf.capture.inspection import inspect
from sheaf.capture.reading import DocumentType, Source, TaxLine
from sheaf.kernel.errors import UnreadableFile

SAMPLES = Path(__file__).parents[3] / "samples"
EINVOICES = ["be-printer-ubl.xml", "de-landscaping-cii.xml", "de-electrician-facturx.pdf"]
EXPECTED = {answer["path"]: answer for answer in json.loads((SAMPLES / "expected.json").read_text("utf-8"))}

UBL = """<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>N-1</cbc:ID><cbc:IssueDate>2026-03-05+01:00</cbc:IssueDate>{head}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyName><cbc:Name>Trading name</cbc:Name></cac:PartyName>
    <cac:PartyTaxScheme><cbc:CompanyID>12/345</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyTaxScheme><cbc:CompanyID>DE123456788</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName> Registered GmbH </cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">999.00</cbc:TaxAmount></cac:TaxTotal>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">119.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  {line}
</{root}>"""
LINE = """<cac:{kind}Line><cbc:ID>1</cbc:ID>
  <cbc:{quantity}Quantity unitCode="C62">200</cbc:{quantity}Quantity>
  <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Screws</cbc:Name></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">50.00</cbc:PriceAmount>
    <cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>
</cac:{kind}Line>"""
ZUGFERD_1 = """<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
  <rsm:HeaderExchangedDocument><ram:ID>471102</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20130305</udt:DateTimeString></ram:IssueDateTime>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Lieferant GmbH</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Kunden AG</ram:Name></ram:BuyerTradeParty>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">37.62</ram:CalculatedAmount>
        <ram:BasisAmount currencyID="EUR">198.00</ram:BasisAmount>
        <ram:ApplicablePercent>19.00</ram:ApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:LineTotalAmount currencyID="EUR">198.00</ram:LineTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">37.62</ram:TaxTotalAmount>
        <ram:GrandTotalAmount currencyID="EUR">235.62</ram:GrandTotalAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount currencyID="EUR">9.90</ram:ChargeAmount></ram:NetPriceProductTradePrice>
      </ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">20.0000</ram:BilledQuantity>
      </ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement><ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:LineTotalAmount currencyID="EUR">198.00</ram:LineTotalAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:Name>Trennblätter A4</ram:Name></ram:SpecifiedTradeProduct>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
      <ram:IncludedNote><ram:Content>Only a remark</ram:Content></ram:IncludedNote>
    </ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>"""


def refusal(xml: bytes) -> str | None:
    try:
        read_einvoice(xml)
    except UnreadableFile as refused:
        return refused.code
    return None


def invoice(head: str = "", line: str = "") -> bytes:
    return UBL.format(root="Invoice", head=head, line=line).encode()


@pytest.mark.parametrize("name", EINVOICES)
def test_samples_are_read_exactly(name: str) -> None:
    expected = EXPECTED[name]
    xml = inspect((SAMPLES / name).read_bytes(), content_type=None).einvoice_xml
    assert xml is not None
    reading = read_einvoice(xml)
    for field, value in expected.items():
        if field in ("path", "document_type", "line_items"):
            continue
        assert reading.value(field) == value
    assert reading.document_type == expected["document_type"]
    assert [line.amount for line in reading.line_items] == [line["amount"] for line in expected["line_items"]]
    assert reading.checks == ()


def test_everything_in_it_is_certain_and_from_the_xml() -> None:
    reading = read_einvoice(invoice())
    assert {(field.confidence, field.source) for field in reading.fields.values()} == {(1.0, Source.XML)}


def test_the_registered_name_and_the_vat_identifier_come_first() -> None:
    reading = read_einvoice(invoice())
    assert reading.value("vendor") == "Registered GmbH"
    assert reading.value("vendor_tax_id") == "DE123456788"


def test_the_tax_is_the_one_in_the_currency_of_the_document() -> None:
    assert read_einvoice(invoice()).value("tax") == "19.00"


def test_a_date_may_carry_a_time_zone() -> None:
    assert read_einvoice(invoice()).value("invoice_date") == "2026-03-05"


def test_a_price_for_a_hundred_is_divided() -> None:
    (line,) = read_einvoice(invoice(line=LINE.format(kind="Invoice", quantity="Invoiced"))).line_items
    assert (line.quantity, line.unit_price, line.amount, line.unit) == ("200", "0.5", "100.00", "C62")


def test_a_base_quantity_that_contradicts_the_amount_is_ignored() -> None:
    wrong = LINE.format(kind="Invoice", quantity="Invoiced").replace(">200<", ">2<")
    (line,) = read_einvoice(invoice(line=wrong)).line_items
    assert line.unit_price == "50.00"


def test_a_credit_note_has_its_own_root_and_lines() -> None:
    line = LINE.format(kind="CreditNote", quantity="Credited")
    reading = read_einvoice(UBL.format(root="CreditNote", head="", line=line).encode())
    assert reading.document_type is DocumentType.CREDIT_NOTE
    assert [line.quantity for line in reading.line_items] == ["200"]


@pytest.mark.parametrize(
    ("number", "name"),
    [("DE89 3704 0044 0532 0130 00", "iban"), ("12345678", "account_number")],
)
def test_an_account_without_an_iban_is_one_of_the_banks_own(number: str, name: str) -> None:
    account = f"<cac:PayeeFinancialAccount><cbc:ID>{number}</cbc:ID></cac:PayeeFinancialAccount>"
    reading = read_einvoice(invoice(head=f"<cac:PaymentMeans>{account}</cac:PaymentMeans>"))
    assert reading.value(name) == number
    assert {"iban", "account_number"} & reading.fields.keys() == {name}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", "invoice"),
        ("384", "invoice"),
        ("326", "invoice"),
        ("381", "credit_note"),
        ("261", "credit_note"),
    ],
)
def test_the_type_code_tells_credit_notes(code: str, kind: str) -> None:
    head = f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>"
    assert read_einvoice(invoice(head)).document_type == kind
    assert read_einvoice(ZUGFERD_1.format(type_code=code).encode()).document_type == kind


def test_zugferd_1_is_read_like_its_successor() -> None:
    reading = read_einvoice(ZUGFERD_1.format(type_code="380").encode())
    expected = {
        "vendor": "Lieferant GmbH", "buyer": "Kunden AG", "invoice_number": "471102",
        "invoice_date": "2013-03-05", "currency": "EUR",
        "subtotal": "198.00", "tax": "37.62", "total": "235.62",
    }  # fmt: skip
    assert {name: field.value for name, field in reading.fields.items()} == expected
    assert [line.description for line in reading.line_items] == ["Trennblätter A4"]
    assert reading.tax_breakdown == (TaxLine(rate="19.00", base="198.00", amount="37.62"),)


def test_a_mistake_of_the_sender_is_told() -> None:
    wrong = invoice().replace(b">119.00</cbc:TaxInclusiveAmount>", b">118.00</cbc:TaxInclusiveAmount>")
    assert "total_mismatch" in {check.code for check in read_einvoice(wrong).checks}


@pytest.mark.parametrize("xml", [b"<a/>", b'<Invoice xmlns="urn:other"/>', b"<!DOCTYPE a><a/>"])
def test_other_xml_is_refused(xml: bytes) -> None:
    assert refusal(xml) == "file_xml_not_invoice"


@settings(deadline=None)
@given(st.integers(0, 10**5), st.binary(max_size=6), st.booleans())
def test_damaged_xml_is_read_or_refused(at: int, patch: bytes, cut: bool) -> None:
    xml = invoice(line=LINE.format(kind="Invoice", quantity="Invoiced"))
    at %= len(xml)
    damaged = xml[:at] if cut else xml[:at] + patch + xml[at + len(patch) :]
    assert refusal(damaged) in (None, "file_corrupt", "file_xml_not_invoice")
