"""The form takes the announced file and nothing else; S3 itself refuses the rest."""

from __future__ import annotations

import base64
import json
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


@pytest.fixture
def form(client: Client) -> dict[str, str]:
    upload = client.announce("a.pdf", "application/pdf", len(DATA))
    client.local["form_url"] = upload["url"]
    return dict(upload["fields"])


def test_the_announced_file_is_taken(client: Client, form: dict[str, str]) -> None:
    assert client.post(client.local["form_url"], form, DATA) == 204


@pytest.mark.parametrize("data", [DATA + b"!", DATA[:-1], b""], ids=["longer", "shorter", "empty"])
def test_another_size_is_refused(client: Client, form: dict[str, str], data: bytes) -> None:
    assert client.post(client.local["form_url"], form, data) == 400


def test_another_key_is_refused(client: Client, form: dict[str, str]) -> None:
    elsewhere = form["key"].replace(client.local["workspace_id"], "wrk_00000000000000000000000000")
    assert client.post(client.local["form_url"], form | {"key": elsewhere}, DATA) == 403


def test_another_type_is_refused(client: Client, form: dict[str, str]) -> None:
    assert client.post(client.local["form_url"], form | {"Content-Type": "text/html"}, DATA) == 403


def test_a_forged_signature_is_refused(client: Client, form: dict[str, str]) -> None:
    forged = form["x-amz-signature"][::-1]
    assert client.post(client.local["form_url"], form | {"x-amz-signature": forged}, DATA) == 403


def test_a_widened_policy_is_refused(client: Client, form: dict[str, str]) -> None:
    policy = json.loads(base64.b64decode(form["policy"]))
    policy["conditions"] = [["starts-with", "$key", ""], {"bucket": client.local["bucket"]}]
    wide = base64.b64encode(json.dumps(policy).encode()).decode()
    assert client.post(client.local["form_url"], form | {"policy": wide}, DATA) == 403


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
