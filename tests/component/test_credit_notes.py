"""Credit notes: they take back what is left of an invoice, and no more."""

from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import LINE, act, attempt, billing, change, draft, issued, listed, show
from tests.builders.world import World


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def test_it_takes_the_whole_invoice_back(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    note = act(world, ws, "credit", invoice)
    assert note["credits"] == {"id": invoice["id"], "number": invoice["number"], "date": "2026-11-20"}
    assert show(world, ws, invoice["id"])["credited"]["amount"] == "0.00"
    note = act(world, ws, "issue", note)
    assert (note["number"], note["status"]) == ("CRN-2026-00001", "issued")
    after = show(world, ws, invoice["id"])
    assert (after["status"], after["balance"]["amount"]) == ("paid", "0.00")
    again = attempt(world, ws, "credit", after)
    assert (again.status, again.json["code"]) == (409, "nothing_left")


def test_it_takes_no_more_than_is_left(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    first, second = (act(world, ws, "credit", {"id": invoice["id"]}) for _ in range(2))
    first = change(world, ws, first, lines=[LINE | {"quantity": "1"}]).json
    act(world, ws, "issue", first)
    reply = attempt(world, ws, "issue", second)
    assert (reply.status, reply.json["code"]) == (409, "exceeds_invoice")
    second = change(world, ws, second, lines=[LINE | {"quantity": "1"}]).json
    act(world, ws, "issue", second)
    assert show(world, ws, invoice["id"])["balance"]["amount"] == "0.00"


def test_two_at_once_do_not_both_find_room(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued(world, ws)
    first, second = (act(world, ws, "credit", {"id": invoice["id"]}) for _ in range(2))
    world.meanwhile(monkeypatch, lambda: act(world, ws, "issue", first))
    reply = attempt(world, ws, "issue", second)
    assert (reply.status, reply.json["code"]) == (409, "exceeds_invoice")
    assert show(world, ws, invoice["id"])["credited"]["amount"] == "238.00"


def test_a_paid_invoice_is_paid_back_after_it_was_credited(world: World, ws: Provisioned) -> None:
    invoice = act(world, ws, "payments", issued(world, ws), amount="238")
    note = act(world, ws, "issue", act(world, ws, "credit", invoice))
    invoice = show(world, ws, invoice["id"])
    assert (invoice["status"], invoice["balance"]["amount"]) == ("paid", "-238.00")
    invoice = act(world, ws, "refunds", invoice, amount="238")
    assert (invoice["status"], invoice["balance"]["amount"]) == ("paid", "0.00")
    act(world, ws, "void", note)
    invoice = show(world, ws, invoice["id"])
    assert (invoice["status"], invoice["balance"]["amount"]) == ("issued", "238.00")
    world.tick(days=15)
    assert listed(world, ws, overdue="true") == [invoice["id"]]


def test_an_invoice_is_not_void_while_it_has_credit_notes(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    note = act(world, ws, "issue", act(world, ws, "credit", invoice))
    reply = attempt(world, ws, "void", {"id": invoice["id"]})
    assert (reply.status, reply.json["code"]) == (409, "has_credit_notes")
    act(world, ws, "void", note)
    assert act(world, ws, "void", {"id": invoice["id"]})["status"] == "void"


def test_nothing_is_taken_back_of_what_is_void(world: World, ws: Provisioned) -> None:
    invoice = issued(world, ws)
    note = act(world, ws, "credit", invoice)
    act(world, ws, "void", invoice)
    reply = attempt(world, ws, "issue", note)
    assert (reply.status, reply.json["code"]) == (409, "invoice_void")


@pytest.mark.parametrize("field", ["buyer", "currency", "customer_id", "number", "withholding"])
def test_whose_it_is_and_in_what_it_is_the_invoice_says(world: World, ws: Provisioned, field: str) -> None:
    note = act(world, ws, "credit", issued(world, ws))
    reply = change(world, ws, note, **{field: None})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, field)


def test_drafts_are_not_taken_back(world: World, ws: Provisioned) -> None:
    reply = attempt(world, ws, "credit", draft(world, ws))
    assert (reply.status, reply.json["code"]) == (409, "not_issued")
