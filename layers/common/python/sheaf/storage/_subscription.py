"""The items of what a workspace pays for Sheaf. See ``_table`` for the house rules of items."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, NumberAttribute

from sheaf.storage._table import DirectoryEntry, RecordItem


class SubscriptionItem(RecordItem):
    """One a workspace, if it has one: ``body`` is the packed subscription."""

    KIND = "SUBSCRIPTION"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class MeteredItem(RecordItem):
    """``sk`` is a month: ``2026-11``."""

    KIND = "METERED"
    told = NumberAttribute(attr_name="t")
    planned = NumberAttribute(attr_name="p")
    quota = NumberAttribute(attr_name="q")
    covered = NumberAttribute(attr_name="c")
    version = NumberAttribute(attr_name="v")


class WaitingItem(RecordItem):
    """``sk`` is the id of a document whose file waits for room in the quota."""

    KIND = "WAITING"


class WatchedEntry(DirectoryEntry):
    """``pk`` is ``SUBSCRIPTION``, ``sk`` a workspace that the round has to come by at."""

    KIND = "SUBSCRIPTION"
    since = NumberAttribute(attr_name="s")
