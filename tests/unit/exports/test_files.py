"""The files, opened by the programs' own readers where there are any."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sheaf.capture.einvoice import read_einvoice
from sheaf.exports import quickbooks_csv, workbook, xero_csv
from sheaf.exports.formats import Format
from sheaf.exports.pieces import Limits
from sheaf.exports.rows import ExportedDocument, Layout, Written
from sheaf.exports.tables import DOCUMENT_COLUMNS, LINE_COLUMNS
from tests.builders.bills import credit_note, every_kind, exported, hostile, invoice, without_lines

XERO_TEMPLATE = (
    "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
    "POPostalCode,POCountry,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,"
    "*UnitAmount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,"
    "Currency"
)
INTUIT_SAMPLE = (
    "!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\tCLEAR\tTOPRINT\tADDR5\tDUEDATE\tTERMS",
    "!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\tCLEAR\tQNTY\tREIMBEXP\tSERVICEDATE\tOTHER2",
    "!ENDTRNS",
)


def write(
    chosen: Format, documents: list[ExportedDocument], layout: Layout | None = None
) -> tuple[bytes, Written]:
    out = io.BytesIO()
    target = chosen.target
    fitting = (document for document in documents if target.refusal(document) is None)
    written = target.write(fitting, out, layout or Layout())
    return out.getvalue(), written


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("chosen", Format)
def test_the_same_documents_give_the_same_bytes(chosen: Format) -> None:
    assert write(chosen, every_kind()) == write(chosen, every_kind())
    assert write(chosen, []) == write(chosen, [])


def test_csv_has_a_row_for_each_document_and_lines_a_row_for_each_line() -> None:
    data, written = write(Format.CSV, every_kind())
    rows = table(data)
    assert tuple(rows[0]) == DOCUMENT_COLUMNS
    assert (rows[0]["vendor"], rows[0]["total"], rows[0]["due_date"]) == (
        "Moulin & Fils",
        "115.50",
        "2026-11-30",
    )
    assert (rows[2]["document_type"], rows[2]["total"]) == ("credit_note", "-119.00")
    assert rows[0]["created_at"] == "2026-11-20T09:30:00Z"
    assert b"\r\n" in data
    assert written.content_type.startswith("text/csv")
    lines = table(write(Format.CSV_LINES, every_kind())[0])
    assert tuple(lines[0]) == LINE_COLUMNS
    assert [line["line"] for line in lines] == ["1", "2", "1", "1", "1", "2", "1", "2"]


@pytest.mark.parametrize("chosen", [Format.CSV, Format.CSV_LINES, Format.XERO_CSV, Format.QUICKBOOKS_CSV])
def test_no_text_of_a_csv_is_a_formula(chosen: Format) -> None:
    for row in table(write(chosen, [exported(reading=hostile())])[0]):
        for name, cell in row.items():
            number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
            assert number or not cell.strip().startswith(("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}")), (
                name,
                cell,
            )


def test_a_workbook_has_typed_cells() -> None:
    data, _ = write(Format.XLSX, [*every_kind(), exported(7, invoice(total="12345678901234567.89"))])
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Documents", "Lines"]
    sheet = book["Documents"]
    heading, first, *_ = sheet.iter_rows(values_only=True)
    assert tuple(heading) == DOCUMENT_COLUMNS
    cells = dict(zip(heading, first, strict=True))
    assert (cells["total"], cells["due_date"]) == (115.5, datetime(2026, 11, 30))  # noqa: DTZ001 - Excel has no zones
    assert cells["created_at"] == datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001
    hostile_row = dict(zip(heading, list(sheet.iter_rows(values_only=True))[6], strict=True))
    assert hostile_row["vendor"] == "'+1-800 Plumbing"
    assert hostile_row["invoice_number"] == "'-2+3"
    last = dict(zip(heading, list(sheet.iter_rows(values_only=True))[7], strict=True))
    assert last["total"] == "12345678901234567.89", "more digits than a double has"
    amounts = [
        row[LINE_COLUMNS.index("amount")] for row in book["Lines"].iter_rows(min_row=2, values_only=True)
    ]
    assert amounts[:2] == [70, 30]
    assert {cell.data_type for row in book["Lines"].iter_rows() for cell in row} <= {
        "s",
        "n",
        "inlineStr",
        "d",
    }


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_ROWS", 3)
    book = load_workbook(io.BytesIO(write(Format.XLSX, every_kind())[0]))
    assert [name for name in book.sheetnames if name.startswith("Documents")] == [
        "Documents", "Documents 2", "Documents 3",
    ]  # fmt: skip
    assert sum(book[name].max_row - 1 for name in book.sheetnames if name.startswith("Lines")) == 8


def test_long_text_and_days_that_excel_does_not_know_are_kept_as_text() -> None:
    document = exported(reading=invoice(vendor="x" * 40_000, invoice_date="1899-12-31"))
    sheet = load_workbook(io.BytesIO(write(Format.XLSX, [document])[0]))["Documents"]
    heading, row = sheet.iter_rows(values_only=True)
    cells = dict(zip(heading, row, strict=True))
    assert len(cells["vendor"]) == 32_767
    assert cells["invoice_date"] == "1899-12-31"


def test_json_has_everything_exactly() -> None:
    data, _ = write(Format.JSON, every_kind())
    documents = json.loads(data)["documents"]
    assert [ExportedDocument.model_validate(each) for each in documents] == every_kind()
    assert json.loads(write(Format.JSON, [])[0])["documents"] == []


def test_xero_takes_the_columns_of_its_template() -> None:
    data, written = write(
        Format.XERO_CSV, every_kind(), Layout(account="400", tax_codes={"20": "20% (VAT on Expenses)"})
    )
    assert data.decode("utf-8-sig").split("\r\n")[0] == XERO_TEMPLATE
    assert written.extension == "csv"
    rows = table(data)
    flour = rows[0]
    assert (flour["*ContactName"], flour["*InvoiceNumber"], flour["*DueDate"]) == (
        "Moulin & Fils", "F-2026-17", "30/11/2026",
    )  # fmt: skip
    assert (flour["*Quantity"], flour["*UnitAmount"], flour["*AccountCode"]) == ("4", "17.50", "400")
    assert (flour["*TaxType"], flour["TaxAmount"], flour["Currency"]) == (
        "20% (VAT on Expenses)",
        "14.00",
        "EUR",
    )
    credited = [row for row in rows if row["*InvoiceNumber"] == "GS-9"]
    assert [(row["*Quantity"], row["*UnitAmount"], row["Total"]) for row in credited] == [
        ("2", "-50.00", "-119.00")
    ] * 2
    assert rows[0]["*InvoiceDate"] == "31/10/2026"
    american = table(write(Format.XERO_CSV, every_kind(), Layout(month_first=True))[0])
    assert american[0]["*InvoiceDate"] == "10/31/2026"


def test_quickbooks_online_gets_bills_that_come_to_their_total() -> None:
    rows = table(write(Format.QUICKBOOKS_CSV, every_kind())[0])
    assert tuple(rows[0]) == quickbooks_csv.COLUMNS
    moulin = [row for row in rows if row["*BillNo"] == "F-2026-17"]
    assert [row["*LineAmount"] for row in moulin] == ["70.00", "30.00", "15.50"]
    assert {row["*Account"] for row in rows} == {"Uncategorised Expense"}
    coded = Layout(tax_codes={"20": "20.0% S", "5": "5.0% R"}, account="Food")
    rows = table(write(Format.QUICKBOOKS_CSV, [exported()], coded)[0])
    assert [(r["*LineAmount"], r["*LineTaxCode"], r["LineTaxAmount"]) for r in rows] == [
        ("70.00", "20.0% S", "14.00"),
        ("30.00", "5.0% R", "1.50"),
    ]


def test_quickbooks_online_takes_no_credit_notes() -> None:
    target = Format.QUICKBOOKS_CSV.target
    assert target.refusal(exported(reading=credit_note())) == "credit_note_not_taken"


@pytest.mark.parametrize(
    ("module", "chosen"), [(xero_csv, Format.XERO_CSV), (quickbooks_csv, Format.QUICKBOOKS_CSV)]
)
def test_more_than_a_target_takes_becomes_an_archive_of_files_it_takes(
    monkeypatch: pytest.MonkeyPatch, module: object, chosen: Format
) -> None:
    monkeypatch.setattr(module, "_LIMITS", Limits(bills=2, rows=5))
    documents = [exported(number, invoice(invoice_number=f"F-{number}")) for number in range(5)]
    data, written = write(chosen, documents)
    assert (written.extension, written.content_type) == ("zip", "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    pieces = [table(archive.read(name)) for name in archive.namelist()]
    numbers = [
        sorted({row["*InvoiceNumber" if module is xero_csv else "*BillNo"] for row in piece})
        for piece in pieces
    ]
    assert [number for piece in numbers for number in piece] == [f"F-{number}" for number in range(5)]
    assert all(len(piece) <= 5 for piece in pieces)


def iif(documents: list[ExportedDocument]) -> list[list[str]]:
    data, _ = write(Format.QUICKBOOKS_IIF, documents)
    return [line.split("\t") for line in data.decode("cp1252").removesuffix("\r\n").split("\r\n")]


def test_iif_has_the_headings_of_intuit_s_sample_and_every_transaction_is_zero() -> None:
    lines = iif(every_kind())
    assert tuple("\t".join(line) for line in lines[:3]) == INTUIT_SAMPLE
    amount, open_sum, kinds = 7, Decimal(0), []
    for line in lines[3:]:
        match line[0]:
            case "TRNS":
                assert len(line) == 15
                kinds.append(line[2])
                open_sum = Decimal(line[amount])
                assert (open_sum < 0) == (line[2] == "BILL")
            case "SPL":
                assert len(line) == 15
                open_sum += Decimal(line[amount])
            case "ENDTRNS":
                assert open_sum == 0
    assert kinds == ["BILL", "BILL REFUND", "BILL REFUND", "BILL", "BILL", "BILL"]


def test_iif_fits_what_quickbooks_desktop_keeps() -> None:
    name = "Żółć " + "x" * 60
    [bill] = [line for line in iif([exported(reading=invoice(vendor=name))]) if line[0] == "TRNS"]
    assert bill[5].startswith("Zó?c x")
    assert len(bill[5]) == 41
    assert bill[3] == "10/31/2026"
    assert bill[9].startswith("EUR doc_")
    [japanese] = [line for line in iif([exported(reading=without_lines())]) if line[0] == "TRNS"]
    assert japanese[5] == "????"


def members(data: bytes) -> list[tuple[str, bytes]]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [(name, archive.read(name)) for name in archive.namelist()]


def fingerprint(chosen: Format) -> str:
    """Of what is in the file: how it is packed is the business of zlib."""
    data, written = write(chosen, every_kind())
    packed = written.extension in {"zip", "xlsx"}
    parts = members(data) if packed else [("", data)]
    return hashlib.sha256(b"\0".join(name.encode() + content for name, content in parts)).hexdigest()[:16]


def test_a_repeat_by_a_later_version_gives_the_same_file() -> None:
    """Whoever changes what is written here changes what an old export gives when it is repeated: then change
    this file as well, and say so where users read it.
    """
    pinned = json.loads((Path(__file__).parent / "fingerprints.json").read_text())
    assert {chosen.value: fingerprint(chosen) for chosen in Format} == pinned


def test_ubl_is_an_archive_of_one_document_each() -> None:
    data, written = write(Format.UBL, every_kind())
    assert written.extension == "zip"
    read = [read_einvoice(content) for _, content in members(data)]
    assert [name for name, _ in members(data)] == [f"{document.id}.xml" for document in every_kind()]
    assert [each.value("vendor") for each in read] == [d.reading.value("vendor") for d in every_kind()]


def test_the_day_is_no_part_of_it() -> None:
    archive = zipfile.ZipFile(io.BytesIO(write(Format.UBL, every_kind())[0]))
    assert {date(*member.date_time[:3]) for member in archive.infolist()} == {date(1980, 1, 1)}
