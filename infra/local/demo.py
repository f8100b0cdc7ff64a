"""The first start: a workspace to play with, and invoices in it, sent the way anybody sends them."""

from __future__ import annotations

import json
import mimetypes
import shlex
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from infra.local.directory import CHECKOUT
from infra.local.stack import LocalStack

SAMPLES = CHECKOUT / "samples"
_SUFFIXES = {".pdf", ".xml", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".heic"}
_CONTENT_TYPES = {".heic": "image/heic", ".webp": "image/webp", ".xml": "application/xml"}
_WORKSPACE_NAME = "Demo"
_ENVIRONMENT = "env"
LEFT_FOR_YOU = "us-office-furniture.pdf"
"""A sample that the first start does not send, so that the first one a newcomer sends is no duplicate."""
_DEMO = "demo.json"
_SETTLED = {"ready", "needs_review", "failed", "split", "approved", "rejected"}
_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 300


class DemoError(Exception):
    """The API did not take a sample; the message says what it answered."""


@dataclass(frozen=True)
class Progress:
    """One sample on its way. ``fields`` are the values read, by the names of a reading."""

    filename: str
    document_id: str = ""
    status: str = "sending"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        return self.status in _SETTLED


class Demo:
    """``describe`` of the running system, and the demo workspace's credentials, in ``local.json``."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._http = PoolManager(retries=False, timeout=60)
        self.local: dict[str, Any] = {}

    def prepare(self) -> None:
        """The workspace of an earlier start, if the tables still know its key; else a new one."""
        kept = self._stack.directory.read("local.json")
        identity = {name: kept.get(name) for name in ("api_key", "workspace_id")}
        self.local = self._stack.describe() | identity
        if not identity["api_key"] or self._request("GET", "/v1/workspace")[0] != 200:  # noqa: PLR2004  # HTTP's OK
            made = self._stack.create_workspace(_WORKSPACE_NAME)
            self.local |= {"api_key": made.api_key, "workspace_id": made.workspace_id}
            unsent = [path.name for path in samples() if path.name != LEFT_FOR_YOU]
            self._stack.directory.write(_DEMO, {"unsent": unsent})
        self.local["sign_in_url"] = self._stack.sign_in_url(self.local["workspace_id"])
        self._stack.directory.write("local.json", self.local)
        self._stack.directory.write_lines(_ENVIRONMENT, self._variables())

    def count(self) -> str:
        """How many documents the workspace has, in words."""
        _, page = self._request("GET", "/v1/documents?limit=200")
        number = len(page.get("items", ()))
        return f"{number}{' and more' if page.get('next_cursor') else ''} documents"

    def _variables(self) -> list[str]:
        """For a shell: ``. .sheaf/env``."""
        local = self.local
        values = {
            "SHEAF_URL": local["url"],
            "SHEAF_KEY": local["api_key"],
            "SHEAF_DROP": f"{local['aws_endpoint_url']}/{local['bucket']}/workspaces/"
            f"{local['workspace_id']}/drop/",
            "STRIPE_URL": self._stack.doubles.stripe.url,
            "PADDLE_URL": self._stack.doubles.paddle.url,
            "MAIL_URL": self._stack.mail_url,
        }
        return [f"{name}={shlex.quote(value)}" for name, value in values.items()]

    def send_samples(self, show: Callable[[list[Progress]], None]) -> list[Progress]:
        """Those that no earlier start has sent; ``show`` sees every change until all are read."""
        unsent = self._stack.directory.read(_DEMO).get("unsent", [])
        rows = [Progress(filename=name) for name in unsent if (SAMPLES / name).exists()]
        for index, row in enumerate(rows):
            rows[index] = replace(row, document_id=self._send(SAMPLES / row.filename), status="sent")
            self._stack.directory.write(_DEMO, {"unsent": [other.filename for other in rows[index + 1 :]]})
            show(rows)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not all(row.settled for row in rows) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            rows = [row if row.settled else self._looked_at(row) for row in rows]
            show(rows)
        return rows

    def _send(self, path: Path) -> str:
        content = path.read_bytes()
        content_type = _content_type(path)
        announced = {"filename": path.name, "content_type": content_type, "size": len(content)}
        status, upload = self._request("POST", "/v1/uploads", announced)
        if "url" not in upload:
            raise DemoError(f"{path.name} was not taken: {status} {upload}")
        form = {**upload["fields"], "file": (path.name, content, content_type)}
        sent = self._http.request("POST", upload["url"], fields=form)
        if sent.status >= 300:  # noqa: PLR2004  # anything but HTTP's success
            raise DemoError(f"{path.name} could not be sent: {sent.status} {sent.data[:300]!r}")
        return str(upload["document_id"])

    def _looked_at(self, row: Progress) -> Progress:
        _, document = self._request("GET", f"/v1/documents/{row.document_id}")
        fields = (document.get("reading") or {}).get("fields") or {}
        values = {name: found["value"] for name, found in fields.items() if found}
        return replace(row, status=document.get("status", row.status), fields=values)

    def _request(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"authorization": f"Bearer {self.local['api_key']}", "content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        try:
            answer = self._http.request(method, self._stack.url + path, body=content, headers=headers)
            return answer.status, dict(json.loads(answer.data))
        except (HTTPError, ValueError) as error:
            raise DemoError(f"{method} {path}: {error}") from error


def samples() -> Iterator[Path]:
    return (path for path in sorted(SAMPLES.glob("*")) if path.suffix in _SUFFIXES)


def _content_type(path: Path) -> str:
    return _CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
