"""Makes a workspace, in a process that has the functions' environment."""

from __future__ import annotations

from typing import Any

from infra.local.runtime import Context


def handler(event: dict[str, str], _context: Context) -> dict[str, Any]:
    from sheaf.edge.provisioning import create_workspace

    made = create_workspace(event["name"])
    return {"workspace_id": made.workspace_id, "api_key": made.api_key, "key_id": made.key_id}
