"""A person and a reading: claim, correct, approve, reject, open again; nobody's work is lost."""

from __future__ import annotations

from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme, answer
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import Reply, World

LINES = [{"description": "Hammer", "quantity": "2", "unit_price": "50.00", "amount": "100.00"}]


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def document_id(world: World, ws: Provisioned) -> str:
    """It passes every check."""
    return world.read(ws, text_pdf(["a"]), acme(), "a.pdf")


def act(
    world: World, key: str, verb: str, document_id: str, body: Any = None, etag: str | None = None
) -> Reply:
    method, _, last = verb.partition(" ")
    return world.call(
        key,
        f"{method} /v1/documents/{{document_id}}/{last}",
        path={"document_id": document_id},
        body=body,
        headers={"if-match": etag} if etag else {},
    )


def show(world: World, ws: Provisioned, document_id: str) -> Reply:
    return world.call(ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id})


def etag_of(world: World, ws: Provisioned, document_id: str) -> str:
    return show(world, ws, document_id).headers["etag"]


def decide(world: World, ws: Provisioned, verb: str, document_id: str, body: Any = None) -> Reply:
    return act(world, ws.api_key, f"POST {verb}", document_id, body, etag_of(world, ws, document_id))


def correct(world: World, ws: Provisioned, document_id: str, **body: Any) -> Reply:
    etag = etag_of(world, ws, document_id)
    return act(world, ws.api_key, "PATCH reading", document_id, body, etag)


def doubtful(world: World, ws: Provisioned) -> str:
    """A document whose total does not add up, younger than what was there."""
    world.tick(seconds=1)
    return world.read(ws, text_pdf(["b"]), acme(total="120.00"), "bill.pdf")


class TestCorrections:
    def test_what_the_machine_read_is_kept_beside(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        reply = correct(world, ws, document_id, fields={"invoice_number": "INV-1002", "due_date": None})
        assert reply.status == 200, reply.text
        field = reply.json["reading"]["fields"]["invoice_number"]
        assert (field["value"], field["source"], field["confidence"]) == ("INV-1002", "person", 1.0)
        assert field["correction"]["machine"]["value"] == "INV-1001"
        assert field["correction"]["by"] == ws.key_id
        assert field["correction"]["at"] == "2026-11-20T09:30:00Z"
        assert field["page"] == field["correction"]["machine"]["page"]
        again = show(world, ws, document_id)
        assert again.json == reply.json
        assert again.headers["etag"] == reply.headers["etag"]

    def test_a_field_can_be_taken_away(self, world: World, ws: Provisioned, document_id: str) -> None:
        reading = correct(world, ws, document_id, fields={"invoice_number": None}).json["reading"]
        assert "invoice_number" not in reading["fields"]
        assert reading["removed"]["invoice_number"]["machine"]["value"] == "INV-1001"
        assert [check["code"] for check in reading["checks"]] == ["field_missing"]

    def test_the_checks_are_run_again(self, world: World, ws: Provisioned) -> None:
        document_id = doubtful(world, ws)
        before = show(world, ws, document_id).json
        assert (before["status"], before["reading"]["checks"][0]["code"]) == (
            "needs_review",
            "total_mismatch",
        )
        after = correct(world, ws, document_id, fields={"total": "119.00"}).json
        assert after["status"] == "ready"
        assert "total_mismatch" not in [check["code"] for check in after["reading"]["checks"]]
        assert after["risk"] < before["risk"]
        world.settle()
        (item,) = world.call(ws.api_key, "GET /v1/documents", query={"q": "bill"}).json["items"]
        assert (item["summary"]["total"], item["status"]) == ("119.00", "ready")

    def test_lines_taxes_and_the_type_are_replaced_as_a_whole(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        taxes = [{"rate": "19", "base": "100.00", "amount": "19.00"}]
        reading = correct(
            world, ws, document_id, line_items=LINES, tax_breakdown=taxes, document_type="credit_note"
        ).json["reading"]
        assert [line["description"] for line in reading["line_items"]] == ["Hammer"]
        assert reading["tax_breakdown"] == taxes
        assert reading["document_type"] == "credit_note"

    def test_a_correction_can_be_undone(self, world: World, ws: Provisioned, document_id: str) -> None:
        before = show(world, ws, document_id).json["reading"]
        correct(
            world,
            ws,
            document_id,
            fields={"total": "1.00", "iban": "DE89370400440532013000"},
            line_items=LINES,
        )
        after = correct(world, ws, document_id, undo=["total", "iban", "line_items"]).json["reading"]
        assert after == before

    def test_the_same_correction_again_changes_nothing(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        first = correct(world, ws, document_id, fields={"total": "119.00"}, line_items=LINES)
        world.tick(seconds=5)
        second = correct(world, ws, document_id, fields={"total": "119.00"}, line_items=LINES)
        assert second.headers["etag"] == first.headers["etag"]
        assert world.actions(ws, document_id).count("document.corrected") == 1

    def test_bad_values_are_all_named_and_nothing_is_changed(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        before = show(world, ws, document_id).text
        fields = {"total": "1,00", "invoice_date": "2.11.2026", "colour": "blue", "vendor": "Acme"}
        reply = correct(world, ws, document_id, fields=fields, undo=["nothing"])
        assert (reply.status, reply.json["code"]) == (422, "invalid_request")
        assert {error["field"] for error in reply.json["errors"]} == {
            "fields.total", "fields.invoice_date", "fields.colour", "undo",
        }  # fmt: skip
        assert show(world, ws, document_id).text == before

    def test_a_file_that_could_not_be_read_can_be_typed_in(self, world: World, ws: Provisioned) -> None:
        document_id = world.upload(ws, corrupt_pdf())
        assert show(world, ws, document_id).json["status"] == "failed"
        fields = {
            "vendor": "Acme", "invoice_number": "7", "invoice_date": "2026-11-01", "total": "9.00",
            "currency": "EUR",
        }  # fmt: skip
        typed = correct(world, ws, document_id, fields=fields).json
        assert (typed["status"], typed["failure"], typed["risk"]) == ("ready", None, 0)
        assert typed["reading"]["fields"]["vendor"]["correction"]["machine"] is None
        assert decide(world, ws, "approve", document_id, {}).json["status"] == "approved"

    def test_what_is_decided_must_be_opened_first(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        decide(world, ws, "approve", document_id, {})
        reply = correct(world, ws, document_id, fields={"total": "1.00"})
        assert (reply.status, reply.json["code"]) == (409, "not_open")
        assert decide(world, ws, "reopen", document_id).json["status"] == "ready"
        assert correct(world, ws, document_id, fields={"total": "119.00"}).status == 200


class TestTwoReviewers:
    def test_the_second_to_write_is_told(self, world: World, ws: Provisioned, document_id: str) -> None:
        etag = etag_of(world, ws, document_id)
        other = world.key(ws.workspace_id, Role.MEMBER)
        mine = act(world, ws.api_key, "PATCH reading", document_id, {"fields": {"total": "1.00"}}, etag)
        theirs = act(world, other, "PATCH reading", document_id, {"fields": {"total": "2.00"}}, etag)
        assert (mine.status, theirs.status, theirs.json["code"]) == (200, 412, "changed_meanwhile")
        assert show(world, ws, document_id).json["reading"]["fields"]["total"]["value"] == "1.00"

    def test_nor_is_what_one_has_not_seen_approved(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        etag = etag_of(world, ws, document_id)
        correct(world, ws, document_id, fields={"iban": "DE89370400440532013000"})
        for verb, body in (("approve", {}), ("reject", {"reason": "Not ours."})):
            assert act(world, ws.api_key, f"POST {verb}", document_id, body, etag).status == 412

    def test_whoever_does_not_say_what_they_have_seen_is_asked(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        reply = act(world, ws.api_key, "PATCH reading", document_id, {"fields": {"total": "1.00"}})
        assert (reply.status, reply.json["code"]) == (428, "if_match_missing")

    @pytest.mark.parametrize("tag", ['W/"{0}"', '"{0}0"', "{0}", '"x"', ""])
    def test_a_tag_that_is_not_the_documents_own_matches_nothing(
        self, world: World, ws: Provisioned, document_id: str, tag: str
    ) -> None:
        version = show(world, ws, document_id).json["version"]
        header = tag.format(version) or '""'
        assert act(world, ws.api_key, "POST approve", document_id, {}, header).status == 412

    def test_any_of_several_tags_or_a_star_will_do(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        etag = f'"0", {etag_of(world, ws, document_id)}'
        assert act(world, ws.api_key, "PUT claim", document_id).status == 200
        assert act(world, ws.api_key, "POST approve", document_id, {}, etag).status == 412
        assert act(world, ws.api_key, "POST approve", document_id, {}, "*").status == 200

    def test_a_write_between_looking_and_writing_is_a_conflict(
        self, world: World, ws: Provisioned, document_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        etag = etag_of(world, ws, document_id)
        other = world.key(ws.workspace_id, Role.MEMBER)
        world.meanwhile(monkeypatch, lambda: act(world, other, "POST approve", document_id, {}, etag))
        reply = act(world, ws.api_key, "PATCH reading", document_id, {"fields": {"total": "1.00"}}, etag)
        assert reply.status in {409, 412}
        assert show(world, ws, document_id).json["status"] == "approved"


class TestClaims:
    def test_nobody_else_changes_what_is_claimed(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        other = world.key(ws.workspace_id, Role.MEMBER)
        assert act(world, other, "PUT claim", document_id).json["review"]["claim"]["until"]
        for reply in (
            act(world, ws.api_key, "PUT claim", document_id),
            act(world, ws.api_key, "DELETE claim", document_id),
            correct(world, ws, document_id, fields={"total": "1.00"}),
            decide(world, ws, "approve", document_id, {}),
            decide(world, ws, "reject", document_id, {"reason": "No."}),
        ):
            assert (reply.status, reply.json["code"]) == (409, "claimed")
        etag = etag_of(world, ws, document_id)
        reply = act(world, other, "PATCH reading", document_id, {"fields": {"total": "119.00"}}, etag)
        assert reply.json["review"]["claim"] is not None
        assert act(world, other, "POST approve", document_id, {}, reply.headers["etag"]).status == 200

    def test_it_is_over_when_it_is_given_up_or_half_an_hour_has_passed(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        other = world.key(ws.workspace_id, Role.MEMBER)
        act(world, other, "PUT claim", document_id)
        assert act(world, other, "DELETE claim", document_id).status == 204
        assert act(world, ws.api_key, "PUT claim", document_id).status == 200
        world.tick(minutes=30, seconds=1)
        assert act(world, other, "PUT claim", document_id).status == 200

    def test_to_give_up_what_one_does_not_have_changes_nothing(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        etag = etag_of(world, ws, document_id)
        assert act(world, ws.api_key, "DELETE claim", document_id).status == 204
        assert etag_of(world, ws, document_id) == etag


class TestDecisions:
    def test_errors_are_corrected_or_accepted_by_name(self, world: World, ws: Provisioned) -> None:
        document_id = doubtful(world, ws)
        refused = decide(world, ws, "approve", document_id, {"accept": ["lines_mismatch"]})
        assert (refused.status, refused.json["code"]) == (409, "checks_open")
        assert "total_mismatch" in refused.json["detail"]
        accepted = decide(world, ws, "approve", document_id, {"accept": ["total_mismatch"]})
        assert accepted.json["status"] == "approved"
        (entry, *_) = world.audit(ws, action="document.approved")
        assert entry["after"] == {"status": "approved", "accepted": "total_mismatch"}

    def test_a_rejection_has_a_reason_that_the_audit_log_does_not_tell(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        assert decide(world, ws, "reject", document_id, {"reason": " "}).status == 422
        rejected = decide(world, ws, "reject", document_id, {"reason": "Ordered by nobody."}).json
        assert (rejected["status"], rejected["review"]["rejection"]["reason"]) == (
            "rejected", "Ordered by nobody.",
        )  # fmt: skip
        assert "nobody" not in str(world.audit(ws))
        assert act(world, ws.api_key, "GET history", document_id).json["items"][-1]["text"] == (
            "Ordered by nobody."
        )

    def test_decided_is_decided(self, world: World, ws: Provisioned, document_id: str) -> None:
        decide(world, ws, "reject", document_id, {"reason": "No."})
        for verb, body in (("approve", {}), ("reject", {"reason": "No."})):
            reply = decide(world, ws, verb, document_id, body)
            assert (reply.status, reply.json["code"]) == (409, "not_open")
        reopened = decide(world, ws, "reopen", document_id).json
        assert (reopened["status"], reopened["review"]) == (
            "ready", {"claim": None, "approvals": [], "rejection": None},
        )  # fmt: skip
        assert decide(world, ws, "reopen", document_id).json["code"] == "not_decided"

    def test_a_repeated_key_decides_once(self, world: World, ws: Provisioned, document_id: str) -> None:
        etag = etag_of(world, ws, document_id)
        path, headers = {"document_id": document_id}, {"if-match": etag, "idempotency-key": "once"}
        route = "POST /v1/documents/{document_id}/approve"
        replies = [world.call(ws.api_key, route, path=path, headers=headers, body={}) for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 200]
        assert replies[0].json == replies[2].json
        assert world.actions(ws, document_id).count("document.approved") == 1


class TestTwoApprovals:
    @pytest.fixture
    def people(self, world: World, ws: Provisioned) -> list[str]:
        """The sessions of two members."""
        names = ("ada@example.test", "bob@example.test")
        ids = [world.person(name, (ws.workspace_id, Role.MEMBER)) for name in names]
        return [world.sign_in(user_id, ws.workspace_id) for user_id in ids]

    def ask(self, world: World, ws: Provisioned, **settings: Any) -> None:
        assert world.call(ws.api_key, "PUT /v1/settings/review", body=settings).status == 200

    def approve(self, world: World, ws: Provisioned, token: str, document_id: str) -> Reply:
        return world.browse(
            token,
            "POST /v1/documents/{document_id}/approve",
            path={"document_id": document_id},
            body={},
            headers={"if-match": etag_of(world, ws, document_id)},
        )

    def test_above_an_amount_two_people_approve(
        self, world: World, ws: Provisioned, document_id: str, people: list[str]
    ) -> None:
        self.ask(world, ws, second_approval_above={"USD": "118.99"})
        by_key = decide(world, ws, "approve", document_id, {})
        assert (by_key.status, by_key.json["code"]) == (403, "person_needed")
        first = self.approve(world, ws, people[0], document_id)
        assert first.json["status"] == "awaiting_second_approval"
        again = self.approve(world, ws, people[0], document_id)
        assert (again.status, again.json["code"]) == (409, "second_person_needed")
        second = self.approve(world, ws, people[1], document_id)
        assert second.json["status"] == "approved"
        assert len({signature["by"] for signature in second.json["review"]["approvals"]}) == 2

    def test_a_correction_voids_the_first_approval(
        self, world: World, ws: Provisioned, document_id: str, people: list[str]
    ) -> None:
        self.ask(world, ws, second_approval_above={"USD": "1"})
        self.approve(world, ws, people[0], document_id)
        corrected = correct(world, ws, document_id, fields={"iban": "DE89370400440532013000"}).json
        assert (corrected["status"], corrected["review"]["approvals"]) == ("ready", [])
        assert self.approve(world, ws, people[1], document_id).json["status"] == "awaiting_second_approval"

    @pytest.mark.parametrize(
        ("limits", "asks"),
        [({"USD": "119.00"}, False), ({"EUR": "1000000"}, True), ({"USD": "0"}, True), ({}, False)],
    )
    def test_what_cannot_be_compared_is_not_small(
        self,
        world: World,
        ws: Provisioned,
        document_id: str,
        people: list[str],
        limits: dict[str, str],
        *,
        asks: bool,
    ) -> None:
        self.ask(world, ws, second_approval_above=limits)
        status = self.approve(world, ws, people[0], document_id).json["status"]
        assert status == ("awaiting_second_approval" if asks else "approved")

    def test_one_person_is_enough_again_when_the_setting_is_gone(
        self, world: World, ws: Provisioned, document_id: str, people: list[str]
    ) -> None:
        self.ask(world, ws, second_approval_above={"USD": "1"})
        self.approve(world, ws, people[0], document_id)
        self.ask(world, ws)
        assert decide(world, ws, "approve", document_id, {}).json["status"] == "approved"


class TestSettings:
    def test_they_are_changed_as_a_whole_and_said(self, world: World, ws: Provisioned) -> None:
        empty = world.call(ws.api_key, "GET /v1/settings/review").json
        assert empty["duplicates"] == "warn"
        body = {
            "second_approval_above": {"EUR": "1000.00"},
            "duplicates": "block",
            "company": {"names": ["Acme Ltd"], "ibans": [], "tax_ids": ["GB999999973"]},
        }
        changed = world.call(ws.api_key, "PUT /v1/settings/review", body=body).json
        assert changed == {**body, "second_approval_on_bank_change": False}
        assert world.call(ws.api_key, "GET /v1/settings/review").json == changed
        (entry,) = world.audit(ws, action="review_settings.changed")
        assert entry["after"] == {
            "second_approval_above": "EUR 1000.00",
            "duplicates": "block",
            "company": "1 names, 1 tax ids, 0 IBANs",
        }
        world.call(ws.api_key, "PUT /v1/settings/review", body=body)
        assert len(world.audit(ws, action="review_settings.changed")) == 1

    @pytest.mark.parametrize(
        "body",
        [
            {"second_approval_above": {"euro": "1"}},
            {"second_approval_above": {"EUR": "-1"}},
            {"second_approval_above": {"EUR": "1,5"}},
            {"duplicates": "ignore"},
            {"company": {"names": [""]}},
            {"colour": "blue"},
        ],
    )
    def test_what_they_are_not_is_refused(self, world: World, ws: Provisioned, body: Any) -> None:
        assert world.call(ws.api_key, "PUT /v1/settings/review", body=body).status == 422


class TestHistory:
    def test_it_tells_everything_with_what_it_was_about(self, world: World, ws: Provisioned) -> None:
        document_id = world.upload(ws, text_pdf(["a"]))
        world.tick(seconds=1)
        world.finish_job(world.job_of(document_id), acme())
        steps = (
            lambda: act(world, ws.api_key, "PUT claim", document_id),
            lambda: correct(world, ws, document_id, fields={"total": "118.00"}, line_items=LINES),
            lambda: act(world, ws.api_key, "POST comments", document_id, {"text": "Ask them.\nTwice."}),
            lambda: correct(world, ws, document_id, undo=["total"]),
            lambda: decide(world, ws, "approve", document_id, {}),
            lambda: decide(world, ws, "reopen", document_id),
        )
        for step in steps:
            world.tick(seconds=1)
            assert step().status < 300
        world.settle()
        world.settle()
        history = act(world, ws.api_key, "GET history", document_id).json["items"]
        assert [event["action"].partition(".")[2] for event in history] == [
            "uploaded", "read", "claimed", "corrected", "commented", "corrected", "approved", "reopened",
        ]  # fmt: skip
        assert history[3]["values"] == [
            {"field": "total", "before": "119.00", "after": "118.00"},
            {"field": "line_items", "before": "0", "after": "1"},
        ]
        assert history[4]["text"] == "Ask them.\nTwice."
        assert history[5]["values"] == [{"field": "total", "before": "118.00", "after": "119.00"}]
        assert history[6]["before"] == {"status": "ready"}

    def test_it_comes_in_pages(self, world: World, ws: Provisioned, document_id: str) -> None:
        for number in range(5):
            world.tick(seconds=1)
            act(world, ws.api_key, "POST comments", document_id, {"text": str(number)})
        route, path, query, found = (
            "GET /v1/documents/{document_id}/history",
            {"document_id": document_id},
            {},
            [],
        )
        while True:
            reply = world.call(ws.api_key, route, path=path, query={"limit": "2", **query}).json
            found += [event["text"] for event in reply["items"]]
            if reply["next_cursor"] is None:
                break
            query["cursor"] = reply["next_cursor"]
        assert found == ["0", "1", "2", "3", "4"]

    def test_it_is_the_audit_log_of_the_document(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        world.tick(seconds=1)
        correct(world, ws, document_id, fields={"total": "118.00"})
        world.settle()
        history = act(world, ws.api_key, "GET history", document_id).json["items"]
        entries = world.audit(ws, subject=document_id)
        assert sorted(event["id"] for event in history) == sorted(entry["id"] for entry in entries)

    def test_a_comment_makes_nobodys_version_old(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        etag = etag_of(world, ws, document_id)
        assert act(world, ws.api_key, "POST comments", document_id, {"text": "Hello"}).status == 201
        assert act(world, ws.api_key, "POST approve", document_id, {}, etag).status == 200

    def test_it_goes_with_the_document(self, world: World, ws: Provisioned, document_id: str) -> None:
        act(world, ws.api_key, "POST comments", document_id, {"text": "Hello"})
        world.settle()
        assert world.items("HISTORY")
        world.delete(ws, document_id)
        world.settle()
        assert world.items("HISTORY") == world.items("INDEX") == []


class TestQueue:
    def test_the_likeliest_to_be_wrong_comes_first(self, world: World, ws: Provisioned) -> None:
        good = world.read(ws, text_pdf(["a"]), acme())
        wrong = doubtful(world, ws)
        incomplete = world.read(ws, text_pdf(["c"]), answer(VENDOR_NAME="Acme Ltd", TOTAL="USD 5.00"))
        decided = world.read(ws, text_pdf(["d"]), acme())
        decide(world, ws, "approve", decided, {})
        world.settle()
        queue = world.call(ws.api_key, "GET /v1/review").json["items"]
        risks = [item["risk"] for item in queue]
        assert risks == sorted(risks, reverse=True)
        assert {item["id"] for item in queue} == {good, wrong, incomplete}
        assert queue[-1]["id"] == good

    def test_it_is_walked_page_by_page_and_filtered(self, world: World, ws: Provisioned) -> None:
        made = [world.read(ws, text_pdf([str(n)]), acme(), f"{n} paper.pdf") for n in range(5)]
        world.settle()
        found: list[str] = []
        query = {"limit": "2", "q": "paper"}
        while True:
            reply = world.call(ws.api_key, "GET /v1/review", query=query).json
            found += [item["id"] for item in reply["items"]]
            if reply["next_cursor"] is None:
                break
            query["cursor"] = reply["next_cursor"]
        assert sorted(found) == sorted(made)

    @pytest.mark.parametrize("cursor", ["AAAA", "cSM5OQ", "____", "doc_00000000000000000000000000"])
    def test_a_cursor_of_something_else_is_refused_or_only_a_place(
        self, world: World, ws: Provisioned, cursor: str
    ) -> None:
        for route in ("GET /v1/review", "GET /v1/documents"):
            reply = world.call(ws.api_key, route, query={"q": "a", "cursor": cursor})
            assert reply.status in {200, 422}, reply.text


class TestSearch:
    def test_words_suppliers_dates_amounts_and_checks(self, world: World, ws: Provisioned) -> None:
        document_id = world.read(ws, text_pdf(["a"]), acme(), "Müller 2026.pdf")
        doubt = doubtful(world, ws)
        world.settle()

        def found(**query: str) -> list[str]:
            reply = world.call(ws.api_key, "GET /v1/documents", query=query)
            assert reply.status == 200, reply.text
            return [item["id"] for item in reply.json["items"]]

        assert found(q="mull 2026") == [document_id]
        assert found(q="acme inv-1001") == [doubt, document_id]
        assert found(q="acme nothing") == []
        assert found(supplier="ACME tools Ltd.") == [doubt, document_id]
        assert found(check="total_mismatch") == [doubt]
        assert found(date_from="2026-11-02", date_to="2026-11-02", status="ready") == [document_id]
        assert found(amount_from="119.01", currency="USD") == [doubt]
        assert found(amount_to="119", currency="USD") == [document_id]
        assert found(currency="EUR") == []
        assert found(date_from="2027-01-01", date_to="2026-01-01") == []

    @pytest.mark.parametrize(
        "query", [{"q": "..."}, {"supplier": " "}, {"date_from": "soon"}, {"amount_from": "NaN"}]
    )
    def test_a_question_that_is_none_is_refused(
        self, world: World, ws: Provisioned, query: dict[str, str]
    ) -> None:
        assert world.call(ws.api_key, "GET /v1/documents", query=query).status == 422

    def test_a_workspace_finds_its_own(self, world: World, ws: Provisioned) -> None:
        other = world.workspace("Other")
        world.read(other, text_pdf(["a"]), acme())
        world.settle()
        for route in ("GET /v1/review", "GET /v1/documents"):
            assert world.call(ws.api_key, route, query={"q": "acme"}).json["items"] == []

    def test_what_the_stream_tells_twice_or_again_is_filed_once(
        self, world: World, ws: Provisioned, document_id: str
    ) -> None:
        world.settle()
        filed = sorted(item["sk"]["S"] for item in world.items("INDEX"))
        world._told.clear()
        world.settle()
        assert sorted(item["sk"]["S"] for item in world.items("INDEX")) == filed
        correct(world, ws, document_id, fields={"vendor": "Somebody Else"})
        world.settle()
        assert not [item for item in world.items("INDEX") if "acme" in item["sk"]["S"]]
