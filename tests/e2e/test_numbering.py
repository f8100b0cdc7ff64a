"""Numbers of what is issued on the embedded AWS, whose transactions are real: no gap and no double."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.builders.billing import BUYER, LINE, SETTINGS
from tests.e2e.client import Client

pytestmark = pytest.mark.xdist_group("stack")

AT_ONCE = 64


def test_many_at_once_get_a_number_each_and_leave_no_gap(client: Client) -> None:
    status, answer = client.call("PUT", "/v1/settings/billing", SETTINGS, **{"if-match": "*"})
    assert status == 200, answer
    body = {"kind": "invoice", "buyer": BUYER, "lines": [LINE]}
    drafts = [client.call("POST", "/v1/issued-documents", body)[1] for _ in range(AT_ONCE)]

    def issue(draft: dict[str, Any]) -> tuple[int, Any]:
        path = f"/v1/issued-documents/{draft['id']}/issue"
        return client.call("POST", path, **{"if-match": '"1"', "idempotency-key": draft["id"]})

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(issue, drafts))

    assert {status for status, _ in answers} == {200}, answers
    numbers = sorted(answer["number"] for _, answer in answers)
    assert numbers == [f"INV-{numbers[0][4:8]}-{number:05}" for number in range(1, AT_ONCE + 1)]
