from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.capture.checks import needs_review
from sheaf.capture.normalise import normalise
from sheaf.capture.reading import DocumentType, Reading, Source

type Values = dict[str, Any]


def field(
    kind: str, text: str, label: str = "", *, page: int = 1, confidence: float = 99.0, **more: Any
) -> Values:
    return {
        "Type": {"Text": kind, "Confidence": confidence},
        "LabelDetection": {"Text": label, "Confidence": confidence},
        "ValueDetection": {"Text": text, "Confidence": confidence},
        "PageNumber": page,
        **more,
    }


def row(**cells: str) -> Values:
    return {"LineItemExpenseFields": [field(kind, text) for kind, text in cells.items()]}


def page(*fields: Values, rows: tuple[Values, ...] = (), lines: tuple[str, ...] = ()) -> Values:
    blocks = [{"BlockType": "LINE", "Text": line, "Confidence": 99.0, "Page": 1} for line in lines]
    groups = [{"LineItemGroupIndex": 1, "LineItems": list(rows)}]
    return {"SummaryFields": list(fields), "LineItemGroups": groups, **({"Blocks": blocks} if blocks else {})}


def read(*pages: Values) -> Reading:
    return normalise({"ExpenseDocuments": list(pages)}, source=Source.TEXTRACT)[0].reading


def values(reading: Reading, *names: str) -> tuple[str | None, ...]:
    return tuple(map(reading.value, names))


def codes(reading: Reading) -> set[str]:
    return {check.code for check in reading.checks}


TYPES = (
    "TOTAL", "TAX", "SUBTOTAL", "DISCOUNT", "AMOUNT_DUE", "OTHER", "INVOICE_RECEIPT_DATE", "DUE_DATE",
    "VENDOR_NAME", "RECEIVER_ADDRESS", "INVOICE_RECEIPT_ID", "PAYMENT_TERMS", "TAX_PAYER_ID",
)  # fmt: skip
ODD_TEXTS = st.text(max_size=20) | st.from_regex(r"[$€]? ?-?\d{1,4}[.,]\d{1,3}", fullmatch=True)
INVOICE = (
    field("VENDOR_NAME", "Fernhollow Paper Ltd"),
    field("INVOICE_RECEIPT_ID", "INV-1001", "Invoice no."),
    field("INVOICE_RECEIPT_DATE", "14 March 2026", "Invoice date"),
    field("SUBTOTAL", "£250.00", "Subtotal"),
    field("TAX", "£50.00", "VAT 20%"),
    field("TOTAL", "£300.00", "Total"),
)


class TestMoney:
    def test_a_sum_that_balances_is_as_good_as_proven(self) -> None:
        reading = read(page(*INVOICE))
        assert values(reading, "subtotal", "tax", "total", "currency") == ("250.00", "50.00", "300.00", "GBP")
        assert reading.fields["total"].confidence > 0.99
        assert reading.checks == ()
        assert [line.rate for line in reading.tax_breakdown] == ["20"]

    def test_arithmetic_tells_the_total_among_several(self) -> None:
        reading = read(
            page(
                field("TOTAL", "$5,680.81", "Charges"),
                field("TOTAL", "$4,544.65", "Total"),
                field("TOTAL", "$120.00", "Total savings"),
                field("DISCOUNT", "$-1,136.16", "Adjustments"),
            )
        )
        assert values(reading, "subtotal", "discount", "total") == ("5680.81", "1136.16", "4544.65")

    def test_a_total_labelled_as_a_subtotal_is_one(self) -> None:
        reading = read(
            page(
                field("TOTAL", "100,00 €", "Gesamtbetrag netto"),
                field("TAX", "19,00 €", "MwSt. 19 %"),
                field("TOTAL", "119,00 €", "Rechnungsbetrag"),
            )
        )
        assert values(reading, "subtotal", "tax", "total") == ("100.00", "19.00", "119.00")

    def test_taxes_by_rate_are_added_up(self) -> None:
        reading = read(
            page(
                field("SUBTOTAL", "100.00"),
                field("TAX", "5.00", "GST 5%"),
                field("TAX", "9.98", "QST 9.975%"),
                field("TOTAL", "114.98"),
            )
        )
        assert values(reading, "tax", "total") == ("14.98", "114.98")
        assert reading.fields["tax"].raw == "5.00 + 9.98"

    def test_shipping_is_a_charge(self) -> None:
        reading = read(
            page(
                field("SUBTOTAL", "100.00"),
                field("SHIPPING_HANDLING_CHARGE", "8.00", "Shipping"),
                field("TAX", "10.00", "Sales tax"),
                field("TOTAL", "118.00"),
            )
        )
        assert values(reading, "charges", "total") == ("8.00", "118.00")
        assert "total_mismatch" not in codes(reading)

    def test_lines_prove_a_total_without_a_subtotal(self) -> None:
        rows = (row(ITEM="Tea", PRICE="4.00"), row(ITEM="Cake", PRICE="6.00"))
        reading = read(
            page(field("TOTAL", "99.00"), field("TOTAL", "12.00"), field("TAX", "2.00"), rows=rows)
        )
        assert values(reading, "subtotal", "tax", "total") == ("10.00", "2.00", "12.00")

    def test_what_is_worked_out_is_uncertain(self) -> None:
        reading = read(page(field("SUBTOTAL", "127.97"), field("TAX", "7.68")))
        total = reading.fields["total"]
        assert (total.value, total.raw) == ("135.65", None)
        assert total.confidence < 0.6

    def test_what_does_not_balance_is_less_certain_and_told(self) -> None:
        reading = read(page(*INVOICE[:-1], field("TOTAL", "£301.00", "Total")))
        assert reading.fields["total"].confidence < 0.75
        assert "total_mismatch" in codes(reading)

    def test_the_amount_due_is_the_total_less_what_was_paid(self) -> None:
        reading = read(
            page(
                *INVOICE,
                field("AMOUNT_PAID", "£100.00", "Deposit paid"),
                field("AMOUNT_DUE", "£200.00", "Balance due"),
            )
        )
        assert values(reading, "total", "prepaid", "amount_due") == ("300.00", "100.00", "200.00")
        assert reading.checks == ()

    def test_cash_and_change_are_no_part_of_the_sum(self) -> None:
        reading = read(
            page(
                field("TOTAL", "12.00", "TOTAL"),
                field("AMOUNT_PAID", "20.00", "CASH"),
                field("OTHER", "8.00", "CHANGE"),
            )
        )
        assert values(reading, "total", "prepaid") == ("12.00", None)
        assert reading.document_type is DocumentType.RECEIPT

    def test_the_total_of_two_totals_is_the_grand_one(self) -> None:
        reading = read(
            page(
                field("SUBTOTAL", "7.92", "Total"),
                field("TAX", "0.48", "GST"),
                field("TOTAL", "8.40", "Total"),
                field("TOTAL", "31.78", "Total"),
                field("TOTAL", "40.18", "Total payable"),
            )
        )
        assert reading.value("total") == "40.18"

    def test_a_rounded_total_is_the_total(self) -> None:
        reading = read(
            page(
                field("TOTAL", "41.52", "Total (inclusive of GST)"),
                field("OTHER", "-0.02", "Rounding adj"),
                field("TOTAL", "41.50", "TOTAL"),
            )
        )
        assert reading.value("total") == "41.50"

    def test_what_is_handed_over_less_the_change_speaks_for_the_total(self) -> None:
        reading = read(
            page(
                field("SUBTOTAL", "45.28", "Sub-total"),
                field("TAX", "0.00", "Tax"),
                field("TAX", "2.72", "GST 6%"),
                field("OTHER", "50.00", "CASH"),
                field("OTHER", "2.00", "CHANGE"),
            )
        )
        assert values(reading, "tax", "total") == ("2.72", "48.00")

    def test_a_card_payment_is_the_total_when_nothing_else_is(self) -> None:
        reading = read(page(field("OTHER", "$29.21", "Debit card")))
        assert reading.value("total") == "29.21"
        assert needs_review(reading)

    def test_a_total_of_nothing_is_distrusted(self) -> None:
        reading = read(
            page(field("SUBTOTAL", "10.00"), field("TAX", "0.00"), field("TOTAL", "00", "Grand total"))
        )
        assert reading.value("total") == "10.00"

    def test_the_document_tells_what_its_separators_mean(self) -> None:
        reading = read(
            page(field("TOTAL", "1.234 €"), field("SUBTOTAL", "1.037,00 €"), field("TAX", "197,00 €"))
        )
        assert values(reading, "subtotal", "tax", "total") == ("1037.00", "197.00", "1234")

    @given(
        net=st.integers(100, 10**7).map(lambda cents: Decimal(cents).scaleb(-2)),
        rate=st.sampled_from((5, 7, 10, 19, 20, 25)),
        noise=st.lists(st.integers(1, 10**7).map(lambda cents: Decimal(cents).scaleb(-2)), max_size=3),
    )
    def test_a_balanced_sum_is_found_among_noise(self, net: Decimal, rate: int, noise: list[Decimal]) -> None:
        tax = round(net * rate / 100, 2)
        fields = [field("TOTAL", f"{amount:,.2f}", "Charges") for amount in noise]
        fields += [
            field("SUBTOTAL", f"{net:,.2f}", "Subtotal"),
            field("TAX", f"{tax:,.2f}", "VAT"),
            field("TOTAL", f"{net + tax:,.2f}", "Total"),
        ]
        reading = read(page(*fields))
        assert Decimal(reading.value("total") or 0) == net + tax


class TestCurrency:
    @pytest.mark.parametrize(
        ("text", "currency"),
        [("€ 9,00", "EUR"), ("CHF 9.00", "CHF"), ("RM9.00", "MYR"), ("₹ 9.00", "INR"), ("9,00 zł", "PLN")],
    )
    def test_a_code_or_a_sign_tells(self, text: str, currency: str) -> None:
        assert read(page(field("TOTAL", text))).value("currency") == currency

    @pytest.mark.parametrize(
        ("address", "currency"),
        [
            ("12 High St\nSydney NSW 2000\nAustralia", "AUD"),
            ("1 Main St\nAustin, TX 78701", "USD"),
            ("", "USD"),
        ],
    )
    def test_a_dollar_is_the_dollar_of_the_country(self, address: str, currency: str) -> None:
        reading = read(page(field("VENDOR_ADDRESS", address), field("TOTAL", "$9.00")))
        assert reading.value("currency") == currency

    def test_a_code_weighs_more_than_the_country(self) -> None:
        reading = read(
            page(field("VENDOR_ADDRESS", "Hauptstr. 1\n10115 Berlin\nGermany"), field("TOTAL", "USD 9.00"))
        )
        assert reading.value("currency") == "USD"

    def test_the_sum_weighs_more_than_many_prices(self) -> None:
        goods = tuple(row(ITEM="Tea", PRICE="$1.00", EXPENSE_ROW="Tea $1.00") for _ in range(20))
        assert read(page(field("TOTAL", "20.00 EUR", "Total"), rows=goods)).value("currency") == "EUR"

    def test_a_code_in_a_number_says_nothing(self) -> None:
        reading = read(page(field("PO_NUMBER", "CHF-2026-07"), field("TOTAL", "25.00", "Total CAD")))
        assert reading.value("currency") == "CAD"

    def test_nothing_said_is_nothing_known(self) -> None:
        assert read(page(field("TOTAL", "9.00"))).value("currency") is None


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
        assert reading.fields["due_date"].confidence < 0.7


class TestParties:
    def test_the_buyer_is_never_the_vendor(self) -> None:
        reading = read(
            page(
                field("VENDOR_NAME", "Saltmarsh Books Ltd", confidence=99.9),
                field("VENDOR_NAME", "Fernhollow Paper"),
                field("RECEIVER_NAME", "Saltmarsh Books Ltd"),
            )
        )
        assert values(reading, "vendor", "buyer") == ("Fernhollow Paper", "Saltmarsh Books Ltd")

    def test_without_a_name_the_line_above_the_street_is_one(self) -> None:
        reading = read(page(field("VENDOR_ADDRESS", "Anderson & Olsen LLP\n1221 Elm Avenue\nReno, NV 89501")))
        assert reading.value("vendor") == "Anderson & Olsen LLP"

    def test_without_name_and_address_the_host_is_a_last_resort(self) -> None:
        reading = read(page(field("VENDOR_URL", "https: //www.fernhollow.example")))
        assert reading.value("vendor") == "fernhollow.example"
        assert reading.fields["vendor"].confidence < 0.5

    def test_a_person_to_whose_attention_it_goes_is_not_the_buyer(self) -> None:
        reading = read(
            page(field("RECEIVER_NAME", "Ronald Davis", "Attn:"), field("RECEIVER_NAME", "Saltmarsh Books"))
        )
        assert reading.value("buyer") == "Saltmarsh Books"

    def test_names_are_on_one_line_and_without_stray_marks(self) -> None:
        assert (
            read(page(field("VENDOR_NAME", "Fernhollow\nPaper Ltd\n-"))).value("vendor")
            == "Fernhollow Paper Ltd"
        )


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

    def test_a_label_makes_up_for_a_missing_type(self) -> None:
        reading = read(
            page(field("OTHER", "RE-7", "Rechnungsnr."), field("OTHER", "PO 99-1", "Your order no."))
        )
        assert values(reading, "invoice_number", "purchase_order") == ("RE-7", "PO 99-1")


class TestLines:
    def test_every_column_is_read(self) -> None:
        goods = row(
            ITEM="Laid paper\nA4", QUANTITY="10 pcs", UNIT_PRICE="15,00", PRICE="150,00 €", PRODUCT_CODE="P-1"
        )
        (line,) = read(page(rows=(goods,))).line_items
        assert (
            line.description,
            line.quantity,
            line.unit,
            line.unit_price,
            line.amount,
            line.product_code,
        ) == (
            "Laid paper A4",
            "10",
            "pcs",
            "15.00",
            "150.00",
            "P-1",
        )

    def test_an_amount_follows_from_quantity_and_price(self) -> None:
        (line,) = read(page(rows=(row(ITEM="Tea", QUANTITY="3", UNIT_PRICE="1.50"),))).line_items
        assert line.amount == "4.50"

    def test_sums_below_the_table_are_no_lines(self) -> None:
        rows = (
            row(ITEM="Tea", PRICE="4.00"),
            row(ITEM="Subtotal", PRICE="4.00"),
            row(ITEM="VAT 20%", PRICE="0.80"),
        )
        assert [line.description for line in read(page(rows=rows)).line_items] == ["Tea"]


class TestPages:
    def test_the_pages_of_one_invoice_are_joined(self) -> None:
        first = page(*INVOICE[:3], rows=(row(ITEM="Laid paper", PRICE="150.00"),))
        second = page(*INVOICE[1:], rows=(row(ITEM="Envelopes", PRICE="100.00"),))
        reading = read(first, second)
        assert values(reading, "vendor", "total") == ("Fernhollow Paper Ltd", "300.00")
        assert [line.amount for line in reading.line_items] == ["150.00", "100.00"]
        assert reading.checks == ()

    def test_a_page_delivered_twice_counts_once(self) -> None:
        once = page(*INVOICE, rows=(row(ITEM="Paper", PRICE="250.00"),))
        assert len(read(once, once).line_items) == 1

    def test_several_invoices_in_one_file_are_told(self) -> None:
        other = page(field("INVOICE_RECEIPT_ID", "INV-1002"), field("TOTAL", "£77.00"))
        assert "several_documents" in codes(read(page(*INVOICE), other))

    @pytest.mark.parametrize("title", ["CREDIT NOTE", "Gutschrift Nr. 7", "Avoir n° 12", "Nota di credito"])
    def test_a_title_tells_a_credit_note(self, title: str) -> None:
        assert read(page(*INVOICE, lines=(title,))).document_type is DocumentType.CREDIT_NOTE


class TestWhatComesIncomplete:
    @pytest.mark.parametrize(
        "response",
        [
            {},
            {"ExpenseDocuments": []},
            {"ExpenseDocuments": [{}]},
            {"ExpenseDocuments": [{"SummaryFields": None, "LineItemGroups": None}]},
            {"ExpenseDocuments": [{"SummaryFields": [{}], "LineItemGroups": [{"LineItems": [{}]}]}]},
            {"ExpenseDocuments": [page(field("CITY", ""), field("TOTAL", "n/a"), field("DUE_DATE", "soon"))]},
        ],
    )
    def test_it_is_read_for_what_there_is(self, response: Values) -> None:
        reading = normalise(response, source=Source.TEXTRACT)[0].reading
        assert "field_missing" in codes(reading)

    def test_lines_without_any_summary_are_kept(self) -> None:
        reading = read(page(rows=tuple(row(ITEM=f"Article {n}", PRICE=f"{n}.00") for n in range(29))))
        assert (len(reading.line_items), reading.fields) == (29, {})

    def test_every_field_says_where_it_was_found(self) -> None:
        box = {"BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.1}}
        total = field("TOTAL", "$ 12.00", page=2)
        total["ValueDetection"]["Geometry"] = box
        found = read(page(total)).fields["total"]
        assert (found.page, found.raw, found.source) == (2, "$ 12.00", Source.TEXTRACT)
        assert found.box is not None
        assert (found.box.left, found.box.height) == (0.1, 0.1)

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(TYPES), ODD_TEXTS, st.text(max_size=12)), max_size=8))
    def test_no_answer_is_too_odd(self, fields: list[tuple[str, str, str]]) -> None:
        assert read(page(*(field(*one) for one in fields))).engine is Source.TEXTRACT


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


def test_the_total_is_due_when_nothing_says_otherwise() -> None:
    assert read(page(*INVOICE)).value("amount_due") == "300.00"


def test_what_is_left_to_pay_is_due() -> None:
    reading = read(
        page(
            field("TOTAL", "£300.00", "Total"),
            field("AMOUNT_DUE", "£300.00", "Total to pay"),
            field("AMOUNT_PAID", "£100.00", "Deposit"),
            field("AMOUNT_DUE", "£200.00", "Still to pay"),
        )
    )
    assert reading.value("amount_due") == "200.00"


def test_a_table_of_rates_is_no_total_of_its_own() -> None:
    rates = (("43.40", "8.68", "52.08"), ("113.84", "11.38", "125.22"), ("8.88", "0.49", "9.37"))
    parts = [
        field(kind, text, label, confidence=30.0)
        for row_of_rate in rates
        for kind, label, text in zip(
            ("SUBTOTAL", "TAX", "TOTAL"), ("HT", "TVA", "TTC"), row_of_rate, strict=True
        )
    ]
    assert read(page(field("TOTAL", "186,67", "TOTAL"), *parts)).value("total") == "186.67"


def test_a_tax_and_its_base_are_no_two_totals() -> None:
    reading = read(
        page(
            field("TOTAL", "47.60", "TOTAL"),
            field("SUBTOTAL", "44.88", "NET"),
            field("TAX", "2.72", "VAT"),
            field("TAX", "0.00", "VAT", confidence=17.0),
            field("TOTAL", "2.72", "TOTAL", confidence=32.0),
            field("TOTAL", "44.88", "TOTAL", confidence=29.0),
            rows=(row(ITEM="Bread", PRICE="47.60"),),
        )
    )
    assert values(reading, "subtotal", "tax", "total") == ("44.88", "2.72", "47.60")


def test_an_australian_dollar_is_known_by_its_company() -> None:
    reading = read(
        page(
            field("VENDOR_NAME", "Fennimore Pty Ltd"),
            field("TOTAL", "$15.00", "Total"),
            lines=("Fennimore Pty Ltd", "ABN 46 607 889 352", "accounts@fennimore.com.au"),
        )
    )
    assert reading.value("currency") == "AUD"
