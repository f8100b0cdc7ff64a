"""Mails of issued documents, and what is known of the addresses they went to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sheaf.billing.sending.mail import Address, Mail
from sheaf.storage._billing import AddressItem, MailItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from sheaf.storage.partition import Partition


class Mails:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes
        self._added: dict[str, Mail] = {}

    def get(self, issued_id: str, mail_id: str) -> Mail | None:
        item = self._partition.get(MailItem, f"{issued_id}#{mail_id}")
        return _mail(item) if item else None

    def of(self, issued_id: str) -> list[Mail]:
        """The oldest first, with those that are staged."""
        under = f"{issued_id}#"
        kept = [_mail(item) for item in self._partition.between(MailItem, under, f"{under}~")]
        added = [mail for mail in self._added.values() if mail.issued_id == issued_id]
        found = {mail.id: mail for mail in (*added, *kept)}
        return sorted(found.values(), key=lambda mail: (mail.asked_at, mail.id))

    def save(self, mail: Mail, *, instead_of: Mail | None) -> Mail:
        """Conflict when somebody else changed it meanwhile. The mail in its new version."""
        before = instead_of.version if instead_of else 0
        unchanged = MailItem.version == before if before else absent(MailItem.pk)
        item = MailItem(sk=f"{mail.issued_id}#{mail.id}", body=pack(mail), version=before + 1)
        self._writes.append(self._partition.put(item, unchanged))
        saved = mail.model_copy(update={"version": before + 1})
        if instead_of is None:
            self._added[saved.id] = saved
        return saved


class Addresses:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, address: str) -> Address | None:
        item = self._partition.get(AddressItem, _key(address))
        if item is None:
            return None
        return unpack(Address, item.body).model_copy(update={"version": int(item.version)})

    def save(self, address: Address, *, instead_of: Address | None) -> None:
        """Conflict when somebody else changed it meanwhile."""
        before = instead_of.version if instead_of else 0
        unchanged = AddressItem.version == before if before else absent(AddressItem.pk)
        item = AddressItem(sk=_key(address.address), body=pack(address), version=before + 1)
        self._writes.append(self._partition.put(item, unchanged))


def _key(address: str) -> str:
    """Whatever its case, and however long it is."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()


def _mail(item: MailItem) -> Mail:
    return unpack(Mail, item.body).model_copy(update={"version": int(item.version)})
