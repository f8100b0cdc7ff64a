from __future__ import annotations

from sheaf_reader.sheet import sheets
from sheaf_reader.table import Item
from tests.unit.reader.pages import page


def items(*pages: tuple[str, ...]) -> list[dict[str, str]]:
    laid = sheets([page(*lines, number=number) for number, lines in enumerate(pages, 1)])
    return [_texts(item) for sheet in laid for table in sheet.tables for item in table.items]


def _texts(item: Item) -> dict[str, str]:
    return {cell.kind: cell.span.text for cell in item.cells if cell.kind != "OTHER"}


HEADING = "Description\tQty\tUnit price\tAmount"


def test_a_row_is_read_by_its_headings() -> None:
    assert items((HEADING, "Oak table\t2\t450.00\t900.00", "\t\tTotal\t900.00")) == [
        {"ITEM": "Oak table", "QUANTITY": "2", "UNIT_PRICE": "450.00", "PRICE": "900.00"}
    ]


def test_headings_in_other_languages_and_orders() -> None:
    assert items(("Menge\tArtikelbezeichnung\tEinzelpreis\tBetrag", "20\tTrennblätter A4\t9,90\t198,00")) == [
        {"QUANTITY": "20", "ITEM": "Trennblätter A4", "UNIT_PRICE": "9,90", "PRICE": "198,00"}
    ]


def test_a_description_goes_on_below() -> None:
    (item,) = items((HEADING, "Oak table\t2\t450.00\t900.00", "oiled, with drawer", "\t\tTotal\t900.00"))
    assert item["ITEM"] == "Oak table\noiled, with drawer"


def test_a_description_above_its_amounts() -> None:
    found = items((
        HEADING,
        "Cable tie 4 x 200", "9072317\t1\t3.90\t3.90",
        "Hose pump", "9074333\t1\t1.90\t1.90",
        "\t\tTotal\t5.80",
    ))  # fmt: skip
    assert [item["ITEM"] for item in found] == ["Cable tie 4 x 200\n9072317", "Hose pump\n9074333"]


def test_sums_between_and_below_are_no_items() -> None:
    found = items((
        HEADING,
        "Olive oil\t1\t0.90\t0.90", "\t\tSubtotal\t0.90",
        "Truffles\t15\t10.00\t150.00", "\t\tSubtotal\t150.00",
        "\t\tVAT 20%\t30.18", "\t\tTotal\t181.08", "Carriage\t1\t5.00\t5.00",
    ))  # fmt: skip
    assert [item["ITEM"] for item in found] == ["Olive oil", "Truffles"]


def test_a_table_goes_on_overleaf_without_its_heading() -> None:
    found = items(
        (HEADING, "Oak table\t2\t450.00\t900.00"),
        ("Ash chair\t4\t100.00\t400.00", "\t\tTotal\t1300.00"),
    )
    assert [item["ITEM"] for item in found] == ["Oak table", "Ash chair"]


def test_other_cells_keep_the_heading_they_stand_under() -> None:
    (sheet,) = sheets([page("Description\tVAT\tAmount", "Oak table\t21%\t900.00")])
    (cell,) = [cell for cell in sheet.tables[0].items[0].cells if cell.kind == "OTHER"]
    assert (cell.span.text, cell.heading and cell.heading.text) == ("21%", "VAT")


def test_a_till_receipt_needs_no_heading() -> None:
    found = items((
        "Luna Grill", "1 Greek Salad\t8.99", "Pita bread\t0.50", "2 @ 5.80 Ground coffee\t11.60",
        "Subtotal\t21.09", "Tax\t1.39", "Total\t22.48",
    ))  # fmt: skip
    assert found == [
        {"ITEM": "Greek Salad", "QUANTITY": "1", "PRICE": "8.99"},
        {"ITEM": "Pita bread", "PRICE": "0.50"},
        {"ITEM": "Ground coffee", "QUANTITY": "2", "UNIT_PRICE": "5.80", "PRICE": "11.60"},
    ]


def test_the_names_of_columns_are_no_labels() -> None:
    (sheet,) = sheets([page("Description\tQty\tPrice\tTotal", "Oak table\t2\t450.00\t900.00")])
    assert [label for line in sheet.layout.rows[0] for label in sheet.labels[id(line)]] == []


def test_swiss_apostrophes_are_amounts() -> None:
    (item,) = items((HEADING, "Oak shelf\t10\t180.00\t1\u2019800.00", "\t\tTotal\t1\u2019800.00"))
    assert item["PRICE"] == "1\u2019800.00"


def test_goods_that_begin_like_a_charge() -> None:
    found = items(("CORNER SHOP", "Oil\t2.64", "Delivery of gravel", "3 x 15.13\t45.39", "TOTAL\t48.03"))
    assert [item["ITEM"] for item in found] == ["Oil", "Delivery of gravel"]


def test_a_number_grouped_by_spaces_stays_in_its_column() -> None:
    (item,) = items((
        "Product\tPrice\tVAT\tAmount",
        "Screws\t445,00\t10%\t5 340,00",
        "\t\tTotal\t5 340,00",
    ))  # fmt: skip
    assert item["PRICE"] == "5 340,00"


def test_position_describes_when_nothing_else_does() -> None:
    (item,) = items(("Position\tMenge\tEinzelpreis\tGesamtpreis", "Server\t1\t4,90\t4,90"))
    assert item["ITEM"] == "Server"


def test_discounts_and_charges_of_the_whole_are_no_items() -> None:
    found = items((
        HEADING,
        "Oak table\t2\t450.00\t900.00",
        "Abschlag Sondernachlass\t\t\t-9.00",
        "Zuschlag Versandkosten\t\t\t5.80",
    ))  # fmt: skip
    assert [item["ITEM"] for item in found] == ["Oak table"]
