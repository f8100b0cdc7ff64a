from __future__ import annotations

from sheaf_reader.parties import parties
from sheaf_reader.sheet import sheets
from tests.unit.reader.pages import page

FILLER = ("", "", "Dear customer, thank you very much for the order that you placed with us.", "", "", "")


def names(*lines: str, is_receipt: bool = False) -> dict[str, str]:
    found = parties(sheets([page(*lines, *FILLER, *FILLER)]), is_receipt=is_receipt)
    return {party.kind: party.name.text for party in found}


def test_parties_under_their_headings() -> None:
    found = names("Seller:\t\tBuyer:", "SwissDev Greg\t\tSimFin Analytics GmbH", "32-432 Pcim\t\t06108 Halle")
    assert found == {"VENDOR": "SwissDev Greg", "RECEIVER": "SimFin Analytics GmbH"}


def test_parties_beside_their_headings() -> None:
    found = names(
        "Woods Ltd", "12 Main Street, Leeds LS1 1AA", "", "Bill to: Megan Smith", "Rossville, UT 53295"
    )
    assert found == {"VENDOR": "Woods Ltd", "RECEIVER": "Megan Smith"}


def test_a_name_beside_the_word_name() -> None:
    found = names("Verkäufer", "Nummer:\t549910", "Name:\tLieferant GmbH", "Anschrift:\tGasse 20")
    assert found["VENDOR"] == "Lieferant GmbH"


def test_a_company_called_supplier_is_no_heading() -> None:
    assert names("Rechnungsersteller", "Lieferant GmbH", "80333 München")["VENDOR"] == "Lieferant GmbH"


def test_a_letterhead_in_one_line_over_the_window() -> None:
    found = names(
        "QualityHosting AG - Uferweg 40-42 - D-63571 Gelnhausen",
        "",
        "Brauhaus Kastanie GmbH",
        "04277 Leipzig",
    )
    assert found == {"VENDOR": "QualityHosting AG", "RECEIVER": "Brauhaus Kastanie GmbH"}


def test_a_letterhead_is_completed_by_the_legal_name() -> None:
    lines = ("Thornwick & Daughters", "Ropewalk Yard, Sheffield S3 9ZZ", *FILLER, *FILLER)
    sheet = page(*lines, "Thornwick & Daughters Joinery Ltd, registered in England")
    (vendor,) = parties(sheets([sheet]), is_receipt=False)
    assert vendor.name.text == "Thornwick & Daughters Joinery Ltd"


def test_a_web_address_tells_the_sender() -> None:
    found = names("Invoice", "Rosemary Blake", "Coolblue", "shop@coolblue.example", "Kingsway 5")
    assert found["VENDOR"] == "Coolblue"


def test_the_first_line_of_a_till_receipt() -> None:
    found = names(
        "TAX INVOICE", "PERNIAGAAN ZHENG HUI", "81750 JOHOR BAHRU", "GOGIANT (M) SDN BHD", is_receipt=True
    )
    assert found["VENDOR"] == "PERNIAGAAN ZHENG HUI"
