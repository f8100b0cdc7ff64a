"""Who may do what: four roles, one table of grants. Nothing else in the code decides it."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    PUBLIC = "public"
    """Anybody, with no credential: a deliberate value, never a default."""

    OWN_ACCOUNT = "account:own"
    """Whoever is signed in, about themselves: no role is asked, and no API key is anybody."""

    WORKSPACE_READ = "workspace:read"
    WORKSPACE_WRITE = "workspace:write"
    WORKSPACE_OWN = "workspace:own"
    """Transfer and deletion."""

    MEMBER_READ = "member:read"
    MEMBER_WRITE = "member:write"
    KEY_READ = "key:read"
    KEY_WRITE = "key:write"
    SUBSCRIPTION_WRITE = "subscription:write"
    """Buying a plan, and what it is paid with."""

    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    AUDIT_READ = "audit:read"
    DOCUMENT_READ = "document:read"
    DOCUMENT_UPLOAD = "document:upload"
    DOCUMENT_WRITE = "document:write"
    """Correct, comment, claim."""

    DOCUMENT_APPROVE = "document:approve"
    DOCUMENT_EXPORT = "document:export"
    DOCUMENT_DELETE = "document:delete"
    SUPPLIER_READ = "supplier:read"
    SUPPLIER_WRITE = "supplier:write"
    """What is remembered decides where money goes."""

    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"
    """Whose books there are, and what they are called; which documents are in them, whoever corrects says."""

    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"
    """Customers, the catalogue, drafts."""

    BILLING_ISSUE = "billing:issue"
    """What goes out in the workspace's name, and what came in for it."""

    BILLING_REFUND = "billing:refund"
    """What takes back: money, or something that was issued."""

    PAYMENT_ACCOUNT_WRITE = "payment-account:write"
    """Where the money of card payments goes."""


PEOPLE_ONLY = frozenset(
    {
        Permission.WORKSPACE_OWN,
        Permission.MEMBER_WRITE,
        Permission.KEY_WRITE,
        Permission.SUBSCRIPTION_WRITE,
        Permission.PAYMENT_ACCOUNT_WRITE,
        Permission.OWN_ACCOUNT,
    }
)
"""What no API key may do, whatever its role: a leaked key must not make more keys, or members, or debts."""


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"

    def allows(self, permission: Permission) -> bool:
        return permission in _EVERYBODY or permission in GRANTS[self]

    def outranks(self, other: Role) -> bool:
        return _RANK[self] < _RANK[other]


_EVERYBODY = frozenset({Permission.PUBLIC, Permission.OWN_ACCOUNT})
_RANK = {role: rank for rank, role in enumerate(Role)}

_READ_ONLY = frozenset(
    {
        Permission.WORKSPACE_READ,
        Permission.MEMBER_READ,
        Permission.SETTINGS_READ,
        Permission.DOCUMENT_READ,
        Permission.SUPPLIER_READ,
        Permission.CLIENT_READ,
        Permission.BILLING_READ,
    }
)
_MEMBER = _READ_ONLY | {
    Permission.DOCUMENT_UPLOAD,
    Permission.DOCUMENT_WRITE,
    Permission.DOCUMENT_APPROVE,
    Permission.DOCUMENT_EXPORT,
    Permission.BILLING_WRITE,
    Permission.BILLING_ISSUE,
}
_ADMIN = _MEMBER | {
    Permission.DOCUMENT_DELETE,
    Permission.BILLING_REFUND,
    Permission.PAYMENT_ACCOUNT_WRITE,
    Permission.SUPPLIER_WRITE,
    Permission.CLIENT_WRITE,
    Permission.SETTINGS_WRITE,
    Permission.AUDIT_READ,
    Permission.WORKSPACE_WRITE,
    Permission.MEMBER_WRITE,
    Permission.KEY_READ,
    Permission.KEY_WRITE,
    Permission.SUBSCRIPTION_WRITE,
}
_OWNER = _ADMIN | {Permission.WORKSPACE_OWN}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.READ_ONLY: _READ_ONLY,
    Role.MEMBER: _MEMBER,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}
