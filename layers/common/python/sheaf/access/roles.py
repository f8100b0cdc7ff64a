"""Who may do what: four roles, one table of grants. Nothing else in the code decides it."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    PUBLIC = "public"
    """Anybody, with no credential: a deliberate value, never a default."""

    WORKSPACE_READ = "workspace:read"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    AUDIT_READ = "audit:read"
    DOCUMENT_READ = "document:read"
    DOCUMENT_UPLOAD = "document:upload"
    DOCUMENT_DELETE = "document:delete"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"

    def allows(self, permission: Permission) -> bool:
        return permission is Permission.PUBLIC or permission in GRANTS[self]


_READ_ONLY = frozenset({Permission.WORKSPACE_READ, Permission.SETTINGS_READ, Permission.DOCUMENT_READ})
_MEMBER = _READ_ONLY | {Permission.DOCUMENT_UPLOAD}
_ADMIN = _MEMBER | {Permission.DOCUMENT_DELETE, Permission.SETTINGS_WRITE, Permission.AUDIT_READ}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READ_ONLY: _READ_ONLY,
    Role.MEMBER: _MEMBER,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN,
}
