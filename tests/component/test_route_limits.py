"""The limits of a route: each caller's tries, and those of all in a workspace together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sheaf.access.limits import Limit
from sheaf.access.roles import Permission, Role
from sheaf.audit.entries import Action
from sheaf.edge.api import Api
from sheaf.edge.routes import Limits
from tests.builders.world import SETTINGS, World
from tests.component.serving import Said, with_key, with_session

FEW = Limit("few", 1, timedelta(minutes=1))
MANY = Limit("many", 99, timedelta(minutes=1))


@pytest.fixture
def place(world: World) -> str:
    return world.workspace().workspace_id


def own(limits: Limits) -> Api:
    api = Api()

    @api.post("/v1/words", permission=Permission.OWN_ACCOUNT, audit=Action.SESSION_PROVED, limits=limits)
    def say() -> Said:
        return Said(words=[])

    return api


def signed_in(world: World, name: str, place: str, *, works_there: bool = True) -> str:
    user_id = world.person(f"{name}@example.test", (place, Role.MEMBER))
    return world.sign_in(user_id, place if works_there else None)


def test_an_answer_says_what_is_left(world: World, place: str) -> None:
    headers = with_session(own(Limits(of_caller=MANY)), signed_in(world, "ada", place), "POST")["headers"]
    assert headers["ratelimit-policy"] == '"many";q=99;w=60'
    assert headers["ratelimit"] == '"many";r=98;t=1'


def test_where_there_is_none_nothing_is_counted(world: World) -> None:
    api = Api()

    @api.get("/v1/words", permission=Permission.DOCUMENT_READ)
    def say() -> Said:
        return Said(words=[])

    assert "ratelimit" not in with_key(api, world.workspace().api_key)["headers"]
    assert world.items("THROTTLE", SETTINGS.directory_table) == []


@pytest.mark.parametrize(("works_there", "second"), [(True, 429), (False, 201)])
def test_whoever_is_in_no_workspace_uses_up_nobody_elses_tries(
    world: World, place: str, works_there: bool, second: int
) -> None:
    api = own(Limits(of_caller=MANY, of_workspace=FEW))
    people = [signed_in(world, name, place, works_there=works_there) for name in ("ada", "bob")]
    assert [with_session(api, token, "POST")["statusCode"] for token in people] == [201, second]


def test_a_limit_may_be_each_callers_alone(world: World, place: str) -> None:
    api = own(Limits(of_caller=FEW))
    ada, bob = (signed_in(world, name, place) for name in ("ada", "bob"))
    statuses = [with_session(api, token, "POST")["statusCode"] for token in (ada, bob, ada)]
    assert statuses == [201, 201, 429]
