"""What people see of the outbox."""

from __future__ import annotations

import base64
import re
import time
from html import escape
from urllib.parse import quote

from infra.local.http import Response
from infra.local.markup import button, page
from infra.local.objects import Object

_LINK = re.compile(r"https?://[^\s<>&]+")
_SAFE = re.compile(r"[\w.+-]+/[\w.+-]+")


def outbox(mails: list[Object], panel: str) -> Response:
    articles = "".join(_article(mail) for mail in mails) or "<p>Nothing was mailed yet.</p>"
    return page(
        "Outbox",
        "<h1>Outbox</h1><p>What would have been mailed, newest first. Load the page again for more.</p>"
        f"{articles}{panel}",
    )


def shown(mail: Object) -> Response:
    """As a mail program shows it: no script, nothing from elsewhere; links open beside it."""
    policy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    policy += "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    )
    return Response(200, f'<base target="_blank">{mail["html"]}'.encode(), headers)


def attached(attachment: Object) -> Response:
    """Saved, never opened here."""
    kind = attachment["content_type"]
    headers = (
        ("content-type", kind if _SAFE.fullmatch(kind) else "application/octet-stream"),
        ("content-disposition", f"attachment; filename*=UTF-8''{quote(attachment['filename'], safe='')}"),
        ("content-security-policy", "sandbox"),
        ("x-content-type-options", "nosniff"),
    )
    return Response(200, base64.b64decode(attachment["content"]), headers)


def _article(mail: Object) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(mail["created_at"]))
    address = f"/emails/{mail['id']}"
    reply = f" · answers to {escape(', '.join(mail['reply_to']))}" if mail["reply_to"] else ""
    return (
        f"<article><small>{when} · from {escape(mail['from'])} "
        f"· to {escape(', '.join(mail['to']))}{reply}</small>"
        f"<h2>{escape(mail['subject'])}</h2>{_body(mail, address)}{_attachments(mail, address)}"
        f"<p><small>{escape(', '.join(mail['events']))}</small> "
        + "".join(
            button(f"{address}/{kind}", label)
            for kind, label in (("delivered", "Deliver"), ("bounced", "Bounce"), ("complained", "Complain"))
        )
        + "</p></article>"
    )


def _body(mail: Object, address: str) -> str:
    text = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(mail["text"]))
    if not mail["html"]:
        return f"<pre>{text}</pre>"
    return (
        f'<iframe src="{address}/html" title="{escape(mail["subject"])}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        f"<details><summary>As text</summary><pre>{text}</pre></details>"
    )


def _attachments(mail: Object, address: str) -> str:
    links = [
        f'<a href="{address}/attachments/{place}" download>{escape(each["filename"])}</a> '
        f"<small>{each['size']:,} bytes</small>"
        for place, each in enumerate(mail["attachments"])
    ]
    return f"<p>{' · '.join(links)}</p>" if links else ""
