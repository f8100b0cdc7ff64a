"""Whatever happens to documents, in whatever order and however often: at rest, the books are balanced."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle as Things
from hypothesis.stateful import RuleBasedStateMachine, consumes, multiple, rule

from sheaf.capture.analysis import MAX_ATTEMPTS
from tests.builders import events
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, picture, text_pdf
from tests.builders.world import ROOT, fresh_world
from tests.component.invariants import FINAL, at_rest, run_on
from tests.component.lives import lives

FILES = {
    "a.pdf": (text_pdf(["Invoice A"]), "application/pdf"),
    "b.pdf": (text_pdf(["Invoice B"]), "application/pdf"),
    "c.webp": (picture(["Invoice C"], "WEBP"), "image/webp"),
    "d.xml": ((ROOT / "samples" / "be-printer-ubl.xml").read_bytes(), "application/xml"),
    "e.pdf": (corrupt_pdf(), "application/pdf"),
}
names = st.sampled_from(list(FILES))


class DocumentLife(RuleBasedStateMachine):
    """Few different files, so that there are many duplicates; every message may come again at any time."""

    messages = Things("messages")
    announced = Things("announced")
    documents = Things("documents")

    def __init__(self) -> None:
        super().__init__()
        self._context = fresh_world()
        self.world = self._context.__enter__()
        self.ws = self.world.workspace()
        self.final: dict[str, str] = {}

    def teardown(self) -> None:
        try:
            run_on(self.world, rounds=2 * MAX_ATTEMPTS)
            at_rest(self.world)
        finally:
            self._context.__exit__(None, None, None)

    @rule(target=announced, name=names)
    def announce(self, name: str) -> Any:
        data, content_type = FILES[name]
        return self.world.announce(self.ws.api_key, data, name, content_type), data

    @rule(targets=(messages, documents), upload=consumes(announced))
    def send(self, upload: tuple[str, bytes]) -> Any:
        document_id, data = upload
        key = f"workspaces/{self.ws.workspace_id}/files/{document_id}/original"
        return multiple((document_id, self.world.put(key, data)))

    @rule(name=names)
    def drop(self, name: str) -> None:
        assert self.world.receive(self.world.drop(self.ws, name, FILES[name][0])) == []
        for landing in self.world.landings(f"workspaces/{self.ws.workspace_id}/"):
            assert self.world.receive(landing) == []

    @rule(message=messages)
    def deliver(self, message: tuple[str, dict[str, Any]]) -> None:
        assert self.world.receive(message[1]) == []

    @rule(
        lose=st.booleans(),
        fail=st.booleans(),
        several=st.booleans(),
        deliver=st.booleans(),
        pick=st.integers(0, 9),
    )
    def end_a_job(self, *, lose: bool, fail: bool, several: bool, deliver: bool, pick: int) -> None:
        running = self.world.textract.running
        if not running:
            return
        job_id = running[pick % len(running)]
        if lose:
            self.world.textract.lose(job_id)
        elif fail:
            self.world.textract.fail(job_id)
        else:
            self.world.textract.finish(job_id, packet(*[1] * 11) if several else acme())
        if deliver:
            assert self.world.complete(events.textract_completion(job_id)) == []

    @rule(pick=st.integers(0, 20))
    def complete_again(self, pick: int) -> None:
        jobs = list(self.world.textract.jobs)
        if jobs:
            assert self.world.complete(events.textract_completion(jobs[pick % len(jobs)])) == []

    @rule(pick=st.integers(0, 20))
    def remind(self, pick: int) -> None:
        sent = self.world.reminders.sent
        if sent:
            reminder = sent[pick % len(sent)]
            assert self.world.watch(reminder.workspace_id, reminder.document_id) == []

    @rule(document=documents)
    def delete(self, document: tuple[str, Any]) -> None:
        assert self.world.delete(self.ws, document[0]).status in {204, 404}
        self.final.pop(document[0], None)

    @rule(pick=st.integers(0, 20))
    def delete_a_part(self, pick: int) -> None:
        parts = [item["sk"]["S"] for item in self.world.items("DOCUMENT") if "u" in item]
        if parts:
            document_id = parts[pick % len(parts)]
            assert self.world.delete(self.ws, document_id).status == 204
            self.final.pop(document_id, None)

    @rule(window=st.sampled_from(["7y", "3y", "1y", "permanent"]))
    def change_settings(self, window: str) -> None:
        assert self.world.settings(self.ws, window).status == 200

    @rule(days=st.sampled_from([0.01, 1, 400]))
    def wait(self, days: float) -> None:
        self.world.tick(days=days)

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    @rule()
    def what_is_final_stays_as_it_is(self) -> None:
        states = {item["sk"]["S"]: item["s"]["S"] for item in self.world.items("DOCUMENT")}
        for document_id, status in self.final.items():
            assert states[document_id] == status
        self.final = {document_id: status for document_id, status in states.items() if status in FINAL}


DocumentLife.TestCase.settings = lives(examples=8, steps=30)
TestDocumentLife = DocumentLife.TestCase
