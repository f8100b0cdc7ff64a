import pytest

from tests.builders.candidates import codes, field, page, read, values


class TestDates:
    def test_another_date_of_the_document_tells_the_order(self) -> None:
        issued = field("INVOICE_RECEIPT_DATE", "03/04/2026")
        assert read(page(issued, field("DUE_DATE", "04/25/2026"))).value("invoice_date") == "2026-03-04"
        assert read(page(issued, field("DUE_DATE", "25/04/2026"))).value("invoice_date") == "2026-04-03"

    @pytest.mark.parametrize(
        ("address", "iso"),
        [
            ("7 Mill Lane\nLondon\nUnited Kingdom", "2026-04-03"),
            ("1 Main St\nAustin, TX 78701", "2026-03-04"),
        ],
    )
    def test_the_country_tells_the_order(self, address: str, iso: str) -> None:
        reading = read(page(field("VENDOR_ADDRESS", address), field("INVOICE_RECEIPT_DATE", "03/04/2026")))
        assert reading.value("invoice_date") == iso
        assert "date_ambiguous" not in codes(reading)

    def test_the_language_tells_the_order_before_the_country(self) -> None:
        lines = ("Facture", "Montant de la TVA", "Adresse du client", "Fremont CA 94538")
        reading = read(page(field("INVOICE_RECEIPT_DATE", "06/01/2026"), lines=lines))
        assert reading.value("invoice_date") == "2026-01-06"

    def test_some_programs_write_the_day_after_the_year(self) -> None:
        reading = read(page(field("INVOICE_RECEIPT_DATE", "2026-25-04"), field("DUE_DATE", "2026-05-06")))
        assert values(reading, "invoice_date", "due_date") == ("2026-04-25", "2026-06-05")

    def test_the_term_of_payment_tells_the_order(self) -> None:
        issued, due = field("INVOICE_RECEIPT_DATE", "05/01/2026"), field("DUE_DATE", "04/02/2026")
        reading = read(page(issued, due, field("PAYMENT_TERMS", "30 days")))
        assert values(reading, "invoice_date", "due_date") == ("2026-01-05", "2026-02-04")
        assert "date_ambiguous" not in codes(reading)

    def test_an_order_nothing_tells_is_flagged(self) -> None:
        reading = read(page(field("INVOICE_RECEIPT_DATE", "03/04/2026")))
        (check,) = (check for check in reading.checks if check.code == "date_ambiguous")
        assert check.fields == ("invoice_date",)
        assert "2026-04-03 or 2026-03-04" in check.message

    @pytest.mark.parametrize(
        ("terms", "due"),
        [
            ("30 days", "2026-04-13"),
            ("Net 14", "2026-03-28"),
            ("zahlbar innerhalb von 10 Tagen", "2026-03-24"),
            ("30 jours fin de mois", "2026-04-30"),
            ("Due on receipt", "2026-03-14"),
        ],
    )
    def test_a_due_date_follows_from_the_terms(self, terms: str, due: str) -> None:
        reading = read(page(field("INVOICE_RECEIPT_DATE", "2026-03-14"), field("PAYMENT_TERMS", terms)))
        assert reading.value("due_date") == due
        printed = read(page(field("INVOICE_RECEIPT_DATE", "2026-03-14"), field("DUE_DATE", due)))
        assert reading.fields["due_date"].confidence < printed.fields["due_date"].confidence
