"""The items of what vendors tell us. See ``_table`` for the house rules of items."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, BinarySetAttribute, NumberAttribute, UnicodeAttribute

from sheaf.storage._table import DirectoryEntry, RecordItem


class EventItem(RecordItem):
    """``sk`` is ``<source>#<the vendor's id>``; ``body`` is what was signed, deflated."""

    KIND = "EVENT"
    type = UnicodeAttribute(attr_name="t")
    at = NumberAttribute(attr_name="a")
    state = UnicodeAttribute(attr_name="s")
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    ttl = NumberAttribute()


class EventEntry(DirectoryEntry):
    """``pk`` is ``EVENT#<source>#<the vendor's id>``: nobody knows whose it is, yet."""

    KIND = "EVENT"
    type = UnicodeAttribute(attr_name="t")
    at = NumberAttribute(attr_name="a")
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    ttl = NumberAttribute()


class VendorObjectItem(RecordItem):
    """``sk`` is ``<source>#<the vendor's id>`` of something there that is this workspace's."""

    KIND = "VENDOR"


class VendorObjectEntry(DirectoryEntry):
    """``pk`` is ``VENDOR#<source>#<the vendor's id>``: whose it is."""

    KIND = "VENDOR"
    workspace_id = UnicodeAttribute(attr_name="w")


class EndpointItem(RecordItem):
    """``sk`` is the endpoint's id."""

    KIND = "ENDPOINT"


class EndpointEntry(DirectoryEntry):
    """``pk`` is ``ENDPOINT#<id>``: what a request needs to know of it, in one read."""

    KIND = "ENDPOINT"
    workspace_id = UnicodeAttribute(attr_name="w")
    source = UnicodeAttribute(attr_name="o")
    secrets = BinarySetAttribute(attr_name="k", legacy_encoding=False)
