from sheaf.capture.checks import REVIEW_BELOW
from tests.builders.candidates import field, page, read, values


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
        assert reading.fields["vendor"].confidence < REVIEW_BELOW["vendor"]

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
