"""The table of grants, written out once more: changing it is a decision, not a side effect."""

from __future__ import annotations

import pytest

from sheaf.access.roles import GRANTS, Permission, Role

READING = {"workspace:read", "settings:read", "document:read"}
UPLOADING = READING | {"document:upload"}
RUNNING = UPLOADING | {"document:delete", "settings:write", "audit:read"}
EXPECTED = {"read-only": READING, "member": UPLOADING, "admin": RUNNING, "owner": RUNNING}


@pytest.mark.parametrize("role", Role)
def test_a_role_has_exactly_its_grants(role: Role) -> None:
    allowed = {permission.value for permission in Permission if role.allows(permission)}
    assert allowed == EXPECTED[role.value] | {"public"}


def test_every_permission_is_somebodys() -> None:
    assert set().union(*GRANTS.values()) == set(Permission) - {Permission.PUBLIC}


def test_roles_only_add_to_the_one_below() -> None:
    assert GRANTS[Role.READ_ONLY] <= GRANTS[Role.MEMBER] <= GRANTS[Role.ADMIN] <= GRANTS[Role.OWNER]
