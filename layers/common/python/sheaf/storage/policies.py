"""The workspace's settings for reading, checks and approval."""

from __future__ import annotations

from sheaf.capture.policy import Policy
from sheaf.storage._table import PolicyItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write, absent

_ONE = "POLICY"


class Policies:
    def __init__(self, partition: Partition, writes: list[Write]) -> None:
        self._partition = partition
        self._writes = writes

    def get(self, *, consistent: bool = True) -> Policy:
        item = self._partition.get(PolicyItem, _ONE, consistent=consistent)
        if item is None:
            return Policy()
        return unpack(Policy, item.body).model_copy(update={"version": int(item.version)})

    def save(self, policy: Policy) -> None:
        """Conflict when somebody changed it meanwhile."""
        item = PolicyItem(sk=_ONE, body=pack(policy), version=policy.version + 1)
        unchanged = PolicyItem.version == policy.version if policy.version else absent(PolicyItem.pk)
        self._writes.append(self._partition.put(item, unchanged))
