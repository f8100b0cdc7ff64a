"""Whatever is done with what is issued, in whatever order: numbers are dense, money adds up, what was issued
says for ever what it said, and every change is in the audit log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle as Things
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.builders.billing import LINE, attempt, billing, change, draft, listed, show
from tests.builders.world import Reply, World, fresh_world
from tests.component.lives import lives

MOST = 8
"""Documents of one life: enough to be mixed up."""

FIXED = ("number", "issue_date", "due_date", "valid_until", "seller", "buyer", "lines", "totals", "credits")
PREFIXES = {"invoice": "INV", "estimate": "EST", "credit_note": "CRN"}
PAYABLE = ("invoice", "bill")
ZERO = Decimal(0)


@dataclass
class Expected:
    """What should be known of a document: what happened, and what follows from it by the plainest rules."""

    kind: str
    payable: Decimal
    version: int = 1
    number: str | None = None
    paid: Decimal = ZERO
    refunded: Decimal = ZERO
    credited: Decimal = ZERO
    credits: str | None = None
    void: bool = False
    answer: str | None = None
    converted_to: str | None = None
    converted_from: str | None = None
    printed: dict[str, Any] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def is_issued(self) -> bool:
        return bool(self.printed)

    @property
    def balance(self) -> Decimal:
        if not self.is_issued or self.kind not in PAYABLE:
            return ZERO
        owed = ZERO if self.void else self.payable - self.credited
        return owed - self.paid + self.refunded

    @property
    def status(self) -> str:
        if not self.is_issued:
            return "draft"
        if self.void:
            return "void"
        if self.kind in PAYABLE:
            part = "partially_paid" if self.paid > self.refunded else "issued"
            return part if self.balance > 0 else "paid"
        return "converted" if self.converted_to else self.answer or "issued"


class BillingLife(RuleBasedStateMachine):
    documents = Things("documents")
    amount = st.sampled_from(["1.00", "119.00", "238.00", "300.00"])
    quantity = st.sampled_from(["1", "2", "3"])

    def __init__(self) -> None:
        super().__init__()
        self._context = fresh_world()
        self.world: World = self._context.__enter__()
        self.ws = billing(self.world)
        self.expected: dict[str, Expected] = {}
        self.issued: dict[str, list[str]] = {kind: [] for kind in PREFIXES}

    def teardown(self) -> None:
        try:
            for issued_id, expected in self.expected.items():
                assert Counter(self.world.actions(self.ws, issued_id)) == expected.told
            for kind in (*PREFIXES, "bill"):
                there = [each for each, known in self.expected.items() if known.kind == kind]
                assert listed(self.world, self.ws, kind=kind) == sorted(there, reverse=True)
            self.found_where_it_is_looked_for()
        finally:
            self._context.__exit__(None, None, None)

    @precondition(lambda self: len(self.expected) < MOST)
    @rule(target=documents, kind=st.sampled_from(["invoice", "estimate", "bill"]), quantity=quantity)
    def begin(self, kind: str, quantity: str) -> str:
        made = draft(self.world, self.ws, kind, lines=[LINE | {"quantity": quantity}])
        return self.made(made, "draft.created")

    @rule(issued_id=documents, quantity=quantity)
    def edit(self, issued_id: str, quantity: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        lines = [LINE | {"quantity": quantity}]
        reply = change(self.world, self.ws, {"id": issued_id, "version": known.version}, lines=lines)
        if known.is_issued:
            assert reply.json["code"] == "not_a_draft"
            return
        payable = Decimal(reply.json["totals"]["payable"]["amount"])
        if payable != known.payable:
            self.done(known, "draft.changed")
            known.payable = payable

    @rule(issued_id=documents)
    def discard(self, issued_id: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        path = {"issued_id": issued_id}
        reply = self.world.call(self.ws.api_key, "DELETE /v1/issued-documents/{issued_id}", path=path)
        if known.is_issued:
            assert reply.json["code"] == "not_a_draft"
            return
        assert reply.status == 204
        del self.expected[issued_id]
        if known.converted_from:
            estimate = self.expected[known.converted_from]
            estimate.converted_to = None
            self.done(estimate, "draft.deleted")

    @rule(issued_id=documents)
    def issue(self, issued_id: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        refusal = "not_a_draft" if known.is_issued else None
        invoice = self.expected.get(known.credits or "")
        if not refusal and invoice and (invoice.void or invoice.credited + known.payable > invoice.payable):
            refusal = "invoice_void" if invoice.void else "exceeds_invoice"
        view = self.step(issued_id, "issue", refusal, "issued_document.issued")
        if view is None:
            return
        known.printed = {name: view[name] for name in FIXED}
        known.number = view["number"]
        if known.kind in PREFIXES:
            self.issued[known.kind].append(view["number"])
        if invoice:
            invoice.credited += known.payable
            invoice.version += 1

    @rule(issued_id=documents)
    def void(self, issued_id: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        reasons = {
            "not_issued": not known.is_issued,
            "void": known.void,
            "already_paid": known.paid > 0,
            "has_credit_notes": known.credited > 0,
            "already_converted": known.converted_to is not None,
        }
        refusal = next((code for code, holds in reasons.items() if holds), None)
        if self.step(issued_id, "void", refusal, "issued_document.voided") is None:
            return
        known.void = True
        if known.credits:
            invoice = self.expected[known.credits]
            invoice.credited -= known.payable
            invoice.version += 1

    @rule(issued_id=documents, answer=st.sampled_from(["accept", "decline"]))
    def answer(self, issued_id: str, answer: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        refusal = self.no_estimate(known) or (f"already_{known.answer}" if known.answer else None)
        said = {"accept": "accepted", "decline": "declined"}[answer]
        if self.step(issued_id, answer, refusal, f"estimate.{said}"):
            known.answer = said

    @precondition(lambda self: len(self.expected) < MOST)
    @rule(target=documents, issued_id=documents)
    def convert(self, issued_id: str) -> str:
        known = self.known(issued_id)
        if known is None:
            return issued_id
        refusal = self.no_estimate(known)
        if not refusal and known.answer == "declined":
            refusal = "already_declined"
        view = self.step(issued_id, "convert", refusal, "estimate.converted")
        if view is None:
            return issued_id
        known.converted_to = view["id"]
        made = self.made(view, "estimate.converted")
        self.expected[made].converted_from = issued_id
        return made

    @precondition(lambda self: len(self.expected) < MOST)
    @rule(target=documents, issued_id=documents)
    def credit(self, issued_id: str) -> str:
        known = self.known(issued_id)
        if known is None:
            return issued_id
        reasons = {
            "not_an_invoice": known.kind != "invoice",
            "not_issued": not known.is_issued,
            "void": known.void,
            "nothing_left": known.credited >= known.payable,
        }
        refusal = next((code for code, holds in reasons.items() if holds), None)
        view = self.step(issued_id, "credit", refusal, None)
        if view is None:
            return issued_id
        made = self.made(view, "invoice.credited")
        self.expected[made].credits = issued_id
        return made

    @rule(issued_id=documents, amount=amount)
    def pay(self, issued_id: str, amount: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        reasons = {"void": known.void, "already_paid": known.balance <= 0}
        refusal = self.not_payable(known) or next((code for code, holds in reasons.items() if holds), None)
        if self.step(issued_id, "payments", refusal, "payment.recorded", amount=amount):
            known.paid += Decimal(amount)

    @rule(issued_id=documents, amount=amount)
    def pay_back(self, issued_id: str, amount: str) -> None:
        known = self.known(issued_id)
        if known is None:
            return
        too_much = known.refunded + Decimal(amount) > known.paid
        refusal = self.not_payable(known) or ("exceeds_paid" if too_much else None)
        if self.step(issued_id, "refunds", refusal, "refund.recorded", amount=amount):
            known.refunded += Decimal(amount)

    @invariant()
    def numbers_are_dense_and_in_the_order_of_issue(self) -> None:
        for kind, numbers in self.issued.items():
            wanted = [f"{PREFIXES[kind]}-2026-{number:05}" for number in range(1, len(numbers) + 1)]
            assert numbers == wanted

    @invariant()
    def each_is_as_it_should_be(self) -> None:
        for issued_id, known in self.expected.items():
            view = show(self.world, self.ws, issued_id)
            amounts = [view[name]["amount"] for name in ("paid", "refunded", "credited", "balance")]
            assert list(map(Decimal, amounts)) == [known.paid, known.refunded, known.credited, known.balance]
            assert (view["status"], view["version"]) == (known.status, known.version)
            assert {name: view[name] for name in known.printed} == known.printed
            moved = {"payment": ZERO, "refund": ZERO}
            for each in view["payments"]:
                moved[each["direction"]] += Decimal(each["amount"]["amount"])
            assert moved == {"payment": known.paid, "refund": known.refunded}

    def found_where_it_is_looked_for(self) -> None:
        """What is open stands under its due date, and nothing else does."""
        there = {item["sk"]["S"].rpartition("#")[2] for item in self.world.items("OPEN")}
        assert there == {
            each for each, known in self.expected.items() if known.balance > 0 and not known.void
        }
        self.world.tick(days=15)
        overdue = [*listed(self.world, self.ws, overdue="true")]
        assert set(overdue) == {each for each in there if each.startswith("inv")}

    def known(self, issued_id: str) -> Expected | None:
        """None: it was thrown away."""
        self.world.tick(seconds=1)
        return self.expected.get(issued_id)

    def made(self, view: Any, action: str) -> str:
        payable = Decimal(view["totals"]["payable"]["amount"])
        self.expected[view["id"]] = Expected(view["kind"], payable, told=Counter([action]))
        return str(view["id"])

    def step(
        self, issued_id: str, step: str, refusal: str | None, action: str | None, **body: str
    ) -> Any | None:
        """The answer to a step that is taken; None where it is refused, as it should be. ``action`` None: it
        does not change the document itself.
        """
        known = self.expected[issued_id]
        seen = {"id": issued_id, "version": known.version}
        stale = attempt(self.world, self.ws, step, seen | {"version": known.version - 1}, body or None)
        assert stale.status == (409 if self.is_final(refusal) else 412), stale.text
        reply: Reply = attempt(self.world, self.ws, step, seen, body or None)
        if refusal:
            assert (reply.status, reply.json["code"]) == (409, refusal), reply.text
            return None
        assert reply.status in (200, 201), reply.text
        if action:
            self.done(known, action)
        return reply.json

    @staticmethod
    def is_final(refusal: str | None) -> bool:
        """Whoever asks for what is no draft hears that first, whatever they have seen."""
        return refusal == "not_a_draft"

    @staticmethod
    def done(known: Expected, action: str) -> None:
        known.version += 1
        known.told[action] += 1

    @staticmethod
    def no_estimate(known: Expected) -> str | None:
        reasons = {
            "not_an_estimate": known.kind != "estimate",
            "not_issued": not known.is_issued,
            "void": known.void,
            "already_converted": known.converted_to is not None,
        }
        return next((code for code, holds in reasons.items() if holds), None)

    @staticmethod
    def not_payable(known: Expected) -> str | None:
        reasons = {"not_payable": known.kind not in PAYABLE, "not_issued": not known.is_issued}
        return next((code for code, holds in reasons.items() if holds), None)


TestBillingLife = BillingLife.TestCase
TestBillingLife.settings = lives(examples=8, steps=25)
