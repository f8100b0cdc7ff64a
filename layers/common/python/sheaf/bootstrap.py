"""The one place that assembles the application: settings → tables, bucket, vendors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sheaf.access.visibility import EVERYTHING
from sheaf.aws import TenantRole
from sheaf.capture.uploads import UploadRules
from sheaf.kernel.clock import Clock, SystemClock
from sheaf.settings import Settings, settings
from sheaf.storage.blobs import Blobs
from sheaf.storage.connection import connect
from sheaf.storage.directory import Directory
from sheaf.storage.partition import Partition
from sheaf.storage.tenant import Tenant
from sheaf.vendors.mail import Resend
from sheaf.vendors.reminders import Reminders
from sheaf.vendors.secrets import with_secrets
from sheaf.vendors.textract import Textract

if TYPE_CHECKING:
    from collections.abc import Callable

    from pynamodb.connection import Connection

    from sheaf.access.actor import Actor, Origin
    from sheaf.access.sealing import KeyRing
    from sheaf.access.sessions import Session
    from sheaf.access.visibility import Visibility
    from sheaf.accounts.mail import Mail as MailPort
    from sheaf.accounts.ports import OpenId
    from sheaf.billing.payments.ports import CardPayments
    from sheaf.capture.ports import Reminders as RemindersPort
    from sheaf.capture.ports import TextAnalysis
    from sheaf.storage.anchors import Anchors
    from sheaf.storage.entries import DirectoryEntries
    from sheaf.storage.events import UnclaimedEvents
    from sheaf.storage.keys import KeyDirectory
    from sheaf.storage.payment_links import LinkDirectory
    from sheaf.storage.people import People
    from sheaf.storage.subscriptions import WatchedWorkspaces
    from sheaf.storage.throttles import Throttles
    from sheaf.storage.transactions import Write
    from sheaf.storage.vendor_objects import VendorDirectory
    from sheaf.storage.visit import Visit
    from sheaf.subscription.buying import Shop
    from sheaf.subscription.ports import SubscriptionProvider
    from sheaf.vendors.export_queue import ExportQueue
    from sheaf.vendors.file_queues import FileQueues
    from sheaf.vendors.issued_queue import IssuedQueue
    from sheaf.vendors.refund_queue import RefundQueue
    from sheaf.vendors.webhook_queue import WebhookQueue


@dataclass(frozen=True)
class Application:
    settings: Settings
    connection: Connection
    directory: Directory
    tenant_role: TenantRole
    reminders: RemindersPort
    mail: MailPort
    clock: Clock
    seller: SubscriptionProvider | None = None
    """Where plans are bought; None: where the settings say."""

    cards: Callable[[str], CardPayments] | None = None
    """Who charges cards, by the key of a workspace; None: Stripe."""

    def open(
        self, workspace_id: str, actor: Actor, origin: Origin, visibility: Visibility = EVERYTHING
    ) -> Tenant:
        """Only for a workspace id that a verified credential, our own record or our own bucket key names."""
        principal = self.tenant_role.principal(workspace_id)
        return Tenant(
            workspace_id,
            partition=Partition(self.connection, self.settings.records_table, principal),
            blobs=Blobs(self.settings, principal, self.clock),
            actor=actor,
            origin=origin,
            clock=self.clock,
            entries=self._entries,
            visibility=visibility,
        )

    def _entries[Entries: DirectoryEntries](self, kind: type[Entries], writes: list[Write]) -> Entries:
        return kind(self.connection, self.settings.directory_table, writes)

    @property
    def people(self) -> People:
        """For looking up who somebody is; whoever changes something opens a visit or a tenant."""
        from sheaf.storage.people import People

        return self._entries(People, [])

    @property
    def keys(self) -> KeyDirectory:
        """For looking up whose key it is."""
        from sheaf.storage.keys import KeyDirectory

        return self._entries(KeyDirectory, [])

    @property
    def vendor_directory(self) -> VendorDirectory:
        """For looking up whose something at a vendor is."""
        from sheaf.storage.vendor_objects import VendorDirectory

        return self._entries(VendorDirectory, [])

    @property
    def unclaimed_events(self) -> UnclaimedEvents:
        from sheaf.storage.events import UnclaimedEvents

        return self._entries(UnclaimedEvents, [])

    @cached_property
    def webhook_queue(self) -> WebhookQueue:
        from sheaf.vendors.webhook_queue import WebhookQueue

        return WebhookQueue(self.settings)

    @property
    def watched_workspaces(self) -> WatchedWorkspaces:
        """Those that the round of subscriptions comes by at."""
        from sheaf.storage.subscriptions import WatchedWorkspaces

        return self._entries(WatchedWorkspaces, [])

    @cached_property
    def shop(self) -> Shop | None:
        """Where workspaces buy their plans; None: nowhere, and none has limits."""
        if not self.settings.plans_sold_by:
            return None
        from sheaf.subscription.buying import Shop
        from sheaf.subscription.subscription import Seller

        provider = Seller(self.settings.plans_sold_by)
        return Shop(provider, self.seller or _seller(self.settings), self.settings.origin)

    def card_payments(self, api_key: str) -> CardPayments:
        if self.cards is not None:
            return self.cards(api_key)
        from sheaf.vendors.stripe import StripePayments

        return StripePayments(api_key, base_url=self.settings.stripe_url)

    @property
    def link_directory(self) -> LinkDirectory:
        """For looking up what a payment link leads to."""
        from sheaf.storage.payment_links import LinkDirectory

        return self._entries(LinkDirectory, [])

    @cached_property
    def refund_queue(self) -> RefundQueue:
        from sheaf.vendors.refund_queue import RefundQueue

        return RefundQueue(self.settings)

    @cached_property
    def throttles(self) -> Throttles:
        from sheaf.storage.throttles import Throttles

        return Throttles(self.connection, self.settings.directory_table, self.clock)

    @cached_property
    def export_queue(self) -> ExportQueue:
        from sheaf.vendors.export_queue import ExportQueue

        return ExportQueue(self.settings)

    @cached_property
    def issued_queue(self) -> IssuedQueue:
        from sheaf.vendors.issued_queue import IssuedQueue

        return IssuedQueue(self.settings)

    @cached_property
    def file_queues(self) -> FileQueues:
        from sheaf.vendors.file_queues import FileQueues

        return FileQueues(self.settings)

    @cached_property
    def key_ring(self) -> KeyRing:
        from sheaf.access.sealing import KeyRing

        return KeyRing(self.settings.sealing_keys)

    @cached_property
    def openid(self) -> OpenId:
        from sheaf.vendors.openid import OpenIdProviders

        return OpenIdProviders(self.settings.openid_clients)

    def visit(self, origin: Origin, session: Session | None) -> Visit:
        """``session`` is one that has been verified."""
        from sheaf.storage.visit import Visit

        return Visit(
            self.connection,
            self.settings.directory_table,
            origin=origin,
            session=session,
            clock=self.clock,
            opened=self.open,
        )

    @property
    def anchors(self) -> Anchors:
        from sheaf.storage.anchors import Anchors

        return Anchors(self.settings)

    def text_analysis(self, workspace_id: str) -> TextAnalysis:
        return Textract(self.settings, self.tenant_role.principal(workspace_id))

    @property
    def upload_rules(self) -> UploadRules:
        return UploadRules(
            max_bytes=self.settings.max_file_bytes,
            lifetime=timedelta(seconds=self.settings.upload_seconds),
        )


def _seller(chosen: Settings) -> SubscriptionProvider:
    if chosen.plans_sold_by == "paddle":
        from sheaf.vendors.paddle import PaddleSubscriptions

        return PaddleSubscriptions(
            chosen.seller_api_key, prices=chosen.plan_prices, base_url=chosen.paddle_url
        )
    from sheaf.vendors.stripe_subscriptions import StripeSubscriptions

    return StripeSubscriptions(
        chosen.seller_api_key,
        prices=chosen.plan_prices,
        meter=chosen.plan_meter,
        base_url=chosen.stripe_url,
    )


def assemble(
    chosen: Settings,
    *,
    reminders: RemindersPort | None = None,
    mail: MailPort | None = None,
    clock: Clock | None = None,
    seller: SubscriptionProvider | None = None,
    cards: Callable[[str], CardPayments] | None = None,
) -> Application:
    """The application for these settings; the tests put their fakes in here."""
    connection = connect(chosen)
    return Application(
        settings=chosen,
        connection=connection,
        directory=Directory(
            connection, directory_table=chosen.directory_table, records_table=chosen.records_table
        ),
        tenant_role=TenantRole(
            chosen.tenant_role_arn, chosen.region, outlive=timedelta(seconds=chosen.upload_seconds)
        ),
        reminders=reminders or Reminders(chosen),
        mail=mail or Resend(chosen, lambda: chosen.resend_api_key),
        clock=clock or SystemClock(),
        seller=seller,
        cards=cards,
    )


_installed: list[Application] = []


def application() -> Application:
    """Made once per execution environment, at the first event."""
    if not _installed:
        install(assemble(with_secrets(settings())))
    return _installed[-1]


def install(app: Application) -> None:
    _installed[:] = [app]
