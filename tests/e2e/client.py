"""A user of the API: sends files the way the README says, and waits."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import boto3
from urllib3 import PoolManager

from infra.local.stack import LocalStack

SETTLED = {"ready", "needs_review", "failed"}
_PATIENCE_SECONDS = 240


class Client:
    def __init__(self, local: dict[str, Any]) -> None:
        self.local = local
        self.http = PoolManager(retries=False, timeout=60, maxsize=8)

    @classmethod
    def of(cls, stack: LocalStack, name: str = "Acme") -> Client:
        """In a workspace of its own."""
        made = stack.create_workspace(name)
        return cls(stack.describe() | {"api_key": made.api_key, "workspace_id": made.workspace_id})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = self.http.request(
            method,
            self.local["url"] + path,
            body=json.dumps(body).encode() if body is not None else None,
            headers={"authorization": f"Bearer {self.local['api_key']}", **headers},
            redirect=False,
        )
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status, json.loads(answer.data) if is_json else answer.data.decode()

    def announce(self, filename: str, content_type: str, size: int) -> dict[str, Any]:
        body = {"filename": filename, "content_type": content_type, "size": size}
        status, upload = self.call("POST", "/v1/uploads", body)
        assert status == 201, upload
        return dict(upload)

    def post(self, url: str, fields: dict[str, str], data: bytes) -> int:
        answer = self.http.request("POST", url, fields={**fields, "file": ("file", data)})
        return int(answer.status)

    def upload(self, filename: str, data: bytes) -> str:
        upload = self.announce(filename, content_type_of(filename), len(data))
        assert self.post(upload["url"], upload["fields"], data) == 204
        return str(upload["document_id"])

    def document(self, document_id: str) -> dict[str, Any]:
        status, document = self.call("GET", f"/v1/documents/{document_id}")
        assert status == 200, document
        return dict(document)

    def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            status, page = self.call("GET", f"/v1/documents?limit=100{cursor}")
            assert status == 200, page
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def wait(self, document_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Looks until all are read; the states are there to see meanwhile."""
        waiting, settled = set(document_ids), {}
        for _ in patiently():
            for document_id in sorted(waiting):
                document = self.document(document_id)
                if document["status"] in SETTLED:
                    settled[document_id] = document
                    waiting.discard(document_id)
            if not waiting:
                return settled
        raise AssertionError(f"still not read: {sorted(waiting)}")

    def aws(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.local["aws_endpoint_url"],
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def versions(self, document_id: str) -> list[Any]:
        prefix = f"workspaces/{self.local['workspace_id']}/files/{document_id}/"
        answer = self.aws("s3").list_object_versions(Bucket=self.local["bucket"], Prefix=prefix)
        return [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]


def patiently() -> Iterable[None]:
    """Ticks, a quarter of a second apart, until patience is over."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(0.25)


def content_type_of(filename: str) -> str:
    return {".heic": "image/heic", ".webp": "image/webp", ".xml": "application/xml"}.get(
        Path(filename).suffix
    ) or str(mimetypes.guess_type(filename)[0])
