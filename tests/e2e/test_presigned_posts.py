"""The form takes the announced file, in time; what else it refuses is in tests/security/test_links.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest
from botocore.credentials import Credentials

from infra.local.aws import CREDENTIALS
from sheaf.aws import TenantPrincipal
from sheaf.kernel.clock import FixedClock, SystemClock
from sheaf.settings import Settings
from sheaf.storage.blobs import Blobs
from tests.e2e.client import Client

pytestmark = pytest.mark.xdist_group("stack")

DATA = b"%PDF-1.7 twenty bytes"


def test_the_announced_file_is_taken(client: Client) -> None:
    upload = client.announce("a.pdf", "application/pdf", len(DATA))
    assert client.post(upload["url"], upload["fields"], DATA) == 204


@dataclass(frozen=True)
class Root:
    """Whoever may do everything, in that workspace."""

    workspace_id: str
    credentials: Credentials = field(
        default_factory=lambda: Credentials(*CREDENTIALS.values())  # the key, the secret
    )


def test_an_expired_form_is_refused(client: Client) -> None:
    settings = Settings(
        records_table="-",
        directory_table="-",
        bucket=client.local["bucket"],
        tenant_role_arn="-",
        endpoint_url=client.local["aws_endpoint_url"],
    )
    yesterday = FixedClock(SystemClock().now() - timedelta(days=1))
    root = cast("TenantPrincipal", Root(client.local["workspace_id"]))
    blobs = Blobs(settings, root, yesterday)
    form = blobs.presign_upload(
        "doc_00000000000000000000000000",
        content_type="application/pdf",
        size=len(DATA),
        lifetime=timedelta(minutes=15),
    )
    assert client.post(form.url, form.fields, DATA) == 403
