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


def test_an_address_beside_the_name_is_the_senders() -> None:
    found = names(
        "Fennimore Limited\t170 Orchard Avenue",
        "\tHalifax, NS B3N 9X2",
        "\tTel. 604 587 5729",
        "",
        "Larkfield Ltd.",
        "65 Orchard Avenue",
        "Toronto, ON M8K 5P4",
    )
    assert found["VENDOR"] == "Fennimore Limited"


def test_a_sender_who_stands_only_at_the_foot() -> None:
    foot = "Kranich GmbH · Am Markt 4 · 20095 Hamburg · Tel. 040 1234 · info@kranich.example"
    sheet = page(
        "Rechnung", "", "Brandt Logistik AG", "Lindenweg 5", "30159 Hannover", *FILLER, *FILLER, foot
    )
    vendor = parties(sheets([sheet]), is_receipt=False)[0]
    assert vendor.name.text == "Kranich GmbH"


def test_a_legal_form_on_the_next_line_belongs_to_the_name() -> None:
    found = names("Pedra Branca", "S.A.", "Rua Direita 4", "4000-123 Porto", "Tel. 222 123 456")
    assert found["VENDOR"] == "Pedra Branca S.A."


def test_a_name_said_in_full_elsewhere_is_one_name() -> None:
    lines = ("Fietsmakerij", "De Wilgenbrug", "Kade 4", "3511 AB Utrecht", *FILLER, *FILLER)
    sheet = page(*lines, "Betaling t.n.v. Fietsmakerij De Wilgenbrug")
    assert parties(sheets([sheet]), is_receipt=False)[0].name.text == "Fietsmakerij De Wilgenbrug"


def test_a_form_after_a_comma_belongs_to_the_name() -> None:
    found = names("Cerâmicas do Norte, Unipessoal Lda.", "Rua Direita 4", "4000-123 Porto")
    assert found["VENDOR"] == "Cerâmicas do Norte, Unipessoal Lda."


def test_who_gets_the_invoice_does_not_send_it() -> None:
    lines = ("Seabright GmbH", "Ufer 4", "06108 Halle", "", "Bill to: Seabright GmbH", *FILLER, *FILLER)
    sheet = page(*lines, *FILLER, "Alderly Pty Ltd, 341 George St, Sydney NSW 2000")
    assert parties(sheets([sheet]), is_receipt=False)[0].name.text == "Alderly Pty Ltd"


def test_who_served_the_customer_is_not_the_sender() -> None:
    found = names("Almeirim Lda", "Rua Direita 4", "4000-123 Porto", "", "", "Vendedor: Rui Tavares")
    assert found["VENDOR"] == "Almeirim Lda"


def test_the_letterhead_over_all_facts_sends_whoever_stands_beside_them() -> None:
    found = names(
        "Ready Mat", "7500 Linne Road", "Tracy, CA 95304", "",
        "Invoice date: 27.03.2020\tLumber Inc", "Invoice number: FA-2609\t1337 Joaquin Street",
        "Customer no: CL005\tStockton, CA 95202",
    )  # fmt: skip
    assert found["VENDOR"] == "Ready Mat"


def test_a_country_is_nobodys_name() -> None:
    assert "VENDOR" not in names("France", "Facture n° FA-2609", "Date : 27/03/2020")


def test_a_salutation_is_nobodys_name() -> None:
    found = names(
        "Berg Telecom GmbH, Postfach 300464, 53184 Bonn", "Herrn", "Jonas Weber", "Lindenweg 3", "50667 Köln",
        "", "", "Ihre Rechnung",
    )  # fmt: skip
    assert found == {"VENDOR": "Berg Telecom GmbH", "RECEIVER": "Jonas Weber"}


def test_names_among_the_facts_of_an_italian_e_invoice() -> None:
    found = names(
        "Cedente/prestatore (fornitore)\tCessionario/committente (cliente)",
        "Partita IVA: IT01234567890\tPartita IVA: IT09876543210",
        "Denominazione: Officina Rossi S.r.l.\tDenominazione: Bianchi Logistica S.p.A.",
        "Indirizzo: Via Roma 12\tIndirizzo: Viale Europa 3",
    )  # fmt: skip
    assert found == {"VENDOR": "Officina Rossi S.r.l.", "RECEIVER": "Bianchi Logistica S.p.A."}
