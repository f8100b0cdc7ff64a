from collections.abc import Iterator

import pytest

from tests.builders.world import fresh_world, world
from tests.security.probes import Pair, populate

__all__ = ["world"]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Two workspaces, made once for tests that take nothing away. A module that asks for this does not ask
    for ``world`` as well: there is one emulated AWS at a time.
    """
    with fresh_world() as world:
        pair = Pair(world, populate(world, "A"), populate(world, "B"))
        for each in (pair.own, pair.other):  # its key's use is noted once an hour: now
            assert world.call(each.ws.api_key, "GET /v1/workspace").status == 200
        yield pair
