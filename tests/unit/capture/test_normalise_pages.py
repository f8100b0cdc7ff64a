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

    @pytest.mark.parametrize("title", ["CREDIT NOTE", "Gutschrift Nr. 7", "Avoir n° 12", "Nota di credito"])
    def test_a_title_tells_a_credit_note(self, title: str) -> None:
        assert read(page(*INVOICE, lines=(title,))).document_type is DocumentType.CREDIT_NOTE
