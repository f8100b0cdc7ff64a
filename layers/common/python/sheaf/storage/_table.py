"""The items of the two tables. Attribute names are short: they are paid for with every read.

Keys are made by the partition (``Records``) and the directory alone; an item class only names its kind.
Instants are integers, milliseconds since the epoch.
"""

from __future__ import annotations

from typing import ClassVar

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.models import Model


class _Item(Model):
    class Meta:
        table_name = "named by the settings"

    KIND: ClassVar[str]
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class RecordItem(_Item):
    """What a workspace owns: ``pk`` is ``<workspace>#<KIND>``."""


class WorkspaceItem(RecordItem):
    """One a workspace. ``due_pk`` and ``due_on`` put it in the sweep's index."""

    KIND = "WORKSPACE"
    name = UnicodeAttribute(attr_name="n")
    created = NumberAttribute(attr_name="c")
    retention = UnicodeAttribute(attr_name="r")
    closes = NumberAttribute(attr_name="x", null=True)
    version = NumberAttribute(attr_name="v")
    due_pk = UnicodeAttribute(null=True)
    due_on = UnicodeAttribute(null=True)


class DocumentItem(RecordItem):
    """Thin: a page of 50 is 20 KB. ``status_pk`` is there in final states only; when the document was made,
    and its file landed, their ids say. ``declared_type`` is left out where the file bears it out.
    ``last_part``: its number and its pages; ``rereading``: since when, and how many analyses there had been.
    """

    KIND = "DOCUMENT"
    status = UnicodeAttribute(attr_name="s")
    status_pk = UnicodeAttribute(null=True)
    filename = UnicodeAttribute(attr_name="n")
    declared_type = UnicodeAttribute(attr_name="d", null=True)
    created_by = UnicodeAttribute(attr_name="b")
    version = NumberAttribute(attr_name="v")
    attempt = NumberAttribute(attr_name="a", default=0)
    engine = UnicodeAttribute(attr_name="e", null=True)
    duplicate_of = UnicodeAttribute(attr_name="o", null=True)
    file_id = UnicodeAttribute(attr_name="f", null=True)
    size = NumberAttribute(attr_name="z", null=True)
    sha256 = BinaryAttribute(attr_name="h", null=True, legacy_encoding=False)
    content_type = UnicodeAttribute(attr_name="t", null=True)
    pages = NumberAttribute(attr_name="p", null=True)
    failure_code = UnicodeAttribute(attr_name="x", null=True)
    failure_message = UnicodeAttribute(attr_name="m", null=True)
    vendor = UnicodeAttribute(attr_name="sv", null=True)
    invoice_number = UnicodeAttribute(attr_name="sn", null=True)
    invoice_date = UnicodeAttribute(attr_name="sd", null=True)
    total = UnicodeAttribute(attr_name="st", null=True)
    currency = UnicodeAttribute(attr_name="sc", null=True)
    parts: ListAttribute[str] = ListAttribute(attr_name="l", null=True)
    last_part: ListAttribute[float] = ListAttribute(attr_name="lp", null=True)
    rereading: ListAttribute[float] = ListAttribute(attr_name="y", null=True)
    part_of = UnicodeAttribute(attr_name="u", null=True)
    first_page = NumberAttribute(attr_name="uf", null=True)
    last_page = NumberAttribute(attr_name="ul", null=True)
    division = UnicodeAttribute(attr_name="yd", null=True)
    undoable = BooleanAttribute(attr_name="yu", null=True)
    risk = NumberAttribute(attr_name="q", null=True)
    checks = UnicodeAttribute(attr_name="k", null=True)
    supplier = UnicodeAttribute(attr_name="i", null=True)
    client = UnicodeAttribute(attr_name="g", null=True)
    review = UnicodeAttribute(attr_name="w", null=True)
    ttl = NumberAttribute(null=True)


class ReadingItem(RecordItem):
    """``sk`` is the document's id; ``body`` is what the machine read, ``overlay`` what lies over it."""

    KIND = "READING"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    overlay = BinaryAttribute(attr_name="o", null=True, legacy_encoding=False)


class SetAsideItem(RecordItem):
    """``sk`` is the id of a file's document and that of the document, itself or a part, which is set aside;
    ``body`` is the packed document, ``reading`` and ``overlay`` are as in its reading.
    """

    KIND = "SETASIDE"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    reading = BinaryAttribute(attr_name="m", null=True, legacy_encoding=False)
    overlay = BinaryAttribute(attr_name="o", null=True, legacy_encoding=False)


class HistoryItem(RecordItem):
    """``sk`` is the id of a document and that of the audit entry about it; ``body`` is the packed event."""

    KIND = "HISTORY"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class IndexItem(RecordItem):
    """A document under something it can be found by; ``sk`` is that and the document's id."""

    KIND = "INDEX"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class BatchItem(RecordItem):
    """``body`` is the packed batch: what its documents' ids follow from."""

    KIND = "BATCH"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class UsageItem(RecordItem):
    """``sk`` is a month: ``2026-11``."""

    KIND = "USAGE"
    documents = NumberAttribute(attr_name="d", null=True)
    textract = NumberAttribute(attr_name="t", null=True)
    xml = NumberAttribute(attr_name="x", null=True)
    embedded = NumberAttribute(attr_name="e", null=True)
    copied = NumberAttribute(attr_name="c", null=True)


class CountedItem(RecordItem):
    """``sk`` is a document's id and the version that it was counted at."""

    KIND = "COUNTED"
    ttl = NumberAttribute()


class PolicyItem(RecordItem):
    KIND = "POLICY"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class ExportItem(RecordItem):
    """``body`` is the packed export."""

    KIND = "EXPORT"
    version = NumberAttribute(attr_name="v")
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class ExportPartItem(RecordItem):
    """``sk`` is the export's id and the part's number; ``body`` is the packed part."""

    KIND = "EXPORTPART"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class ExportMarkItem(RecordItem):
    """``sk`` is the id of a document and that of an export which holds it."""

    KIND = "EXPORTED"


class FileItem(RecordItem):
    """One for each original still in the bucket, deleted with the bytes; ``sk`` says when it landed."""

    KIND = "FILE"
    document_id = UnicodeAttribute(attr_name="d")
    version_id = UnicodeAttribute(attr_name="v")
    sha256 = BinaryAttribute(attr_name="h", null=True, legacy_encoding=False)
    size = NumberAttribute(attr_name="z")
    converted = BooleanAttribute(attr_name="c", null=True)
    pictures = NumberAttribute(attr_name="p", null=True)


class DigestItem(RecordItem):
    """``sk`` is the SHA-256 of a file's bytes, in hex, and the client whose document it is, if any."""

    KIND = "DIGEST"
    document_id = UnicodeAttribute(attr_name="d")
    followers = UnicodeSetAttribute(attr_name="w", null=True)


class HeldItem(RecordItem):
    """``sk`` is what makes another document a duplicate of an approved one."""

    KIND = "HELD"
    document_id = UnicodeAttribute(attr_name="d")
    version = NumberAttribute(attr_name="v")


class SupplierItem(RecordItem):
    KIND = "SUPPLIER"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class SupplierKeyItem(RecordItem):
    """``sk`` is a tax id, an IBAN or a name, and what it is of the three."""

    KIND = "SUPPLIERKEY"
    supplier_id = UnicodeAttribute(attr_name="s")


class SupplierNameItem(RecordItem):
    """A supplier in the list of names; ``sk`` is its name, folded, and its id."""

    KIND = "SUPPLIERNAME"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class ClientItem(RecordItem):
    KIND = "CLIENT"
    name = UnicodeAttribute(attr_name="n")
    reference = UnicodeAttribute(attr_name="r", null=True)
    archived = BooleanAttribute(attr_name="x", null=True)
    version = NumberAttribute(attr_name="v")


class AuditItem(RecordItem):
    """``told``: the history of its subject says it as well."""

    KIND = "AUDIT"
    action = UnicodeAttribute(attr_name="a")
    actor_kind = UnicodeAttribute(attr_name="k")
    actor_id = UnicodeAttribute(attr_name="i")
    subject = UnicodeAttribute(attr_name="s")
    detail = UnicodeAttribute(attr_name="j", null=True)
    told = BooleanAttribute(attr_name="t", null=True)


class LinkItem(RecordItem):
    """``sk`` is the id of the audit entry whose place in the chain it is."""

    KIND = "LINK"
    number = NumberAttribute(attr_name="n")
    previous = BinaryAttribute(attr_name="p", legacy_encoding=False)
    hash = BinaryAttribute(attr_name="h", legacy_encoding=False)


class ChainHeadItem(RecordItem):
    KIND = "CHAIN"
    number = NumberAttribute(attr_name="n")
    hash = BinaryAttribute(attr_name="h", legacy_encoding=False)
    last = UnicodeAttribute(attr_name="l")


class CertificateItem(RecordItem):
    """``sk`` is the id of the youngest file it covers; ``body`` is the packed certificate."""

    KIND = "CERTIFICATE"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class IdempotencyItem(RecordItem):
    """``sk`` is a hash of the caller and its Idempotency-Key; ``subject`` is what that request made."""

    KIND = "IDEMPOTENCY"
    fingerprint = UnicodeAttribute(attr_name="f")
    subject = UnicodeAttribute(attr_name="s")
    ttl = NumberAttribute()


class DirectoryEntry(_Item):
    """Who is who, across workspaces: ``pk`` is ``<KIND>#<what is looked up>``, ``sk`` the kind."""


class DirectoryItem(DirectoryEntry):
    """What leads to a workspace."""

    workspace_id = UnicodeAttribute(attr_name="w")


class JobItem(DirectoryItem):
    """Looked up by the job id that Textract gave: whose job it is. Never taken from a message."""

    KIND = "JOB"
    document_id = UnicodeAttribute(attr_name="d")
    attempt = NumberAttribute(attr_name="a")
    pages: ListAttribute[float] = ListAttribute(attr_name="p", null=True)
    ttl = NumberAttribute()


class ChainedItem(DirectoryItem):
    """``pk`` is ``CHAINED#<day>``, ``sk`` a workspace whose audit chain went on that day."""

    KIND = "CHAINED"
    ttl = NumberAttribute()


class PlannedErasureItem(DirectoryItem):
    """``pk`` is ``ERASURE``, ``sk`` the time (ISO 8601) and the workspace: what is due comes first."""

    KIND = "ERASURE"
    asked_by = UnicodeAttribute(attr_name="b")
    email = UnicodeAttribute(attr_name="m", null=True)
    items_erased = NumberAttribute(attr_name="i", default=0)
    versions_erased = NumberAttribute(attr_name="v", default=0)


class KeyItem(RecordItem):
    """An API key as its workspace lists it; ``sk`` is the key's id, ``digest`` the key's SHA-256."""

    KIND = "KEY"
    digest = UnicodeAttribute(attr_name="h")
    name = UnicodeAttribute(attr_name="n")
    display = UnicodeAttribute(attr_name="d")
    role = UnicodeAttribute(attr_name="r")
    scopes = UnicodeSetAttribute(attr_name="s", null=True)
    clients = UnicodeAttribute(attr_name="g", null=True)
    created_by = UnicodeAttribute(attr_name="b")
    expires = NumberAttribute(attr_name="e", null=True)
    used = NumberAttribute(attr_name="u", null=True)


class KeySecretItem(DirectoryEntry):
    """``pk`` is ``APIKEY#<SHA-256 of the key>``: what a request needs to know of it, in one read."""

    KIND = "APIKEY"
    workspace_id = UnicodeAttribute(attr_name="w")
    key_id = UnicodeAttribute(attr_name="i")
    role = UnicodeAttribute(attr_name="r")
    scopes = UnicodeSetAttribute(attr_name="s", null=True)
    clients = UnicodeAttribute(attr_name="g", null=True)
    expires = NumberAttribute(attr_name="e", null=True)
    used = NumberAttribute(attr_name="u", null=True)


class ThrottleItem(DirectoryEntry):
    """``pk`` is ``THROTTLE#<SHA-256 of what is throttled>``; ``full`` is when its bucket is full again."""

    KIND = "THROTTLE"
    full = NumberAttribute(attr_name="f")
    ttl = NumberAttribute()
