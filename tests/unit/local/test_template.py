from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.failure import LocalError
from infra.local.template import Route, load
from tests.unit.local.conftest import FAKE_TEMPLATE


def test_what_calls_the_functions_is_read_from_the_template() -> None:
    template = load(FAKE_TEMPLATE, "us-east-1")

    assert set(template.functions) == {"Echo", "Misbehave", "Consume"}
    assert template.functions["Misbehave"].timeout == 1
    assert Route("GET", "/things/{thing_id}", "Echo") in template.routes
    [source] = template.sources
    assert (source.function, source.batch_size, source.partial_failures) == ("Consume", 5, True)
    assert source.queue == {"Fn::GetAtt": ["DataQueue", "Arn"]}
    [schedule] = template.schedules
    assert (schedule.function, schedule.expression) == ("Consume", "rate(1 day)")


def test_what_runs_code_is_left_out_with_what_refers_to_it() -> None:
    resources = load(FAKE_TEMPLATE, "us-east-1").infrastructure["Resources"]

    assert set(resources) == {
        "Role", "DataTable", "DataBucket", "DataQueue", "DataDeadLetters", "DataTopic", "DataQueuePolicy",
    }  # fmt: skip


def test_policies_do_not_ask_the_loopback_for_tls() -> None:
    resources = load(FAKE_TEMPLATE, "us-east-1").infrastructure["Resources"]

    statements = resources["DataQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Effect"] for statement in statements] == ["Allow"]


def test_a_template_that_is_missing_or_wrong_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="There is no"):
        load(tmp_path / "template.yaml", "us-east-1")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function}}\n"
    )
    with pytest.raises(LocalError, match="no template"):
        load(wrong, "us-east-1")
