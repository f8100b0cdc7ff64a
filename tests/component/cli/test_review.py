"""``sheaf review``: at the keyboard, and by ids."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from sheaf_client.models import CorrectionRequest
from tests.builders.client import Handlers, client_of
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import World
from tests.component.cli.conftest import of_json


@pytest.fixture
def doubtful(world: World, ws: Provisioned) -> str:
    """First in the queue: its total does not add up."""
    document_id = world.read(ws, text_pdf(["a"]), acme(total="120.00"), "doubtful.pdf")
    world.settle()
    return document_id


@pytest.fixture
def fine(world: World, ws: Provisioned, doubtful: str) -> str:
    document_id = world.read(ws, text_pdf(["b"]), acme(), "fine.pdf")
    world.settle()
    return document_id


def status(world: World, ws: Provisioned, document_id: str) -> tuple[str, bool]:
    """And whether somebody still claims it."""
    document = world.document(ws, document_id)
    return document["status"], document["review"]["claim"] is not None


class TestAtTheKeyboard:
    def test_correct_and_approve_then_reject(
        self, sheaf: Any, world: World, ws: Provisioned, doubtful: str, fine: str
    ) -> None:
        result = sheaf("review", keys="total=119.00\na\nr not ours\n")
        assert result.exit_code == 0, result.output
        assert "1 approved, 1 rejected" in result.stdout
        assert "was 120.00" in result.stdout
        assert status(world, ws, doubtful) == ("approved", False)
        assert status(world, ws, fine) == ("rejected", False)
        assert world.document(ws, fine)["review"]["rejection"]["reason"] == "not ours"

    def test_an_error_is_accepted_by_name_or_not_at_all(
        self, sheaf: Any, world: World, ws: Provisioned, doubtful: str
    ) -> None:
        sheaf("review", keys="a\nn\nq\n")
        assert status(world, ws, doubtful) == ("needs_review", False)
        world.settle()
        sheaf("review", keys="a\ny\n")
        assert status(world, ws, doubtful) == ("approved", False)

    def test_skipped_and_left(
        self, sheaf: Any, world: World, ws: Provisioned, doubtful: str, fine: str
    ) -> None:
        result = sheaf("review", keys="s\n")
        assert result.exit_code == 0
        assert "1 skipped" in result.stdout
        assert status(world, ws, doubtful) == ("needs_review", False)
        assert status(world, ws, fine) == ("ready", False)

    def test_it_is_claimed_while_it_is_looked_at(
        self, sheaf: Any, handlers: Handlers, doubtful: str, fine: str
    ) -> None:
        handlers.called.clear()
        sheaf("review", keys="q\n")
        writes = [route.partition("/v1")[0] for route in handlers.called if route.endswith("/claim")]
        assert writes == ["PUT ", "DELETE "]

    def test_what_somebody_else_looks_at_is_passed_over(
        self, sheaf: Any, world: World, ws: Provisioned, handlers: Handlers, doubtful: str, fine: str
    ) -> None:
        other = client_of(handlers, world.key(ws.workspace_id, Role.MEMBER))
        other.documents.claim(doubtful)
        result = sheaf("review", keys="a\n")
        assert "doubtful.pdf is passed over" in result.stdout
        assert status(world, ws, doubtful) == ("needs_review", True)
        assert status(world, ws, fine) == ("approved", False)

    def test_what_does_not_fit_is_said_and_can_be_said_again(
        self, sheaf: Any, world: World, ws: Provisioned, doubtful: str
    ) -> None:
        result = sheaf("review", keys="total=much\nnonsense\ntotal=119\nundo total\ndue_date=\nq\n")
        assert "A plain decimal is wanted" in result.stdout
        assert result.stdout.count("correct a field") == 2
        reading = world.document(ws, doubtful)["reading"]
        assert reading["fields"]["total"]["value"] == "120.00"
        assert "due_date" in reading["removed"]

    def test_a_change_by_somebody_else_is_shown_before_it_goes_on(
        self,
        sheaf: Any,
        world: World,
        ws: Provisioned,
        doubtful: str,
        monkeypatch: pytest.MonkeyPatch,
        handlers: Handlers,
    ) -> None:
        other = client_of(handlers, ws.api_key)
        answers = iter(["invoice_number=MINE", "invoice_number=MINE", "q"])

        def typed(_console: object, _prompt: object) -> str:
            said = next(answers)
            if not changed:
                other.documents.get(doubtful)
                other.documents.correct(doubtful, CorrectionRequest(fields={"vendor": "Theirs"}))
                changed.append(doubtful)
            return said

        changed: list[str] = []
        monkeypatch.setattr("rich.console.Console.input", typed)
        result = sheaf("review")
        assert "Somebody changed it meanwhile" in result.stdout
        fields = world.document(ws, doubtful)["reading"]["fields"]
        assert (fields["vendor"]["value"], fields["invoice_number"]["value"]) == ("Theirs", "MINE")

    def test_the_link_to_the_file(self, sheaf: Any, doubtful: str) -> None:
        assert f"files/{doubtful}/original?" in sheaf("review", keys="o\nq\n").stdout

    def test_nothing_waits(self, sheaf: Any) -> None:
        assert "Nothing waits for review" in sheaf("review").stdout


class TestByIds:
    def test_the_queue_for_a_script(self, sheaf: Any, doubtful: str, fine: str) -> None:
        assert [item["id"] for item in of_json(sheaf("review", "--json"))] == [doubtful, fine]
        assert [item["id"] for item in of_json(sheaf("review", "--check", "total_mismatch", "--json"))] == [
            doubtful
        ]

    def test_approve(self, sheaf: Any, world: World, ws: Provisioned, doubtful: str, fine: str) -> None:
        result = sheaf("review", "approve", doubtful, fine)
        assert result.exit_code == 1
        assert f"{doubtful}  Still to be looked at: total_mismatch." in result.stdout
        assert status(world, ws, fine) == ("approved", False)
        assert sheaf("review", "approve", doubtful, "--accept", "total_mismatch").exit_code == 0
        assert status(world, ws, doubtful) == ("approved", False)

    def test_reject_for_a_script(self, sheaf: Any, doubtful: str) -> None:
        result = sheaf("review", "reject", doubtful, "doc_none", "--reason", "not ours", "--json")
        assert result.exit_code == 1
        rejected, missing = json.loads(result.stdout)
        assert rejected == {"document_id": doubtful, "status": "rejected", "error": None}
        assert (missing["status"], missing["error"]["code"]) == (None, "not_found")

    def test_correct(self, sheaf: Any, world: World, ws: Provisioned, doubtful: str) -> None:
        arguments = ("review", "correct", doubtful, "total=119.00", "document_type=credit_note", "due_date=")
        assert sheaf(*arguments).exit_code == 0
        reading = world.document(ws, doubtful)["reading"]
        assert reading["fields"]["total"]["value"] == "119.00"
        assert reading["document_type"] == "credit_note"
        assert (
            sheaf("review", "correct", doubtful, "--undo", "document_type", "--undo", "total").exit_code == 0
        )
        assert world.document(ws, doubtful)["reading"]["document_type"] == "invoice"

    @pytest.mark.parametrize("arguments", [[], ["total"], ["=1"]])
    def test_no_correction(self, sheaf: Any, doubtful: str, arguments: list[str]) -> None:
        assert sheaf("review", "correct", doubtful, *arguments).exit_code == 2
