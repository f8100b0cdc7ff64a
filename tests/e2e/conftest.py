from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.stack import LocalStack
from tests.e2e.client import Client


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The embedded AWS with all functions, on free ports, with a state of its own."""
    said: list[str] = []
    with LocalStack(tmp_path_factory.mktemp("sheaf"), port=0, notify=said.append) as running:
        yield running
    assert said == []


@pytest.fixture
def client(stack: LocalStack) -> Client:
    return Client.of(stack)


@pytest.fixture(scope="session")
def samples() -> Path:
    return Path(__file__).parents[2] / "samples"
