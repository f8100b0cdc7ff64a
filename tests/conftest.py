from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from infra.local.stack import LocalStack

# A busy machine is no failure: how long an example takes is measured in benchmarks, not asserted.
settings.register_profile("sheaf", deadline=None)
settings.register_profile("fuzz", settings.get_profile("sheaf"), max_examples=5_000)
settings.register_profile("lives", settings.get_profile("sheaf"), max_examples=200, stateful_step_count=50)
settings.load_profile("sheaf")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The embedded AWS with all functions, on free ports, with a state of its own; there is one, for the
    tests of the group ``stack``.
    """
    from infra.local.stack import LocalStack

    said: list[str] = []
    with LocalStack(tmp_path_factory.mktemp("sheaf"), port=0, notify=said.append) as running:
        yield running
    assert said == []
