"""What the calls on a large workspace cost: ``python -m benchmarks.large [DOCUMENTS]`` (100,000).

The embedded AWS, the real handlers under the operator's role, tables from the template. Documents and their
entries in the search index are written as the product writes them, many at once; then each call is counted
on a small workspace and on the large one. The exit status is 1 when one costs more than its gate, or more
than on the small one.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import batched
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.meter import Meter
from infra.local.aws import CREDENTIALS, REGION, EmbeddedAws, session
from infra.local.directory import opened
from infra.local.resources import OPERATOR_ROLE, deploy
from infra.local.template import load
from sheaf import bootstrap
from sheaf.bootstrap import Application
from sheaf.capture.documents import Document, FileFacts, Status, Summary
from sheaf.capture.reading import Source
from sheaf.edge.provisioning import Provisioned, create_workspace
from sheaf.kernel.ids import derived_id
from sheaf.settings import settings
from sheaf.storage._table import DocumentItem, IndexItem
from sheaf.storage.documents import item_of
from sheaf.storage.search import entries
from tests.builders import events
from tests.builders.world import ROOT, function_of

DEFAULT = 100_000
FEW = 500
PAGE = "50"
MOST_READ = 2.5
AT = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 500
_BATCH = 25
_SUPPLIERS = ("Larkspur & Boone Ltd", "Weidenhof Elektrotechnik GmbH", "Maison Aubrelle", "Acme Tools Inc.")
_RARE = "Saltgrass Freight Lines"
_STATES = (Status.APPROVED, Status.APPROVED, Status.READY, Status.NEEDS_REVIEW)

CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "the newest": ("GET /v1/documents", {}),
    "approved": ("GET /v1/documents", {"status": "approved"}),
    "the review queue": ("GET /v1/review", {}),
    "by a word that a quarter have": ("GET /v1/documents", {"q": "aubrelle"}),
    "by the beginning of two words": ("GET /v1/documents", {"q": "weid elek"}),
    "by a number": ("GET /v1/documents", {"q": "R-000017"}),
    "by a supplier of few": ("GET /v1/documents", {"supplier": _RARE}),
    "by date": ("GET /v1/documents", {"date_from": "2026-03-01", "date_to": "2026-03-31"}),
    "by amount": ("GET /v1/documents", {"amount_from": "500", "amount_to": "900"}),
    "by a check": ("GET /v1/documents", {"check": "total_mismatch"}),
}


@dataclass(frozen=True)
class Cost:
    found: int
    reads: float
    seconds: float


def document(number: int) -> Document:
    at = AT + timedelta(seconds=number)
    status = _STATES[number % len(_STATES)]
    checks = ("total_mismatch",) if status is Status.NEEDS_REVIEW else ()
    vendor = _RARE if number % 997 == 0 else _SUPPLIERS[number % len(_SUPPLIERS)]
    return Document(
        id=derived_id("doc", at, str(number)),
        filename=f"scan {number:06}.pdf",
        content_type="application/pdf",
        status=status,
        created_at=at,
        created_by="usr_01m7w4n5e0e16vqf0c2ajdqxt5",
        engine=Source.TEXTRACT,
        file=FileFacts(
            id=derived_id("fil", at, str(number)),
            size=81_234,
            sha256=f"{number:064x}",
            content_type="application/pdf",
            pages=1,
            uploaded_at=at,
        ),
        risk=number % 60,
        checks=checks,
        summary=Summary(
            vendor=vendor,
            invoice_number=f"R-{number:06}",
            invoice_date=f"{AT + timedelta(days=number % 365):%Y-%m-%d}",
            total=f"{number % 10_000}.{number % 100:02}",
            currency="EUR",
        ),
    )


def fill(client: Any, table: str, workspace_id: str, size: int) -> None:
    """The items that the product makes of the documents, many at once."""
    for numbers in track([*batched(range(size), _AT_ONCE, strict=False)], f"{size:,} documents"):
        made = (item for number in numbers for item in _items(document(number), workspace_id))
        for batch in batched(made, _BATCH, strict=False):
            client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in batch]})


def _items(one: Document, workspace_id: str) -> Iterator[dict[str, Any]]:
    for item in (item_of(one), *(IndexItem(sk=sk, body=body) for sk, body in entries(one).items())):
        item.pk = f"{workspace_id}#{item.KIND}"
        if isinstance(item, DocumentItem):
            item.status_pk = f"{item.pk}#{item.status}"
        yield item.serialize()


def counted(app: Application, meter: Meter, ws: Provisioned, route: str, query: dict[str, str]) -> Cost:
    method, _, path = route.partition(" ")
    headers = {"authorization": f"Bearer {ws.api_key}"}
    event = events.http(method, path, headers=headers, query={"limit": PAGE, **query})
    began = time.perf_counter()
    with meter.counting() as bill:
        response = function_of(route)[1](event, None)
    seconds = time.perf_counter() - began
    if response["statusCode"] != HTTPStatus.OK:
        raise RuntimeError(f"{route} {query} answered {response['statusCode']}: {response['body']}")
    found = response["body"].count('"filename"')
    return Cost(found, bill.of(app.settings.records_table).reads, seconds)


def main(size: int) -> int:
    logging.disable()
    console = Console(width=110)
    table = Table(title=f"A page of {PAGE} of {FEW:,} and of {size:,} documents", title_justify="left")
    for name in ("", "found", "RRU", "found", "RRU", "ms here", ""):
        table.add_column(name, justify="right" if name else "left")
    with embedded() as app:
        meter = Meter(app.connection.client)
        few, many = (_filled(app, count) for count in (FEW, size))
        ok = True
        for name, (route, query) in CALLS.items():
            small, large = (counted(app, meter, ws, route, query) for ws in (few, many))
            holds = large.reads <= MOST_READ
            ok &= holds
            table.add_row(
                name, str(small.found), f"{small.reads:g}", str(large.found), f"{large.reads:g}",
                f"{1000 * large.seconds:.0f}", "ok" if holds else f"over {MOST_READ}",
            )  # fmt: skip
    console.print(table)
    return 0 if ok else 1


def _filled(app: Application, size: int) -> Provisioned:
    ws = create_workspace(f"{size} documents")
    client = session().client("dynamodb", endpoint_url=app.settings.endpoint_url)
    fill(client, app.settings.records_table, ws.workspace_id, size)
    counted(app, Meter(app.connection.client), ws, "GET /v1/documents", {})  # the key's first use is noted
    return ws


@contextmanager
def embedded() -> Iterator[Application]:
    """The resources of the template, and the application as its operator; no function runs behind them."""
    template = load(ROOT / "template.yaml", REGION)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as directory:
        aws = EmbeddedAws(directory, on_loss=print, on_failure=print, keeps_state=False)
        aws.start()
        try:
            parameters = {"ConsoleOrigin": "http://127.0.0.1", "DeletionProtection": "false"}
            value = partial(_value, deploy(template, aws.endpoint, parameters))
            environment = {
                name: value(each)
                for function in template.functions.values()
                for name, each in function.environment.items()
            }
            os.environ |= environment | CREDENTIALS | {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": aws.endpoint}
            os.environ["SHEAF_TENANT_ROLE_ARN"] = value(template.outputs[OPERATOR_ROLE])
            bootstrap.install(bootstrap.assemble(settings()))
            _without_stream(aws.endpoint)
            yield bootstrap.application()
        finally:
            aws.stop()


def _without_stream(endpoint: str) -> None:
    """It would keep each item a second time."""
    client = session().client("dynamodb", endpoint_url=endpoint)
    table = settings().records_table
    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})


def _value(resources: Any, expression: Any) -> str:
    return str(resources.value(expression))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else DEFAULT))
