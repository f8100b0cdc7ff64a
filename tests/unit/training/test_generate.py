from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.chance import Chance
from training.facts import invented, vocabulary
from training.generate import generate
from training.measure import agrees, compared
from training.printing import day, filled, number
from training.trouble import troubled

KINDS = ("invoice", "credit_note", "receipt")


def manifest(folder: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))["items"]
    return items


@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_what_is_invented_adds_up(seed: int, kind: Any) -> None:
    facts = invented(Chance(seed), kind)
    assert facts.subtotal + facts.tax == facts.total
    assert sum(tax.base for tax in facts.taxes) == facts.subtotal
    if facts.kind == "invoice":
        assert facts.goods - facts.discount + facts.shipping == facts.subtotal
    assert facts.seller.name != facts.buyer.name


def test_the_same_seed_gives_the_same_documents(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        generate(tmp_path / folder, count=4, seed=3)
    assert manifest(tmp_path / "one") == manifest(tmp_path / "other")


def test_hard_documents_say_the_same_in_other_words() -> None:
    facts = invented(Chance(11), "invoice")
    hard = [troubled(facts, Chance(seed)) for seed in range(40)]
    assert {one.number for one in hard} == {facts.number}
    assert any(one.trouble.labels for one in hard)
    assert any(one.trouble.banner for one in hard)
    assert all(other != facts.number for one in hard for _, other in one.trouble.numbers)


def test_without_trouble_documents_stay_as_they_were(tmp_path: Path) -> None:
    generate(tmp_path / "easy", count=4, seed=3)
    generate(tmp_path / "hard", count=4, seed=3, pictures=0.5, hard=1.0)
    easy, hard = manifest(tmp_path / "easy"), manifest(tmp_path / "hard")
    assert [item["labels"]["total"] for item in easy] == [item["labels"]["total"] for item in hard]


def test_every_listed_file_is_there_with_its_labels(tmp_path: Path) -> None:
    generate(tmp_path, count=6, seed=5, pictures=0.5)
    items = manifest(tmp_path)
    assert len(items) == 6
    for item in items:
        data = (tmp_path / item["file"]).read_bytes()
        assert data.startswith(b"%PDF-" if item["file"].endswith("pdf") else b"\xff\xd8")
        assert {"vendor", "invoice_date", "currency", "total", "line_items"} <= item["labels"].keys()


def test_languages_have_words_for_the_same_things() -> None:
    english = vocabulary("en")
    for language in {place["language"] for place in vocabulary("countries").values()}:
        words = vocabulary(language)
        assert {part: set(words[part]) for part in words} == {part: set(english[part]) for part in english}


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        ("1234567.5", "1,234.56", "1,234,567.5"),
        ("-1234.50", "1.234,56", "-1.234,50"),
        ("1234.50", "1'234.56", "1'234.50"),
        ("1234567.00", "lakh", "12,34,567.00"),
        ("1234.50", "1234,56", "1234,50"),
        ("7", "1 234,56", "7"),
    ],
)
def test_numbers_as_countries_print_them(value: str, style: str, printed: str) -> None:
    assert number(Decimal(value), style) == printed


@pytest.mark.parametrize(
    ("style", "language", "printed"),
    [
        ("dd/mm/yy", "en", "03/07/26"),
        ("do M Y", "en", "3rd July 2026"),
        ("d. M Y", "de", "3. Juli 2026"),
        ("d de M de Y", "es", "3 de julio de 2026"),
        ("M d, Y", "en", "July 3, 2026"),
    ],
)
def test_dates_as_countries_print_them(style: str, language: str, printed: str) -> None:
    assert day(date(2026, 7, 3), style, language) == printed


def test_patterns_are_filled_with_digits_and_letters() -> None:
    made = filled("@@-###", Chance(1))
    assert made[:2].isalpha()
    assert made[2] == "-"
    assert made[3:].isdigit()


def test_answers_are_compared_field_by_field_and_line_by_line() -> None:
    labels = {
        "vendor": "Acme Tools Ltd",
        "total": "12.50",
        "line_items": [{"amount": "5"}, {"amount": "7.5"}],
    }
    answer = {"vendor": "ACME TOOLS", "total": "12.5", "line_items": [{"amount": "5.00"}]}
    verdicts = [(field, right) for field, _, _, right in compared(labels, answer)]
    assert verdicts == [("vendor", True), ("total", True), ("lines", True), ("lines", False)]
    assert not agrees("invoice_number", "17", None)
