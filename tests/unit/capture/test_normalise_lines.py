from tests.builders.candidates import page, read, row


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

    def test_a_bare_sum_under_the_lines_is_no_line(self) -> None:
        rows = (
            row(ITEM="Copper wire", PRICE="24,500.00"),
            row(ITEM="Breaker", PRICE="7,750.00"),
            row(PRICE="32,250.00"),
        )
        assert [line.amount for line in read(page(rows=rows)).line_items] == ["24500.00", "7750.00"]

    def test_a_row_with_net_prices_and_a_gross_sum_is_net(self) -> None:
        rows = (
            row(ITEM="Desk", QUANTITY="10", UNIT_PRICE="100.00", TAX="200.00", PRICE="1,200.00"),
            row(ITEM="Chair", QUANTITY="2", UNIT_PRICE="50.00", PRICE="90.00"),
            row(ITEM="Lamp", QUANTITY="2", UNIT_PRICE="50.00", PRICE="120.00"),
        )
        amounts = [line.amount for line in read(page(rows=rows)).line_items]
        assert amounts == ["1000.00", "90.00", "120.00"]
