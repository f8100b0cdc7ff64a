from pathlib import Path

import pytest

from infra.local.stack import LocalStack
from tests.e2e.client import Client


@pytest.fixture
def client(stack: LocalStack) -> Client:
    return Client.of(stack)


@pytest.fixture(scope="session")
def samples() -> Path:
    return Path(__file__).parents[2] / "samples"
