import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.capture.normalise import normalise
from sheaf.capture.reading import Source
from tests.builders.candidates import Values, codes, field, page, read, row

TYPES = (
    "TOTAL", "TAX", "SUBTOTAL", "DISCOUNT", "AMOUNT_DUE", "OTHER", "INVOICE_RECEIPT_DATE", "DUE_DATE",
    "VENDOR_NAME", "RECEIVER_ADDRESS", "INVOICE_RECEIPT_ID", "PAYMENT_TERMS", "TAX_PAYER_ID",
)  # fmt: skip
ODD_TEXTS = st.text(max_size=20) | st.from_regex(r"[$€]? ?-?\d{1,4}[.,]\d{1,3}", fullmatch=True)


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
        total = field("TOTAL", "$ 12.00")
        total["ValueDetection"]["Geometry"] = box
        found = read(page(total, number=2)).fields["total"]
        assert (found.page, found.raw, found.source) == (2, "$ 12.00", Source.TEXTRACT)
        assert found.box is not None
        assert (found.box.left, found.box.height) == (0.1, 0.1)

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(TYPES), ODD_TEXTS, st.text(max_size=12)), max_size=8))
    def test_no_answer_is_too_odd(self, fields: list[tuple[str, str, str]]) -> None:
        assert read(page(*(field(*one) for one in fields))).engine is Source.TEXTRACT
