from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.aws import session
from infra.local.stack import LocalStack

FAKE_TEMPLATE = Path(__file__).parents[2] / "fakes" / "local" / "template.yaml"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The host with fake functions: what is tested is what the host does with them."""
    with LocalStack(tmp_path_factory.mktemp("local"), template=FAKE_TEMPLATE) as running:
        yield running


@pytest.fixture
def aws(stack: LocalStack) -> Any:
    return lambda service: session().client(service, endpoint_url=stack.aws.endpoint)
