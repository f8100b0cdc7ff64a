"""The table of grants, written out once more: changing it is a decision, not a side effect."""

from __future__ import annotations

import pytest

from sheaf.access.roles import GRANTS, PEOPLE_ONLY, Permission, Role

READING = {
    "workspace:read", "member:read", "settings:read", "document:read", "supplier:read", "client:read",
    "billing:read",
}  # fmt: skip
WORKING = READING | {
    "document:upload", "document:write", "document:approve", "document:export", "billing:write",
    "billing:issue",
}  # fmt: skip
RUNNING = WORKING | {
    "document:delete", "supplier:write", "client:write", "settings:write", "audit:read",
    "workspace:write", "member:write", "key:read", "key:write", "billing:refund", "payment-account:write",
    "subscription:write",
}  # fmt: skip
OWNING = RUNNING | {"workspace:own"}
EXPECTED = {"read-only": READING, "member": WORKING, "admin": RUNNING, "owner": OWNING}


@pytest.mark.parametrize("role", Role)
def test_a_role_has_exactly_its_grants(role: Role) -> None:
    allowed = {permission.value for permission in Permission if role.allows(permission)}
    assert allowed == EXPECTED[role.value] | {"public", "account:own"}


def test_every_permission_is_somebodys() -> None:
    assert set().union(*GRANTS.values()) == set(Permission) - {Permission.PUBLIC, Permission.OWN_ACCOUNT}


def test_roles_only_add_to_the_one_below() -> None:
    assert GRANTS[Role.READ_ONLY] <= GRANTS[Role.MEMBER] <= GRANTS[Role.ADMIN] <= GRANTS[Role.OWNER]


def test_nobody_outranks_an_owner_and_everybody_a_reader() -> None:
    order = [Role.OWNER, Role.ADMIN, Role.MEMBER, Role.READ_ONLY]
    for higher, role in enumerate(order):
        for lower, other in enumerate(order):
            assert role.outranks(other) is (higher < lower)


def test_what_keys_may_never_do() -> None:
    assert {permission.value for permission in PEOPLE_ONLY} == {
        "account:own", "key:write", "member:write", "workspace:own", "payment-account:write",
        "subscription:write",
    }  # fmt: skip
