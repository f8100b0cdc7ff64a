"""The clients of one workspace: as far as whoever asks may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.clients.client import Client
from sheaf.kernel.ids import is_id
from sheaf.kernel.pages import Page
from sheaf.storage._table import ClientItem
from sheaf.storage.paging import collect
from sheaf.storage.transactions import Write, absent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheaf.access.visibility import Visibility
    from sheaf.storage.partition import Partition


class Clients:
    def __init__(self, partition: Partition, writes: list[Write], visibility: Visibility) -> None:
        self._partition = partition
        self._writes = writes
        self._visibility = visibility

    def get(self, client_id: str) -> Client | None:
        item = self._partition.get(ClientItem, client_id) if is_id(client_id, "cli") else None
        return _client(item) if item and self._visibility.sees(item.sk) else None

    def page(self, *, limit: int, cursor: str | None, archived: bool | None) -> Page[Client]:
        """Oldest first."""
        if self._visibility.clients is not None:
            return self._page_of(self._visibility.clients, limit, cursor, archived)
        kept = ClientItem.archived.does_not_exist()
        only = {None: None, True: ClientItem.archived.exists(), False: kept}[archived]

        def fetch(after: str | None, count: int) -> tuple[list[ClientItem], str | None]:
            return self._partition.query(ClientItem, limit=count, after=after, only=only)

        return collect(fetch, _client, limit=limit, cursor=cursor)

    def _page_of(
        self, clients: frozenset[str], limit: int, cursor: str | None, archived: bool | None
    ) -> Page[Client]:
        """They are few: each is asked for by its id."""
        found: list[Client] = []
        for client_id in sorted(each for each in clients if cursor is None or each > cursor):
            client = self.get(client_id)
            if client is not None and archived in (None, client.archived):
                found.append(client)
            if len(found) == limit:
                return Page(found, client_id)
        return Page(found, None)

    def missing(self, client_ids: Iterable[str]) -> list[str]:
        return [each for each in sorted(client_ids) if self.get(each) is None]

    def add(self, client: Client) -> None:
        self._writes.append(self._partition.put(_item(client), absent(ClientItem.pk)))

    def save(self, client: Client) -> Client:
        """Conflict when somebody else changed it meanwhile. The client in its new version."""
        self._writes.append(self._partition.put(_item(client), ClientItem.version == client.version))
        return client.model_copy(update={"version": client.version + 1})

    def remove(self, client: Client) -> None:
        """Conflict when somebody else changed it meanwhile."""
        unchanged = ClientItem.version == client.version
        self._writes.append(self._partition.delete(ClientItem, client.id, unchanged))

    def require(self, client_id: str) -> None:
        """Conflict when it is deleted or archived at the moment of the commit."""
        is_kept = ClientItem.pk.exists() & ClientItem.archived.does_not_exist()
        self._writes.append(self._partition.require(ClientItem, client_id, is_kept))


def _client(item: ClientItem) -> Client:
    return Client(
        id=item.sk,
        name=item.name,
        reference=item.reference,
        archived=bool(item.archived),
        version=int(item.version),
    )


def _item(client: Client) -> ClientItem:
    return ClientItem(
        sk=client.id,
        name=client.name,
        reference=client.reference,
        archived=client.archived or None,
        version=client.version + 1,
    )
