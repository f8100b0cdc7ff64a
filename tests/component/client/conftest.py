from __future__ import annotations

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.client import Handlers
from tests.builders.world import World, world

__all__ = ["world"]


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def handlers(world: World) -> Handlers:
    return Handlers(world)
