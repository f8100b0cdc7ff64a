"""What a document is filed under is what a question finds: neither more nor less."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.capture.documents import Document, Status, Summary
from sheaf.capture.search import (
    QUEUE,
    Question,
    Shelf,
    beside_twins,
    every_document_of,
    filed_under,
    of_client,
    priority,
    searchable,
    shelf_of,
    sortable,
    twins,
)
from sheaf.capture.views import item_view
from sheaf.capture.words import words

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NAMES = ("Müller & Söhne GmbH", "Acme Tools Ltd", "Mull Ltd", "日本商事", "a b c")


def document(number: int = 1, **changes: object) -> Document:
    return Document(
        id=f"doc_{number:026d}",
        filename="scan 12.pdf",
        content_type="application/pdf",
        status=Status.READY,
        created_at=NOW,
        created_by="key_1",
        summary=Summary(
            vendor="Acme Tools Ltd",
            invoice_number="INV-1001/7",
            invoice_date="2026-11-02",
            total="119.00",
            currency="USD",
        ),
    ).model_copy(update=changes)


def found(one: Document, question: Question) -> bool:
    """As the index finds it: among the entries of the shelf, and fitting."""
    shelf, place = shelf_of(question), of_client(question.client) if question.client else ""
    entries = [f"{key}#{one.id}".removeprefix(place) for key in filed_under(one) if key.startswith(place)]
    view = item_view(one)
    if shelf is None:
        return question.fits(view)
    shown = [key for key in entries if shelf.holds(key) and shelf.shows(key, view) and question.fits(view)]
    assert len(shown) <= 1, "shown once"
    return bool(shown)


@pytest.mark.parametrize(
    "text",
    ["acme", "ACME tools", "Ac", "inv10017", "INV-1001/7", "1001/7", "1001", "scan", "12 tools", "ltd acme"],
)
def test_a_word_or_how_it_begins_finds_it(text: str) -> None:
    assert found(document(), Question(text=text))


@pytest.mark.parametrize("text", ["acne", "cme", "acme other", "INV-1002", "pdf", "1001/8"])
def test_other_words_do_not(text: str) -> None:
    assert not found(document(), Question(text=text))


@pytest.mark.parametrize("text", ["Muller", "MÜLLER", "mu\u0308ller", "sohne", "Söhne Müller"])
def test_case_and_accents_are_no_difference(text: str) -> None:
    assert found(document(summary=Summary(vendor="Müller & Söhne")), Question(text=text))


def test_words_have_letters_and_digits_only() -> None:
    assert words("Ünïcode-ÅB #7 — x, 日本") == ["unicode", "ab", "7", "日本"]


@pytest.mark.parametrize(
    ("filename", "vendor", "number", "filed"),
    [
        ("2026-11-02 Acme INV-1001.pdf", "Acme Tools Ltd", "INV-1001", ["inv1001", "acme", "tools", "1001"]),
        ("2026 0382.pdf", "Weidenhof GmbH", "2026-0382", ["20260382", "weidenhof", "0382"]),
        ("scan 1.pdf", "Acme Acmetools", "17", ["17", "acmetools", "scan"]),
        ("1789.pdf", None, "17", ["17", "1789"]),
        ("11.2026.pdf", "The Co Co.", None, ["the", "11", "2026"]),
        ("IMG_20261120_093055.jpg", "24/7 Co. Ltd", None, ["24", "7", "img", "20261120", "093055"]),
    ],
)  # fmt: skip
def test_it_is_filed_under_what_somebody_would_look_for_and_no_other_word_finds(
    filename: str, vendor: str | None, number: str | None, filed: list[str]
) -> None:
    assert (
        searchable(document(filename=filename, summary=Summary(vendor=vendor, invoice_number=number)))
        == filed
    )


@given(
    st.lists(
        st.sampled_from(["acme", "ab", "abc", "2026", "11", "7", "0382", "gmbh", "re"]),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_what_is_copied_from_it_finds_it(said: list[str], named: bool) -> None:
    text = " ".join(said)
    one = document(summary=Summary(vendor=text)) if named else document(filename=f"{text}.pdf")
    assert found(one, Question(text=text))


def test_nothing_is_filed_while_the_machine_is_not_done_with_it() -> None:
    for status in (Status.AWAITING_UPLOAD, Status.READING, Status.SPLIT):
        assert filed_under(document(status=status)) == frozenset()


def test_a_client_has_all_of_its_documents_in_whatever_state_and_nobody_elses() -> None:
    for status in Status:
        keys = filed_under(document(status=status, client_id="cli_1"))
        assert every_document_of("cli_1") in keys
        assert not any(key.startswith("g#") and not key.startswith(of_client("cli_1")) for key in keys)
    assert not any(key.startswith("g#") for key in filed_under(document()))
    assert filed_under(document(status=Status.READING, client_id="cli_1")) == {every_document_of("cli_1")}


def test_what_is_filed_of_all_documents_is_filed_of_a_clients_as_well() -> None:
    alone, of_one = filed_under(document()), filed_under(document(client_id="cli_1"))
    assert of_one == {of_client("cli_1", key) for key in alone} | {every_document_of("cli_1")} | alone


def test_two_clients_have_no_duplicates_of_each_other() -> None:
    keys = [set(twins(document(client_id=each))) for each in (None, "cli_1", "cli_2")]
    assert all(keys)
    assert not any(one & other for one, other in combinations(keys, 2))


def test_what_is_decided_leaves_the_queue() -> None:
    for status in Status:
        queued = any(key.startswith("q#") for key in filed_under(document(status=status)))
        assert queued == (status in (Status.READY, Status.NEEDS_REVIEW, Status.AWAITING_SECOND_APPROVAL))


def test_the_queue_begins_with_the_riskiest_and_among_those_with_the_largest() -> None:
    wanted = [(90, "1.00"), (50, "900.00"), (50, "-899.99"), (50, "20.00"), (50, None), (0, "1000000.00")]
    made = [document(risk=risk, summary=Summary(total=total)) for risk, total in wanted]
    assert sorted(made, key=priority) == made
    assert all(QUEUE.holds(f"q#{priority(each)}#{each.id}") for each in made)


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals(-(10**9), 10**9, places=2))
def test_amounts_sort_as_they_are(one: Decimal, other: Decimal) -> None:
    assert (sortable(one) < sortable(other)) == (one < other)


_questions = st.builds(
    Question,
    status=st.none() | st.sampled_from(Status),
    text=st.none() | st.sampled_from(["mull", "tools", "日", "ltd acme", "12"]),
    supplier=st.none() | st.sampled_from([*NAMES, "sup_1"]),
    client=st.none() | st.just("cli_1"),
    check=st.none() | st.sampled_from(["total_mismatch", "duplicate"]),
    date_from=st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 1)),
    date_to=st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 1)),
    amount_from=st.none() | st.decimals(-200, 200, places=2),
    amount_to=st.none() | st.decimals(-200, 200, places=2),
    currency=st.none() | st.sampled_from(["EUR", "USD"]),
)
_documents = st.builds(
    lambda status, vendor, day, total, currency, checks, supplier, client: document(
        status=status,
        checks=checks,
        supplier_id=supplier,
        client_id=client,
        summary=Summary(
            vendor=vendor,
            invoice_date=day and day.isoformat(),
            total=None if total is None else format(total, "f"),
            currency=currency,
        ),
    ),
    st.sampled_from([Status.READY, Status.NEEDS_REVIEW, Status.APPROVED, Status.FAILED]),
    st.none() | st.sampled_from(NAMES),
    st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 1)),
    st.none() | st.decimals(-200, 200, places=2),
    st.none() | st.sampled_from(["EUR", "USD"]),
    st.sampled_from([(), ("total_mismatch",), ("duplicate", "total_mismatch")]),
    st.none() | st.just("sup_1"),
    st.none() | st.just("cli_1"),
)


@settings(max_examples=1000, deadline=None)
@given(_documents, _questions)
def test_the_shelf_that_is_chosen_holds_every_answer(one: Document, question: Question) -> None:
    assert found(one, question) == question.fits(item_view(one))


def test_an_empty_range_holds_nothing() -> None:
    assert not Shelf("d#2026-02", "d#2026-01~").holds("d#2026-01-15#doc_1")


@pytest.mark.parametrize(
    "changes",
    [
        {"vendor": "ACME TOOLS, LTD."},
        {"invoice_number": "inv 1001 7"},
        {"total": "119"},
        {"invoice_number": None},
        {"invoice_date": None},
    ],
)
def test_twins_are_filed_alike(changes: dict[str, str | None]) -> None:
    other = document(2)
    other = other.model_copy(update={"summary": other.summary.model_copy(update=changes)})
    assert set(twins(document())) & set(twins(other))
    assert filed_under(other).intersection(beside_twins(document()))


def test_twins_of_a_client_are_looked_for_among_its_documents() -> None:
    one = document(client_id="cli_1")
    assert len(beside_twins(one)) == 2
    assert all(key.startswith(of_client("cli_1")) for key in beside_twins(one))
    assert beside_twins(document(summary=Summary(invoice_number="7"))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"vendor": "Acme Shoes"},
        {"vendor": None},
        {"invoice_number": "INV-1002", "total": "120.00"},
        {"invoice_number": "INV-1002", "invoice_date": "2026-11-03"},
        {"invoice_number": "INV-1002", "currency": "EUR"},
    ],
)
def test_others_are_not(changes: dict[str, str | None]) -> None:
    other = document(2)
    other = other.model_copy(update={"summary": other.summary.model_copy(update=changes)})
    assert not set(twins(document())) & set(twins(other))
