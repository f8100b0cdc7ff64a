"""The outbox: what Resend would have mailed is kept here, to be looked at.

https://resend.com/docs/api-reference/emails/send-email
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from html import escape
from pathlib import Path
from typing import Any

from infra.local.http import Request, Response

BODY_LIMIT = 1 << 22
API_KEY = "re_local"
_HTML = (("content-type", "text/html; charset=utf-8"), ("referrer-policy", "no-referrer"))
_LINK = re.compile(r"https?://[^\s<>&]+")
_SHOWN = 100
_REMEMBERED_SECONDS = 24 * 3600
_STYLE = """:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;max-width:46rem;margin:2.5rem auto;padding:0 1.25rem}
article{border-top:1px solid #8884;padding:.6rem 0}h2{font-size:1.05rem;margin:.2rem 0}small{opacity:.7}
pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}a{color:#0a6}"""


class Outbox:
    """``POST /emails`` takes a mail, ``GET /`` shows them, newest first; ``GET /emails`` is JSON."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        match request.method, request.path:
            case "POST", "/emails":
                return self._take(request)
            case "GET", "/emails":
                return _json(200, {"data": self._kept()})
            case "GET", "/":
                return Response(200, self._page().encode(), _HTML)
        return _json(404, {"name": "not_found", "message": "There is nothing here."})

    def _take(self, request: Request) -> Response:
        if request.header("authorization") != f"Bearer {API_KEY}":
            return _json(401, {"name": "missing_api_key", "message": "Missing API key."})
        try:
            mail = json.loads(request.body)
            wanted = {name: mail[name] for name in ("from", "to", "subject", "text")}
        except (ValueError, KeyError, TypeError):
            return _json(422, {"name": "validation_error", "message": "from, to, subject and text, please."})
        key = request.header("idempotency-key")
        with self._lock:
            known = self._sent_with(key) if key else None
            if known is None:
                return _json(200, {"id": self._keep(wanted, key)})
        if {name: known[name] for name in wanted} != wanted:
            return _json(409, {"name": "invalid_idempotent_request", "message": "Another mail had this key."})
        return _json(200, {"id": known["id"]})

    def _keep(self, mail: dict[str, Any], key: str) -> str:
        now, name = time.time(), str(uuid.uuid4())
        kept = {"id": name, "created_at": now, "key": key, **mail}
        path = self._folder / f"{now:017.6f}-{name}.json"
        path.write_text(json.dumps(kept))
        path.chmod(0o600)
        return name

    def _sent_with(self, key: str) -> dict[str, Any] | None:
        """Keys are remembered for a day."""
        oldest = time.time() - _REMEMBERED_SECONDS
        return next(
            (mail for mail in self._kept() if mail["key"] == key and mail["created_at"] > oldest), None
        )

    def _kept(self) -> list[dict[str, Any]]:
        paths = sorted(self._folder.glob("*.json"), reverse=True)[:_SHOWN]
        return [json.loads(path.read_text()) for path in paths]

    def _page(self) -> str:
        mails = "".join(_article(mail) for mail in self._kept()) or "<p>Nothing was mailed yet.</p>"
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outbox</title>'
            f"<style>{_STYLE}</style></head><body><h1>Outbox</h1>"
            "<p>What would have been mailed, newest first. Load the page again for more.</p>"
            f"{mails}</body></html>"
        )


def _article(mail: dict[str, Any]) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(mail["created_at"]))
    text = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(mail["text"]))
    return (
        f"<article><small>{when} · to {escape(', '.join(mail['to']))}</small>"
        f"<h2>{escape(mail['subject'])}</h2><pre>{text}</pre></article>"
    )


def _json(status: int, document: dict[str, Any]) -> Response:
    return Response(status, json.dumps(document).encode())
