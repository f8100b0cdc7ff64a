"""Sheaf on moto: the real handlers and adapters, tables from infra/data.yaml, a clock that stands still."""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from sheaf import aws, bootstrap
from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.access.roles import Role
from sheaf.access.sessions import Factor
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.access.users import Membership, User
from sheaf.accounts.sessions import begin
from sheaf.audit.entries import Action
from sheaf.edge.provisioning import Provisioned, create_key, create_workspace
from sheaf.kernel.clock import FixedClock
from sheaf.settings import Settings
from sheaf.storage.partition import Partition
from sheaf.storage.tenant import Tenant
from sheaf.storage.transactions import Write
from tests.builders import events, webhooks
from tests.fakes.mail import FakeMail
from tests.fakes.moto_tables import share_items, stored
from tests.fakes.network import Network
from tests.fakes.payments import FakePayments
from tests.fakes.reminders import FakeReminders
from tests.fakes.subscriptions import FakeSubscriptions
from tests.fakes.textract import FakeTextract

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SETTINGS = Settings(
    records_table="records",
    directory_table="directory",
    bucket="files",
    anchors_bucket="anchors",
    tenant_role_arn="arn:aws:iam::123456789012:role/tenant",
    region="us-east-1",
    max_file_bytes=2_000_000,
    max_pages=50,
    completions_topic_arn="arn:aws:sns:us-east-1:123456789012:completions",
    textract_role_arn="arn:aws:iam::123456789012:role/textract",
    uploads_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/uploads",
    pages_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/pages",
    watch_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/watch",
    plans_sold_by="stripe",
    plan_prices={plan: (f"price_{plan}",) for plan in ("starter", "business", "scale")},
    exports_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/exports",
    issued_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/issued",
    webhooks_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/webhooks",
    refunds_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/refunds",
    stripe_webhook_secrets=(webhooks.STRIPE_SECRET,),
    resend_webhook_secrets=(webhooks.SVIX_SECRET,),
    paddle_webhook_secrets=(webhooks.PADDLE_SECRET,),
)
_TABLES = {"RecordsTable": SETTINGS.records_table, "DirectoryTable": SETTINGS.directory_table}
_BEHIND_QUEUES = {
    "functions.extract.received": "Receive",
    "functions.extract.completed": "Collect",
    "functions.extract.watch": "Watch",
    "functions.pages.worker": "Pages",
    "functions.exports.worker": "Exporter",
    "functions.webhooks.worker": "Effects",
    "functions.payments.worker": "Refunder",
    "functions.printing.worker": "Dispatcher",
}
_LOADER = aws.LeanLoader()
"""botocore's service models, read once for all worlds."""


@contextmanager
def fresh_world() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_TEXTRACT", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        # The SDK's pauses between its tries.
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
        share_items(patch)
        made = World()
        yield made
        assert made.network.guard.refusals == [], "a role of the template lacks what its function does"


@pytest.fixture
def world() -> Iterator[World]:
    with fresh_world() as made:
        yield made


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str] = field(default_factory=dict)
    """Those that are set, without their attributes."""

    file: bytes = b""
    """What is answered instead of a text."""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class World:
    """``clock.at`` is the time for everything, S3's events included; ``delivery`` counts SQS's tries."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    textract: FakeTextract = field(default_factory=FakeTextract)
    reminders: FakeReminders = field(default_factory=FakeReminders)
    mail: FakeMail = field(default_factory=FakeMail)
    seller: FakeSubscriptions = field(default_factory=FakeSubscriptions)
    cards: FakePayments = field(default_factory=FakePayments)
    delivery: int = 1
    _told: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cards.clock = self.clock
        aws.client.cache_clear()
        aws.shared_session.cache_clear()
        session = aws.shared_session()
        session.register_component("data_loader", _LOADER)
        self.network = Network(session, {"textract": self.textract, "sqs": self.reminders})
        self.dynamodb: Any = aws.client("dynamodb", SETTINGS.region)
        self.s3: Any = aws.client("s3", SETTINGS.region)
        self._make_resources()
        self.app = bootstrap.assemble(
            SETTINGS,
            clock=self.clock,
            mail=self.mail,
            seller=self.seller,
            cards=lambda _key: self.cards,
        )
        bootstrap.install(self.app)

    # --- people ---------------------------------------------------------------------------------------

    def workspace(self, name: str = "Acme") -> Provisioned:
        made = create_workspace(name)
        assert self.call(made.api_key, "GET /v1/workspace").status == 200
        return made

    def key(self, workspace_id: str, role: Role) -> str:
        """A key that has been used before, so that a request with it notes nothing about it."""
        api_key = create_key(workspace_id, role.value, role=role).api_key
        assert self.call(api_key, "GET /v1/workspace").status == 200
        return api_key

    def call(self, api_key: str | None, route: str, **request: Any) -> Reply:
        """``call(key, "GET /v1/documents/{document_id}", path={"document_id": ...})``"""
        method, _, path = route.partition(" ")
        headers = dict(request.pop("headers", {}))
        if api_key is not None:
            headers["authorization"] = f"Bearer {api_key}"
        return self.serve(events.http(method, path, headers=headers, **request))

    def browse(self, token: str | None, route: str, **request: Any) -> Reply:
        """The same as a browser on our own page sends it, signed in by a session's cookie."""
        method, _, path = route.partition(" ")
        headers = {"origin": SETTINGS.origin, **request.pop("headers", {})}
        cookies = {} if token is None else {SESSION_COOKIE: token}
        return self.serve(events.http(method, path, headers=headers, cookies=cookies, **request))

    def person(self, email: str = "ada@example.test", *places: tuple[str, Role]) -> str:
        """The id of a user who is a member of these workspaces."""
        visit = self.app.visit(Origin(), None)
        user = User(id=visit.new_id("usr"), email=email, created_at=self.clock.now())
        visit.people.add_user(user)
        visit.people.claim_address(email, user.id)
        visit.commit()
        for workspace_id, role in places:
            self.join(user, workspace_id, role)
        return user.id

    def join(self, user: User, workspace_id: str, role: Role) -> None:
        tenant = self.tenant(workspace_id)
        membership = Membership(
            user_id=user.id,
            workspace_id=workspace_id,
            role=role,
            email=user.email,
            joined_at=self.clock.now(),
        )
        tenant.members.add(membership)
        tenant.commit(Action.MEMBER_JOINED)

    def sign_in(self, user_id: str, workspace_id: str | None = None, *factors: Factor) -> str:
        """The token of a new session of theirs."""
        visit = self.app.visit(Origin(ip="203.0.113.7", user_agent="tests/1.0"), None)
        _, token = begin(visit, user_id, factors or (Factor.EMAIL,), workspace_id=workspace_id)
        visit.commit()
        return token

    def serve(self, event: dict[str, Any]) -> Reply:
        function, handler = function_of(event["routeKey"])
        with self.network.guard.running(function):
            response = handler(event, None)
        cookies = dict(each.partition(";")[0].split("=", 1) for each in response.get("cookies", ()))
        reply = Reply(response["statusCode"], response["headers"], response["body"], cookies)
        if response["isBase64Encoded"]:
            return replace(reply, text="", file=base64.b64decode(response["body"], validate=True))
        return reply

    def document(self, ws: Provisioned, document_id: str) -> Any:
        reply = self.call(ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id})
        assert reply.status == 200, reply.text
        return reply.json

    def delete(self, ws: Provisioned, document_id: str) -> Reply:
        return self.call(ws.api_key, "DELETE /v1/documents/{document_id}", path={"document_id": document_id})

    def settings(self, ws: Provisioned, retention: str) -> Reply:
        return self.call(ws.api_key, "PATCH /v1/settings", body={"retention": retention})

    def audit(self, ws: Provisioned, **query: str) -> list[Any]:
        reply = self.call(ws.api_key, "GET /v1/audit-events", query=query or None)
        assert reply.status == 200, reply.text
        return list(reply.json["items"])

    def actions(self, ws: Provisioned, subject: str) -> list[str]:
        """What was done to a document, oldest first; entries of one instant have no order."""
        return [entry["action"] for entry in reversed(self.audit(ws, subject=subject))]

    def certificates(self, ws: Provisioned, **query: str) -> list[Any]:
        reply = self.call(ws.api_key, "GET /v1/deletion-certificates", query=query or None)
        assert reply.status == 200, reply.text
        return list(reply.json["items"])

    # --- files ----------------------------------------------------------------------------------------

    def announce(self, api_key: str, data: bytes, filename: str, content_type: str) -> str:
        body = {"filename": filename, "content_type": content_type, "size": len(data)}
        reply = self.call(api_key, "POST /v1/uploads", body=body)
        assert reply.status == 201, reply.text
        return str(reply.json["document_id"])

    def put(self, key: str, data: bytes) -> dict[str, Any]:
        """Puts an object and gives the event that S3 sends for it."""
        version = self.s3.put_object(Bucket=SETTINGS.bucket, Key=key, Body=data)["VersionId"]
        return events.s3_put(SETTINGS.bucket, key, version_id=version, size=len(data), at=self.clock.now())

    def send(
        self, ws: Provisioned, data: bytes, filename: str = "a.pdf", content_type: str = "application/pdf"
    ) -> tuple[str, dict[str, Any]]:
        """Announces and sends a file; the document's id and the event of its landing."""
        document_id = self.announce(ws.api_key, data, filename, content_type)
        return document_id, self.put(original(ws, document_id), data)

    def upload(
        self, ws: Provisioned, data: bytes, filename: str = "a.pdf", content_type: str = "application/pdf"
    ) -> str:
        """Announces, sends and delivers a file; the document's id."""
        document_id, event = self.send(ws, data, filename, content_type)
        assert self.receive(event) == []
        return document_id

    def drop(self, ws: Provisioned, name: str, data: bytes) -> dict[str, Any]:
        """Puts a file into the drop folder; the event of its landing."""
        return self.put(f"workspaces/{ws.workspace_id}/drop/{name}", data)

    def landings(self, prefix: str = "workspaces/") -> list[dict[str, Any]]:
        """The events of all originals that are in the bucket, S3's own copies among them."""
        return [
            events.s3_put(
                SETTINGS.bucket,
                version["Key"],
                version_id=version["VersionId"],
                size=version["Size"],
                at=self.clock.now(),
            )
            for version in self.versions(prefix)
            if version["Key"].endswith("/original")
        ]

    def read(
        self,
        ws: Provisioned,
        data: bytes,
        answer: dict[str, Any],
        filename: str = "a.pdf",
        content_type: str = "application/pdf",
    ) -> str:
        """A document that has been through text analysis."""
        document_id = self.upload(ws, data, filename, content_type)
        assert self.finish_job(self.job_of(document_id), answer) == []
        return document_id

    # --- what AWS delivers ----------------------------------------------------------------------------

    def receive(self, *messages: dict[str, Any]) -> list[int]:
        return self._deliver("functions.extract.received", *messages)

    def complete(self, *messages: dict[str, Any]) -> list[int]:
        return self._deliver("functions.extract.completed", *messages)

    def watch(self, workspace_id: str, document_id: str) -> list[int]:
        message = {"workspace_id": workspace_id, "document_id": document_id}
        return self._deliver("functions.extract.watch", message)

    def export(self, message: dict[str, Any]) -> list[int]:
        """Delivers one of ``reminders.exports``."""
        return self._deliver("functions.exports.worker", message)

    def export_all(self) -> None:
        """Delivers all that is there for the exporter, and what it sends itself meanwhile."""
        while self.reminders.exports:
            assert self.export(self.reminders.exports.pop(0)) == []

    def dispatch(self, message: dict[str, Any]) -> list[int]:
        """Delivers one of ``reminders.issued``."""
        return self._deliver("functions.printing.worker", message)

    def dispatch_all(self) -> None:
        """Delivers all that is there for the dispatcher, and what it sends itself meanwhile."""
        while self.reminders.issued:
            assert self.dispatch(self.reminders.issued.pop(0)) == []

    def react(self, *messages: dict[str, Any]) -> list[int]:
        """Delivers some of ``reminders.webhooks``."""
        return self._deliver("functions.webhooks.worker", *messages)

    def carry_out(self, *messages: dict[str, Any]) -> list[int]:
        """Delivers some of ``reminders.refunds``."""
        return self._deliver("functions.payments.worker", *messages)

    def draw(self, message: dict[str, Any]) -> list[int]:
        """Delivers one of ``reminders.pages``."""
        return self._deliver("functions.pages.worker", message)

    def receive_rereads(self) -> None:
        """Delivers what was asked for to be read again, and what is sent meanwhile."""
        while self.reminders.rereads:
            assert self.receive(self.reminders.rereads.pop(0)) == []

    def resume(self) -> None:
        """Delivers that files which waited for room are to be read, and what is sent meanwhile."""
        while self.reminders.resumes:
            assert self.receive(self.reminders.resumes.pop(0)) == []
        self.receive_rereads()

    def round(self, *, milliseconds: int = 900_000) -> Any:
        """The run that comes by at subscriptions."""
        with self.network.guard.running("Round"):
            handler = importlib.import_module("functions.subscription.round").handler
            return handler({}, self.time_left(milliseconds))

    def bill_by_calendar(self, as_of: str | None = None, *, milliseconds: int = 900_000) -> Any:
        """The hourly run; ``milliseconds``: what the function says is left of its time, always."""
        handler = importlib.import_module("functions.invoices.calendar").handler
        with self.network.guard.running("Calendar"):
            return handler({"as_of": as_of} if as_of else {}, self.time_left(milliseconds))

    def finish_job(self, job_id: str, answer: dict[str, Any]) -> list[int]:
        self.textract.finish(job_id, answer)
        return self.complete(events.textract_completion(job_id))

    def job_of(self, document_id: str) -> str:
        """The latest job of a document."""
        return [job_id for job_id, job in self.textract.jobs.items() if job.token.startswith(document_id)][-1]

    def sweep(self, as_of: str | None = None, *, milliseconds: int = 900_000) -> Any:
        """``milliseconds``: what the function says is left of its time, always."""
        handler = importlib.import_module("functions.retention.handler").handler
        with self.network.guard.running("Sweep"):
            return handler({"as_of": as_of} if as_of else {}, self.time_left(milliseconds))

    def chain(self, event: dict[str, Any]) -> None:
        """What the table's stream tells."""
        with self.network.guard.running("Chain"):
            importlib.import_module("functions.outbox.chain").handler(event, None)

    def index(self, event: dict[str, Any]) -> None:
        """What the table's stream tells."""
        with self.network.guard.running("Index"):
            importlib.import_module("functions.outbox.index").handler(event, None)

    def settle(self) -> None:
        """The stream tells the search index what has changed since the last time."""
        now = {
            (item["pk"]["S"], item["sk"]["S"]): _as_the_stream_says(item)
            for kind in ("DOCUMENT", "AUDIT", "SETASIDE", "ISSUED")
            for item in self.items(kind)
        }
        before, self._told = self._told, now
        changed = [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
        if changed:
            self.index(events.dynamodb_changes(*((before.get(key), now.get(key)) for key in sorted(changed))))

    def anchor(self) -> Any:
        """The daily run."""
        with self.network.guard.running("Anchor"):
            return importlib.import_module("functions.outbox.anchor").handler({}, None)

    def erase_workspaces(self, *, milliseconds: int = 900_000) -> Any:
        """The hourly run."""
        with self.network.guard.running("Erasure"):
            handler = importlib.import_module("functions.retention.erasure").handler
            return handler({}, self.time_left(milliseconds))

    @staticmethod
    def time_left(milliseconds: int) -> Any:
        return SimpleNamespace(get_remaining_time_in_millis=lambda: milliseconds)

    def tick(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    # --- behind the curtain ---------------------------------------------------------------------------

    def tenant(self, workspace_id: str) -> Tenant:
        return self.app.open(workspace_id, Actor(kind=ActorKind.SYSTEM, id="tests"), Origin())

    def items(self, kind: str | None = None, table: str = SETTINGS.records_table) -> list[Any]:
        """All items, or those of a kind: ``DOCUMENT``, ``FILE`` …"""
        return [
            item
            for item in stored(self.dynamodb, table)
            if kind is None or kind in item["pk"]["S"].split("#")
        ]

    def versions(self, prefix: str = "") -> list[Any]:
        """Object versions and delete markers."""
        answer = self.s3.list_object_versions(Bucket=SETTINGS.bucket, Prefix=prefix)
        return [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        """``act`` happens just before the next transaction is sent."""
        commit = Partition.commit

        def after_act(partition: Partition, writes: Sequence[Write]) -> None:
            monkeypatch.setattr(Partition, "commit", commit)
            act()
            commit(partition, writes)

        monkeypatch.setattr(Partition, "commit", after_act)

    def _deliver(self, module: str, *messages: dict[str, Any]) -> list[int]:
        """The positions of the messages that failed."""
        if not messages:
            return []
        batch = events.sqs(*messages, delivery=self.delivery)
        with self.network.guard.running(_BEHIND_QUEUES[module]):
            answer = importlib.import_module(module).handler(batch, SimpleNamespace())
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        return [at for at, record in enumerate(batch["Records"]) if record["messageId"] in failed]

    def _make_resources(self) -> None:
        for logical_id, name in _TABLES.items():
            properties = _resources()[logical_id]["Properties"]
            wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
            self.dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                **{key: properties[key] for key in wanted if key in properties},
            )
        self.s3.create_bucket(Bucket=SETTINGS.anchors_bucket)
        self.s3.create_bucket(Bucket=SETTINGS.bucket)
        self.s3.put_bucket_versioning(Bucket=SETTINGS.bucket, VersioningConfiguration={"Status": "Enabled"})


def original(ws: Provisioned, document_id: str) -> str:
    """The key of a document's file."""
    return f"workspaces/{ws.workspace_id}/files/{document_id}/original"


def function_of(route: str) -> tuple[str, Any]:
    """Its name in the template, and its handler."""
    for name in (
        "upload",
        "documents",
        "exports",
        "review",
        "suppliers",
        "clients",
        "invoices",
        "printing",
        "accounts",
        "signin",
        "subscription",
        "payments",
        "pay",
        "webhooks",
        "tools",
        "console",
    ):
        module = importlib.import_module(f"functions.{name}.handler")
        if route in module.api.routes:
            return name.capitalize(), module.handler
    raise LookupError(route)


@cache
def _resources() -> Any:
    return yaml_parse((ROOT / "infra" / "data.yaml").read_text())["Resources"]


def _as_the_stream_says(item: dict[str, Any]) -> dict[str, Any]:
    """Binary values are base64 there."""
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }
