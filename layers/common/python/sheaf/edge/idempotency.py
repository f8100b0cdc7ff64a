"""Idempotency-Key: the same request twice makes one thing.

What is kept is which request used the key and the id of what it made, never the response: a response can
hold a signature. It is written in the transaction of the effect, so there is no moment between them.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheaf.kernel.errors import InvalidRequest

if TYPE_CHECKING:
    from sheaf.storage.tenant import Tenant

REPLAYED = {"idempotent-replayed": "true"}
_LONGEST = 255


@dataclass(frozen=True)
class Claim:
    """``subject`` is set when an earlier request with this key has made something already."""

    key: str
    fingerprint: str
    subject: str | None

    def stage(self, tenant: Tenant) -> None:
        for change in tenant.changes[:1]:
            tenant.idempotency.add(
                self.key, fingerprint=self.fingerprint, subject=change.subject, now=tenant.clock.now()
            )


def claim(tenant: Tenant, header: str, route: str, event: Mapping[str, Any]) -> Claim:
    """Raises InvalidRequest when the key was used for another request."""
    if len(header) > _LONGEST or not header.isprintable():
        raise InvalidRequest("An Idempotency-Key has at most 255 printable characters.")
    key = hashlib.sha256(f"{tenant.actor.id}\x00{route}\x00{header}".encode()).hexdigest()
    fingerprint = hashlib.sha256(f"{event['rawPath']}\x00{event.get('body') or ''}".encode()).hexdigest()
    known = tenant.idempotency.get(key)
    if known is None:
        return Claim(key, fingerprint, None)
    if known[0] != fingerprint:
        raise InvalidRequest(
            "This Idempotency-Key was used for a different request.", code="idempotency_key_reused"
        )
    return Claim(key, fingerprint, known[1])
