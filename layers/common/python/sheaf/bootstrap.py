"""The one place that assembles the application: settings → tables, bucket, vendors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sheaf.capture.uploads import UploadRules
from sheaf.kernel.clock import Clock, SystemClock
from sheaf.settings import Settings, settings
from sheaf.storage.blobs import Blobs
from sheaf.storage.connection import connect
from sheaf.storage.directory import Directory
from sheaf.storage.partition import Partition
from sheaf.storage.tenant import Tenant
from sheaf.vendors.reminders import Reminders
from sheaf.vendors.textract import Textract

if TYPE_CHECKING:
    from pynamodb.connection import Connection

    from sheaf.access.actor import Actor, Origin
    from sheaf.capture.ports import Reminders as RemindersPort
    from sheaf.capture.ports import TextAnalysis


@dataclass(frozen=True)
class Application:
    settings: Settings
    connection: Connection
    directory: Directory
    analysis: TextAnalysis
    reminders: RemindersPort
    clock: Clock

    def open(self, workspace_id: str, actor: Actor, origin: Origin) -> Tenant:
        """Only for a workspace id that a verified credential, our own record or our own bucket key names."""
        return Tenant(
            workspace_id,
            partition=Partition(self.connection, self.settings.records_table, workspace_id),
            blobs=Blobs(self.settings, workspace_id, self.clock),
            actor=actor,
            origin=origin,
            clock=self.clock,
        )

    @property
    def upload_rules(self) -> UploadRules:
        return UploadRules(
            max_bytes=self.settings.max_file_bytes,
            lifetime=timedelta(seconds=self.settings.upload_seconds),
        )


def assemble(
    chosen: Settings,
    *,
    analysis: TextAnalysis | None = None,
    reminders: RemindersPort | None = None,
    clock: Clock | None = None,
) -> Application:
    """The application for these settings; the tests put their fakes in here."""
    connection = connect(chosen)
    return Application(
        settings=chosen,
        connection=connection,
        directory=Directory(
            connection, directory_table=chosen.directory_table, records_table=chosen.records_table
        ),
        analysis=analysis or Textract(chosen),
        reminders=reminders or Reminders(chosen),
        clock=clock or SystemClock(),
    )


_installed: list[Application] = []


def application() -> Application:
    """Made once per execution environment, at the first event."""
    if not _installed:
        install(assemble(settings()))
    return _installed[-1]


def install(app: Application) -> None:
    _installed[:] = [app]
