"""Payment links: found by the hash of their token before a workspace is known, listed under their invoice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.billing.payments.link import Found, PaymentLink
from sheaf.storage._billing import PaymentLinkEntry, PaymentLinkItem
from sheaf.storage.codec import instant, milliseconds, seconds
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition

_REMEMBERED = timedelta(days=365)
"""After its end: so long it is said of a link that it has run out."""


class LinkDirectory(DirectoryEntries):
    def find(self, digest: str) -> Found | None:
        item = self._get(PaymentLinkEntry, f"PAYLINK#{digest}", PaymentLinkEntry.KIND)
        return Found(item.workspace_id, item.issued_id, item.link_id) if item else None

    def add(self, found: Found, link: PaymentLink) -> None:
        item = PaymentLinkEntry(
            workspace_id=found.workspace_id,
            issued_id=found.issued_id,
            link_id=found.link_id,
            ttl=seconds(link.ends_at + _REMEMBERED),
        )
        self._put(item, f"PAYLINK#{link.digest}", PaymentLinkEntry.KIND, absent(PaymentLinkEntry.pk))

    def forget(self, digest: str) -> None:
        """Whether it is still there or not."""
        self._forget(f"PAYLINK#{digest}", PaymentLinkEntry.KIND)


class PaymentLinks:
    """A workspace's. Each is two items of one transaction."""

    def __init__(
        self, workspace_id: str, partition: Partition, directory: LinkDirectory, writes: list[Write]
    ) -> None:
        self._workspace_id = workspace_id
        self._partition = partition
        self._directory = directory
        self._writes = writes

    def get(self, issued_id: str, link_id: str) -> PaymentLink | None:
        item = self._partition.get(PaymentLinkItem, f"{issued_id}#{link_id}")
        return _link(item) if item else None

    def of(self, issued_id: str) -> list[PaymentLink]:
        """Oldest first."""
        under = f"{issued_id}#"
        return [_link(item) for item in self._partition.between(PaymentLinkItem, under, f"{under}~")]

    def add(self, link: PaymentLink) -> None:
        self.save(link)
        self._directory.add(Found(self._workspace_id, link.issued_id, link.id), link)

    def save(self, link: PaymentLink) -> None:
        """Conflict when somebody changed it meanwhile."""
        item = PaymentLinkItem(
            sk=f"{link.issued_id}#{link.id}",
            digest=link.digest,
            created_by=link.created_by,
            ends=milliseconds(link.ends_at),
            revoked=milliseconds(link.revoked_at) if link.revoked_at else None,
            checkout_id=link.checkout_id,
            checkouts=link.checkouts,
            version=link.version + 1,
        )
        unchanged = PaymentLinkItem.version == link.version if link.version else absent(PaymentLinkItem.pk)
        self._writes.append(self._partition.put(item, unchanged))


def _link(item: PaymentLinkItem) -> PaymentLink:
    issued_id, _, link_id = item.sk.partition("#")
    return PaymentLink(
        id=link_id,
        issued_id=issued_id,
        digest=item.digest,
        created_by=item.created_by,
        ends_at=instant(item.ends),
        revoked_at=instant(item.revoked) if item.revoked else None,
        checkout_id=item.checkout_id,
        checkouts=int(item.checkouts),
        version=int(item.version),
    )
