"""What each call costs in DynamoDB's request units: ``python -m benchmarks.units``.

The real handlers run on an emulated AWS; every unit is worked out from the request and the items it meets.
The exit status is 1 when a call costs more than its gate.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from itertools import batched, cycle
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.invoices import (
    E_INVOICE,
    SAMPLES,
    SIX_LINES,
    SIXTY_LINES,
    analysed,
    contents,
    filename,
    several,
)
from benchmarks.meter import Bill, Meter
from sheaf.audit.entries import Action
from sheaf.capture.documents import Document, FileFacts, Status, StoredFile, Summary
from sheaf.capture.reading import Source
from sheaf.edge.provisioning import Provisioned
from sheaf.kernel.ids import new_id
from sheaf.storage.transactions import TRANSACTION_LIMIT
from sheaf.subscription.plans import PLANS, PlanCode
from tests.builders import events, webhooks
from tests.builders.billing import BUYER, DOCUMENT, LINE, billing, customer, draft, issued
from tests.builders.clients import client, limited_key
from tests.builders.files import text_pdf
from tests.builders.paying import LINK, shop, visit
from tests.builders.subscribing import subscribe
from tests.builders.world import SETTINGS, World, fresh_world

PAGE = 50
_SHARED_WORD = "scan"
_TWICE = "scan, scanned "
"""How filenames begin in which a word stands twice."""


DUE = 90
MANY = 500
_TOLD_AT_ONCE = 100
_PDF = "application/pdf"


@dataclass(frozen=True)
class Gate:
    """The most a call may cost; ``units`` is reads and writes together."""

    reads: float | None = None
    writes: float | None = None
    units: float | None = None

    def holds(self, reads: float, writes: float) -> bool:
        found = ((self.reads, reads), (self.writes, writes), (self.units, reads + writes))
        return all(most is None or value <= most for most, value in found)

    def __str__(self) -> str:
        named = ((self.reads, "RRU"), (self.writes, "WRU"), (self.units, "units"))
        return ", ".join(f"≤ {most:g} {name}" for most, name in named if most is not None)


@dataclass(frozen=True)
class Row:
    """``key``: read units for finding the caller's API key, which every request of the API pays, apart."""

    call: str
    reads: float
    writes: float
    key: float = 0
    gate: Gate | None = None

    @property
    def holds(self) -> bool:
        return self.gate is None or self.gate.holds(self.reads, self.writes)


class Counts:
    def __init__(self, world: World) -> None:
        self.world = world
        self.meter = Meter(world.app.connection.client)
        self.rows: list[Row] = []

    def request(self, call: str, api_key: str, route: str, gate: Gate | None = None, **request: Any) -> Any:
        with self.meter.counting() as bill:
            reply = self.world.call(api_key, route, **request)
        if reply.status not in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED):
            raise RuntimeError(f"{route} answered {reply.status}: {reply.text}")
        key = bill.of(SETTINGS.directory_table).reads
        self.rows.append(Row(call, bill.reads - key, bill.writes, key, gate))
        return reply.json

    def work(self, call: str, run: Callable[[], Any], gate: Gate | None = None, *, per: int = 1) -> Bill:
        with self.meter.counting() as bill:
            run()
        self.rows.append(Row(call, bill.reads / per, bill.writes / per, gate=gate))
        return bill


def count() -> list[Row]:
    """Each scenario in a world of its own, so that none meets what another left behind."""
    rows: list[Row] = []
    for scenario in (
        _uploads,
        _plans,
        _batches,
        _readings,
        _e_invoice,
        _lists,
        _clients,
        _review,
        _billing,
        _paying,
        _calendar,
        _settings,
        _sweeps,
    ):
        with fresh_world() as world:
            counts = Counts(world)
            scenario(counts)
            rows += counts.rows
    return rows


def _uploads(counts: Counts) -> None:
    ws = counts.world.workspace()
    body = {"filename": filename(contents()[SIX_LINES]), "content_type": _PDF, "size": 1000}
    gate = Gate(writes=6)
    route = "POST /v1/uploads"
    counts.request("create an upload", ws.api_key, route, gate, body=body)
    key = {"idempotency-key": "7e2a0d0e-8f0e-4f6e-9a55-6d7a8f8c2b11"}
    counts.request("create an upload, with Idempotency-Key", ws.api_key, route, body=body, headers=key)
    counts.request("the same once more", ws.api_key, route, gate, body=body, headers=key)


def _plans(counts: Counts) -> None:
    world = counts.world
    ws = world.workspace()
    plan = PLANS[PlanCode.STARTER]
    subscribe(world, ws, plan.code, used=plan.documents - 1)
    body = {"filename": filename(contents()[SIX_LINES]), "content_type": _PDF, "size": 1000}
    gate = Gate(reads=1, writes=6)
    counts.request("create an upload where there is a plan", ws.api_key, "POST /v1/uploads", gate, body=body)
    invoices = [contents()[name] for name in (SIX_LINES, SIXTY_LINES)]
    (_, first), (_, second) = [world.send(ws, _pdf(each), filename(each)) for each in invoices]
    counts.work("a PDF lands where there is a plan, its analysis starts", partial(world.receive, first))
    subscribe(world, ws, plan.code, used=1)
    counts.work("a PDF lands where there is no room", partial(world.receive, second))
    counts.work("a round: one file waits, and there is no room", world.round)


def _batches(counts: Counts) -> None:
    ws = counts.world.workspace()
    files = [{"filename": f"{n}.pdf", "content_type": _PDF, "size": 1000} for n in range(TRANSACTION_LIMIT)]
    route, gate = "POST /v1/uploads/batch", Gate(writes=4.2 * len(files))
    made = counts.request("create 100 uploads at once", ws.api_key, route, gate, body={"files": files})
    path = {"batch_id": made["batch_id"]}
    route = "GET /v1/batches/{batch_id}"
    counts.request("the state of each of 100", ws.api_key, route, Gate(reads=6), path=path)


def _readings(counts: Counts) -> None:
    world, gate = counts.world, Gate(writes=8)
    ws = world.workspace()
    for name, told, limit in ((SIX_LINES, "6 lines", gate), (SIXTY_LINES, "60 lines", None)):
        invoice = contents()[name]
        document_id, landed = world.send(ws, _pdf(invoice), filename(invoice))
        counts.work(f"a PDF lands ({told}), its analysis starts", partial(world.receive, landed))
        job_id, answer = world.job_of(document_id), analysed(invoice)
        counts.work(f"finish its reading ({told})", partial(world.finish_job, job_id, answer), limit)
        _expect_reading(world, ws, document_id, len(invoice["line_items"]))
        path = {"document_id": document_id}
        counts.request(f"GET the document ({told})", ws.api_key, "GET /v1/documents/{document_id}", path=path)


def _e_invoice(counts: Counts) -> None:
    world = counts.world
    ws = world.workspace()
    data = (SAMPLES / E_INVOICE).read_bytes()
    document_id, landed = world.send(ws, data, E_INVOICE, "application/xml")
    counts.work("an e-invoice lands and is read", partial(world.receive, landed))
    _expect_reading(world, ws, document_id, len(contents()[E_INVOICE]["line_items"]))


def _lists(counts: Counts) -> None:
    world, gate = counts.world, Gate(reads=2.5)
    ws = world.workspace()
    for invoice in several(PAGE + PAGE // 2):
        world.read(ws, _pdf(invoice), analysed(invoice), filename(invoice))
    statuses = [item["status"] for item in _listed(counts, "a list page of 50", ws, gate)]
    common = max(set(statuses), key=statuses.count)
    found = _listed(counts, "a list page of 50, by a final status", ws, gate, status=common)
    if len(found) != PAGE:
        raise RuntimeError(f"only {len(found)} documents are {common}")
    counts.request("an audit page of 50", ws.api_key, "GET /v1/audit-events")
    filed = len(world.items("DOCUMENT"))
    call = "a document is filed, told of in its history and counted"
    counts.work(call, world.settle, Gate(writes=15), per=filed)
    _chained(counts, per=filed)
    _answered(counts, "a page of 50 by date", "GET /v1/documents", ws, date_from="2000-01-01")
    _answered(counts, "the review queue, a page of 50", "GET /v1/review", ws)
    ws = world.workspace()
    _kept(world, ws, 2 * PAGE, named=_TWICE)
    world.settle()
    _answered(counts, "a page of 50 by a word that stands twice", "GET /v1/documents", ws, q=_SHARED_WORD)
    ws = world.workspace()
    _kept(world, ws, MANY)
    _listed(counts, f"a list page of what is being read: nothing, of {MANY}", ws, None, status="reading")


def _chained(counts: Counts, *, per: int) -> None:
    """As many at once as one call of the function is told of."""
    told = batched(counts.world.items("AUDIT"), _TOLD_AT_ONCE, strict=False)
    streams = [events.dynamodb_stream(*entries) for entries in told]

    def run() -> None:
        for stream in streams:
            counts.world.chain(stream)

    counts.work("the audit entries of a document get their place in the chain", run, per=per)


def _answered(counts: Counts, call: str, route: str, ws: Provisioned, **query: str) -> None:
    query = {"limit": str(PAGE), **query}
    answer = counts.request(call, ws.api_key, route, Gate(reads=2.5), query=query)
    if len(answer["items"]) != PAGE:
        raise RuntimeError(f"{call}: {len(answer['items'])} documents were found")


def _clients(counts: Counts) -> None:
    """What lists cost whoever sees some clients only."""
    world = counts.world
    ws = world.workspace()
    clients = [client(world, ws) for _ in range(2)]
    _kept(world, ws, PAGE + PAGE // 2, clients[:1])
    _kept(world, ws, PAGE // 2, [clients[1], None])
    world.settle()
    for few in (1, 2):
        api_key = limited_key(world, ws, *clients[:few])
        for named, route in (("a list page", "GET /v1/documents"), ("the queue, a page", "GET /v1/review")):
            gate = Gate(reads=2.5) if few == 1 else None
            call = f"{named} of 50, by somebody who sees {few} of the clients"
            found = counts.request(call, api_key, route, gate, query={"limit": str(PAGE)})
            if len(found["items"]) != PAGE:
                raise RuntimeError(f"{call}: {len(found['items'])} documents were found")


def _review(counts: Counts) -> None:
    world = counts.world
    ws = world.workspace()
    invoice = contents()[SIX_LINES]
    path = {"document_id": world.read(ws, _pdf(invoice), analysed(invoice), filename(invoice))}
    here: dict[str, Any] = {"path": path, "headers": {"if-match": "*"}}
    route = "/v1/documents/{document_id}"
    counts.request("claim a document", ws.api_key, f"PUT {route}/claim", **here)
    body = {"fields": {"purchase_order": "PO-7"}}
    counts.request("correct a field", ws.api_key, f"PATCH {route}/reading", body=body, **here)
    world.settle()
    counts.request("approve it", ws.api_key, f"POST {route}/approve", body={}, **here)
    counts.work("it is filed anew", world.settle)
    counts.request("its history", ws.api_key, f"GET {route}/history", path=path)


def _billing(counts: Counts) -> None:
    world = counts.world
    ws = billing(world)
    lines = [LINE] * 6
    whose = {"customer_id": customer(world, ws, "A customer with a name of some length")["id"]}
    for _ in range(PAGE + PAGE // 2):
        world.tick(seconds=1)
        issued(world, ws, **whose)
    route = "/v1/issued-documents"
    body: dict[str, Any] = {"kind": "invoice", "lines": lines, **whose}
    made = counts.request("draft an invoice with 6 lines", ws.api_key, f"POST {route}", body=body)
    one = f"{route}/{{issued_id}}"
    here: dict[str, Any] = {"path": {"issued_id": made["id"]}}
    seen = here | {"headers": {"if-match": "*"}}
    world.reminders.issued.clear()
    counts.request("issue it", ws.api_key, f"POST {one}/issue", **seen)
    counts.work("its files are made", world.dispatch_all)
    to = {"to": "customer@example.com"}
    counts.request("ask for a mail of it", ws.api_key, f"POST {one}/send", body=to, **seen)
    counts.work("the mail is handed over", world.dispatch_all)
    for paid, amount in (("a part of it", "1.00"), ("the rest", "1427.00")):
        body = {"amount": amount}
        counts.request(f"{paid} is paid", ws.api_key, f"POST {one}/payments", body=body, **seen)
    invoice = counts.request("GET the invoice", ws.api_key, f"GET {one}", **here)
    by_number = {"number": invoice["number"]}
    counts.request("look for it by its number", ws.api_key, f"GET {route}", query=by_number)
    entries = len(world.items("AUDIT"))
    counts.work("behind the stream: an entry is told in its history", world.settle, per=entries)
    counts.request("its history", ws.api_key, f"GET {one}/history", Gate(reads=2.5), **here)
    counts.request("the link to its file", ws.api_key, f"GET {one}/pdf", **here)
    (mail,) = invoice["mails"]
    delivered = webhooks.of_mail("email.delivered", mail["id"], made["id"], world.clock.now())
    counts.work("a webhook tells of the mail", partial(world.serve, delivered))
    counts.work("… and has its effect", partial(world.react, *world.reminders.webhooks))
    world.tick(days=30)
    world.call(ws.api_key, "GET /v1/workspace")  # that the key is in use again is noted here
    for told, query in (
        ("a page of 50 invoices", {}),
        ("… by status", {"status": "issued"}),
        ("… of a customer", {"customer": whose["customer_id"]}),
        ("… that are overdue", {"overdue": "true"}),
    ):
        _answered(counts, told, f"GET {route}", ws, **query)


def _paying(counts: Counts) -> None:
    world = counts.world
    acme = shop(world)
    counts.meter = Meter(world.app.connection.client)
    at = {"issued_id": issued(world, acme.ws)["id"]}
    link = counts.request("a payment link", acme.ws.api_key, f"POST {LINK}", body={}, path=at)
    token = link["url"].rpartition("/")[2]
    counts.work("somebody looks at its page", partial(visit, world, "GET /pay/{token}", token))
    counts.work("they go on to pay", partial(acme.begin, token))
    intent, session = acme.paid("cs_1")
    counts.work("a webhook tells that it is paid", partial(acme.tell, intent))
    counts.work("… and has its effect", partial(world.react, world.reminders.webhooks.pop()))
    acme.tell(session)
    counts.work("the second webhook has its effect", partial(world.react, world.reminders.webhooks.pop()))
    reached = issued(world, acme.ws, buyer=BUYER | {"email": "ada@example.com"})["id"]
    acme.begin(acme.link(reached))
    acme.tell(acme.paid("cs_2")[0])
    effect = partial(world.react, world.reminders.webhooks.pop())
    counts.work("the first one's effect, where a receipt follows", effect)


def _calendar(counts: Counts) -> None:
    """Of a workspace that reminds."""
    world = counts.world
    ws = billing(world, "Acme by the calendar", reminders=[7])
    whose = {"customer_id": customer(world, ws, party=BUYER | {"email": "ada@example.com"})["id"]}
    issued(world, ws, **whose)
    world.tick(days=1)
    world.bill_by_calendar()  # it has come by since the days were set
    one: dict[str, Any] = {
        "path": {"issued_id": draft(world, ws, **whose)["id"]},
        "headers": {"if-match": "*"},
    }
    counts.request("issue an invoice that will be reminded of", ws.api_key, f"POST {DOCUMENT}/issue", **one)
    plan = {
        "name": "Hosting",
        "then": "send",
        "template": {"lines": [LINE] * 6},
        "first_date": str((world.clock.now() + timedelta(days=30)).date()),
        **whose,
    }
    counts.request("plan a recurring invoice", ws.api_key, "POST /v1/recurring-invoices", body=plan)
    counts.work("a run with nothing due", world.bill_by_calendar, Gate(units=0.5))
    world.tick(days=21)
    counts.work("a run that sends two reminders, each", world.bill_by_calendar, per=2)
    world.tick(days=9)
    counts.work("a run that makes, issues and sends an invoice of 6 lines", world.bill_by_calendar)


def _settings(counts: Counts) -> None:
    for files in (10, MANY):
        ws = counts.world.workspace()
        _stored(counts.world, ws, files)
        counts.request(
            f"another retention window, {files} files",
            ws.api_key,
            "PATCH /v1/settings",
            body={"retention": "3y"},
        )
    few, many = counts.rows[-2:]
    if (few.reads, few.writes) != (many.reads, many.writes):
        raise RuntimeError("a change of the retention window depends on the number of files")


def _sweeps(counts: Counts) -> None:
    """Last: time moves on by years here."""
    world = counts.world
    ws = world.workspace()
    for invoice in several(DUE):
        world.read(ws, _pdf(invoice), analysed(invoice), filename(invoice))
    world.tick(days=30)
    _stored(world, ws, MANY)
    counts.work("a sweep with nothing due, per workspace", world.sweep, Gate(units=0.5))
    when = str((world.clock.now() + timedelta(days=7 * 365 - 20)).date())
    swept: list[Any] = []
    counts.work(
        f"a sweep, per file that expired ({DUE}, and {MANY} that did not)",
        lambda: swept.append(world.sweep(when)),
        Gate(units=3),
        per=DUE,
    )
    deleted = next(found for found in swept[0]["workspaces"] if found["workspace_id"] == ws.workspace_id)
    if deleted["files_deleted"] != DUE:
        raise RuntimeError(f"the sweep deleted {deleted['files_deleted']} files, not {DUE}")


def _pdf(invoice: dict[str, Any]) -> bytes:
    return text_pdf([invoice["vendor"], invoice["invoice_number"]])


def _expect_reading(world: World, ws: Provisioned, document_id: str, lines: int) -> None:
    reading = world.document(ws, document_id)["reading"]
    if len(reading["line_items"]) != lines:
        raise RuntimeError(f"{len(reading['line_items'])} lines were read, not {lines}")


def _listed(counts: Counts, call: str, ws: Provisioned, gate: Gate | None, **query: str) -> list[Any]:
    found = counts.request(call, ws.api_key, "GET /v1/documents", gate, query=query or None)
    items: list[Any] = found["items"]
    return items


def _stored(world: World, ws: Provisioned, count: int) -> None:
    """Records of files, as retention sees them."""
    now = world.clock.now()
    for numbers in batched(range(count), TRANSACTION_LIMIT, strict=False):
        tenant = world.tenant(ws.workspace_id)
        for number in numbers:
            tenant.files.add(
                StoredFile(
                    id=new_id("fil", now),
                    document_id=new_id("doc", now),
                    version_id="QVGVQjAvuBhXqbPGQ8vHkFJZ.7O4DdW1",
                    sha256=f"{number:064x}",
                    size=183_201,
                    uploaded_at=now,
                )
            )
        tenant.commit(Action.DOCUMENT_READ)


def _kept(
    world: World, ws: Provisioned, count: int, clients: Sequence[str | None] = (None,), *, named: str = ""
) -> None:
    """Records of documents that were read long ago, of these clients in turn.

    ``named``: how their filenames begin.
    """
    now, owners = world.clock.now(), cycle(clients)
    for invoices in batched(several(count), TRANSACTION_LIMIT, strict=False):
        tenant = world.tenant(ws.workspace_id)
        for invoice in invoices:
            file = FileFacts(
                id=new_id("fil", now),
                size=183_201,
                sha256=f"{0:064x}",
                content_type=_PDF,
                pages=1,
                uploaded_at=now,
            )
            tenant.documents.add(
                Document(
                    id=new_id("doc", now),
                    filename=named + filename(invoice),
                    content_type=_PDF,
                    status=Status.READY,
                    created_at=now,
                    created_by=ws.key_id,
                    file=file,
                    engine=Source.TEXTRACT,
                    summary=Summary(**{name: invoice.get(name) for name in Summary.model_fields}),
                    client_id=next(owners),
                )
            )
        tenant.commit(Action.DOCUMENT_READ)


def _table(rows: list[Row]) -> Table:
    table = Table(title="DynamoDB request units a call", title_justify="left")
    table.add_column("call")
    for name in ("RRU", "WRU", "API key RRU"):
        table.add_column(name, justify="right")
    table.add_column("gate")
    table.add_column("")
    for row in rows:
        verdict = "" if row.gate is None else "[green]ok" if row.holds else "[red]over"
        numbers = [f"{number:.3g}" if number else "-" for number in (row.reads, row.writes, row.key)]
        table.add_row(row.call, *numbers, str(row.gate or ""), verdict)
    return table


def main() -> int:
    logging.disable()
    rows = count()
    Console(width=110).print(_table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
