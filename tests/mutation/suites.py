"""Which modules are mutated, and which tests are to notice."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "layers" / "common" / "python"

_DECLARED = "tests/unit/edge/test_route_declarations.py"

SUITES: dict[str, tuple[str, ...]] = {
    "sheaf/access/challenges.py": ("tests/unit/access/test_challenges.py",),
    "sheaf/access/connection_tokens.py": ("tests/unit/access/test_connection_tokens.py",),
    "sheaf/access/invitations.py": ("tests/unit/access/test_sessions.py",),
    "sheaf/access/keys.py": ("tests/unit/access/test_keys.py",),
    "sheaf/access/limits.py": ("tests/unit/access/test_limits.py",),
    "sheaf/access/openid.py": ("tests/unit/access/test_openid.py",),
    "sheaf/access/passkeys.py": ("tests/unit/access/test_passkeys.py",),
    "sheaf/access/roles.py": ("tests/unit/access/test_grants.py",),
    "sheaf/access/sealing.py": ("tests/unit/access/test_sealing.py",),
    "sheaf/access/sessions.py": ("tests/unit/access/test_sessions.py",),
    "sheaf/access/signatures.py": ("tests/unit/access/test_signatures.py",),
    "sheaf/access/tokens.py": ("tests/unit/access/test_tokens.py",),
    "sheaf/access/totp.py": ("tests/unit/access/test_totp.py",),
    "sheaf/access/users.py": ("tests/unit/access/test_users.py",),
    "sheaf/access/visibility.py": ("tests/unit/access/test_visibility.py",),
    "sheaf/access/webhooks.py": ("tests/unit/access/test_webhooks.py",),
    "sheaf/edge/api.py": (
        _DECLARED,
        "tests/unit/edge/test_answers.py",
        "tests/unit/edge/test_parameters.py",
        "tests/component/test_serving.py",
        "tests/component/test_route_limits.py",
        "tests/component/test_viewers.py",
    ),
    "sheaf/edge/cookies.py": ("tests/unit/edge/test_cookies.py",),
    "sheaf/edge/csrf.py": ("tests/unit/edge/test_csrf.py",),
    "sheaf/edge/identity.py": ("tests/unit/edge/test_permits.py", "tests/component/test_identity.py"),
    "sheaf/edge/routes.py": (_DECLARED, "tests/unit/edge/test_routes.py"),
    "sheaf/edge/viewer.py": ("tests/unit/edge/test_viewer.py", "tests/contract/template/test_edge.py"),
    "sheaf/storage/partition.py": (
        "tests/unit/storage/test_partition_requests.py",
        "tests/security/test_partition.py",
    ),
    "sheaf/storage/people.py": ("tests/component/test_people.py",),
}
"""Those that find the most come first: the first failure ends the run. The modules of ``sheaf.access`` that
are not here hold no rule, only fields.
"""

WITHOUT_RULES = frozenset({"__init__.py", "actor.py", "erasures.py"})
