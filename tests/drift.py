"""Generated files and locks, compared with what they come from: `python -m tests.drift [--write]`."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import client_generator
from sheaf.access.roles import Permission, Role
from sheaf.edge.api import Api, Route
from sheaf.edge.openapi import describe
from tests.locks import problems

ROOT = Path(__file__).parent.parent
APIS = (
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
)


def routes() -> list[Route]:
    apis: list[Api] = [importlib.import_module(f"functions.{name}.handler").api for name in APIS]
    found = [route for api in apis for route in api.routes.values()]
    return sorted(found, key=lambda route: (route.path, route.method))


def description() -> dict[str, Any]:
    return describe(routes(), version="0.1.0")


def openapi() -> str:
    return json.dumps(description(), indent=2, ensure_ascii=False) + "\n"


def of_client(make: Callable[[dict[str, Any]], str]) -> str:
    return make(description())


def permissions() -> str:
    lines = [
        "# Who may do what",
        "",
        "Generated from the routes and the table of grants (`make generate`); `make lint` checks it.",
        "",
        "| Route | Permission | Owner | Admin | Member | Read-only | Audited as |",
        "|---|---|---|---|---|---|---|",
    ]
    for route in routes():
        if route.permission is Permission.PUBLIC:
            marks = ["anybody"] * len(Role)
        else:
            marks = ["yes" if role.allows(route.permission) else "no" for role in Role]
        audited = f"`{route.audit}`" if route.audit else ""
        lines.append(f"| `{route.key}` | `{route.permission}` | {' | '.join(marks)} | {audited} |")
    return "\n".join(lines) + "\n"


def security() -> str:
    """Raises when a file or a test that is named is not there: a promise without its proof is none."""
    facts = json.loads((ROOT / "functions/console/security.json").read_text(encoding="utf-8"))
    lines = [
        "# What is promised, where it is, and what proves it",
        "",
        "Generated (`make generate`) from [security.json](../functions/console/security.json), which the",
        "page `/security` is made from as well; `make lint` checks that each file and each test is there.",
    ]
    for control in facts["controls"]:
        code = ", ".join(f"[{_there(name)}](../{name})" for name in control["code"])
        tests = "<br>".join(f"`{_there(name)}`" for name in control["tests"])
        lines += ["", f"## {control['promise']}", "", control["how"], ""]
        lines += ["| | |", "|---|---|", f"| Code | {code} |", f"| Tests | {tests} |"]
        lines += [f"| See it | {control['see']} |"]
    lines += ["", "## Subprocessors", "", "| Provider | For | Data | Region |", "|---|---|---|---|"]
    for each in facts["subprocessors"]:
        name = each["name"] + (" (only if used)" if each["optional"] else "")
        lines.append(f"| {name} | {each['for']} | {each['data']} | {each['region']} |")
    return "\n".join(lines) + "\n"


def _there(name: str) -> str:
    path, *parts = name.split("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    names = {node.name for node in ast.walk(ast.parse(source)) if hasattr(node, "name")} if parts else set()
    if missing := [part for part in parts if part not in names]:
        raise LookupError(f"security.json names {name}: there is no {missing[0]} in {path}")
    return name


GENERATED = {
    "docs/security.md": security,
    "functions/console/openapi.json": openapi,
    "docs/permissions.md": permissions,
    **{name: partial(of_client, make) for name, make in client_generator.GENERATED.items()},
}


def main(*, write: bool) -> int:
    stale = 0
    for name, make in GENERATED.items():
        path = ROOT / name
        text = make()
        if write:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{name} is not what the routes say: run `make generate` and look at the difference.")
            stale = 1
    for problem in problems():
        print(problem)
        stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
