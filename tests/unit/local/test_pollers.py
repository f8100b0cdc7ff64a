from __future__ import annotations

from typing import Any

import pytest

from infra.local.environments import Answer
from infra.local.pollers import failures

BATCH = ["a", "b", "c"]


def failed(*ids: Any) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}


@pytest.mark.parametrize(
    ("payload", "come_back"),
    [
        (failed("b"), {"b"}),
        (failed(), set()),
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": None}, set()),
        (failed("b", "unknown"), {"a", "b", "c"}),
        (failed(""), {"a", "b", "c"}),
        ({"batchItemFailures": [{"wrong": "b"}]}, {"a", "b", "c"}),
        ({"batchItemFailures": ["b"]}, {"a", "b", "c"}),
        ({"batchItemFailures": "b"}, {"a", "b", "c"}),
        ("surprise", {"a", "b", "c"}),
    ],
)
def test_the_messages_a_partial_answer_sends_back(payload: Any, come_back: set[str]) -> None:
    assert failures(Answer(payload=payload), BATCH, partial=True) == come_back


def test_an_error_sends_the_whole_batch_back() -> None:
    answer = Answer(error={"errorType": "E", "errorMessage": ""})

    assert failures(answer, BATCH, partial=True) == failures(answer, BATCH, partial=False) == {"a", "b", "c"}


def test_without_partial_failures_an_answer_is_success_whatever_it_says() -> None:
    assert failures(Answer(payload=failed("a")), BATCH, partial=False) == set()
