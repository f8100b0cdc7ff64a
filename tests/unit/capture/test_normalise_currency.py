import pytest

from tests.builders.candidates import field, page, read, row


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


def test_an_australian_dollar_is_known_by_its_company() -> None:
    reading = read(
        page(
            field("VENDOR_NAME", "Fennimore Pty Ltd"),
            field("TOTAL", "$15.00", "Total"),
            lines=("Fennimore Pty Ltd", "ABN 46 607 889 352", "accounts@fennimore.com.au"),
        )
    )
    assert reading.value("currency") == "AUD"
