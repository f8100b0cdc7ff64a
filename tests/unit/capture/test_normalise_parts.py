"""A file may hold several invoices; a wrong division is worse than a missed one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.candidates import INVOICE, Values, codes, field, page, parts, row, values

OTHER = (
    field("VENDOR_NAME", "Kranich GmbH"),
    field("INVOICE_RECEIPT_ID", "RE-7741", "Rechnungsnr."),
    field("INVOICE_RECEIPT_DATE", "2. Mai 2026", "Rechnungsdatum"),
    field("TOTAL", "119,00 €", "Gesamtbetrag"),
)


def pages_of(*sheets: Values) -> list[tuple[int, int]]:
    return [(part.first_page, part.last_page) for part in parts(*sheets)]


def same_supplier(number: str, total: str, date: str = "15 March 2026") -> tuple[Values, ...]:
    return (
        field("VENDOR_NAME", "Fernhollow Paper Ltd"),
        field("INVOICE_RECEIPT_ID", number, "Invoice no."),
        field("INVOICE_RECEIPT_DATE", date, "Invoice date"),
        field("TOTAL", total, "Total"),
    )


class TestAnotherInvoice:
    def test_begins_with_another_number_date_and_total(self) -> None:
        first, second = parts(page(*INVOICE), page(*OTHER, number=2))
        assert values(first.reading, "invoice_number", "total", "currency") == ("INV-1001", "300.00", "GBP")
        assert values(second.reading, "invoice_number", "total", "currency") == ("RE-7741", "119.00", "EUR")
        assert (second.first_page, second.last_page) == (2, 2)
        assert "several_documents" not in codes(first.reading) | codes(second.reading)

    def test_may_be_of_the_same_supplier_over_the_same_sum(self) -> None:
        months = [same_supplier(f"INV-200{n}", "£25.00", f"{n} May 2026") for n in (4, 5, 6)]
        sheets = [page(*fields, number=number) for number, fields in enumerate(months, 1)]
        assert pages_of(*sheets) == [(1, 1), (2, 2), (3, 3)]

    def test_is_told_by_its_page_numbers(self) -> None:
        first = page(*INVOICE, lines=("Page 1 of 1",))
        second = page(*INVOICE[1:3], number=2)
        nameless = page(field("INVOICE_RECEIPT_ID", "77-19"), lines=("Page 1 of 2",), number=2)
        last = page(field("TOTAL", "£77.00", "Total"), lines=("Page 2 of 2",), number=3)
        assert pages_of(first, nameless, last) == [(1, 1), (2, 3)]
        assert pages_of(first, second) == [(1, 2)]

    def test_may_have_its_total_on_its_last_page(self) -> None:
        sheets = (
            page(*INVOICE[:3]),
            page(*INVOICE[3:], number=2),
            page(*OTHER[:3], number=3),
            page(*OTHER[3:], number=4),
        )
        assert pages_of(*sheets) == [(1, 2), (3, 4)]

    def test_is_of_another_supplier_when_receipts_have_no_number(self) -> None:
        shops = (("Saltmarsh Books", "£12.50", "1 May 2026"), ("Quillon Bakery", "£3.20", "3 May 2026"))
        receipts = [
            page(
                field("VENDOR_NAME", name),
                field("INVOICE_RECEIPT_DATE", date),
                field("TOTAL", total, "Total"),
                number=number,
            )
            for number, (name, total, date) in enumerate(shops, 1)
        ]
        assert pages_of(*receipts) == [(1, 1), (2, 2)]


class TestTheSameInvoice:
    @pytest.mark.parametrize(
        "second",
        [
            page(number=2),
            page(lines=("General terms and conditions of sale",) * 3, number=2),
            page(*INVOICE[1:2], field("TOTAL", "£999.00", "Total"), number=2),
            page(field("INVOICE_RECEIPT_ID", "4711", "Customer no."), number=2),
            page(*same_supplier("DN-88123", "£42.00")[:3], number=2),
            page(*same_supplier("A-1", "£4.00"), lines=("Brought forward 300.00",), number=2),
            page(*same_supplier("SI-90017", "£42.00"), lines=("Credit for INV-1001", "Ref."), number=2),
        ],
        ids=["blank", "terms", "same number", "customer number", "delivery note", "carried", "credit"],
    )
    def test_goes_on(self, second: Values) -> None:
        assert pages_of(page(*INVOICE), second) == [(1, 2)]

    def test_goes_on_while_its_page_numbers_do(self) -> None:
        first = page(*INVOICE, lines=("Seite 1/2",))
        second = page(
            field("INVOICE_RECEIPT_ID", "99"), field("TOTAL", "£9.00"), number=2, lines=("Seite 2/2",)
        )
        assert pages_of(first, second) == [(1, 2)]

    def test_begins_with_its_cover(self) -> None:
        cover = page(lines=("Dear customer, enclosed you find our invoice.",))
        assert pages_of(cover, page(*INVOICE, number=2)) == [(1, 2)]

    def test_what_is_in_doubt_stays_together_and_is_told(self) -> None:
        thin = page(field("INVOICE_RECEIPT_ID", "INV-1002"), field("TOTAL", "£77.00"), number=2)
        (part,) = parts(page(*INVOICE), thin)
        assert "several_documents" in codes(part.reading)


class TestReceiptsOnOnePage:
    def test_each_with_a_total_is_one(self) -> None:
        receipts = [
            page(
                field("VENDOR_NAME", name),
                field("TOTAL", total, "Total"),
                rows=(row(ITEM=name, PRICE=total),),
            )
            for name, total in (("Tea House", "4.00"), ("Car Park", "6.50"))
        ]
        found = parts(*receipts)
        assert [part.reading.value("total") for part in found] == ["4.00", "6.50"]
        assert {(part.first_page, part.last_page) for part in found} == {(1, 1)}

    def test_the_slip_of_the_card_that_paid_is_no_other(self) -> None:
        bill = page(*INVOICE[:1], field("TOTAL", "£12.00", "Total"))
        slip = page(field("TOTAL", "£12.00", "Amount"), field("OTHER", "£12.00", "Visa"))
        assert len(parts(bill, slip)) == 1

    def test_each_gets_its_own_text(self) -> None:
        def placed(kind: str, text: str, left: float) -> Values:
            box = {"BoundingBox": {"Left": left, "Top": 0.3, "Width": 0.2, "Height": 0.02}}
            one = field(kind, text)
            return {**one, "ValueDetection": {**one["ValueDetection"], "Geometry": box}}

        blocks = [
            {
                "BlockType": "LINE", "Text": text, "Confidence": 99.0, "Page": 1,
                "Geometry": {"BoundingBox": {"Left": left, "Top": 0.1, "Width": 0.2, "Height": 0.02}},
            }
            for text, left in (("Gutschrift", 0.1), ("USt-IdNr. DE136695976", 0.6))
        ]  # fmt: skip
        sheets = [
            {**page(placed("VENDOR_NAME", name, left), placed("TOTAL", total, left)), "Blocks": blocks}
            for name, total, left in (("Tea House", "4.00", 0.1), ("Kranich GmbH", "6.50", 0.6))
        ]
        left, right = (part.reading for part in parts(*sheets))
        assert (left.document_type.value, left.value("vendor_tax_id")) == ("credit_note", None)
        assert (right.document_type.value, right.value("vendor_tax_id")) == ("invoice", "DE136695976")


@dataclass(frozen=True)
class Bill:
    number: str
    vendor: str
    total: str
    pages: int
    counted: bool
    repeats_number: bool

    def sheets(self, first: int) -> list[Values]:
        return [self._sheet(place, first + place - 1) for place in range(1, self.pages + 1)]

    def _sheet(self, place: int, number: int) -> Values:
        fields = []
        if place == 1:
            fields += [
                field("VENDOR_NAME", self.vendor),
                field("INVOICE_RECEIPT_ID", self.number, "Invoice number"),
                field("INVOICE_RECEIPT_DATE", "2 March 2026", "Date"),
            ]
        elif self.repeats_number:
            fields.append(field("INVOICE_RECEIPT_ID", self.number, "Invoice number"))
        if place == self.pages:
            fields.append(field("TOTAL", self.total, "Total"))
        lines = (f"Page {place} of {self.pages}",) if self.counted else ()
        return page(*fields, lines=lines, number=number, rows=(row(ITEM=f"Paper {number}", PRICE="1.00"),))


bills = st.lists(
    st.builds(
        Bill,
        number=st.integers(10**5, 10**6 - 1).map("INV-{}".format),
        vendor=st.sampled_from(("Fernhollow Paper Ltd", "Kranich GmbH", "Saltmarsh Books")),
        total=st.integers(100, 10**6).map(lambda cents: f"£{cents / 100:,.2f}"),
        pages=st.integers(1, 4),
        counted=st.booleans(),
        repeats_number=st.booleans(),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda bill: bill.number,
)


@given(bills)
def test_a_packet_of_invoices_is_divided_where_each_begins(packet: list[Bill]) -> None:
    ends = list(accumulate(bill.pages for bill in packet))
    starts = [end - bill.pages + 1 for end, bill in zip(ends, packet, strict=True)]
    sheets = [sheet for start, bill in zip(starts, packet, strict=True) for sheet in bill.sheets(start)]
    found = parts(*sheets)
    assert [(part.first_page, part.last_page) for part in found] == list(zip(starts, ends, strict=True))
    assert [part.reading.value("invoice_number") for part in found] == [bill.number for bill in packet]
    assert [len(part.reading.line_items) for part in found] == [bill.pages for bill in packet]


texts = st.text(max_size=12) | st.from_regex(r"[A-Z]{1,3}-?\d{2,6}|\d{1,3}[.,]\d\d", fullmatch=True)
scraps = st.builds(
    field,
    st.sampled_from(("TOTAL", "INVOICE_RECEIPT_ID", "VENDOR_NAME", "INVOICE_RECEIPT_DATE", "OTHER")),
    texts,
    st.sampled_from(("", "Invoice no.", "Total", "Page")),
)


@given(st.lists(st.lists(scraps, max_size=5), max_size=8))
def test_every_page_belongs_to_exactly_one_part(sheets: list[list[Values]]) -> None:
    found = parts(*(page(*fields, number=number) for number, fields in enumerate(sheets, 1)))
    covered = [number for part in found for number in range(part.first_page, part.last_page + 1)]
    assert covered in ([*range(1, len(sheets) + 1)], [1])
    if len(found) > 1:
        assert all("total" in part.reading.fields for part in found)
