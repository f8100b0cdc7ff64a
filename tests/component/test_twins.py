"""The same invoice in other bytes: warned of, or blocked; of two, the younger is the duplicate."""

from __future__ import annotations

import pytest

from sheaf.capture.documents import Status
from sheaf.capture.policy import Duplicates
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.reviewing import act, approve, approved, corrected, findings, invoice, policy
from tests.builders.world import World

OTHER = {"INVOICE_RECEIPT_ID": "INV-2002", "INVOICE_RECEIPT_DATE": "2026-11-09"}


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def strict(world: World, ws: Provisioned) -> Provisioned:
    policy(world, ws, duplicates=Duplicates.BLOCK)
    return ws


def found(world: World, ws: Provisioned, document_id: str) -> list[tuple[str, str]]:
    return [(severity, other) for _, severity, other in findings(world, ws, document_id, "duplicate")]


def two(world: World, ws: Provisioned) -> tuple[str, str]:
    """The second read when the index knows the first."""
    first = invoice(world, ws, "a")
    world.settle()
    world.tick(seconds=1)
    second = invoice(world, ws, "b")
    return first, second


def test_the_second_with_the_same_number_is_warned_of(world: World, ws: Provisioned) -> None:
    first, second = two(world, ws)
    assert found(world, ws, second) == [("warning", first)]
    assert found(world, ws, first) == []
    assert world.document(ws, second)["status"] == "ready"
    world.settle()
    assert found(world, ws, first) == []
    approved(world, ws, second)
    [entry] = world.audit(ws, subject=second, action="document.approved")
    assert entry["after"] == {"status": "approved", "duplicate_of": first}


def test_the_same_date_and_total_is_one_too(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    world.settle()
    world.tick(seconds=1)
    second = invoice(world, ws, "b", INVOICE_RECEIPT_ID="INV-2002")
    assert found(world, ws, second) == [("warning", first)]
    others = (
        OTHER,
        {"INVOICE_RECEIPT_ID": "INV-3", "SUBTOTAL": "EUR 100.00", "TAX": "EUR 19.00", "TOTAL": "EUR 119.00"},
        {"VENDOR_NAME": "Bolt Works Inc"},
    )
    for number, said in enumerate(others):
        assert found(world, ws, invoice(world, ws, f"c{number}", **said)) == []


def test_where_duplicates_are_blocked_one_is_accepted_by_name(world: World, strict: Provisioned) -> None:
    first, second = two(world, strict)
    assert found(world, strict, second) == [("error", first)]
    assert world.document(strict, second)["status"] == "needs_review"
    approved(world, strict, first)
    refused = approve(world, strict, second)
    assert (refused.status, refused.json["code"]) == (409, "checks_open")
    assert "duplicate" in refused.json["detail"]
    approved(world, strict, second, "duplicate")
    [entry] = world.audit(strict, subject=second, action="document.approved")
    assert entry["after"] == {"status": "approved", "accepted": "duplicate", "duplicate_of": first}


def test_of_two_approved_at_the_same_moment_one_is_refused(
    world: World, strict: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither has been filed: nothing but what the first holds tells them apart."""
    first = invoice(world, strict, "a")
    world.tick(seconds=1)
    second = invoice(world, strict, "b")
    assert found(world, strict, first) == found(world, strict, second) == []
    world.meanwhile(monkeypatch, lambda: approved(world, strict, second))
    refused = approve(world, strict, first)
    assert (refused.status, refused.json["code"]) == (409, "checks_open")
    assert world.document(strict, first)["status"] == "ready"
    approved(world, strict, first, "duplicate")


def test_where_duplicates_are_only_warned_of_both_are_approved(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = invoice(world, ws, "a")
    second = invoice(world, ws, "b")
    world.meanwhile(monkeypatch, lambda: approved(world, ws, second))
    approved(world, ws, first)
    assert world.items("HELD") == []


def test_two_that_are_read_at_the_same_moment_find_each_other(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    world.tick(seconds=1)
    second = invoice(world, ws, "b")
    world.settle()
    assert found(world, ws, second) == [("warning", first)]
    assert found(world, ws, first) == []
    [told] = world.audit(ws, subject=second, action="document.checked")
    assert told["after"] == {"status": "ready", "checks": "duplicate"}
    version = world.document(ws, second)["version"]
    world._told.clear()  # the stream tells everything once more
    world.settle()
    assert world.document(ws, second)["version"] == version


def test_the_younger_may_have_been_read_first(world: World, strict: Provisioned) -> None:
    first, landing = world.send(strict, text_pdf(["a"]))
    world.tick(seconds=1)
    second = invoice(world, strict, "b")
    world.settle()
    assert found(world, strict, second) == []
    world.tick(seconds=1)
    assert world.receive(landing) == []
    world.finish_job(world.job_of(first), acme())
    assert found(world, strict, first) == []
    world.settle()
    assert found(world, strict, second) == [("error", first)]
    assert world.document(strict, second)["status"] == "needs_review"


def test_once_the_younger_is_approved_the_older_is_the_duplicate(world: World, strict: Provisioned) -> None:
    first, second = two(world, strict)
    approved(world, strict, second, "duplicate")
    world.settle()
    assert found(world, strict, first) == [("error", second)]
    assert approve(world, strict, first).json["code"] == "checks_open"


@pytest.mark.parametrize("end", ["rejected", "deleted", "corrected"])
def test_what_is_no_duplicate_any_more_says_so(world: World, strict: Provisioned, end: str) -> None:
    first, second = two(world, strict)
    if end == "rejected":
        assert act(world, strict, "POST reject", first, {"reason": "Not ours"}).status == 200
    elif end == "deleted":
        assert world.delete(strict, first).status == 204
    else:
        corrected(world, strict, first, invoice_number="INV-7", total="120.00", subtotal="101.00")
    world.settle()
    assert found(world, strict, second) == []
    assert world.document(strict, second)["status"] == "ready"
    approved(world, strict, second)


def test_what_is_opened_again_holds_nothing(world: World, strict: Provisioned) -> None:
    first, second = two(world, strict)
    approved(world, strict, first)
    assert act(world, strict, "POST reopen", first).status == 200
    assert act(world, strict, "POST reject", first, {"reason": "Not ours"}).status == 200
    approved(world, strict, second)
    assert act(world, strict, "POST reopen", first).status == 200
    assert approve(world, strict, first).json["code"] == "checks_open"


def test_nothing_is_left_of_what_a_deleted_document_held(world: World, strict: Provisioned) -> None:
    first = invoice(world, strict, "a")
    world.settle()
    approved(world, strict, first)
    world.settle()
    assert {item["d"]["S"] for item in world.items("HELD")} == {first}
    world.delete(strict, first)
    world.settle()
    assert world.items("HELD") == []


def test_it_is_found_among_many_that_have_its_number(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    tenant = world.tenant(ws.workspace_id)
    document = tenant.documents.get(first)
    assert document is not None
    for number in range(120):
        said = document.summary.model_copy(update={"vendor": f"Company {number}"})
        other = {"id": f"{first[:-3]}{number:03}", "summary": said}
        tenant.search.refile(None, document.model_copy(update=other))
    world.settle()
    world.tick(seconds=1)
    assert found(world, ws, invoice(world, ws, "b")) == [("warning", first)]


def test_a_correction_makes_a_duplicate_and_takes_it_away(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    world.tick(seconds=1)
    second = invoice(world, ws, "b", **OTHER)
    world.settle()
    assert found(world, ws, second) == []
    corrected(world, ws, second, invoice_number="inv 1001")
    assert found(world, ws, second) == [("warning", first)]
    corrected(world, ws, second, invoice_number="INV-2002")
    assert found(world, ws, second) == []


def test_of_the_same_bytes_nothing_more_is_said(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    world.settle()
    world.tick(seconds=1)
    copy = world.upload(ws, text_pdf(["a"]))
    assert findings(world, ws, copy, "duplicate", "duplicate_file") == [("duplicate_file", "error", first)]


def test_a_first_approval_stands_when_a_duplicate_turns_up(world: World, ws: Provisioned) -> None:
    first = invoice(world, ws, "a")
    world.tick(seconds=1)
    second = invoice(world, ws, "b")
    tenant = world.tenant(ws.workspace_id)
    document = tenant.documents.get(second)
    assert document is not None
    tenant.documents.save(document.model_copy(update={"status": Status.AWAITING_SECOND_APPROVAL}))
    tenant.commit(None)
    world.settle()
    assert found(world, ws, second) == [("warning", first)]
    assert world.document(ws, second)["status"] == "awaiting_second_approval"


def test_a_copy_that_is_accepted_as_such_is_approved_beside_the_first(
    world: World, strict: Provisioned
) -> None:
    first = invoice(world, strict, "a")
    world.tick(seconds=1)
    copy = world.upload(strict, text_pdf(["a"]))
    world.settle()
    approved(world, strict, first)
    assert approve(world, strict, copy).json["code"] == "checks_open"
    approved(world, strict, copy, "duplicate_file")
    [entry] = world.audit(strict, subject=copy, action="document.approved")
    assert entry["after"]["duplicate_of"] == first
