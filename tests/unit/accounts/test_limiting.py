"""Who may be limited to which clients, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.access.visibility import EVERYTHING, Visibility
from sheaf.accounts.limiting import limit_to, shown, told
from sheaf.kernel.errors import Forbidden, InvalidRequest

ONE, TWO = frozenset({"cli_1"}), frozenset({"cli_1", "cli_2"})


class FakeClients:
    def missing(self, client_ids: Iterable[str]) -> list[str]:
        return sorted(set(client_ids) - {"cli_1", "cli_2", "cli_3"})


class FakeTenant:
    def __init__(self, visibility: Visibility = EVERYTHING) -> None:
        self.visibility = visibility
        self.clients = FakeClients()


def limited(role: Role, clients: frozenset[str] | None, by: Visibility = EVERYTHING) -> Any:
    tenant: Any = FakeTenant(by)
    return limit_to(tenant, role, clients)


def test_members_and_readers_are_limited_to_clients_that_are_there() -> None:
    assert limited(Role.MEMBER, ONE) == ONE
    assert limited(Role.READ_ONLY, TWO) == TWO
    with pytest.raises(InvalidRequest, match="cli_9") as refused:
        limited(Role.MEMBER, ONE | {"cli_9"})
    assert refused.value.code == "client_unknown"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OWNER])
def test_whoever_sees_all_by_role_is_not_limited(role: Role) -> None:
    assert limited(role, None) is None
    with pytest.raises(InvalidRequest) as refused:
        limited(role, ONE)
    assert refused.value.code == "role_sees_all"


@pytest.mark.parametrize("beyond", [None, TWO, frozenset({"cli_3"})])
def test_nobody_gives_more_than_they_have(beyond: frozenset[str] | None) -> None:
    by = Visibility(ONE)
    assert limited(Role.MEMBER, ONE, by) == ONE
    with pytest.raises(Forbidden) as refused:
        limited(Role.MEMBER, beyond, by)
    assert refused.value.code == "beyond_your_clients"


def test_the_limits_of_others_are_shown_as_far_as_one_sees() -> None:
    everything: Any = FakeTenant()
    some: Any = FakeTenant(Visibility(ONE))
    assert shown(everything, Role.MEMBER, TWO) == ["cli_1", "cli_2"]
    assert shown(some, Role.MEMBER, TWO) == ["cli_1"]
    assert shown(some, Role.MEMBER, None) is None
    assert shown(everything, Role.ADMIN, TWO) is None, "which counts for nothing as long as they are one"


def test_what_the_log_says() -> None:
    assert told(None) == "all"
    assert told(TWO) == "cli_1, cli_2"
