"""Many at once: what a single conditional write decides, nobody decides twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from infra.local.aws import CREDENTIALS, REGION
from infra.local.stack import LocalStack
from sheaf import aws
from sheaf.access.limits import Limit
from sheaf.kernel.clock import SystemClock
from sheaf.kernel.errors import TooManyRequests
from sheaf.settings import Settings
from sheaf.storage.connection import connect
from sheaf.storage.throttles import Throttles

pytestmark = pytest.mark.xdist_group("stack")
LIMIT = Limit("bursts", 5, timedelta(days=1))


def test_a_burst_overdraws_no_bucket(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (CREDENTIALS | {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": stack.aws.endpoint}).items():
        monkeypatch.setenv(name, value)
    for cached in (aws.client, aws.shared_session):
        cached.cache_clear()
    known = {name.removeprefix("SHEAF_").lower(): value for name, value in stack.environment.items()}
    settings = Settings.model_validate(known)
    throttles = Throttles(connect(settings), settings.directory_table, SystemClock())

    def taken(_: int) -> bool:
        try:
            throttles.take(LIMIT, "somebody")
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(taken, range(40)))
    for cached in (aws.client, aws.shared_session):
        cached.cache_clear()

    assert answers.count(True) == 5
