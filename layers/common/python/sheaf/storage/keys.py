"""API keys: found by their hash before a workspace is known, listed by the workspace they open."""

from __future__ import annotations

from datetime import datetime

from sheaf.access.keys import ApiKey, KeyGrant
from sheaf.access.roles import Permission, Role
from sheaf.kernel.ids import created_at, is_id
from sheaf.kernel.pages import Page
from sheaf.storage._table import KeyItem, KeySecretItem
from sheaf.storage.codec import instant, listed, milliseconds, unlisted
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.paging import collect
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent


class KeyDirectory(DirectoryEntries):
    def find(self, digest: str) -> KeyGrant | None:
        item = self._get(KeySecretItem, f"APIKEY#{digest}", KeySecretItem.KIND)
        if item is None:
            return None
        return KeyGrant(
            key_id=item.key_id,
            workspace_id=item.workspace_id,
            role=Role(item.role),
            scopes=frozenset(map(Permission, item.scopes)) if item.scopes else None,
            expires_at=instant(item.expires) if item.expires else None,
            used_at=instant(item.used) if item.used else None,
            clients=unlisted(item.clients),
        )

    def add(self, key: ApiKey, digest: str) -> None:
        item = KeySecretItem(
            workspace_id=key.workspace_id,
            key_id=key.id,
            role=key.role.value,
            scopes={scope.value for scope in key.scopes} if key.scopes else None,
            clients=listed(key.clients),
            expires=milliseconds(key.expires_at) if key.expires_at else None,
        )
        self._put(item, f"APIKEY#{digest}", KeySecretItem.KIND, absent(KeySecretItem.pk))

    def note_use(self, digest: str, at: datetime) -> None:
        used = KeySecretItem.used.set(milliseconds(at))
        self._update(f"APIKEY#{digest}", KeySecretItem.KIND, used, KeySecretItem.pk.exists())

    def drop(self, digest: str) -> None:
        self._delete(KeySecretItem, f"APIKEY#{digest}", KeySecretItem.KIND)

    def forget(self, digest: str) -> None:
        """Whether it is still there or not."""
        self._forget(f"APIKEY#{digest}", KeySecretItem.KIND)


class Keys:
    """A workspace's. Each is two items of one transaction."""

    def __init__(self, partition: Partition, directory: KeyDirectory, writes: list[Write]) -> None:
        self._partition = partition
        self._directory = directory
        self._writes = writes

    def get(self, key_id: str) -> tuple[ApiKey, str] | None:
        """The key and its digest."""
        item = self._partition.get(KeyItem, key_id) if is_id(key_id, "key") else None
        return (_key(item), item.digest) if item else None

    def page(self, *, limit: int, cursor: str | None) -> Page[ApiKey]:
        """Oldest first."""

        def fetch(after: str | None, count: int) -> tuple[list[KeyItem], str | None]:
            return self._partition.query(KeyItem, limit=count, after=after)

        return collect(fetch, _key, limit=limit, cursor=cursor)

    def add(self, key: ApiKey, digest: str) -> None:
        item = KeyItem(
            sk=key.id,
            digest=digest,
            name=key.name,
            display=key.display,
            role=key.role.value,
            scopes={scope.value for scope in key.scopes} if key.scopes else None,
            clients=listed(key.clients),
            created_by=key.created_by,
            expires=milliseconds(key.expires_at) if key.expires_at else None,
        )
        self._writes.append(self._partition.put(item, absent(KeyItem.pk)))
        self._directory.add(key, digest)

    def note_use(self, key_id: str, digest: str, at: datetime) -> None:
        """Conflict when the key was revoked meanwhile."""
        actions = [KeyItem.used.set(milliseconds(at))]
        self._writes.append(self._partition.update(KeyItem, key_id, actions, KeyItem.pk.exists()))
        self._directory.note_use(digest, at)

    def remove(self, key: ApiKey, digest: str) -> None:
        """Conflict when it was revoked meanwhile."""
        self._writes.append(self._partition.delete(KeyItem, key.id, KeyItem.pk.exists()))
        self._directory.drop(digest)


def _key(item: KeyItem) -> ApiKey:
    return ApiKey(
        id=item.sk,
        workspace_id=item.pk.partition("#")[0],
        name=item.name,
        display=item.display,
        role=Role(item.role),
        scopes=frozenset(map(Permission, item.scopes)) if item.scopes else None,
        created_at=created_at(item.sk),
        created_by=item.created_by,
        expires_at=instant(item.expires) if item.expires else None,
        used_at=instant(item.used) if item.used else None,
        clients=unlisted(item.clients),
    )
