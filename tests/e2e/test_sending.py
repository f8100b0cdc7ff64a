"""An invoice on the embedded AWS: issued, mailed by the double of Resend, read back, delivered, bounced."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from urllib3 import PoolManager

from infra.local.stack import LocalStack
from tests.builders.billing import BUYER, LINE, SETTINGS
from tests.e2e.client import Client, patiently

pytestmark = pytest.mark.xdist_group("stack")

_HTTP = PoolManager(retries=False, timeout=60)


def issued(client: Client, email: str) -> Any:
    settings = SETTINGS | {"reply_to": "billing@acme.example"}
    status, said = client.call("PUT", "/v1/settings/billing", settings, **{"if-match": "*"})
    assert status == 200, said
    new = {"kind": "invoice", "buyer": BUYER | {"email": email}, "lines": [LINE]}
    status, draft = client.call("POST", "/v1/issued-documents", new)
    assert status == 201, draft
    path = f"/v1/issued-documents/{draft['id']}/issue"
    status, invoice = client.call("POST", path, **{"if-match": "*"})
    assert status == 200, invoice
    return invoice


def when(client: Client, invoice: Any, state: str) -> Any:
    """The invoice, as soon as its mail is in that state."""
    for _ in patiently():
        _, shown = client.call("GET", f"/v1/issued-documents/{invoice['id']}")
        if [mail["state"] for mail in shown["mails"]] == [state]:
            return shown
    raise AssertionError(f"not {state}: {shown['mails']}")


def test_an_invoice_arrives_as_it_was_issued_and_what_becomes_of_it_is_known(
    stack: LocalStack, client: Client, tmp_path: Path
) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    invoice = issued(client, email)
    status, asked = client.call("POST", f"/v1/issued-documents/{invoice['id']}/send", {}, **{"if-match": "*"})
    assert status == 202, asked
    assert when(client, invoice, "delivered")["status"] == "sent"

    mails = _HTTP.request("GET", f"{stack.mail_url}/emails").json()["data"]
    [mail] = [each for each in mails if each["to"] == [email]]
    attached = _HTTP.request("GET", f"{stack.mail_url}/emails/{mail['id']}/attachments/0").data
    status, link = client.call("GET", f"/v1/issued-documents/{invoice['id']}/pdf")
    assert (status, link["frozen"]) == (200, True)
    assert client.http.request("GET", link["url"]).data == attached

    file = tmp_path / "invoice.pdf"
    file.write_bytes(attached)
    sheaf = Path(sys.executable).parent / "sheaf"
    read = subprocess.run([sheaf, "read", file], capture_output=True, text=True, check=True).stdout
    for value in (invoice["number"], "Acme GmbH", "238.00", invoice["due_date"]):
        assert value in read

    _HTTP.request("POST", f"{stack.mail_url}/emails/{mail['id']}/bounced", redirect=False)
    bounced = when(client, invoice, "bounced")["mails"][0]
    assert "no such mailbox" in bounced["reason"]
