"""CPU a warm request costs, without I/O: ``python -m benchmarks.warm``.

What is measured: routing, the caller's key and role, parsing and validation, the declared audit action, the
answer with its headers; the directory of keys is a dict. The peer does the same with FastAPI behind Mangum,
its functions ``async`` so that it needs no threads.
"""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import Depends, FastAPI, Header, HTTPException
from mangum import Mangum
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from sheaf import bootstrap
from sheaf.access.keys import ApiKey, digest, new_secret
from sheaf.access.roles import Permission, Role
from sheaf.audit.entries import Action
from sheaf.edge.api import Api
from sheaf.kernel.clock import SystemClock
from sheaf.settings import Settings
from sheaf.storage.directory import Directory
from sheaf.storage.tenant import Tenant
from tests.builders import events

MOST_MICROSECONDS = 60
MOST_SHARE = 0.25
LINES = 20
_ROUNDS = 40
_CALLS = 50
_SECRET = new_secret()
_KEYS = {
    digest(_SECRET): ApiKey(
        id="key_01m7w4n5e0ep29azrbb2rqb8r3",
        workspace_id="wrk_01m7w4n5e0fgks6tnnfmsw7pph",
        name="first key",
        display=_SECRET[:13],
        role=Role.OWNER,
        created_at=SystemClock().now(),
        created_by="provisioning",
    )
}


class Line(BaseModel):
    description: str
    quantity: str
    unit_price: str
    amount: str


class Bill(BaseModel):
    number: str
    lines: list[Line]


class Told(BaseModel):
    number: str
    lines: int


class Known:
    """The part of the directory that a request needs, in memory."""

    @staticmethod
    def api_key(key_digest: str) -> ApiKey | None:
        return _KEYS.get(key_digest)


def ours() -> Callable[..., Any]:
    api = Api()

    @api.get("/v1/bills/<number>", permission=Permission.DOCUMENT_READ)
    def show(tenant: Tenant, number: str) -> Told:  # noqa: ARG001 - the tenant is opened for it
        return Told(number=number, lines=LINES)

    @api.post(
        "/v1/bills",
        permission=Permission.DOCUMENT_UPLOAD,
        audit=Action.DOCUMENT_UPLOADED,
        replay=lambda: None,
    )
    def add(tenant: Tenant, body: Bill) -> Told:  # noqa: ARG001 - the tenant is opened for it
        return Told(number=body.number, lines=len(body.lines))

    settings = Settings(
        records_table="records", directory_table="directory", bucket="files", tenant_role_arn="unused"
    )
    bootstrap.install(replace(bootstrap.assemble(settings), directory=cast("Directory", Known())))
    return api.handler


peer = FastAPI()


async def caller(authorization: Annotated[str | None, Header()] = None) -> ApiKey:
    scheme, _, secret = (authorization or "").partition(" ")
    key = _KEYS.get(digest(secret)) if scheme.lower() == "bearer" else None
    if key is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, "This is not a valid API key")
    return key


async def writer(key: Annotated[ApiKey, Depends(caller)]) -> ApiKey:
    if key.role is Role.READ_ONLY:
        raise HTTPException(HTTPStatus.FORBIDDEN, "Your role does not allow it")
    return key


@peer.get("/v1/bills/{number}", dependencies=[Depends(caller)])
async def show(number: str) -> Told:
    return Told(number=number, lines=LINES)


@peer.post("/v1/bills", status_code=HTTPStatus.CREATED, dependencies=[Depends(writer)])
async def add(body: Bill) -> Told:
    return Told(number=body.number, lines=len(body.lines))


def requests() -> dict[str, dict[str, Any]]:
    headers = {"authorization": f"Bearer {_SECRET}", "content-type": "application/json"}
    line = {
        "description": "Laid paper, A4, ream",
        "quantity": "10",
        "unit_price": "15.00",
        "amount": "150.00",
    }
    bill = {"number": "LB-20417", "lines": [line] * LINES}
    return {
        "GET": events.http("GET", "/v1/bills/{number}", path={"number": "LB-20417"}, headers=headers),
        f"POST of {LINES} lines": events.http("POST", "/v1/bills", headers=headers, body=bill),
    }


def microseconds(handler: Callable[..., Any], event: dict[str, Any]) -> float:
    answer = handler(event, None)
    if json.loads(answer["body"]) != {"number": "LB-20417", "lines": LINES}:
        raise RuntimeError(f"answered {answer}")
    spent = []
    for _ in range(_ROUNDS):
        start = time.process_time_ns()
        for _ in range(_CALLS):
            handler(event, None)
        spent.append((time.process_time_ns() - start) / _CALLS / 1000)
    return statistics.median(spent)


def main() -> None:
    logging.disable()
    table = Table(title="CPU of a warm request, without I/O", title_justify="left")
    table.add_column("request")
    for name in ("Sheaf µs", "FastAPI + Mangum µs", "of the peer"):
        table.add_column(name, justify="right")
    table.add_column("gate")
    handlers = ours(), Mangum(peer, lifespan="off")
    for name, event in requests().items():
        own, other = (microseconds(handler, event) for handler in handlers)
        holds = own <= MOST_MICROSECONDS and own / other <= MOST_SHARE
        gate = f"≤ {MOST_MICROSECONDS} µs, ≤ {MOST_SHARE} of the peer"
        verdict = f"[green]{gate}: ok" if holds else f"[red]{gate}: over"
        table.add_row(name, f"{own:.0f}", f"{other:.0f}", f"{own / other:.2f}", verdict)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
