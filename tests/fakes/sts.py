"""STS as far as functions use it: sessions of a role, each with its tags and a key that names it.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass(frozen=True)
class Session:
    role_arn: str
    name: str
    tags: dict[str, str]


@dataclass
class FakeSts:
    """``life`` is what is left of a session that is handed out; ``sessions`` are found by access key."""

    life: timedelta = timedelta(hours=1)
    sessions: dict[str, Session] = field(default_factory=dict)

    def answer(self, form: str) -> bytes:
        asked = {name: values[0] for name, values in parse_qs(form).items()}
        assert asked["Action"] == "AssumeRole"
        keys = {name: value for name, value in asked.items() if name.startswith("Tags.") and "Key" in name}
        tags = {key: asked[name.replace("Key", "Value")] for name, key in keys.items()}
        access_key = f"ASIA{len(self.sessions):016}"
        self.sessions[access_key] = Session(asked["RoleArn"], asked["RoleSessionName"], tags)
        issued = {
            "AccessKeyId": access_key,
            "SecretAccessKey": f"secret of {access_key}",
            "SessionToken": f"token of {access_key}",
            "Expiration": (datetime.now(UTC) + self.life).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in issued.items())
        return (
            f'<AssumeRoleResponse xmlns="{_NAMESPACE}"><AssumeRoleResult><Credentials>{fields}</Credentials>'
            "</AssumeRoleResult></AssumeRoleResponse>"
        ).encode()
