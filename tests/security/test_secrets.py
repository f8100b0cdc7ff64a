"""What must never be stored or logged is looked for everywhere after a full day's work."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import pytest

from functions.retention.handler import SweepIncomplete
from sheaf.access.keys import display_of
from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned
from tests.builders import events
from tests.builders.expense import answer
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import SETTINGS, World, fresh_world, original

FILENAME, VENDOR, TOTAL, NUMBER, AGENT = "Quarrelsome", "Velvetworth Ltd", "8713.42", "QX-55120", "Snoopy/9"


@dataclass(frozen=True)
class Day:
    """``keys`` were used; ``log`` is what CloudWatch gets; ``printed`` whatever else came out, at any level
    that a function shows.
    """

    world: World
    ws: Provisioned
    keys: list[str]
    log: list[dict[str, Any]]
    printed: str


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    with fresh_world() as world, captured() as (log, printed):
        ws, keys = a_days_work(world)
        yield Day(
            world, ws, keys, [json.loads(line) for line in log.getvalue().splitlines()], printed.getvalue()
        )


@contextmanager
def captured() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    (handler,) = logging.getLogger("sheaf").handlers
    assert isinstance(handler, logging.StreamHandler)
    log, printed = io.StringIO(), io.StringIO()
    everything = logging.StreamHandler(printed)
    everything.setFormatter(logging.Formatter("%(name)s %(message)s %(exc_info)s"))
    before = handler.setStream(log)
    logging.getLogger().addHandler(everything)
    with redirect_stdout(printed), redirect_stderr(printed):
        yield log, printed
    logging.getLogger().removeHandler(everything)
    if before is not None:
        handler.setStream(before)


def a_days_work(world: World) -> tuple[Provisioned, list[str]]:
    """Everything that works and much that does not."""
    ws = world.workspace("Quietfield & Sons")
    keys = [ws.api_key, *(world.key(ws.workspace_id, role) for role in Role)]
    invoice: dict[str, Any] = answer(
        VENDOR_NAME=VENDOR,
        INVOICE_RECEIPT_ID=NUMBER,
        INVOICE_RECEIPT_DATE="2026-11-02",
        TOTAL=f"USD {TOTAL}",
    )
    document_id = world.read(ws, text_pdf(["a"]), invoice, f"{FILENAME}.pdf")
    world.upload(ws, corrupt_pdf(), f"{FILENAME} broken.pdf")
    world.receive(world.drop(ws, f"{FILENAME} dropped.pdf", text_pdf(["b"])))
    world.receive(*world.landings())
    failing_messages(world, ws)
    for key in (*keys, None, ws.api_key[:-1] + "!"):
        refused_requests(world, key, document_id)
    world.network.undeletable = {original(ws, document_id): "AccessDenied"}
    with pytest.raises(SweepIncomplete) as refused:
        world.sweep("2040-01-01")
    assert FILENAME not in str(refused.value)
    return ws, keys


def failing_messages(world: World, ws: Provisioned) -> None:
    """One that comes too early, one without half of its fields, an answer that no code expects."""
    world.complete(events.textract_completion("job-99"))
    world.receive({"Records": [{"s3": {"object": {"key": f"{FILENAME}.pdf"}}}]})
    document_id = world.upload(ws, text_pdf(["c"]), f"{FILENAME} odd.pdf")
    job_id = world.job_of(document_id)
    world.textract.finish(job_id, {"DocumentMetadata": {}, "ExpenseDocuments": [VENDOR, TOTAL]})
    world.complete(events.textract_completion(job_id))


def refused_requests(world: World, api_key: str | None, document_id: str) -> None:
    upload = {"filename": f"{FILENAME}/x", "content_type": VENDOR, "size": TOTAL}
    for route, request in (
        ("POST /v1/uploads", {"body": upload}),
        ("GET /v1/documents", {"query": {"cursor": FILENAME}}),
        ("GET /v1/audit-events.csv", {}),
        ("GET /v1/documents/{document_id}", {"path": {"document_id": FILENAME}}),
        ("GET /v1/documents/{document_id}/file", {"path": {"document_id": document_id}}),
    ):
        world.call(api_key, route, headers={"user-agent": AGENT, "idempotency-key": NUMBER}, **request)


def test_logs_hold_ids_and_codes_only(day: Day) -> None:
    said = {line["message"] for line in day.log}
    assert said >= {"adopted", "collected", "message failed", "refused", "swept"}
    assert any(line.get("workspace_id") == day.ws.workspace_id for line in day.log)
    everything = f"{day.log}\n{day.printed}"
    secrets = (FILENAME, VENDOR, TOTAL, NUMBER, AGENT, "Quietfield", "203.0.113")
    for secret in (*secrets, *day.keys, *map(display_of, day.keys)):
        assert secret not in everything


def test_failures_say_what_and_where_but_not_in_whose_words(day: Day) -> None:
    failed = [line for line in day.log if line["message"] == "message failed"]
    assert {"NotYet", "KeyError"} <= {line["failure"] for line in failed}
    for line in failed:
        assert line["at"].rpartition(":")[0].endswith(".py")
        assert line["message_id"]
        assert not {"exception", "exception_name", "stack_trace"} & line.keys()


def test_no_key_is_stored_anywhere(day: Day) -> None:
    world = day.world
    text = f"{world.items()} {world.items(table=SETTINGS.directory_table)}"
    for key in day.keys:
        assert key not in text
        assert key[9:] not in text
        assert key[-6:] not in text
    bodies = [
        world.s3.get_object(Bucket=SETTINGS.bucket, Key=version["Key"])["Body"].read()
        for version in world.versions()
    ]
    assert not any(key.encode() in body for body in bodies for key in day.keys)


def test_no_answer_repeats_a_key(day: Day) -> None:
    for route in ("GET /v1/workspace", "GET /v1/settings", "GET /v1/audit-events", "GET /v1/documents"):
        reply = day.world.call(day.ws.api_key, route)
        assert not any(key in f"{reply.text} {reply.headers}" for key in day.keys)
