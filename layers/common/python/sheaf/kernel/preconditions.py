"""Optimistic concurrency: who changes a thing says which version of it they have seen (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheaf.kernel.errors import PreconditionFailed, PreconditionRequired

_ETAG = re.compile(r'\s*(W/)?"([^"]*)"\s*')


def etag(version: int) -> str:
    return f'"{version}"'


@dataclass(frozen=True)
class IfMatch:
    """``versions`` None: any will do (``*``)."""

    versions: frozenset[int] | None

    @classmethod
    def of(cls, header: str | None) -> IfMatch:
        """Raises PreconditionRequired. A weak tag, or one that we never gave, matches nothing."""
        if header is None or not header.strip():
            raise PreconditionRequired(
                "Say which version you have seen: send its ETag in If-Match, so that nobody's work is lost."
            )
        if header.strip() == "*":
            return cls(None)
        tags = (_ETAG.fullmatch(tag) for tag in header.split(","))
        strong = (tag[2] for tag in tags if tag and not tag[1])
        return cls(frozenset(int(tag) for tag in strong if tag.isascii() and tag.isdigit()))

    def check(self, version: int) -> None:
        """Raises PreconditionFailed."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(
                "Somebody else changed this since you loaded it. Load it again: does yours still fit?"
            )


ANY = IfMatch(None)
