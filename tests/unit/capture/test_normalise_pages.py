import pytest

from sheaf.capture.reading import DocumentType
from tests.builders.candidates import INVOICE, page, read, row, values


class TestPages:
    def test_the_pages_of_one_invoice_are_joined(self) -> None:
        first = page(*INVOICE[:3], rows=(row(ITEM="Laid paper", PRICE="150.00"),))
        second = page(*INVOICE[1:], rows=(row(ITEM="Envelopes", PRICE="100.00"),), number=2)
        reading = read(first, second)
        assert values(reading, "vendor", "total") == ("Fernhollow Paper Ltd", "300.00")
        assert [line.amount for line in reading.line_items] == ["150.00", "100.00"]
        assert reading.checks == ()

    def test_a_page_delivered_twice_counts_once(self) -> None:
        once = page(*INVOICE, rows=(row(ITEM="Paper", PRICE="250.00"),))
        assert len(read(once, once).line_items) == 1

    @pytest.mark.parametrize(
        "carried",
        ["Übertrag", "Carried forward", "Report", "Report page 1", "À reporter", "Suma anterior", "Riporto"],
    )
    def test_what_is_carried_over_counts_once(self, carried: str) -> None:
        heading = row(ITEM="Description", QUANTITY="Qty", PRICE="Amount")
        over = row(ITEM=carried, PRICE="200.00")
        goods = [
            row(ITEM=name, PRICE=f"{price}.00") for name, price in (("Tea", 150), ("Ink", 50), ("Pen", 50))
        ]
        reading = read(
            page(*INVOICE[:3], rows=(heading, *goods[:2], over)),
            page(*INVOICE[1:], rows=(heading, over, goods[2]), number=2),
        )
        assert [line.description for line in reading.line_items] == ["Tea", "Ink", "Pen"]
        assert reading.checks == ()

    def test_a_report_can_be_sold(self) -> None:
        rows = (row(ITEM="Survey", PRICE="150.00"), row(ITEM="Report writing", PRICE="100.00"))
        assert len(read(page(*INVOICE, rows=rows)).line_items) == 2

    @pytest.mark.parametrize("title", ["CREDIT NOTE", "Gutschrift Nr. 7", "Avoir n° 12", "Nota di credito"])
    def test_a_title_tells_a_credit_note(self, title: str) -> None:
        assert read(page(*INVOICE, lines=(title,))).document_type is DocumentType.CREDIT_NOTE
