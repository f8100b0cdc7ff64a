"""What an evaluation counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sheaf_cli.evaluation.judging import EVERY_SET, WHOLE, Tally, evaluation, judge
from sheaf_cli.evaluation.labels import Labelled
from sheaf_cli.evaluation.scoring import Lines
from sheaf_cli.reading import failure

MIB = 1 << 20


def document(name: str = "a", *, set_name: str = "set", **labels: str) -> Labelled:
    accepted = {field: (value,) for field, value in labels.items()}
    return Labelled(set_name, f"{name}.pdf", accepted)


def record(status: str = "ready", *, confidence: float = 0.9, **fields: str) -> dict[str, Any]:
    return {"path": "a.pdf", "status": status, "confidence": dict.fromkeys(fields, confidence), **fields}


def test_no_answer_is_wrong_but_has_no_confidence() -> None:
    judged = [
        judge(document(total="1", tax="1"), record(total="1")),
        judge(document(total="2"), record(total="3", confidence=0.4)),
    ]
    found = evaluation(judged)
    (score,) = found.sets
    assert score.fields == {"tax": Tally(0, 1), "total": Tally(1, 2)}
    assert set(found.calibration) == {("total", ""), (EVERY_SET, "")}
    assert found.calibration["total", ""].auroc == 1.0
    assert [verdict.field for _, verdict in found.misses] == ["tax", "total"]


def test_a_file_that_cannot_be_read_gets_all_its_fields_wrong() -> None:
    unread = Labelled("set", "a.pdf", {"total": ("1",)}, line_amounts=(Decimal(1),), has_lines=True)
    (score,) = evaluation([judge(unread, failure("a.pdf", "file_corrupt", "Damaged."))]).sets
    assert (score.failed, score.fields["total"], score.lines) == (1, Tally(0, 1), Lines(0, 1, 0))
    assert score.cost is None


def test_only_ready_documents_pass_untouched_and_only_labelled_ones_are_checked() -> None:
    judged = [
        judge(document(total="1", invoice_date="2026-01-01"), record(total="2")),
        judge(document(total="1"), record(total="1")),
        judge(document(vendor="Oak"), record()),
        judge(document(total="1"), record("needs_review", total="2")),
    ]
    (score,) = evaluation(judged).sets
    untouched = score.untouched
    assert (untouched.ready, untouched.checked, untouched.documents_wrong) == (3, 2, 1)
    assert untouched.wrong == {"total": 1, "invoice_date": 1, "invoice_number": 0}


def test_several_sets_are_added_up() -> None:
    judged = [judge(document(set_name=name, total="1"), record(total="1")) for name in ("b", "a", "b")]
    assert [(score.name, score.documents) for score in evaluation(judged).sets] == [
        ("b", 2),
        ("a", 1),
        (EVERY_SET, 3),
    ]


def test_halves_are_scored_apart() -> None:
    judged = [
        judge(document(total="1"), record(total="1"), half="tuned"),
        judge(document(total="1"), record(total="2"), half="untouched"),
    ]
    found = evaluation(judged)
    assert [(score.half, score.fields["total"].right) for score in found.sets] == [
        ("tuned", 1),
        ("untouched", 0),
    ]
    assert found.calibration[EVERY_SET, "untouched"].accuracy == 0.0
    assert found.calibration["total", ""].count == 2


def test_cost_is_a_pages() -> None:
    costs = [
        {"seconds": 3.0, "cpu_seconds": 6.0, "peak": 100 * MIB, "pages": 3},
        {"seconds": 2.0, "cpu_seconds": 2.0, "peak": 300 * MIB, "pages": 1},
    ]
    judged = [judge(document(total="1"), record(total="1") | {"cost": cost}) for cost in costs]
    cost = evaluation(judged).sets[0].cost
    assert cost is not None
    assert (cost.pages, cost.seconds, cost.cpu_seconds, cost.slowest) == (4, 1.25, 2.0, 2.0)
    assert (cost.peak, cost.highest_peak) == pytest.approx((200 * MIB, 300 * MIB))


def test_the_risk_of_documents_is_held_against_whether_all_of_them_is_right() -> None:
    labelled = document(vendor="Acme", total="9.00", due_date="2026-12-01")
    good = judge(labelled, {**record(vendor="Acme", total="9.00"), "risk": 0.1})
    bad = judge(labelled, {**record(vendor="Acme", total="8.00"), "risk": 0.6})
    found = evaluation([good, bad]).calibration[WHOLE, ""]
    assert (found.count, found.accuracy, found.auroc) == (2, 0.5, 1.0)
