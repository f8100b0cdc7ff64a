from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sheaf_reader.layout import lay_out
from sheaf_reader.page import Affine, Box, Page, Word, around
from tests.unit.reader.pages import layout

numbers = st.floats(-1000, 1000)
sizes = st.floats(0.1, 10)
plane = st.builds(Affine, a=sizes, b=st.just(0.0), c=numbers, d=st.just(0.0), e=sizes, f=numbers)
boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.floats(0, 500),
    st.floats(0, 700),
    st.floats(1, 80),
    st.floats(4, 20),
)
words = st.lists(st.builds(Word, text=st.text("abc019.:€ -", min_size=1, max_size=8), box=boxes), max_size=40)


@given(plane, numbers, numbers)
def test_an_inverse_leads_back(affine: Affine, x: float, y: float) -> None:
    back_x, back_y = affine.inverse()(*affine(x, y))
    assert abs(back_x - x) < 1e-6
    assert abs(back_y - y) < 1e-6


@given(words)
def test_no_word_is_lost_or_doubled(found: list[Word]) -> None:
    """A glued label becomes two words; leaders (``.....``) are left out."""
    laid = lay_out(Page(1, tuple(found), Affine(1, 0, 0, 0, 1, 0)))
    kept = "".join(sorted(character for line in laid.lines for character in line.text if character.isalnum()))
    assert kept == "".join(
        sorted(character for word in found for character in word.text if character.isalnum())
    )


@given(words)
def test_lines_of_a_row_run_from_left_to_right(found: list[Word]) -> None:
    for row in lay_out(Page(1, tuple(found), Affine(1, 0, 0, 0, 1, 0))).rows:
        lefts = [line.box.left for line in row]
        assert lefts == sorted(lefts)


@given(st.lists(boxes, min_size=1, max_size=5))
def test_a_box_around_boxes_holds_them(several: list[Box]) -> None:
    outer = around(several)
    assert all(outer.left <= box.left and box.bottom <= outer.bottom for box in several)


def test_columns_are_lines_of_one_row() -> None:
    (row,) = layout("Total due\t\t93.50").rows
    assert [line.text for line in row] == ["Total due", "93.50"]


def test_a_label_glued_to_its_value_is_cut_off() -> None:
    (line,) = layout("Total:12.00").lines
    assert [word.text for word in line.words] == ["Total:", "12.00"]
    assert line.words[0].box.right == line.words[1].box.left


def test_addresses_and_times_are_not_cut() -> None:
    assert [line.text for line in layout("https://sheaf.example at 12:30").lines] == [
        "https://sheaf.example at 12:30"
    ]


def test_stacked_lines_of_a_column_are_a_block() -> None:
    laid = layout("Acme Ltd\tInvoice", "1 High Street\tNo. 7", "Leeds LS1 1AA")
    assert ["Acme Ltd", "1 High Street", "Leeds LS1 1AA"] in [
        [line.text for line in block] for block in laid.blocks
    ]
