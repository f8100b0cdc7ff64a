from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf.edge.provisioning import Provisioned
from sheaf_cli.main import app
from sheaf_client import Client
from tests.builders.client import Handlers, client_of
from tests.builders.world import World, world

__all__ = ["world"]

type Sheaf = Callable[..., Any]


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def handlers(world: World) -> Handlers:
    return Handlers(world)


@pytest.fixture
def sheaf(handlers: Handlers, ws: Provisioned, monkeypatch: pytest.MonkeyPatch) -> Sheaf:
    """``sheaf("documents", "--json")``, as an owner's key and at a terminal of 100 columns."""
    monkeypatch.setattr(Client, "connect", lambda *_, **__: client_of(handlers, ws.api_key))
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str | Path, keys: str | None = None) -> Any:
        return CliRunner().invoke(app, list(map(str, arguments)), input=keys)

    return run


def of_json(result: Any) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
