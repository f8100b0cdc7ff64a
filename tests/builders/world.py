"""Sheaf on moto: the real handlers, tables made from infra/data.yaml, fakes for text analysis and time."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from sheaf import aws, bootstrap
from sheaf.access.roles import Role
from sheaf.edge.provisioning import Provisioned, create_key, create_workspace
from sheaf.kernel.clock import FixedClock
from sheaf.settings import Settings
from tests.builders import events
from tests.fakes.analysis import FakeReminders, FakeTextAnalysis

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SETTINGS = Settings(
    records_table="records",
    directory_table="directory",
    bucket="files",
    region="us-east-1",
    max_file_bytes=2_000_000,
    watch_queue_url="https://sqs.example.test/watch",
)
_TABLES = {"RecordsTable": SETTINGS.records_table, "DirectoryTable": SETTINGS.directory_table}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class World:
    """``clock.at`` is the time for everything, S3's events included."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    analysis: FakeTextAnalysis = field(default_factory=FakeTextAnalysis)
    reminders: FakeReminders = field(default_factory=FakeReminders)

    def __post_init__(self) -> None:
        aws.client.cache_clear()
        aws.shared_session.cache_clear()
        self.dynamodb: Any = aws.client("dynamodb", SETTINGS.region)
        self.s3: Any = aws.client("s3", SETTINGS.region)
        self._make_resources()
        bootstrap.install(
            bootstrap.assemble(SETTINGS, analysis=self.analysis, reminders=self.reminders, clock=self.clock)
        )

    def workspace(self, name: str = "Acme") -> Provisioned:
        return create_workspace(name)

    def key(self, workspace_id: str, role: Role) -> str:
        return create_key(workspace_id, role.value, role=role).api_key

    def call(self, api_key: str | None, route: str, **request: Any) -> Reply:
        """``call(key, "GET /v1/documents/{document_id}", path={"document_id": ...})``"""
        method, _, path = route.partition(" ")
        headers = dict(request.pop("headers", {}))
        if api_key is not None:
            headers["authorization"] = f"Bearer {api_key}"
        response = handler_of(route)(events.http(method, path, headers=headers, **request), None)
        return Reply(response["statusCode"], response["headers"], response["body"])

    def announce(self, api_key: str, data: bytes, filename: str, content_type: str) -> str:
        body = {"filename": filename, "content_type": content_type, "size": len(data)}
        reply = self.call(api_key, "POST /v1/uploads", body=body)
        assert reply.status == 201, reply.text
        return str(reply.json["document_id"])

    def put(self, key: str, data: bytes) -> dict[str, Any]:
        """Puts an object and gives the event that S3 sends for it."""
        version = self.s3.put_object(Bucket=SETTINGS.bucket, Key=key, Body=data)["VersionId"]
        return events.s3_put(SETTINGS.bucket, key, version_id=version, size=len(data), at=self.clock.now())

    def upload(
        self, ws: Provisioned, data: bytes, filename: str = "a.pdf", content_type: str = "application/pdf"
    ) -> str:
        """Announces, sends and delivers a file; the document's id."""
        document_id = self.announce(ws.api_key, data, filename, content_type)
        self.receive(self.put(f"workspaces/{ws.workspace_id}/files/{document_id}/original", data))
        return document_id

    def receive(self, *messages: dict[str, Any]) -> list[str]:
        return self._deliver("functions.extract.received", *messages)

    def complete(self, *messages: dict[str, Any]) -> list[str]:
        return self._deliver("functions.extract.completed", *messages)

    def watch(self, workspace_id: str, document_id: str) -> list[str]:
        message = {"workspace_id": workspace_id, "document_id": document_id}
        return self._deliver("functions.extract.watch", message)

    def finish_job(self, job_id: str, response: dict[str, Any]) -> list[str]:
        self.analysis.finish(job_id, response)
        return self.complete(events.textract_completion(job_id))

    def sweep(self, as_of: str | None = None) -> Any:
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
        handler = importlib.import_module("functions.retention.handler").handler
        return handler({"as_of": as_of} if as_of else {}, context)

    def document(self, ws: Provisioned, document_id: str) -> Any:
        reply = self.call(ws.api_key, "GET /v1/documents/{document_id}", path={"document_id": document_id})
        assert reply.status == 200, reply.text
        return reply.json

    def audit(self, ws: Provisioned, **query: str) -> list[Any]:
        items = self.call(ws.api_key, "GET /v1/audit-events", query=query or None).json["items"]
        return list(items)

    def items(self, table: str = SETTINGS.records_table) -> list[Any]:
        return list(self.dynamodb.scan(TableName=table)["Items"])

    def versions(self, prefix: str) -> list[Any]:
        answer = self.s3.list_object_versions(Bucket=SETTINGS.bucket, Prefix=prefix)
        return [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]

    def tick(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    def _deliver(self, module: str, *messages: dict[str, Any]) -> list[str]:
        """The ids of the messages that failed."""
        batch = events.sqs(*messages)
        answer = importlib.import_module(module).handler(batch, SimpleNamespace())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def _make_resources(self) -> None:
        resources = yaml_parse((ROOT / "infra" / "data.yaml").read_text())["Resources"]
        for logical_id, name in _TABLES.items():
            properties = resources[logical_id]["Properties"]
            wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
            self.dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                **{key: properties[key] for key in wanted if key in properties},
            )
        self.s3.create_bucket(Bucket=SETTINGS.bucket)
        self.s3.put_bucket_versioning(Bucket=SETTINGS.bucket, VersioningConfiguration={"Status": "Enabled"})


def handler_of(route: str) -> Any:
    for name in ("upload", "documents", "accounts", "console"):
        module = importlib.import_module(f"functions.{name}.handler")
        if route in module.api.routes:
            return module.handler
    raise LookupError(route)
