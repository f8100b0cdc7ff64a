"""Whose credentials a call is signed with, and how long they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from sheaf import aws
from sheaf.aws import TenantPrincipal, TenantRole
from tests.builders.files import text_pdf
from tests.builders.world import SETTINGS, World
from tests.fakes.network import Fault

OUTLIVE = timedelta(minutes=15)


@pytest.fixture
def role(world: World) -> TenantRole:
    return TenantRole(SETTINGS.tenant_role_arn, SETTINGS.region, outlive=OUTLIVE)


def key_of(principal: TenantPrincipal) -> str:
    return str(principal.credentials.get_frozen_credentials().access_key)


def signer_of(world: World) -> str:
    """Whose key the next call is signed with."""
    with signers(world.dynamodb) as keys:
        world.dynamodb.list_tables()
    return keys[0]


@contextmanager
def signers(client: Any) -> Iterator[list[str]]:
    keys: list[str] = []

    def note(**event: Any) -> None:
        signed = str(event["request"].headers["Authorization"])
        keys.append(signed.partition("Credential=")[2].partition("/")[0])

    client.meta.events.register_first("before-send", note)
    yield keys
    client.meta.events.unregister("before-send", note)


def test_a_session_carries_the_workspace_as_its_only_tag_and_in_its_name(
    world: World, role: TenantRole
) -> None:
    session = world.network.sts.sessions[key_of(role.principal("wrk_1"))]
    assert (session.role_arn, session.name) == (SETTINGS.tenant_role_arn, "wrk_1")
    assert session.tags == {"workspace": "wrk_1"}


def test_each_workspace_is_assumed_once(world: World, role: TenantRole) -> None:
    one, other = role.principal("wrk_1"), role.principal("wrk_2")
    assert len({key_of(principal) for principal in (one, other, one, role.principal("wrk_2"))}) == 2
    assert len(world.network.sts.sessions) == 2


def test_nothing_is_assumed_for_a_request_that_touches_nothing(world: World) -> None:
    before = len(world.network.sts.sessions)
    assert world.call("no key", "GET /v1/documents").status == 401
    world.tenant("wrk_1")
    assert len(world.network.sts.sessions) == before


def test_calls_are_signed_for_the_workspace_inside_and_for_the_function_outside(
    world: World, role: TenantRole
) -> None:
    one, other = role.principal("wrk_1"), role.principal("wrk_2")
    own = signer_of(world)
    with one.acting():
        assert signer_of(world) == key_of(one)
        with other.acting():
            assert signer_of(world) == key_of(other)
        assert signer_of(world) == key_of(one)
    assert signer_of(world) == own == "testing"


def test_another_thread_does_not_act_along(world: World, role: TenantRole) -> None:
    seen: list[str] = []
    with role.principal("wrk_1").acting():
        thread = Thread(target=lambda: seen.append(signer_of(world)))
        thread.start()
        thread.join()
    assert seen == ["testing"]


def test_a_failure_inside_ends_the_acting(world: World, role: TenantRole) -> None:
    with pytest.raises(ZeroDivisionError), role.principal("wrk_1").acting():
        _ = 1 / 0
    assert signer_of(world) == "testing"


def test_a_session_that_would_not_outlive_a_link_is_renewed_first(world: World, role: TenantRole) -> None:
    world.network.sts.life = OUTLIVE - timedelta(seconds=1)
    principal = role.principal("wrk_1")
    first = key_of(principal)
    world.network.sts.life = timedelta(hours=1)
    assert key_of(principal) != first
    assert key_of(principal) == key_of(principal)


def test_a_session_is_renewed_while_acting_too_and_by_the_function_itself(
    world: World, role: TenantRole
) -> None:
    world.network.sts.life = OUTLIVE - timedelta(seconds=1)
    principal = role.principal("wrk_1")
    with principal.acting(), signers(aws.client("sts", SETTINGS.region)) as keys:
        world.network.sts.life = timedelta(hours=1)
        assert signer_of(world) == key_of(principal)
    assert set(keys) == {"testing"}


def test_while_there_is_time_left_an_sts_that_does_not_answer_is_waited_out(
    world: World, role: TenantRole
) -> None:
    world.network.sts.life = OUTLIVE + timedelta(minutes=5)
    principal = role.principal("wrk_1")
    first = key_of(principal)
    with world.network.failing(0, Fault.UNREACHABLE):
        assert key_of(principal) == first


def test_without_a_session_nothing_is_done(world: World, role: TenantRole) -> None:
    with world.network.failing(0, Fault.UNREACHABLE), pytest.raises(ConnectTimeoutError):
        key_of(role.principal("wrk_1"))


def test_what_sts_refuses_is_refused(world: World, role: TenantRole) -> None:
    with world.network.guard.running("Sweep"), pytest.raises(ClientError, match="AccessDenied"):
        key_of(role.principal("not a workspace"))
    world.network.guard.refusals.clear()


def test_a_link_is_signed_for_the_workspace(world: World) -> None:
    ws = world.workspace()
    body = {"filename": "a.pdf", "content_type": "application/pdf", "size": len(text_pdf(["x"]))}
    fields = world.call(ws.api_key, "POST /v1/uploads", body=body).json["fields"]
    signer = fields["x-amz-credential"].partition("/")[0]
    assert world.network.sts.sessions[signer].tags == {"workspace": ws.workspace_id}
    assert fields["x-amz-security-token"] == f"token of {signer}"
