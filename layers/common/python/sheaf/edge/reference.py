"""The API reference as one HTML page without script, made from the OpenAPI document."""

from __future__ import annotations

import re
from html import escape
from typing import Any

_CODE = re.compile(r"`{1,2}([^`]+)`{1,2}")
_CREDENTIALS = {"apiKey": "an API key", "session": "a session"}
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem } h2 { font-size: 1.05rem; margin: 2.2rem 0 .4rem }
h2 code { font-size: 1rem } p { margin: .4rem 0 } small, .soft { opacity: .7 }
code { font: 14px/1.5 ui-monospace, monospace } .verb { color: var(--accent); font-weight: 600 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td, th { text-align: left; padding: .3rem .6rem;
border-bottom: 1px solid var(--line); vertical-align: top; font-size: .92rem } th { font-weight: 600 }
details { background: var(--soft); border-radius: .4rem; padding: .4rem .8rem; margin: .5rem 0 }
summary { cursor: pointer } nav a { display: inline-block; margin-right: 1rem } a { color: var(--accent) }
""".strip()


def stylesheet() -> str:
    return _STYLE


def page(document: dict[str, Any]) -> str:
    sections = "".join(
        _section(path, method, {"security": document["security"], **operation})
        for path, methods in sorted(document["paths"].items(), key=_api_first)
        for method, operation in methods.items()
    )
    schemas = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"{_fields(schema)}</details>"
        for name, schema in document["components"]["schemas"].items()
    )
    info = document["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="/docs.css"></head><body>'
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info['description'])}</p>"
        "<p>Send your key with every request: <code>Authorization: Bearer shf_live_…</code>; where only a "
        'session counts, <a href="/sign-in">sign in</a>. '
        "Errors are <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>.</p>"
        '<nav><a href="/openapi.json">openapi.json</a><a href="#types">Types</a></nav>'
        f'{sections}<h2 id="types">Types</h2>{schemas}</body></html>'
    )


def _api_first(described: tuple[str, Any]) -> tuple[bool, str]:
    return not described[0].startswith("/v1/"), described[0]


def _section(path: str, method: str, operation: dict[str, Any]) -> str:
    facts = f"permission <code>{escape(operation['x-permission'])}</code>"
    if operation["security"]:
        names = (_CREDENTIALS[scheme] for option in operation["security"] for scheme in option)
        facts += f" · with {' or '.join(names)}"
    if "x-audit" in operation:
        facts += f" · audited as <code>{escape(operation['x-audit'])}</code>"
    parameters = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td><td>{_type(p['schema'])}</td></tr>"
        for p in operation["parameters"]
    )
    table = (
        f"<table><tr><th>Parameter</th><th>In</th><th>Type</th></tr>{parameters}</table>"
        if parameters
        else ""
    )
    body = ""
    if "requestBody" in operation:
        body = f"<p>Body: {_type(operation['requestBody']['content']['application/json']['schema'])}</p>"
    answers = "".join(
        f"<p>{escape(status)}: {_answer(response)}</p>"
        for status, response in operation["responses"].items()
        if status != "default"
    )
    return (
        f'<h2><code><span class="verb">{method.upper()}</span> {escape(path)}</code></h2>'
        f"<p>{_prose(operation['summary'])}</p><p><small>{facts}</small></p>{table}{body}{answers}"
    )


def _answer(response: dict[str, Any]) -> str:
    for content_type, content in response.get("content", {}).items():
        return f"{_type(content['schema'])} <small>{escape(content_type)}</small>"
    return escape(response["description"])


def _fields(schema: dict[str, Any]) -> str:
    note = f"<p>{_prose(schema['description'])}</p>" if "description" in schema else ""
    if "enum" in schema:
        return note + "<p>" + ", ".join(f"<code>{escape(str(v))}</code>" for v in schema["enum"]) + "</p>"
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if name in required else ' <small>optional</small>'}</td>"
        f"<td>{_type(part)}</td></tr>"
        for name, part in schema.get("properties", {}).items()
    )
    return f"{note}<table>{rows}</table>"


def _prose(text: str) -> str:
    """Docstrings mark code with backticks, one or two."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _bounds(schema: dict[str, Any]) -> str:
    said = [str(schema.get("format") or schema.get("type") or "any")]
    if "minimum" in schema or "maximum" in schema:
        said.append(f"{schema.get('minimum', '')} to {schema.get('maximum', '')}".strip())
    if "maxLength" in schema:
        said.append(f"at most {schema['maxLength']} characters")
    if schema.get("default") is not None:
        said.append(f"{schema['default']} if left out")
    return escape(", ".join(said))


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}"><code>{name}</code></a>'
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"map of {_type(schema['additionalProperties'])}"
    return _bounds(schema)
