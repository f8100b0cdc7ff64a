"""Work that no request waits for: everything may be delivered twice. See ``sheaf.edge.queues`` for SQS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.bootstrap import application
from sheaf.edge.conflicts import again_on_conflict
from sheaf.kernel.errors import SheafError

if TYPE_CHECKING:
    from sheaf.audit.entries import Action
    from sheaf.storage.tenant import Tenant


FAILURES = (SheafError, BotoCoreError, ClientError, PynamoDBException)
"""What a step can end with that is no fault in the program: a refusal of ours, or AWS in trouble."""

__all__ = ["FAILURES", "again_on_conflict", "unit"]


@contextmanager
def unit(workspace_id: str, actor: str, action: Action) -> Iterator[Tenant]:
    """One unit of work in one workspace: what is staged inside is committed at its end, or not at all."""
    tenant = application().open(workspace_id, Actor(kind=ActorKind.SYSTEM, id=actor), Origin())
    yield tenant
    tenant.commit(action)
