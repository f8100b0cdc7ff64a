"""What Sheaf promises about security, and who else touches the data, as one HTML page without script."""

from __future__ import annotations

import re
from html import escape
from typing import Any

_CODE = re.compile(r"`([^`]+)`")


def page(facts: dict[str, Any]) -> str:
    controls = "".join(_control(control) for control in facts["controls"])
    rows = "".join(_subprocessor(each) for each in facts["subprocessors"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Sheaf: security</title><link rel="stylesheet" href="/docs.css"></head><body>'
        "<h1>Security</h1>"
        "<p>What we promise, how it is done, and how you see it in a workspace of your own. Each promise is "
        "held by tests that run with every change.</p>"
        '<nav><a href="#subprocessors">Subprocessors</a><a href="/.well-known/security.txt">Report a '
        'vulnerability</a><a href="/docs">API</a></nav>'
        f"{controls}"
        '<h2 id="subprocessors">Who else touches the data</h2>'
        "<table><tr><th>Provider</th><th>For</th><th>Data</th><th>Region</th></tr>"
        f"{rows}</table></body></html>"
    )


def _control(control: dict[str, Any]) -> str:
    return (
        f"<h2>{_prose(control['promise'])}</h2><p>{_prose(control['how'])}</p>"
        f"<p><small>See it: {_prose(control['see'])}</small></p>"
    )


def _subprocessor(each: dict[str, Any]) -> str:
    name = escape(each["name"]) + (" <small>only if you use it</small>" if each["optional"] else "")
    return (
        f"<tr><td>{name}</td><td>{escape(each['for'])}</td><td>{escape(each['data'])}</td>"
        f"<td>{escape(each['region'])}</td></tr>"
    )


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))
