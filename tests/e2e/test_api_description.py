"""Whatever is sent, the answer is one that the API's description promises, and none is a fault of ours.

``EXAMPLES=200`` (``make schema``) asks each operation so often, and at the edges of every parameter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import PoolManager

from infra.local.openid_tokens import Account
from infra.local.stack import LocalStack
from sheaf.access.roles import PEOPLE_ONLY, Permission
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.edge.openapi import describe
from tests.drift import routes

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
ROUTES = {route.key: route for route in routes()}
ENDING = frozenset({Permission.OWN_ACCOUNT, Permission.WORKSPACE_OWN})
"""What is permitted so may be the end of the session, or of its place in the workspace."""

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
schema = schemathesis.openapi.from_dict(
    describe(ROUTES.values(), version="0"),
    config=schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": EXAMPLES > 0}}}),
)


@dataclass
class Person:
    """Somebody who signs in at the provider, from an address of their own, and has a workspace."""

    stack: LocalStack
    email: str
    http: PoolManager = field(
        default_factory=lambda: PoolManager(retries=False, timeout=60, source_address=("127.0.0.2", 0))
    )

    @cached_property
    def headers(self) -> dict[str, str]:
        away = self.http.request("GET", f"{self.stack.url}/v1/sign-in/google", redirect=False)
        answer = self.stack.openid.authorize(away.headers["location"], Account(self.email))
        url = f"{self.stack.url}/v1/sign-in/google/callback?{urlencode(answer)}"
        started = {"cookie": away.headers["set-cookie"].partition(";")[0]}
        back = self.http.request("GET", url, headers=started, redirect=False)
        given = (cookie.partition(";")[0] for cookie in back.headers.getlist("set-cookie"))
        [session] = [cookie for cookie in given if cookie.startswith(f"{SESSION_COOKIE}=")]
        signed_in = {"cookie": session, "origin": self.stack.url}
        made = self.http.request(
            "POST", f"{self.stack.url}/v1/workspaces", headers=signed_in, json={"name": "Mine"}
        )
        assert made.status == 201, made.data
        return signed_in

    @property
    def is_in(self) -> bool:
        answer = self.http.request("GET", f"{self.stack.url}/v1/workspace", headers=self.headers)
        return answer.status == 200


@dataclass
class Callers:
    """``key`` is an owner's API key."""

    stack: LocalStack
    key: str
    people: dict[str, Person] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def headers(self, route: str) -> dict[str, str]:
        permission = ROUTES[route].permission
        if permission is Permission.PUBLIC:
            return {}
        if permission not in PEOPLE_ONLY:
            return {"authorization": f"Bearer {self.key}"}
        if route not in self.people:
            self.people[route] = Person(self.stack, f"somebody-{next(self.numbers)}@example.com")
        return self.people[route].headers

    def after(self, route: str, status: int) -> None:
        if ROUTES[route].permission in ENDING and status < 400 and not self.people[route].is_in:
            del self.people[route]


@pytest.fixture(scope="session")
def callers(stack: LocalStack) -> Callers:
    return Callers(stack, stack.create_workspace("Described").api_key)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES or 3,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_was_promised(callers: Callers, case: Any) -> None:
    route = case.operation.label
    headers = callers.headers(route)
    response = case.call_and_validate(
        base_url=callers.stack.url, headers=headers, checks=CHECKS, allow_redirects=False
    )
    callers.after(route, response.status_code)
