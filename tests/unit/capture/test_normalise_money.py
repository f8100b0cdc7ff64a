from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.checks import REVIEW_BELOW, needs_review
from sheaf.capture.reading import DocumentType
from tests.builders.candidates import INVOICE, codes, field, page, read, row, values


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
        assert total.confidence < REVIEW_BELOW["total"]

    def test_what_does_not_balance_is_less_certain_and_told(self) -> None:
        reading = read(page(*INVOICE[:-1], field("TOTAL", "£301.00", "Total")))
        for name in ("subtotal", "tax", "total"):
            assert reading.fields[name].confidence < read(page(*INVOICE)).fields[name].confidence
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
