"""Which documents are duplicates of which, and what an approved one holds."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.capture.documents import Document, Status, Summary
from sheaf.capture.duplicates import Hold, hold, with_duplicates
from sheaf.capture.kept import KeptReading
from sheaf.capture.policy import Duplicates, Policy
from sheaf.capture.reading import Check, Reading, Source
from sheaf.capture.search import twins

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WARN, BLOCK = Policy(), Policy(duplicates=Duplicates.BLOCK)
KEPT = KeptReading(machine=Reading(engine=Source.TEXTRACT))
SAME = {
    "vendor": "Acme", "invoice_number": "7", "invoice_date": "2026-11-02",
    "total": "119.00", "currency": "USD",
}  # fmt: skip


def document(
    number: int, status: Status = Status.READY, *, said: dict[str, str | None] | None = None, **changes: Any
) -> Document:
    return Document(
        id=f"doc_{number}",
        filename="a.pdf",
        content_type="application/pdf",
        status=status,
        created_at=NOW,
        created_by="key_1",
        summary=Summary(**(SAME | (said or {}))),
    ).model_copy(update=changes)


class Workspace:
    """``late`` are documents that the index does not know yet unless it is asked consistently."""

    def __init__(self, *documents: Document, late: tuple[str, ...] = (), filed: bool = True) -> None:
        self.all = {each.id: each for each in documents}
        self.held: dict[str, Hold] = {}
        self.late, self.filed = late, filed
        self.documents = SimpleNamespace(get=self.all.get)
        self.search = SimpleNamespace(twins=self._twins)
        self.holds = SimpleNamespace(get=self.held.get, take=self._take)

    def found(
        self, policy: Policy, one: Document, *, exact: bool = True
    ) -> list[tuple[str | None, str, str]]:
        tenant: Any = self
        kept = with_duplicates(tenant, policy, one, KEPT, exact=exact)
        return [(check.found, check.severity, check.message) for check in kept.overlay.findings]

    def others(self, one: Document, policy: Policy = WARN, *, exact: bool = True) -> list[str | None]:
        return [found for found, _, _ in self.found(policy, one, exact=exact)]

    def approve(self, one: Document) -> None:
        tenant: Any = self
        self.all[one.id] = one.model_copy(update={"status": Status.APPROVED})
        hold(tenant, one)

    def _twins(self, one: Document, *, consistent: bool) -> dict[str, list[str]]:
        known = [each for each in self.all.values() if consistent or each.id not in self.late]
        return {
            key: sorted(each.id for each in known if self.filed and key in twins(each)) for key in twins(one)
        }

    def _take(self, wanted: Hold, *, instead_of: Hold | None) -> None:
        assert self.held.get(wanted.key) == instead_of
        self.held[wanted.key] = wanted


def test_the_younger_is_the_duplicate_and_is_told_of_whom_and_why() -> None:
    older, younger = document(1), document(2)
    workspace = Workspace(older, younger)
    said = "There is doc_1 already, with the same supplier and number."
    assert workspace.found(WARN, younger) == [("doc_1", "warning", said)]
    assert workspace.found(BLOCK, younger) == [("doc_1", "error", said)]
    assert workspace.found(WARN, older) == []


def test_date_and_total_are_another_reason() -> None:
    workspace = Workspace(document(1), younger := document(2, said={"invoice_number": "8"}))
    said = "There is doc_1 already, with the same supplier, date and total."
    assert workspace.found(WARN, younger) == [("doc_1", "warning", said)]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"total": "1"}, ("vendor", "invoice_number")),
        ({"invoice_number": "8"}, ("vendor", "invoice_date", "total")),
    ],
)
def test_the_fields_that_are_the_same_are_named(said: dict[str, str | None], fields: tuple[str, ...]) -> None:
    tenant: Any = Workspace(document(1), younger := document(2, said=said))
    [check] = with_duplicates(tenant, WARN, younger, KEPT, exact=True).overlay.findings
    assert (check.code, check.fields) == ("duplicate", fields)


@pytest.mark.parametrize(
    "said", [{"vendor": "Bolt"}, {"vendor": None}, {"total": "1", "invoice_number": "8"}]
)
def test_what_differs_is_none(said: dict[str, str | None]) -> None:
    assert Workspace(document(1), younger := document(2, said=said)).others(younger) == []


def test_the_same_supplier_by_another_name_is_the_same() -> None:
    workspace = Workspace(
        document(1, supplier_id="sup_1"), younger := document(2, said={"vendor": "Bolt"}, supplier_id="sup_1")
    )
    assert workspace.others(younger) == ["doc_1"]


@pytest.mark.parametrize(
    ("status", "older", "younger"),
    [
        (Status.READY, True, False),
        (Status.NEEDS_REVIEW, True, False),
        (Status.AWAITING_SECOND_APPROVAL, True, False),
        (Status.APPROVED, True, True),
        (Status.REJECTED, False, False),
        (Status.FAILED, False, False),
    ],
)
def test_what_counts_is_what_stands_before_it_or_is_approved(
    status: Status, older: bool, younger: bool
) -> None:
    assert Workspace(document(1, status), one := document(2)).others(one) == ["doc_1"][: int(older)]
    assert Workspace(one := document(1), document(2, status)).others(one) == ["doc_2"][: int(younger)]


def test_the_same_bytes_are_said_elsewhere() -> None:
    workspace = Workspace(document(1), document(2), copy := document(3, duplicate_of="doc_1"))
    assert workspace.others(copy) == ["doc_2"]


def test_an_index_that_is_behind_names_nobody_whose_content_has_changed() -> None:
    workspace = Workspace(document(1), younger := document(2))
    ids = ["doc_1", "doc_gone", "doc_2"]
    workspace.search = SimpleNamespace(twins=lambda one, consistent: dict.fromkeys(twins(one), ids))
    workspace.all["doc_1"] = document(1, said={"invoice_number": "8", "total": "1"})
    assert workspace.others(younger) == []


def test_five_are_enough() -> None:
    workspace = Workspace(*(document(number) for number in range(1, 9)), last := document(9))
    assert workspace.others(last) == [f"doc_{number}" for number in range(1, 6)]


def test_only_an_exact_answer_waits_for_the_index() -> None:
    workspace = Workspace(document(1), younger := document(2), late=("doc_1",))
    assert workspace.others(younger, exact=False) == []
    assert workspace.others(younger, exact=True) == ["doc_1"]


def test_other_findings_stay_and_old_ones_go() -> None:
    copy = Check(code="duplicate_file", message="The same bytes.")
    old = Check(code="duplicate", message="Not any more.")
    tenant: Any = Workspace(one := document(1))
    assert with_duplicates(tenant, WARN, one, KEPT.found((old, copy)), exact=True).overlay.findings == (copy,)


def test_what_is_approved_is_found_before_it_is_filed_where_duplicates_are_blocked() -> None:
    workspace = Workspace(one := document(1), other := document(2), filed=False)
    workspace.approve(other)
    assert workspace.others(one, BLOCK) == ["doc_2"]
    assert workspace.others(one, WARN) == []
    assert workspace.others(one, BLOCK, exact=False) == []


def test_an_approved_document_holds_all_that_makes_others_its_duplicates() -> None:
    workspace = Workspace(one := document(1, supplier_id="sup_1", version=3))
    workspace.approve(one)
    assert workspace.held == {key: Hold(key=key, document_id="doc_1", version=3) for key in twins(one)}
    assert len(workspace.held) == 4


def test_what_another_approved_one_holds_stays_with_it() -> None:
    workspace = Workspace(one := document(1), other := document(2, version=7))
    workspace.approve(one)
    held = dict(workspace.held)
    workspace.approve(other)
    assert workspace.held == held


@pytest.mark.parametrize("status", [Status.READY, Status.REJECTED, None])
def test_what_nobody_approved_holds_any_more_is_taken_over(status: Status | None) -> None:
    workspace = Workspace(one := document(1), other := document(2, version=7))
    workspace.approve(one)
    if status is None:
        del workspace.all["doc_1"]
    else:
        workspace.all["doc_1"] = document(1, status)
    workspace.approve(other)
    assert {(each.document_id, each.version) for each in workspace.held.values()} == {("doc_2", 7)}


def test_what_it_holds_already_is_held_under_the_version_that_is_approved_now() -> None:
    workspace = Workspace(one := document(1, version=3))
    workspace.approve(one)
    workspace.approve(one.model_copy(update={"version": 5}))
    assert {each.version for each in workspace.held.values()} == {5}
