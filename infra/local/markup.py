"""The pages of the doubles: plain HTML, plain forms, no script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from infra.local.http import Request, Response

_HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
)
_STYLE = """:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;max-width:56rem;margin:2.5rem auto;padding:0 1.25rem}
body.narrow{max-width:26rem;margin-top:4rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .4rem}small,.dim{opacity:.7}a{color:#0a7d55}
@media (prefers-color-scheme:dark){a{color:#3ecf9a}}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-top:1px solid #8884;vertical-align:top}
th{font-weight:600;border-top:0}.sum{font-size:2rem;font-variant-numeric:tabular-nums;margin:.4rem 0 1.4rem}
form{display:inline}button,input,select{font:inherit;padding:.3rem .75rem;margin:.15rem .2rem .15rem 0}
button.main{background:#0a7d55;color:#fff;border:1px solid #0a7d55;border-radius:6px}
.stack form{display:block}.stack button{width:100%;padding:.55rem;margin:.2rem 0}
code{overflow-wrap:anywhere}.bad{color:#c33}
article{border-top:1px solid #8884;padding:.8rem 0}article h2{margin:.2rem 0}
pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
td button{padding:.1rem .55rem}td form{white-space:nowrap}
iframe{width:100%;height:20rem;border:1px solid #8884;border-radius:6px;background:#fff}"""


def page(title: str, body: str, *, status: int = 200, narrow: bool = False) -> Response:
    """``body`` is HTML; whatever came from elsewhere is escaped by whoever wrote it."""
    shape = ' class="narrow"' if narrow else ""
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body{shape}>{body}</body></html>"
    )
    return Response(status, document.encode(), _HEADERS)


def form(action: str, fields: str) -> str:
    return f'<form method="post" action="{escape(action)}">{fields}</form>'


def button(action: str, label: str, fields: Mapping[str, str] | None = None, *, main: bool = False) -> str:
    """A form of one button."""
    kind = ' class="main"' if main else ""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (fields or {}).items()
    )
    return form(action, f"{hidden}<button{kind}>{escape(label)}</button>")


def table(head: Iterable[str], rows: Iterable[Iterable[str]], *, empty: str) -> str:
    """``head`` is text, cells are HTML."""
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if not lines:
        return f'<p class="dim">{escape(empty)}</p>'
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>{body}</table>"


def back(location: str) -> Response:
    return Response(303, b"", (("location", location),))


def answer(document: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(document).encode())


def fields(request: Request) -> dict[str, str]:
    """A form's, or a flat JSON object's."""
    if request.header("content-type").startswith("application/json"):
        content = json.loads(request.body or b"{}")
        return {str(name): str(value) for name, value in content.items()} if isinstance(content, dict) else {}
    return dict(parse_qsl(request.body.decode()))
