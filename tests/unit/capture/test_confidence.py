"""Confidences as probabilities: what they hang on, and that the learnt weights are sound."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.normalise import confidence
from sheaf.capture.normalise.answer import joined, read_answer
from sheaf.capture.normalise.confidence import MODEL, model
from sheaf.capture.normalise.evidence import Evidence
from sheaf.capture.normalise.invoice import weighed
from sheaf.capture.reading import FIELD_NAMES, Source
from tests.builders.candidates import INVOICE, field, page, read, row
from training.calibrate import AGAINST, FOR, KINDS

LEARNT = sorted(name for names in KINDS.values() for name in names)
SHARES = st.floats(0, 1)
TYPES = (
    "VENDOR_NAME",
    "INVOICE_RECEIPT_ID",
    "INVOICE_RECEIPT_DATE",
    "DUE_DATE",
    "SUBTOTAL",
    "TAX",
    "TOTAL",
    "OTHER",
)
TEXTS = st.sampled_from(("", "12.00", "-3,50 €", "04/03/2026", "2026-03-04", "Acme Ltd", "INV-7", "0", "?"))


def evidence(*pages: dict[str, Any]) -> dict[str, Evidence]:
    return weighed(joined(read_answer({"ExpenseDocuments": list(pages)})), Source.TEXTRACT)[1]


def certainty(name: str, *fields: dict[str, Any], lines: tuple[str, ...] = ()) -> float:
    return read(page(*fields, lines=lines)).fields[name].confidence


class TestWhatItHangsOn:
    def test_a_rival_makes_a_total_less_certain(self) -> None:
        total = field("TOTAL", "12.00", "Total")
        assert certainty("total", total, field("TOTAL", "15.00", "Total")) < certainty("total", total)

    def test_a_label_that_means_the_field_makes_it_more_certain(self) -> None:
        by_label = certainty("invoice_number", field("INVOICE_RECEIPT_ID", "A-17", "Invoice no."))
        assert by_label > certainty("invoice_number", field("INVOICE_RECEIPT_ID", "A-17"))

    @pytest.mark.parametrize("name", ["subtotal", "tax", "total"])
    def test_sums_that_add_up_make_their_parts_more_certain(self, name: str) -> None:
        wrong = (*INVOICE[:-1], field("TOTAL", "£310.00", "Total"))
        assert certainty(name, *INVOICE) > certainty(name, *wrong)

    def test_lines_that_make_the_total_make_it_more_certain(self) -> None:
        total = field("TOTAL", "£30.00", "Total")
        goods = (row(ITEM="Paper", PRICE="10.00"), row(ITEM="Ink", PRICE="20.00"))
        with_lines = read(page(total, rows=goods)).fields["total"].confidence
        assert with_lines > certainty("total", total)

    def test_unsure_letters_make_a_value_less_certain(self) -> None:
        unsure = (field("TOTAL", "12.00", "Total", confidence=40.0),)
        assert certainty("total", *unsure) < certainty("total", field("TOTAL", "12.00", "Total"))

    def test_a_date_of_either_order_is_less_certain_where_both_are_written(self) -> None:
        dollars = field("TOTAL", "US$ 12.00", "Total")
        either, clear = ("03/04/2026", "03/24/2026")
        dated = [
            certainty("invoice_date", field("INVOICE_RECEIPT_DATE", text), dollars)
            for text in (either, clear)
        ]
        assert dated[0] < dated[1]

    def test_a_name_with_a_legal_form_that_is_in_the_web_address_is_more_certain(self) -> None:
        lines = ("www.fernhollow.example",)
        known = certainty("vendor", field("VENDOR_NAME", "Fernhollow Ltd", confidence=60.0), lines=lines)
        assert known > certainty("vendor", field("VENDOR_NAME", "Hello there", confidence=60.0), lines=lines)

    def test_what_is_due_in_full_is_about_as_certain_as_the_total(self) -> None:
        fields = read(page(*INVOICE)).fields
        assert fields["amount_due"].confidence > fields["total"].confidence - 0.2

    def test_fields_nobody_labelled_keep_what_the_reader_says(self) -> None:
        reading = read(page(*INVOICE, field("PO_NUMBER", "4711", "Purchase order", confidence=83.0)))
        assert reading.fields["purchase_order"].confidence == 0.83


class TestTheWeights:
    def test_they_are_of_known_fields_and_known_evidence(self) -> None:
        stored = json.loads((files(confidence.__package__) / MODEL).read_text("utf-8"))
        assert set(stored) == {"about", "learnt_from", "fields"}
        assert set(stored["learnt_from"]) == {"sets", "generated_answers", "labelled_answers"}
        assert sorted(stored["fields"]) == LEARNT
        assert set(LEARNT) <= set(FIELD_NAMES)
        known = (
            FOR | AGAINST | {"digital", "receipt", "in_part", "negative", "large", "below", "words", "digits"}
        )
        for learnt in stored["fields"].values():
            assert set(learnt) == {"intercept", "weights"}
            assert set(learnt["weights"]) <= known
            assert all(math.isfinite(weight) for weight in (learnt["intercept"], *learnt["weights"].values()))

    @pytest.mark.parametrize("name", LEARNT)
    @given(
        st.dictionaries(st.sampled_from(sorted(FOR | AGAINST)), SHARES), st.sampled_from(sorted(FOR)), SHARES
    )
    def test_more_agreement_never_lowers_a_probability(
        self, name: str, found: Evidence, raised: str, to: float
    ) -> None:
        before, after = found | {raised: 0.0}, found | {raised: to}
        assert 0 < model()[name].probability(before) <= model()[name].probability(after) < 1

    @pytest.mark.parametrize("name", LEARNT)
    @given(
        st.dictionaries(st.sampled_from(sorted(FOR | AGAINST)), SHARES),
        st.sampled_from(sorted(AGAINST)),
        SHARES,
    )
    def test_more_doubt_never_raises_it(self, name: str, found: Evidence, raised: str, to: float) -> None:
        before, after = found | {raised: 0.0}, found | {raised: to}
        assert model()[name].probability(before) >= model()[name].probability(after)

    @given(st.lists(st.builds(field, st.sampled_from(TYPES), TEXTS, TEXTS), max_size=8))
    def test_evidence_is_a_share(self, fields: list[dict[str, Any]]) -> None:
        for name, found in evidence(page(*fields)).items():
            assert all(-(piece == "margin") <= value <= 1 for piece, value in found.items()), (name, found)
