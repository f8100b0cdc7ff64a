"""The two layouts of labelled documents."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sheaf_cli.evaluation.labels import BadLabels, Labelled, load


def manifest(folder: Path, *items: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"items": items}), encoding="utf-8")


def item(labels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"file": "a.pdf", "labels": labels, **more}


def only(folder: Path, one: dict[str, Any]) -> Labelled:
    manifest(folder / "set", one)
    (document,) = load(folder)
    return document


def test_what_the_page_does_not_show_is_not_asked_for(tmp_path: Path) -> None:
    one = item({"total": "9", "tax": "1", "buyer": "B"}, visible={"tax": False, "total": True})
    assert only(tmp_path, one).accepted == {"total": ("9",), "buyer": ("B",)}


def test_alternatives_and_candidates_are_right_as_well(tmp_path: Path) -> None:
    labels = {
        "invoice_date": "2026-03-04",
        "invoice_date_alts": ["2026-04-03"],
        "tax_candidates": ["1.00", "2.00"],
    }
    assert only(tmp_path, item(labels)).accepted == {
        "invoice_date": ("2026-03-04", "2026-04-03"),
        "tax": ("1.00", "2.00"),
    }


def test_an_assumed_currency_stands_in_for_a_missing_one(tmp_path: Path) -> None:
    assumed = {"currency": "MYR"}
    assert only(tmp_path, item({"total": "9"}, assumed=assumed)).accepted["currency"] == ("MYR",)
    labels = {"total": "9", "currency": "USD"}
    assert only(tmp_path, item(labels, assumed=assumed)).accepted["currency"] == ("USD",)


def test_empty_labels_and_amounts_that_are_none_are_no_labels(tmp_path: Path) -> None:
    labels = {"vendor": "V", "buyer": "", "due_date": None, "total": "see below", "tax": 0}
    assert only(tmp_path, item(labels)).accepted == {"vendor": ("V",), "tax": ("0",)}


def test_a_currency_alone_labels_nothing(tmp_path: Path) -> None:
    manifest(tmp_path / "set", item({"currency": "EUR"}), item({}, assumed={"currency": "EUR"}))
    assert load(tmp_path) == []


def test_lines_are_known_by_their_amounts(tmp_path: Path) -> None:
    document = only(tmp_path, item({"line_items": [{"amount": "5.0"}, {"description": "Oak"}]}))
    assert document.line_amounts == (Decimal("5.00"),)
    assert document.has_lines


def test_sets_come_in_the_order_asked_for_and_limits_are_theirs(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        manifest(tmp_path / name, *(item({"total": str(total)}, split="dev") for total in range(3)))
    names = [document.set_name for document in load(tmp_path, sets=["c", "a"], limit=2)]
    assert names == ["c", "c", "a", "a"]
    assert len(load(tmp_path)) == 9
    assert load(tmp_path, split="holdout") == []


def test_a_folder_may_itself_be_a_set(tmp_path: Path) -> None:
    manifest(tmp_path / "receipts", item({"total": "9"}))
    (document,) = load(tmp_path / "receipts")
    assert document.set_name == "receipts"
    assert document.path == str(tmp_path / "receipts" / "a.pdf")


def test_the_answers_to_the_samples_are_a_set(tmp_path: Path) -> None:
    samples = Path(__file__).parents[3] / "samples"
    documents = load(samples)
    assert {document.set_name for document in documents} == {"samples"}
    assert all({"vendor", "total"} <= document.accepted.keys() for document in documents)
    assert all(Path(document.path).is_file() for document in documents)


def test_files_that_look_alike_fall_into_one_half(tmp_path: Path) -> None:
    items = [
        {"file": f"{number}.pdf", "labels": {"total": "9"}, "template": number % 40, "split": "dev"}
        for number in range(400)
    ]
    manifest(tmp_path / "set", *items)
    documents = load(tmp_path)
    halves: dict[str, set[str]] = {}
    for document in documents:
        halves.setdefault(document.family, set()).add(document.half)
    assert all(len(half) == 1 for half in halves.values())
    assert 100 < sum(document.half == "untouched" for document in documents) < 300
    assert [document.half for document in load(tmp_path)] == [document.half for document in documents]


def test_a_holdout_belongs_to_neither_half(tmp_path: Path) -> None:
    assert only(tmp_path, item({"total": "9"}, split="holdout")).half == ""


@pytest.mark.parametrize(
    "content", ["{", "3", '{"items": 1}', '{"items": [{"file": "a"}]}', '[{"total": "9"}]']
)
def test_other_layouts_are_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadLabels, match=r"manifest\.json"):
        load(tmp_path)


def test_a_folder_without_labels_and_a_set_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="Neither"):
        load(tmp_path)
    manifest(tmp_path / "receipts", item({"total": "9"}))
    with pytest.raises(BadLabels, match="there are receipts"):
        load(tmp_path, sets=["invoices"])
