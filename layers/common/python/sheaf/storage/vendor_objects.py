"""Whose something at a vendor is: looked up when the vendor tells of it, before a workspace is known."""

from __future__ import annotations

from collections.abc import Iterable

from sheaf.access.webhooks import Endpoint, Source
from sheaf.kernel.ids import is_id
from sheaf.storage._webhooks import EndpointEntry, EndpointItem, VendorObjectEntry, VendorObjectItem
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write


class VendorDirectory(DirectoryEntries):
    def workspace_of(self, source: Source, object_ids: Iterable[str]) -> str | None:
        """Of the first that anybody has claimed."""
        for each in object_ids:
            pk = f"{VendorObjectEntry.KIND}#{source.value}#{each}"
            if item := self._get(VendorObjectEntry, pk, VendorObjectEntry.KIND):
                return item.workspace_id
        return None

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        if not is_id(endpoint_id, "whe"):
            return None
        item = self._get(EndpointEntry, f"{EndpointEntry.KIND}#{endpoint_id}", EndpointEntry.KIND)
        if item is None:
            return None
        return Endpoint(endpoint_id, item.workspace_id, Source(item.source), frozenset(item.secrets))

    def put_object(self, key: str, workspace_id: str) -> None:
        """Conflict when it is another workspace's."""
        theirs = VendorObjectEntry.pk.does_not_exist() | (VendorObjectEntry.workspace_id == workspace_id)
        item = VendorObjectEntry(workspace_id=workspace_id)
        self._put(item, f"{VendorObjectEntry.KIND}#{key}", VendorObjectEntry.KIND, theirs)

    def forget_object(self, key: str) -> None:
        self._forget(f"{VendorObjectEntry.KIND}#{key}", VendorObjectEntry.KIND)

    def put_endpoint(self, endpoint: Endpoint) -> None:
        theirs = EndpointEntry.pk.does_not_exist() | (EndpointEntry.workspace_id == endpoint.workspace_id)
        item = EndpointEntry(
            workspace_id=endpoint.workspace_id, source=endpoint.source.value, secrets=set(endpoint.secrets)
        )
        self._put(item, f"{EndpointEntry.KIND}#{endpoint.id}", EndpointEntry.KIND, theirs)

    def forget_endpoint(self, endpoint_id: str) -> None:
        self._forget(f"{EndpointEntry.KIND}#{endpoint_id}", EndpointEntry.KIND)


class VendorObjects:
    """What a workspace has at vendors. Each is two items of one transaction."""

    def __init__(
        self, workspace_id: str, partition: Partition, directory: VendorDirectory, writes: list[Write]
    ) -> None:
        self._workspace_id = workspace_id
        self._partition = partition
        self._directory = directory
        self._writes = writes

    def claim(self, source: Source, object_id: str) -> None:
        """From now on what the source tells of it is told to this workspace. Claiming it again changes
        nothing; Conflict when another workspace has it.
        """
        key = f"{source.value}#{object_id}"
        self._writes.append(self._partition.put(VendorObjectItem(sk=key), None))
        self._directory.put_object(key, self._workspace_id)

    def release(self, source: Source, object_id: str) -> None:
        key = f"{source.value}#{object_id}"
        self._writes.append(self._partition.delete(VendorObjectItem, key))
        self._directory.forget_object(key)


class Endpoints:
    """Where accounts of a workspace tell us something. Each is two items of one transaction."""

    def __init__(self, partition: Partition, directory: VendorDirectory, writes: list[Write]) -> None:
        self._partition = partition
        self._directory = directory
        self._writes = writes

    def put(self, endpoint: Endpoint) -> None:
        """New, or with other secrets."""
        self._writes.append(self._partition.put(EndpointItem(sk=endpoint.id), None))
        self._directory.put_endpoint(endpoint)

    def remove(self, endpoint_id: str) -> None:
        self._writes.append(self._partition.delete(EndpointItem, endpoint_id))
        self._directory.forget_endpoint(endpoint_id)
