"""Whatever reviewers do, in whatever order: no correction is lost, nobody decides who may not, and the
document's history is its audit log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle as Things
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sheaf.access.roles import Role
from sheaf.capture.search import filed_under
from tests.builders.expense import answer
from tests.builders.files import text_pdf
from tests.builders.world import Reply, World, fresh_world
from tests.component.lives import lives

READ = {
    "vendor": "Acme Tools Ltd",
    "subtotal": "100.00",
    "tax": "19.00",
    "total": "119.00",
    "currency": "USD",
}
VALUES = {
    "total": st.sampled_from(["119.00", "120.00", "1.00"]) | st.none(),
    "purchase_order": st.sampled_from(["PO-1", "PO-2"]) | st.none(),
    "due_date": st.sampled_from(["2026-12-01", "2026-10-01"]) | st.none(),
}
MOST = 6
"""Documents of one life: enough to be mixed up."""


@dataclass
class Expected:
    """What should be known of a document. They differ by number and date: none is another's duplicate."""

    number: int
    version: int = 0
    decided: str | None = None
    corrections: dict[str, str | None] = field(default_factory=dict)
    claim: tuple[int, datetime] | None = None
    told: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, str]:
        own = {"invoice_number": f"INV-{self.number}", "invoice_date": f"2026-11-{self.number:02}"}
        values: dict[str, str | None] = {**READ, **own, **self.corrections}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def errors(self) -> set[str]:
        """The checks, by the plainest rules there are."""
        values, found = self.values, set()
        if "total" not in values:
            found.add("field_missing")
        if values.get("total", "119.00") != "119.00":
            found.add("total_mismatch")
        if values.get("due_date", "2027") < values["invoice_date"]:
            found.add("due_before_invoice")
        return found


class ReviewLife(RuleBasedStateMachine):
    """Two members, and one who may only read."""

    documents = Things("documents")
    actor = st.integers(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self._context = fresh_world()
        self.world: World = self._context.__enter__()
        self.ws = self.world.workspace()
        self.keys = [self.world.key(self.ws.workspace_id, Role.MEMBER) for _ in range(2)]
        self.reader = self.world.key(self.ws.workspace_id, Role.READ_ONLY)
        self.expected: dict[str, Expected] = {}

    def teardown(self) -> None:
        try:
            self.world.settle()
            for document_id, expected in self.expected.items():
                self.told_in_full(document_id, expected)
            self.filed_as_they_are()
        finally:
            self._context.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------------------------

    @initialize(target=documents)
    def first(self) -> str:
        return self.read()

    @precondition(lambda self: len(self.expected) < MOST)
    @rule(target=documents)
    def read(self) -> str:
        expected = Expected(len(self.expected) + 1)
        values = expected.values
        said = answer(
            VENDOR_NAME=values["vendor"],
            INVOICE_RECEIPT_ID=values["invoice_number"],
            INVOICE_RECEIPT_DATE=values["invoice_date"],
            SUBTOTAL="USD 100.00",
            TAX="USD 19.00",
            TOTAL="USD 119.00",
        )
        document_id = self.world.read(self.ws, text_pdf([values["invoice_number"]]), said)
        expected.version = self.shown(document_id)["version"]
        self.expected[document_id] = expected
        return document_id

    @rule(
        document_id=documents,
        actor=actor,
        changes=st.fixed_dictionaries({}, optional=VALUES),
        undo=st.sets(st.sampled_from(sorted(VALUES))),
        stale=st.booleans(),
    )
    def correct(
        self, document_id: str, actor: int, changes: dict[str, str | None], undo: set[str], *, stale: bool
    ) -> None:
        expected = self.expected[document_id]
        body = {"fields": changes, "undo": sorted(undo)}
        reply = self.send(actor, "PATCH reading", document_id, body, stale=stale)
        if self.refused(reply, actor, expected, stale=stale):
            return
        if expected.decided:
            assert (reply.status, reply.json["code"]) == (409, "not_open")
            return
        corrected = {
            name: value for name, value in (expected.corrections | changes).items() if name not in undo
        }
        moved = corrected != expected.corrections
        expected.corrections = corrected
        self.done(reply, expected, "document.corrected" if moved else None)

    @rule(document_id=documents, actor=actor, accept=st.booleans(), stale=st.booleans())
    def approve(self, document_id: str, actor: int, *, accept: bool, stale: bool) -> None:
        expected = self.expected[document_id]
        body = {"accept": ["total_mismatch", "field_missing", "due_before_invoice"] if accept else []}
        reply = self.send(actor, "POST approve", document_id, body, stale=stale)
        if self.refused(reply, actor, expected, stale=stale):
            return
        if expected.decided or (expected.errors and not accept):
            assert reply.json["code"] == ("not_open" if expected.decided else "checks_open")
            return
        expected.decided, expected.claim = "approved", None
        self.done(reply, expected, "document.approved")

    @rule(document_id=documents, actor=actor, stale=st.booleans())
    def reject(self, document_id: str, actor: int, *, stale: bool) -> None:
        expected = self.expected[document_id]
        reply = self.send(actor, "POST reject", document_id, {"reason": "No."}, stale=stale)
        if self.refused(reply, actor, expected, stale=stale):
            return
        if expected.decided:
            assert reply.json["code"] == "not_open"
            return
        expected.decided, expected.claim = "rejected", None
        self.done(reply, expected, "document.rejected")

    @rule(document_id=documents, actor=actor)
    def reopen(self, document_id: str, actor: int) -> None:
        expected = self.expected[document_id]
        reply = self.send(actor, "POST reopen", document_id)
        if self.refused(reply, actor, expected, stale=False):
            return
        if not expected.decided:
            assert reply.json["code"] == "not_decided"
            return
        expected.decided = None
        self.done(reply, expected, "document.reopened")

    @rule(document_id=documents, actor=actor)
    def claim(self, document_id: str, actor: int) -> None:
        expected = self.expected[document_id]
        reply = self.send(actor, "PUT claim", document_id)
        if self.refused(reply, actor, expected, stale=False):
            return
        if expected.decided:
            assert reply.json["code"] == "not_open"
            return
        expected.claim = (actor, self.world.clock.now() + timedelta(minutes=30))
        self.done(reply, expected, "document.claimed")

    @rule(document_id=documents, actor=actor)
    def release(self, document_id: str, actor: int) -> None:
        expected = self.expected[document_id]
        reply = self.send(actor, "DELETE claim", document_id)
        if self.refused(reply, actor, expected, stale=False):
            return
        assert reply.status == 204
        if expected.claim:
            expected.claim = None
            expected.version += 1
            expected.told.append("document.released")

    @rule(document_id=documents, actor=actor)
    def comment(self, document_id: str, actor: int) -> None:
        assert self.send(actor, "POST comments", document_id, {"text": "Hm."}).status == 201
        self.expected[document_id].told.append("document.commented")

    @rule(
        document_id=documents,
        verb=st.sampled_from(["PATCH reading", "POST approve", "POST reopen", "PUT claim", "POST comments"]),
    )
    def only_look(self, document_id: str, verb: str) -> None:
        assert self.call(self.reader, verb, document_id, {}, '"1"').status == 403

    @rule(minutes=st.sampled_from([1, 31]))
    def wait(self, minutes: int) -> None:
        self.world.tick(minutes=minutes)

    @rule()
    def settle(self) -> None:
        self.world.settle()

    # --- what must be true ----------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        for document_id, expected in self.expected.items():
            shown = self.shown(document_id)
            fields = {name: field["value"] for name, field in shown["reading"]["fields"].items()}
            assert {name: fields.get(name) for name in expected.values} == expected.values
            assert not fields.keys() & {name for name, value in expected.corrections.items() if value is None}
            assert shown["version"] == expected.version
            checks = shown["reading"]["checks"]
            errors = {check["code"] for check in checks if check["severity"] == "error"}
            assert errors == expected.errors
            assert shown["status"] == expected.decided or ("needs_review" if errors else "ready")

    def told_in_full(self, document_id: str, expected: Expected) -> None:
        history = self.call(self.keys[0], "GET history", document_id).json["items"]
        assert [event["action"] for event in history][2:] == expected.told
        entries = self.world.audit(self.ws, subject=document_id, limit="200")
        assert [event["id"] for event in history] == [entry["id"] for entry in reversed(entries)]

    def filed_as_they_are(self) -> None:
        tenant = self.world.tenant(self.ws.workspace_id)
        documents = [tenant.documents.get(document_id) for document_id in self.expected]
        wanted = {f"{key}#{each.id}" for each in documents if each for key in filed_under(each)}
        assert {item["sk"]["S"] for item in self.world.items("INDEX")} == wanted

    # --- how ------------------------------------------------------------------------------------------

    def refused(self, reply: Reply, actor: int, expected: Expected, *, stale: bool) -> bool:
        if stale:
            assert reply.status == 412
            return True
        claim = expected.claim
        if claim and claim[0] != actor and claim[1] > self.world.clock.now():
            assert (reply.status, reply.json["code"]) == (409, "claimed")
            return True
        return False

    @staticmethod
    def done(reply: Reply, expected: Expected, action: str | None) -> None:
        assert reply.status == 200, reply.text
        if action:
            expected.version += 1
            expected.told.append(action)

    def send(
        self, actor: int, verb: str, document_id: str, body: Any = None, *, stale: bool = False
    ) -> Reply:
        self.world.tick(seconds=1)
        version = self.expected[document_id].version - stale
        return self.call(self.keys[actor], verb, document_id, body, f'"{version}"')

    def call(self, key: str, verb: str, document_id: str, body: Any = None, etag: str | None = None) -> Reply:
        method, _, last = verb.partition(" ")
        route = f"{method} /v1/documents/{{document_id}}/{last}"
        headers = {"if-match": etag} if etag else {}
        return self.world.call(key, route, path={"document_id": document_id}, body=body, headers=headers)

    def shown(self, document_id: str) -> Any:
        return self.world.document(self.ws, document_id)


TestReviewLife = ReviewLife.TestCase
TestReviewLife.settings = lives(examples=8, steps=25)
