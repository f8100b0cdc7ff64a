"""One botocore session for every client of the process, and whose credentials their calls are signed with.

A session costs more than a client (its loaders, its endpoint rules): with a shared one, each further
client is almost free. Endpoints come from the environment (``AWS_ENDPOINT_URL``), never from code.

A call is signed with the function's own credentials, which reach nothing that a workspace owns, unless it is
made inside ``TenantPrincipal.acting()``. So there is one client a service, however many workspaces there are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.loaders import Loader

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from mypy_boto3_sts import STSClient

SESSION_LIFE = timedelta(hours=1)
"""The longest that a role's session may assume another role for."""

_KEPT = 512
"""Workspaces whose credentials an execution environment remembers: a kilobyte each."""

_EARLY = timedelta(minutes=10)

_acting: ContextVar[Credentials | None] = ContextVar("acting", default=None)


class LeanLoader(Loader):
    """botocore's data, without two costs of a first client: reading 1.2 MB of endpoints (where a service
    is, its own rules say; the old list is asked for little that the partitions do not tell), and looking
    into the folders of all 400 services to see that one is there.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        # Names alone: pathlib would make 800 objects for each client.
        folders = [path for path in self.search_paths if os.path.isdir(path)]  # noqa: PTH112
        return [name for folder in folders for name in os.listdir(folder)]  # noqa: PTH208

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        if name != "endpoints":
            return super().load_data_with_path(name)
        known, path = super().load_data_with_path("partitions")
        return {"partitions": [_partition(partition) for partition in known["partitions"]]}, path


@cache
def shared_session() -> botocore.session.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", LeanLoader())
    session.register("before-sign", _sign_as_who_acts)
    return session


@cache
def client(service: str, region: str) -> Any:
    """Four tries in all, with exponential back-off and jitter (botocore's standard mode).

    S3 of us-east-1 is asked at its regional endpoint, as the other regions' is.
    """
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": 4}, s3={"us_east_1_regional_endpoint": "regional"}
    )
    return shared_session().create_client(service, region_name=region, config=config)


class TenantRole:
    """What a function becomes to touch what a workspace owns. The session's tag ``workspace`` says whose:
    the role's policy compares keys with it.

    ``outlive``: signed URLs live this long, and no longer than the credentials that signed them.
    """

    def __init__(self, role_arn: str, region: str, *, outlive: timedelta) -> None:
        self._role_arn = role_arn
        self._region = region
        self._outlive = int(outlive.total_seconds())
        self.credentials = lru_cache(_KEPT)(self._credentials)

    def principal(self, workspace_id: str) -> TenantPrincipal:
        """Nothing is assumed before the first call that needs it."""
        return TenantPrincipal(self, workspace_id)

    def _credentials(self, workspace_id: str) -> Credentials:
        assume = partial(self._assume, workspace_id)
        return RefreshableCredentials.create_from_metadata(
            assume(),
            refresh_using=assume,
            method="assume-role",
            mandatory_timeout=self._outlive,
            advisory_timeout=self._outlive + int(_EARLY.total_seconds()),
        )

    def _assume(self, workspace_id: str) -> dict[str, str]:
        sts: STSClient = client("sts", self._region)
        with _signing_with(None):
            answer = sts.assume_role(
                RoleArn=self._role_arn,
                RoleSessionName=workspace_id,
                DurationSeconds=int(SESSION_LIFE.total_seconds()),
                Tags=[{"Key": "workspace", "Value": workspace_id}],
            )
        issued = answer["Credentials"]
        return {
            "access_key": issued["AccessKeyId"],
            "secret_key": issued["SecretAccessKey"],
            "token": issued["SessionToken"],
            "expiry_time": issued["Expiration"].isoformat(),
        }


@dataclass(frozen=True)
class TenantPrincipal:
    role: TenantRole
    workspace_id: str

    @property
    def credentials(self) -> Credentials:
        return self.role.credentials(self.workspace_id)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Calls made inside, in this thread, are the workspace's and reach no other."""
        with _signing_with(self.credentials):
            yield


@contextmanager
def _signing_with(credentials: Credentials | None) -> Iterator[None]:
    token = _acting.set(credentials)
    try:
        yield
    finally:
        _acting.reset(token)


def _sign_as_who_acts(**event: Any) -> None:
    request: AWSRequest = event["request"]
    credentials = _acting.get()
    if credentials is not None:
        request.context.setdefault("signing", {})["request_credentials"] = credentials


def _partition(known: dict[str, Any]) -> dict[str, Any]:
    """In the form of ``endpoints.json``, where no service is out of the ordinary."""
    return {
        "partition": known["id"],
        "dnsSuffix": known["outputs"]["dnsSuffix"],
        "regionRegex": known["regionRegex"],
        "regions": known["regions"],
        "defaults": {
            "hostname": "{service}.{region}.{dnsSuffix}",
            "protocols": ["https"],
            "signatureVersions": ["v4"],
        },
        "services": {},
    }
