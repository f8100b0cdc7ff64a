"""The audit log, chained: an entry that was changed, taken out or put in between breaks what follows it.

Each entry has a place in its workspace's chain: a number, the hash of the place before, and its own hash,
SHA-256 over both and the entry in canonical JSON (keys sorted, no spaces, UTF-8; RFC 8785 for what occurs
here: strings alone). A day's last hash is kept where nothing can be deleted, so that a cut end shows as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from sheaf.audit.entries import Entry

GENESIS = "0" * 64
"""What the first place follows."""


class Link(BaseModel):
    """An entry's place. ``number`` counts from 1; hashes are SHA-256 in hex."""

    model_config = ConfigDict(frozen=True)

    number: int
    previous: str
    hash: str


class Head(BaseModel):
    """Where a chain ends; ``number`` is 0 while it is empty. ``last`` is the greatest id in it."""

    model_config = ConfigDict(frozen=True)

    number: int = 0
    hash: str = GENESIS
    last: str = ""


class Anchor(BaseModel):
    """Where a workspace's chain ended when a day was over."""

    model_config = ConfigDict(frozen=True)

    number: int
    hash: str
    workspace_id: str
    day: date
    at: AwareDatetime


@dataclass(frozen=True)
class Break:
    """``number`` is the place at which a log does not hold, 0 without one; ``reason`` is for people."""

    number: int
    entry_id: str
    reason: str


@dataclass(frozen=True)
class Exported:
    """An entry as it was found in an export; ``exact``: the API would write it exactly so."""

    entry: Entry
    link: Link | None
    exact: bool

    def broken(self, reason: str) -> Break:
        return Break(self.link.number if self.link else 0, self.entry.id, reason)


def place(head: Head, entry: Entry) -> tuple[Link, Head]:
    """The entry's link, and the head that follows."""
    number = head.number + 1
    link = Link(number=number, previous=head.hash, hash=_hash(number, head.hash, entry))
    return link, Head(number=number, hash=link.hash, last=max(head.last, entry.id))


def canonical(entry: Entry) -> bytes:
    document = entry.model_dump(mode="json", exclude_none=True)
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def breaks(linked: Iterable[tuple[Entry, Link]]) -> Iterator[Break]:
    """What does not hold in a stretch of a chain, in any order given."""
    before: Link | None = None
    for entry, link in sorted(linked, key=lambda pair: pair[1].number):
        if _hash(link.number, link.previous, entry) != link.hash:
            yield Break(link.number, entry.id, "is not what was recorded")
        if before is not None and link.number == before.number:
            yield Break(link.number, entry.id, "has the place of another entry")
        elif before is not None and link.number != before.number + 1:
            missing = link.number - before.number - 1
            yield Break(link.number, entry.id, f"comes after {missing} that are missing")
        elif link.previous != (before.hash if before else link.previous):
            yield Break(link.number, entry.id, "does not follow from the one before")
        elif link.number == 1 and link.previous != GENESIS:
            yield Break(link.number, entry.id, "is not how a log begins")
        before = link


def faults(exported: Iterable[Exported]) -> Iterator[Break]:
    """What does not hold in an export: in its entries, between them, and in the chain."""
    first: dict[str, Exported] = {}
    for each in exported:
        if not each.exact:
            yield each.broken("is not written as the API writes it")
        same = first.setdefault(each.entry.id, each)
        if (same.entry, same.link) != (each.entry, each.link):
            yield each.broken("is there twice, and not the same")
    linked = [(each.entry, each.link) for each in first.values() if each.link is not None]
    last = max((entry.id for entry, _ in linked), default="")
    for each in first.values():
        if each.link is None and each.entry.id <= last:
            yield each.broken("has no place, but a later one has")
    yield from breaks(linked)


def _hash(number: int, previous: str, entry: Entry) -> str:
    return hashlib.sha256(f"{number}|{previous}|".encode() + canonical(entry)).hexdigest()
