"""What labels point to: on a page of text, in eight languages."""

from __future__ import annotations

import pytest

from sheaf_reader.expense import Field, analyse
from tests.unit.reader.pages import page


def fields(*lines: str) -> list[Field]:
    (expense,) = analyse([page(*lines, "", "", "", "", "Thank you for your order.")])
    return list(expense.fields)


def best(kind: str, *lines: str) -> str | None:
    found = [field for field in fields(*lines) if field.type == kind]
    return max(found, key=lambda field: field.score).value.text if found else None


@pytest.mark.parametrize(
    ("kind", "line", "value"),
    [
        ("INVOICE_RECEIPT_ID", "Invoice Number: INV-3337", "INV-3337"),
        ("INVOICE_RECEIPT_ID", "Rechnungsnummer\t471102", "471102"),
        ("INVOICE_RECEIPT_ID", "Facture n° FA-2026-0218", "FA-2026-0218"),
        ("INVOICE_RECEIPT_ID", "Factuurnummer: 993548900", "993548900"),
        ("INVOICE_RECEIPT_ID", "Nº de factura: 2026/0417", "2026/0417"),
        ("INVOICE_RECEIPT_ID", "Numero fattura: 117/A", "117/A"),
        ("INVOICE_RECEIPT_ID", "Fatura nº FT2026/88", "FT2026/88"),
        ("INVOICE_RECEIPT_DATE", "Invoice date: January 25, 2016", "January 25, 2016"),
        ("INVOICE_RECEIPT_DATE", "Rechnungsdatum\t7. Mai 2014", "7. Mai 2014"),
        ("INVOICE_RECEIPT_DATE", "Fecha de emisión: 28/02/2020", "28/02/2020"),
        ("INVOICE_RECEIPT_DATE", "Data fattura: 14.03.2026", "14.03.2026"),
        ("DUE_DATE", "Zahlbar bis zum 04.04.2026", "04.04.2026"),
        ("DUE_DATE", "Échéance\t3 juillet 2026", "3 juillet 2026"),
        ("DUE_DATE", "Vervaldatum: 02-07-2026", "02-07-2026"),
        ("DUE_DATE", "Data de vencimento: 30/04/2026", "30/04/2026"),
        ("PO_NUMBER", "Purchase Order: F0016", "F0016"),
        ("INVOICE_RECEIPT_ID", "Nummer: RE20246034", "RE20246034"),
        ("INVOICE_RECEIPT_ID", "Our Invoice\tHR7205", "HR7205"),
        ("INVOICE_RECEIPT_ID", "Fatura n.º FT A/1234", "FT A/1234"),
        ("TOTAL", "Total incl. IGST\t1,97,127.26 INR", "1,97,127.26 INR"),
        ("TOTAL", "Total TTC (CHF):\tSFr.3'952.87", "SFr.3'952.87"),
        ("INVOICE_RECEIPT_DATE", "Date: 14.01.202210:22", "14.01.2022"),
        ("VENDOR_VAT_NUMBER", "USt-IdNr.: DE123456789", "DE123456789"),
        ("TAX_PAYER_ID", "Steuernummer: 201/113/40209", "201/113/40209"),
        ("PAYMENT_TERMS", "Payment terms: Net 30 days", "Net 30 days"),
        ("TOTAL", "Total (RM) : 332.30", "332.30"),
        ("TOTAL", "Totale documento\t€ 1.220,00", "€ 1.220,00"),
        ("AMOUNT_DUE", "Net à payer\t155 807,20", "155 807,20"),
        ("TAX", "TVA 20% :\t9,34 €", "9,34 €"),
        ("TAX", "VAT @12.50% ON\t885.00\t110.63", "110.63"),
        ("SUBTOTAL", "Rechnungssumme Netto (excl. USt.)\t198,00", "198,00"),
        ("SUBTOTAL", "Total Sales (Excluding GST)\t12.00", "12.00"),
        ("DISCOUNT", "Remise\t-15,00 €", "-15,00 €"),
        ("INVOICE_RECEIPT_ID", "Faktura VAT nr: 12/2026", "12/2026"),
        ("INVOICE_RECEIPT_ID", "Bill ID: 5583", "5583"),
        ("INVOICE_RECEIPT_ID", "Rechn.-Nr.\t2026-114", "2026-114"),
        ("INVOICE_RECEIPT_ID", "Fra. nº 26/0031", "26/0031"),
        ("INVOICE_RECEIPT_DATE", "Billed on\t3 March 2026", "3 March 2026"),
        ("INVOICE_RECEIPT_DATE", "Data wystawienia: 12.05.2026", "12.05.2026"),
        ("INVOICE_RECEIPT_DATE", "F. emisión: 28/02/2020", "28/02/2020"),
        ("DUE_DATE", "Zahlung erbeten bis 04.04.2026", "04.04.2026"),
        ("DUE_DATE", "À régler au plus tard le 3 juillet 2026", "3 juillet 2026"),
        ("DUE_DATE", "Wordt automatisch geïncasseerd op 02-07-2026", "02-07-2026"),
        ("DUE_DATE", "Fecha de cargo: 30/04/2026", "30/04/2026"),
        ("DUE_DATE", "Da pagare entro il 31/05/2026", "31/05/2026"),
        ("DUE_DATE", "Valor a liquidar até 31/05/2026", "31/05/2026"),
        ("DUE_DATE", "Termin płatności: 31.05.2026", "31.05.2026"),
        ("TOTAL", "Gesamtbetrag der Rechnung\t119,00", "119,00"),
        ("TOTAL", "Montant total de votre facture\t119,00", "119,00"),
        ("TOTAL", "Totaal BTW inbegrepen\t121,00", "121,00"),
        ("TOTAL", "Importo totale fattura\t€ 1.220,00", "€ 1.220,00"),
        ("SUBTOTAL", "Total excl. TVA\t100,00", "100,00"),
        ("SUBTOTAL", "Razem netto\t100,00", "100,00"),
        ("TAX", "VAT at 20%\t20.00", "20.00"),
        ("AMOUNT_DUE", "Do zapłaty: 123,00 zł", "123,00 zł"),
        ("PO_NUMBER", "Customer PO number: 4500012", "4500012"),
    ],
)  # fmt: skip
def test_a_label_names_what_stands_right_of_it(kind: str, line: str, value: str) -> None:
    assert best(kind, "Some heading", line) == value


def test_values_under_their_labels() -> None:
    lines = ("Invoice Date:\tDue Date:\tReference:", "03/20/2023\t04/04/2023\tCUSTREF123")
    assert best("INVOICE_RECEIPT_DATE", *lines) == "03/20/2023"
    assert best("DUE_DATE", *lines) == "04/04/2023"


def test_a_label_of_two_lines() -> None:
    lines = ("Date\tDate", "\td'échéance", "06/06/2015\t21/06/2015")
    assert best("INVOICE_RECEIPT_DATE", *lines) == "06/06/2015"
    assert best("DUE_DATE", *lines) == "21/06/2015"


def test_two_sums_on_two_lines_are_not_one_label() -> None:
    lines = ("GST\t6.33", "Total\t69.60")
    assert best("TAX", *lines) == "6.33"
    assert best("TOTAL", *lines) == "69.60"


def test_the_number_behind_the_title() -> None:
    assert best("INVOICE_RECEIPT_ID", "Acme Ltd", "Invoice INV/2023/03/0008") == "INV/2023/03/0008"
    assert best("INVOICE_RECEIPT_ID", "Handelsrechnung (380) Nr. 471102 vom 05.06.2018") == "471102"
    assert best("INVOICE_RECEIPT_ID", "TAX INVOICE\tINV-0871") == "INV-0871"


def test_what_a_total_includes_is_no_tax() -> None:
    lines = ("Total RM Incl. of GST\t5.75",)
    assert best("TOTAL", *lines) == "5.75"
    assert best("TAX", *lines) is None


def test_a_total_of_something_else_counts_less() -> None:
    found = {
        field.value.text: field.score
        for field in fields("Total of the March deliveries: 24.16", "Total payable: 54.19")
    }
    assert found["54.19"] > found["24.16"]


def test_every_date_is_offered_the_labelled_first() -> None:
    found = [
        f for f in fields("12.01.2026 14:05", "Invoice date: 14.03.2026") if f.type == "INVOICE_RECEIPT_DATE"
    ]
    assert [f.value.text for f in sorted(found, key=lambda f: -f.score)] == ["14.03.2026", "12.01.2026"]


def test_labels_keep_what_is_printed_beside_them() -> None:
    (tax,) = [field for field in fields("Heading", "TVA 5,5 % :\t16,42 €") if field.type == "TAX"]
    assert tax.label is not None
    assert tax.label.text == "TVA 5,5 % :"


def test_the_buyers_tax_number_is_not_the_vendors() -> None:
    assert best("RECEIVER_VAT_NUMBER", "Ihre USt-IdNr.: DE303303712") == "DE303303712"


def test_a_currency_stands_on_every_amount() -> None:
    found = fields("Currency: CHF", "Subtotal\t100.00", "VAT 8.1%\t8.10", "Total\t108.10")
    assert {field.currency.code for field in found if field.currency} == {"CHF"}
    assert {field.type for field in found if field.currency} == {"SUBTOTAL", "TAX", "TOTAL"}


def test_the_number_of_a_party_is_not_the_documents() -> None:
    assert best("INVOICE_RECEIPT_ID", "Verkäufer", "Nummer: 549910", "Name: Lieferant GmbH") is None


def test_the_number_of_a_delivery_note_is_not_the_documents() -> None:
    assert best("INVOICE_RECEIPT_ID", "Albarán: LS-3135", "Número: 07739/2025") == "07739/2025"


def test_the_original_of_a_credit_note_is_another_document() -> None:
    assert best("INVOICE_RECEIPT_ID", "Facture d'origine : 37005", "Numéro : AV-12") == "AV-12"


def test_rows_of_rates_are_parts_of_the_sums() -> None:
    lines = ("Summe\t\t8.694,18", "Satz\tNetto\tBrutto", "19%\t1.372,56\t1.633,35", "7%\t6.598,91\t7.060,83")
    assert best("TOTAL", *lines) == "8.694,18"


def test_names_of_sums_over_their_amounts_head_no_table() -> None:
    lines = ("Goods Total\tGST 18%\tTotal incl. GST", "8,53,375.30\t1,53,607.55\t10,06,982.85")
    assert best("TOTAL", *lines) == "10,06,982.85"
    assert best("TAX", *lines) == "1,53,607.55"


@pytest.mark.parametrize(
    ("line", "code"), [("ABN: 46 607 889 352", "AUD"), ("GST # 955672900 RT0001", "CAD"), ("Bend, OR", "USD")]
)
def test_a_bare_dollar_is_the_one_its_taxes_are_paid_in(line: str, code: str) -> None:
    (total,) = (field for field in fields(line, "Total\t$15,710.11") if field.type == "TOTAL")
    assert total.currency is not None
    assert total.currency.code == code


def test_the_folio_of_a_register_is_no_invoice_number() -> None:
    lines = ("Número: 002243", "", "", "Inscrita en el Registro Mercantil, tomo 1204, folio 87.")
    assert best("INVOICE_RECEIPT_ID", *lines) == "002243"


def test_terms_stand_under_their_label_in_a_row_of_labels() -> None:
    assert best("PAYMENT_TERMS", "Terms\tDue date", "15 days from the invoice date\t31/05/2026") == (
        "15 days from the invoice date"
    )


def test_days_of_terms_head_no_table() -> None:
    assert best("PAYMENT_TERMS", "Betalingstermijn:\t30 dagen netto") == "30 dagen netto"


def test_terms_that_say_it_all_take_no_date_from_below() -> None:
    assert best("DUE_DATE", "Payment due within 10 days", "22 Nov 2022") is None


def test_a_number_beside_another_label_is_not_the_documents() -> None:
    assert best("INVOICE_RECEIPT_ID", "CREDIT NOTE", "Delivery note:\tLS-4062", "Number:\tINV-09843") == (
        "INV-09843"
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Total After Adj Incl GST\t26.10", "26.10"),
        ("BL TOT (ROUNDED)\t1039.00", "1039.00"),
        ("Total Amt Rounded\t102.00", "102.00"),
    ],
)
def test_what_a_total_includes_or_how_it_is_rounded_is_part_of_its_name(line: str, value: str) -> None:
    assert best("TOTAL", line) == value
    assert best("TAX", line) is None


def test_a_number_in_groups_is_one_number() -> None:
    assert best("INVOICE_RECEIPT_ID", "Rechnungsnummer\t84 1188 2233 4455") == "84 1188 2233 4455"


def test_an_address_beside_a_label_holds_no_number() -> None:
    assert "97205" not in {field.value.text for field in fields("ORDER ID\tPortland, OR 97205")}


def test_a_label_over_two_lines_beside_its_value() -> None:
    assert best("INVOICE_RECEIPT_ID", "Document\tA-6521", "No.") == "A-6521"


def test_tills_leave_the_zero_before_the_point_away() -> None:
    assert best("TAX", "TAX\t.53") == ".53"
    assert best("TAX", "TAX\tref no.53") is None


def test_what_a_tax_is_included_in_is_no_tax() -> None:
    line = "Quarterly premium including 19 % tax\t220.00"
    assert best("TAX", line) is None
    assert best("TOTAL", line) == "220.00"
    assert best("TAX", "including 19 % VAT\t35.13") == "35.13"
