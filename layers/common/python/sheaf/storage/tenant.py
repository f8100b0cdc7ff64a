"""One workspace, opened from a verified credential: its repositories and its files.

A use case reads and stages writes; only the edge commits them, with the audit entry, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheaf.access.actor import Actor, Origin
from sheaf.access.visibility import EVERYTHING, Visibility
from sheaf.audit.entries import Action, Change, Entry
from sheaf.kernel.clock import Clock
from sheaf.kernel.errors import Conflict
from sheaf.kernel.ids import derived_id, new_id
from sheaf.storage.blobs import Blobs
from sheaf.storage.contents import Digests, Files, Readings
from sheaf.storage.documents import Documents
from sheaf.storage.partition import Partition
from sheaf.storage.transactions import Write
from sheaf.storage.workspace import AuditLog, Certificates, IdempotencyKeys, WorkspaceRecord

if TYPE_CHECKING:
    from sheaf.capture.history import Told
    from sheaf.storage.batches import Batches
    from sheaf.storage.billing_settings import BillingSettingsRecord
    from sheaf.storage.by_name import Customers, Items
    from sheaf.storage.calendar import Calendars
    from sheaf.storage.card_payments import CardPayments, Checkouts
    from sheaf.storage.chain import Chain
    from sheaf.storage.clients import Clients
    from sheaf.storage.entries import DirectoryEntries
    from sheaf.storage.erasure import Estate
    from sheaf.storage.events import Events
    from sheaf.storage.export_files import ExportFiles
    from sheaf.storage.export_marks import Marks
    from sheaf.storage.exports import Exportable, Exports
    from sheaf.storage.frozen import FrozenFiles
    from sheaf.storage.history import History
    from sheaf.storage.holds import Holds
    from sheaf.storage.issued import Issued
    from sheaf.storage.issued_files import IssuedFiles
    from sheaf.storage.keys import KeyDirectory, Keys
    from sheaf.storage.logo import LogoRecord
    from sheaf.storage.mails import Addresses, Mails
    from sheaf.storage.members import Invitations, Members
    from sheaf.storage.numbering import AllSeries
    from sheaf.storage.payment_accounts import PaymentAccounts
    from sheaf.storage.payment_links import LinkDirectory, PaymentLinks
    from sheaf.storage.payments import Payments
    from sheaf.storage.people import People
    from sheaf.storage.policies import Policies
    from sheaf.storage.recurring import RecurringInvoices
    from sheaf.storage.search import SearchIndex
    from sheaf.storage.set_aside import SetAside
    from sheaf.storage.subscriptions import Subscriptions, Waiting, WatchedWorkspaces
    from sheaf.storage.suppliers import Suppliers
    from sheaf.storage.usage import Usage
    from sheaf.storage.vendor_objects import Endpoints, VendorDirectory, VendorObjects


class Tenant:
    """``visibility``: which documents there are, as far as this unit of work is concerned."""

    def __init__(
        self,
        workspace_id: str,
        *,
        partition: Partition,
        blobs: Blobs,
        actor: Actor,
        origin: Origin,
        clock: Clock,
        entries: Callable[[type[DirectoryEntries], list[Write]], Any],
        visibility: Visibility = EVERYTHING,
    ) -> None:
        self.workspace_id = workspace_id
        self.actor = actor
        self.clock = clock
        self.blobs = blobs
        self.visibility = visibility
        self._origin = origin
        self._partition = partition
        self._writes: list[Write] = []
        self._changes: list[tuple[Change, Told | None, Action | None]] = []
        self._at_first_commit: Callable[[Tenant], None] | None = None
        self._entries = entries
        self.workspace = WorkspaceRecord(partition, self._writes)
        self.documents = Documents(partition, self._writes, visibility)
        self.readings = Readings(partition, self._writes)
        self.files = Files(partition, self._writes)
        self.digests = Digests(partition, self._writes)
        self.audit_log = AuditLog(partition, self._writes)
        self.certificates = Certificates(partition, self._writes)
        self.idempotency = IdempotencyKeys(partition, self._writes)

    # What few requests need is loaded when it is asked for: a cold start pays for each class.

    @cached_property
    def people(self) -> People:
        from sheaf.storage.people import People

        found: People = self._entries(People, self._writes)
        return found

    @cached_property
    def members(self) -> Members:
        from sheaf.storage.members import Members

        return Members(self._partition, self.people, self._writes)

    @cached_property
    def invitations(self) -> Invitations:
        from sheaf.storage.members import Invitations

        return Invitations(self._partition, self.people, self._writes)

    @cached_property
    def keys(self) -> Keys:
        from sheaf.storage.keys import Keys

        return Keys(self._partition, self._key_directory, self._writes)

    @cached_property
    def chain(self) -> Chain:
        from sheaf.storage.chain import Chain

        return Chain(self._partition, self._writes)

    @cached_property
    def history(self) -> History:
        from sheaf.storage.history import History

        return History(self._partition, self._writes)

    @cached_property
    def policies(self) -> Policies:
        from sheaf.storage.policies import Policies

        return Policies(self._partition, self._writes)

    @cached_property
    def holds(self) -> Holds:
        from sheaf.storage.holds import Holds

        return Holds(self._partition, self._writes)

    @cached_property
    def suppliers(self) -> Suppliers:
        from sheaf.storage.suppliers import Suppliers

        return Suppliers(self._partition, self._writes)

    @cached_property
    def usage(self) -> Usage:
        from sheaf.storage.usage import Usage

        return Usage(self._partition, self._writes)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from sheaf.storage.subscriptions import Subscriptions

        return Subscriptions(
            self.workspace_id, self._partition, self._writes, self._watched_workspaces, self.clock
        )

    @cached_property
    def waiting(self) -> Waiting:
        from sheaf.storage.subscriptions import Waiting

        return Waiting(self._partition, self._writes)

    @cached_property
    def batches(self) -> Batches:
        from sheaf.storage.batches import Batches

        return Batches(self._partition, self._writes)

    @cached_property
    def set_aside(self) -> SetAside:
        from sheaf.storage.set_aside import SetAside

        return SetAside(self._partition, self._writes)

    @cached_property
    def search(self) -> SearchIndex:
        from sheaf.storage.search import SearchIndex

        return SearchIndex(self._partition, self.visibility)

    @cached_property
    def clients(self) -> Clients:
        from sheaf.storage.clients import Clients

        return Clients(self._partition, self._writes, self.visibility)

    @cached_property
    def exports(self) -> Exports:
        from sheaf.storage.exports import Exports

        return Exports(self._partition, self._writes, self.visibility)

    @cached_property
    def export_marks(self) -> Marks:
        from sheaf.storage.export_marks import Marks

        return Marks(self._partition, self._writes)

    @cached_property
    def exportable(self) -> Exportable:
        from sheaf.storage.exports import Exportable

        return Exportable(self._partition)

    @cached_property
    def export_files(self) -> ExportFiles:
        from sheaf.storage.export_files import ExportFiles

        return self.blobs.beside(ExportFiles)

    @cached_property
    def events(self) -> Events:
        from sheaf.storage.events import Events

        return Events(self._partition, self._writes)

    @cached_property
    def vendor_objects(self) -> VendorObjects:
        from sheaf.storage.vendor_objects import VendorObjects

        return VendorObjects(self.workspace_id, self._partition, self._vendor_directory, self._writes)

    @cached_property
    def endpoints(self) -> Endpoints:
        from sheaf.storage.vendor_objects import Endpoints

        return Endpoints(self._partition, self._vendor_directory, self._writes)

    @cached_property
    def billing_settings(self) -> BillingSettingsRecord:
        from sheaf.storage.billing_settings import BillingSettingsRecord

        return BillingSettingsRecord(self._partition, self._writes)

    @cached_property
    def customers(self) -> Customers:
        from sheaf.storage.by_name import Customers

        return Customers(self._partition, self._writes)

    @cached_property
    def items(self) -> Items:
        from sheaf.storage.by_name import Items

        return Items(self._partition, self._writes)

    @cached_property
    def issued(self) -> Issued:
        from sheaf.storage.issued import Issued

        return Issued(self._partition, self._writes)

    @cached_property
    def recurring(self) -> RecurringInvoices:
        from sheaf.storage.recurring import RecurringInvoices

        return RecurringInvoices(self._partition, self._writes)

    @cached_property
    def calendar(self) -> Calendars:
        from sheaf.storage.calendar import Calendars

        return Calendars(self._partition, self._writes)

    @cached_property
    def series(self) -> AllSeries:
        from sheaf.storage.numbering import AllSeries

        return AllSeries(self._partition, self._writes)

    @cached_property
    def payments(self) -> Payments:
        from sheaf.storage.payments import Payments

        return Payments(self._partition, self._writes)

    @cached_property
    def payment_accounts(self) -> PaymentAccounts:
        from sheaf.storage.payment_accounts import PaymentAccounts

        return PaymentAccounts(self._partition, self._writes)

    @cached_property
    def payment_links(self) -> PaymentLinks:
        from sheaf.storage.payment_links import PaymentLinks

        return PaymentLinks(self.workspace_id, self._partition, self._link_directory, self._writes)

    @cached_property
    def checkouts(self) -> Checkouts:
        from sheaf.storage.card_payments import Checkouts

        return Checkouts(self._partition, self._writes)

    @cached_property
    def card_payments(self) -> CardPayments:
        from sheaf.storage.card_payments import CardPayments

        return CardPayments(self._partition, self._writes, self.clock)

    @cached_property
    def mails(self) -> Mails:
        from sheaf.storage.mails import Mails

        return Mails(self._partition, self._writes)

    @cached_property
    def addresses(self) -> Addresses:
        from sheaf.storage.mails import Addresses

        return Addresses(self._partition, self._writes)

    @cached_property
    def frozen(self) -> FrozenFiles:
        from sheaf.storage.frozen import FrozenFiles

        return FrozenFiles(self._partition, self._writes)

    @cached_property
    def logo(self) -> LogoRecord:
        from sheaf.storage.logo import LogoRecord

        return LogoRecord(self._partition, self._writes)

    @cached_property
    def issued_files(self) -> IssuedFiles:
        from sheaf.storage.issued_files import IssuedFiles

        return self.blobs.beside(IssuedFiles)

    @cached_property
    def estate(self) -> Estate:
        from sheaf.storage.erasure import Doors, Estate

        doors = Doors(
            people=self.people,
            keys=self._key_directory,
            vendors=self._vendor_directory,
            links=self._link_directory,
            watched=self._watched_workspaces(),
        )
        return Estate(self._partition, doors, self._writes, self.blobs)

    def _watched_workspaces(self) -> WatchedWorkspaces:
        from sheaf.storage.subscriptions import WatchedWorkspaces

        found: WatchedWorkspaces = self._entries(WatchedWorkspaces, self._writes)
        return found

    @property
    def _key_directory(self) -> KeyDirectory:
        from sheaf.storage.keys import KeyDirectory

        found: KeyDirectory = self._entries(KeyDirectory, self._writes)
        return found

    @property
    def _vendor_directory(self) -> VendorDirectory:
        from sheaf.storage.vendor_objects import VendorDirectory

        found: VendorDirectory = self._entries(VendorDirectory, self._writes)
        return found

    @property
    def _link_directory(self) -> LinkDirectory:
        from sheaf.storage.payment_links import LinkDirectory

        found: LinkDirectory = self._entries(LinkDirectory, self._writes)
        return found

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.clock.now())

    def stage(self, write: Write) -> None:
        """A write to the directory that belongs to this unit of work."""
        self._writes.append(write)

    def record(self, change: Change, told: Told | None = None, *, action: Action | None = None) -> None:
        """What the audit entry of this unit of work will say. ``told``: the document's history says it as
        well, with what it was about; what the machine does is put there from the table's stream. ``action``,
        where the change is of another kind than the unit of work.
        """
        self._changes.append((change, told, action))

    def at_first_commit(self, stage: Callable[[Tenant], None]) -> None:
        """What belongs to the first unit of work of a request, of which most have one."""
        self._at_first_commit = stage

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for change, _, _ in self._changes)

    @property
    def has_writes(self) -> bool:
        return bool(self._writes or self._changes)

    def commit(self, action: Action | None) -> None:
        """Everything staged and one audit entry a change, in one transaction; then the slate is clean.

        ``action`` is None for what nobody did on purpose: nothing is recorded then.
        """
        if not self.has_writes:
            return
        if self._at_first_commit is not None:
            self._at_first_commit(self)
            self._at_first_commit = None
        if action is not None:
            now = self.clock.now()
            in_order = sorted(new_id("aud", now) for _ in self._changes)
            for entry_id, (change, told, its_own) in zip(in_order, self._changes, strict=True):
                entry = self._entry(entry_id, now, its_own or action, change)
                self.audit_log.add(entry, told=told is not None)
                if told is not None:
                    self.history.add(entry, told)
        try:
            self._partition.commit(self._writes)
        finally:
            self.discard()

    def discard(self) -> None:
        """Nothing of this unit of work is done; the next one begins."""
        self._writes.clear()
        self._changes.clear()

    def note_denial(self, route: str, code: str) -> None:
        """One entry a minute for the same refusal to the same caller: nobody fills the log by knocking."""
        minute = self.clock.now().replace(second=0, microsecond=0)
        change = Change(subject=self.actor.id, after={"route": route, "code": code})
        entry_id = derived_id("aud", minute, self.actor.id, route, code)
        self.audit_log.add(self._entry(entry_id, minute, Action.ACCESS_DENIED, change))
        try:
            self._partition.commit(self._writes)
        except Conflict:
            pass
        finally:
            self._writes.clear()

    def _entry(self, entry_id: str, at: datetime, action: Action, change: Change) -> Entry:
        return Entry(id=entry_id, at=at, action=action, actor=self.actor, origin=self._origin, **dict(change))
