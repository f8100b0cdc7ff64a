import pytest

from tests.builders.candidates import field, page, read, values


class TestNumbers:
    def test_check_digits_find_the_bank_account_and_the_vat_identifier(self) -> None:
        lines = (
            "USt-IdNr. DE 136 695 976",
            "Konto: DE89 3704 0044 0532 0130 00 BIC: COBADEFFXXX",
            "DE00 1234 5678",
        )
        reading = read(page(field("VENDOR_NAME", "Kranich GmbH"), lines=lines))
        assert values(reading, "vendor_tax_id", "iban", "bic") == (
            "DE136695976",
            "DE89370400440532013000",
            "COBADEFFXXX",
        )

    def test_labels_inside_a_value_are_cut(self) -> None:
        assert read(page(field("INVOICE_RECEIPT_ID", "No. 2026-17"))).value("invoice_number") == "2026-17"
        assert read(page(field("INVOICE_RECEIPT_ID", "#108772"))).value("invoice_number") == "108772"

    @pytest.mark.parametrize("number", ["NR-2024-4276", "NO-77", "NR2024", "ID/12", "RE-7"])
    def test_what_only_begins_like_a_label_is_a_part_of_the_number(self, number: str) -> None:
        assert read(page(field("INVOICE_RECEIPT_ID", number))).value("invoice_number") == number

    def test_a_label_makes_up_for_a_missing_type(self) -> None:
        reading = read(
            page(field("OTHER", "RE-7", "Rechnungsnr."), field("OTHER", "PO 99-1", "Your order no."))
        )
        assert values(reading, "invoice_number", "purchase_order") == ("RE-7", "PO 99-1")


def test_a_credit_note_has_its_own_number_and_date() -> None:
    reading = read(
        page(
            field("INVOICE_RECEIPT_ID", "37005", "Rechnungsnummer"),
            field("INVOICE_RECEIPT_ID", "GS-4494", "Beleg-Nr.", confidence=70.0),
            field("INVOICE_RECEIPT_DATE", "07.09.2026", "Rechnungsdatum"),
            field("INVOICE_RECEIPT_DATE", "19.09.2026", "Belegdatum", confidence=70.0),
            lines=("Gutschrift",),
        )
    )
    assert values(reading, "invoice_number", "invoice_date") == ("GS-4494", "2026-09-19")


@pytest.mark.parametrize(
    ("title", "own_number", "own_date", "its_number", "its_date"),
    [
        ("Credit note", "Credit note no.", "Date", "Original invoice no.", "Invoice date"),
        ("Gutschrift", "Gutschrift-Nr.", "Datum", "zur Rechnung", "Rechnungsdatum"),
        ("Avoir", "Avoir n°", "Date de l'avoir", "Facture n°", "Date de facture"),
        ("Nota di credito", "Numero", "Data", "Fattura n.", "Data fattura"),
        ("Factura rectificativa", "Número", "Fecha", "Factura n.º", "Fecha de factura"),
        ("Creditnota", "Nummer", "Datum", "Factuurnummer", "Factuurdatum"),
    ],
)
def test_a_credit_note_is_not_the_invoice_it_corrects(
    title: str, own_number: str, own_date: str, its_number: str, its_date: str
) -> None:
    reading = read(
        page(
            field("INVOICE_RECEIPT_ID", "2026-1448", its_number),
            field("INVOICE_RECEIPT_DATE", "3 July 2026", its_date),
            field("INVOICE_RECEIPT_ID", "CN-31", own_number, confidence=80.0),
            field("INVOICE_RECEIPT_DATE", "22 July 2026", own_date, confidence=80.0),
            field("TOTAL", "-54.00", "Total"),
            lines=(title,),
        )
    )
    assert values(reading, "invoice_number", "invoice_date") == ("CN-31", "2026-07-22")
