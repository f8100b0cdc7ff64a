"""The routes in the code are the routes in the template, each at the function whose folder declares it."""

from __future__ import annotations

import importlib
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from infra.local.template import load
from sheaf.edge.queues import LAST_DELIVERY
from tests.drift import APIS, GENERATED, ROOT


def test_the_template_routes_are_the_routes_of_the_code() -> None:
    template = load(Path(ROOT) / "template.yaml", "us-east-1")
    deployed = {(route.key, template.functions[route.function].handler) for route in template.routes}

    declared = {
        (key, f"functions.{name}.handler.handler")
        for name in APIS
        for key in importlib.import_module(f"functions.{name}.handler").api.routes
    }

    assert declared == deployed


def test_the_generated_files_are_what_the_code_says() -> None:
    for name, make in GENERATED.items():
        assert (ROOT / name).read_text(encoding="utf-8") == make(), f"run `make generate`: {name}"


def test_a_message_is_given_up_at_the_delivery_that_is_its_last() -> None:
    resources = yaml_parse((ROOT / "infra" / "data.yaml").read_text())["Resources"].values()
    policies = [r["Properties"]["RedrivePolicy"] for r in resources if "RedrivePolicy" in r["Properties"]]
    assert {policy["maxReceiveCount"] for policy in policies} == {LAST_DELIVERY}
