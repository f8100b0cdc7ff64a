"""The outbox: what Resend would have mailed is kept here, to be looked at, delivered, bounced, complained of.

https://resend.com/docs/api-reference/emails/send-email, https://resend.com/docs/webhooks/event-types
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local import mail_pages
from infra.local.control import Control
from infra.local.http import Request, Response
from infra.local.markup import answer, back
from infra.local.objects import Object, Objects
from infra.local.signatures import svix as sign
from infra.local.webhooks import Event, Webhooks

BODY_LIMIT = 60 << 20
API_KEY = "re_local"
_ACCOUNT = "resend"
_KIND = "email"
_SHOWN = 100
_MOST_ATTACHED = 40 << 20
"""In base 64, all of a mail's attachments, as Resend has it."""

_NEEDED = ("from", "to", "subject")
_KNOWN = frozenset((*_NEEDED, "text", "html", "reply_to", "cc", "bcc", "headers", "attachments", "tags"))
_ADDRESS = re.compile(r"(?:[^<>]+ <)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>?")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_NOT_FOUND = Response(404, b'{"name":"not_found","message":"There is nothing here."}')


class MailError(Exception):
    """https://resend.com/docs/api-reference/errors"""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"statusCode": status, "name": name, "message": message}


class Outbox:
    """``POST /emails`` takes a mail, ``GET /`` shows them, newest first; ``GET /emails`` is JSON.

    A mail is delivered at once, but for addresses that begin with ``bounced``, ``complained`` or ``delayed``;
    ``POST /emails/<id>/<delivered|bounced|complained>`` makes one so.
    """

    def __init__(self, folder: Path, *, scale: float = 1.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.objects = Objects(folder / "objects.db")
        self.webhooks = Webhooks(sign, folder / "webhooks", scale=scale)
        self._control = Control(self.webhooks)
        self._lock = threading.Lock()
        self._listener: tuple[str, str] | None = None

    def start(self) -> None:
        self.webhooks.start()

    def stop(self) -> None:
        self.webhooks.stop()
        self.objects.close()

    def listen(self, url: str, secret: str) -> None:
        self._listener = url, secret

    def answer(self, request: Request) -> Response:
        match (request.method, *request.path.strip("/").split("/")):
            case ("POST", "emails"):
                return self._take(request)
            case ("GET", "emails"):
                return answer({"data": self._kept()})
            case ("GET", ""):
                return mail_pages.outbox(self._kept(), self._control.panel())
            case (method, "emails", name, *rest):
                return self._of(method, name, rest)
        return self._control.answer(request) or _NOT_FOUND

    def _take(self, request: Request) -> Response:
        try:
            if request.header("authorization") != f"Bearer {API_KEY}":
                raise MailError(401, "missing_api_key", "Missing API key.")  # noqa: TRY301  # one way out
            mail = _checked(request.body)
            with self._lock:
                name, is_new = self._sent(mail, request.header("idempotency-key"), request.body)
        except MailError as error:
            return answer(error.body, error.status)
        if is_new:
            self._tell(name, "sent")
            result = _result(mail["to"][0])
            if result:
                self._tell(name, result)
        return answer({"id": name})

    def _sent(self, mail: Object, key: str, body: bytes) -> tuple[str, bool]:
        asked = hashlib.sha256(body).hexdigest()
        known = self.objects.answered(_ACCOUNT, key) if key else None
        if known is not None:
            if known[0] != asked:
                raise MailError(409, "invalid_idempotent_request", "Another mail had this key.")
            return known[2], False
        name = str(uuid.uuid4())
        kept = {"id": name, "created_at": time.time(), "key": key, "events": [], **mail}
        with self.objects.changing():
            self.objects.put(_ACCOUNT, _KIND, kept)
            if key:
                self.objects.remember(_ACCOUNT, key, asked, 200, name)
        return name, True

    def _of(self, method: str, name: str, rest: list[str]) -> Response:
        mail = self.objects.get(_ACCOUNT, _KIND, name)
        if mail is None:
            return _NOT_FOUND
        match (method, *rest):
            case ("GET",):
                return answer(mail)
            case ("GET", "html"):
                return mail_pages.shown(mail)
            case ("GET", "attachments", number) if number.isdecimal() and int(number) < len(
                mail["attachments"]
            ):
                return mail_pages.attached(mail["attachments"][int(number)])
            case ("POST", "delivered" | "bounced" | "complained" | "delivery_delayed" as kind):
                self._tell(name, kind)
                return back("/")
        return _NOT_FOUND

    def _tell(self, name: str, kind: str) -> None:
        with self.objects.changing():
            mail = self.objects.get(_ACCOUNT, _KIND, name)
            if mail is None:
                return
            self.objects.put(_ACCOUNT, _KIND, mail | {"events": [*mail["events"], kind]})
        if self._listener is not None:
            url, secret = self._listener
            body = json.dumps(_event(mail, kind))
            self.webhooks.send(Event(f"msg_{uuid.uuid4().hex}", f"email.{kind}", url, secret, body))

    def _kept(self) -> list[Object]:
        """Without what is attached: that may be megabytes."""
        mails = self.objects.of(_ACCOUNT, _KIND)[:_SHOWN]
        return [mail | {"attachments": [_weighed(each) for each in mail["attachments"]]} for mail in mails]


def _checked(body: bytes) -> Object:
    """With lists where a string would do as well."""
    try:
        mail = json.loads(body)
        missing = [name for name in _NEEDED if not mail.get(name)]
    except (ValueError, AttributeError) as error:
        raise MailError(422, "validation_error", "That is no mail.") from error
    if missing or not (mail.get("text") or mail.get("html")):
        told = ", ".join((*missing, "text or html"))
        raise MailError(422, "missing_required_field", f"Missing: {told}.")
    unknown = sorted(set(mail) - _KNOWN)
    if unknown:
        raise MailError(422, "validation_error", f"Unknown: {', '.join(unknown)}.")
    lists = {name: _listed(mail.get(name)) for name in ("to", "reply_to", "cc", "bcc")}
    for address in (mail["from"], *(each for listed in lists.values() for each in listed)):
        if not _ADDRESS.fullmatch(str(address)):
            raise MailError(422, "validation_error", f"Invalid address: {address}.")
    tags = mail.get("tags") or []
    if not all(_TAG.fullmatch(str(tag[part])) for tag in tags for part in ("name", "value")):
        raise MailError(422, "validation_error", "Tags have ASCII letters, digits, underscores and dashes.")
    attachments = [_attachment(each) for each in mail.get("attachments") or []]
    if sum(len(each["content"]) for each in attachments) > _MOST_ATTACHED:
        raise MailError(422, "validation_error", "Attachments have 40 MB at most.")
    return {"text": "", "html": "", **mail, **lists, "attachments": attachments, "tags": tags}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _attachment(asked: Mapping[str, Any]) -> Object:
    """https://resend.com/docs/dashboard/emails/attachments"""
    filename, content = asked.get("filename"), asked.get("content")
    if not isinstance(filename, str) or not isinstance(content, str):
        raise MailError(422, "invalid_attachment", "An attachment has a filename and content.")
    try:
        base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise MailError(422, "invalid_attachment", "The content is base 64.") from error
    kind = asked.get("content_type") or "application/octet-stream"
    return {"filename": filename, "content_type": kind, "content": content}


def _weighed(attachment: Object) -> Object:
    """With its size in bytes instead of its content."""
    content = attachment["content"]
    size = len(content) * 3 // 4 - content.count("=")
    return {**attachment, "content": None, "size": size}


def _result(to: str) -> str:
    """As Resend's own test addresses do: https://resend.com/docs/dashboard/emails/send-test-emails"""
    for result in ("bounced", "complained"):
        if to.startswith(result):
            return result
    return "" if to.startswith("delayed") else "delivered"


def _event(mail: Object, kind: str) -> Object:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    told = {
        "email_id": mail["id"],
        "message_id": f"<{mail['id']}@local>",
        "created_at": datetime.fromtimestamp(mail["created_at"], UTC).isoformat().replace("+00:00", "Z"),
        "from": mail["from"],
        "to": mail["to"],
        "subject": mail["subject"],
        "tags": {tag["name"]: tag["value"] for tag in mail["tags"]},
    }
    if kind == "bounced":
        told["bounce"] = {
            "message": "The recipient's mail server rejected the mail: no such mailbox.",
            "type": "Permanent",
            "subType": "General",
        }
    return {"type": f"email.{kind}", "created_at": now, "data": told}
