"""Which documents somebody sees: all of a workspace, or those of some of its clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sheaf.access.roles import Role

LIMITABLE = frozenset({Role.MEMBER, Role.READ_ONLY})
"""Owners and admins answer for the whole workspace."""

MOST_CLIENTS = 50
"""That somebody may be limited to: a list of theirs asks for the documents of each."""


@dataclass(frozen=True)
class Visibility:
    """``clients`` None: every document. Else those of these clients; one without a client is none of them."""

    clients: frozenset[str] | None = None

    @property
    def is_limited(self) -> bool:
        return self.clients is not None

    def sees(self, client_id: str | None) -> bool:
        return self.clients is None or client_id in self.clients

    def covers(self, clients: Iterable[str] | None) -> bool:
        """Whether whoever sees these clients (None: everything) sees nothing beyond this."""
        return self.clients is None or (clients is not None and self.clients.issuperset(clients))


EVERYTHING = Visibility()


def visibility_of(role: Role, clients: frozenset[str] | None) -> Visibility:
    """Of somebody who has that role and is limited to these clients (None: to none in particular)."""
    return Visibility(clients) if role in LIMITABLE else EVERYTHING
