"""What a day leaves behind on the running system: no secret in its tables, no secret or name in its logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.stack import LocalStack
from tests.builders.files import invoice_pdf
from tests.e2e.client import Client
from tests.e2e.test_api_description import Person

ADDRESS, FILENAME, NUMBER = "quentin.quarrelsome@example.com", "Velvetworth", "QX-55120-7"
GUEST = "gwen.quarrelsome@example.com"
WITH_ADDRESSES = ("USER", "MEMBER", "INVITATION", "ERASURE")
"""The kinds of items an address may be in: who somebody is, who is invited, whom to tell of an erasure."""


@dataclass(frozen=True)
class Traces:
    """``secrets`` were all good for something."""

    secrets: list[str]
    items: list[Any]
    logs: str


@pytest.fixture(scope="module")
def traces(stack: LocalStack) -> Traces:
    client = Client.of(stack)
    client.wait([client.upload(f"{FILENAME}.pdf", invoice_pdf(NUMBER))])
    person = Person(stack, ADDRESS)
    secrets = [client.local["api_key"], person.headers["cookie"].partition("=")[2]]
    made = asked(person, "POST", "/v1/api-keys", {"name": "a key", "role": "member"})
    enrolled = asked(person, "POST", "/v1/me/totp")
    asked(person, "POST", "/v1/invitations", {"email": GUEST, "role": "member"})
    secrets += [made["secret"], enrolled["secret"]]
    secrets.append(stack.openid.clients()["google"]["secret"])
    for call in (
        ("POST", "/v1/sign-in/email/confirm", {"token": secrets[1]}),
        ("POST", "/v1/uploads", {"filename": NUMBER}),
    ):
        assert client.call(*call)[0] >= 400
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in stack.directory.logs.iterdir()]
    return Traces(secrets, scanned(client), "\n".join(logs))


def asked(person: Person, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = person.http.request(method, f"{person.stack.url}{path}", headers=person.headers, json=body)
    assert answer.status in {200, 201}, answer.data
    return dict(answer.json())


def scanned(client: Client) -> list[Any]:
    pages = client.aws("dynamodb").get_paginator("scan")
    tables = (client.local["records_table"], client.local["directory_table"])
    return [item for table in tables for page in pages.paginate(TableName=table) for item in page["Items"]]


def test_no_secret_is_in_a_table(traces: Traces) -> None:
    kept = str(traces.items)
    assert len(traces.items) > 10
    assert [secret for secret in traces.secrets if secret in kept] == []


def test_an_address_is_kept_where_a_person_is_and_nowhere_else(traces: Traces) -> None:
    found = {kind_of(item) for item in traces.items if ADDRESS in str(item) or GUEST in str(item)}
    assert found
    assert found <= set(WITH_ADDRESSES)


def kind_of(item: Any) -> str:
    """The last word of the partition key in capitals; of a person's items, that of the sort key."""
    words = f"{item['pk']['S']}#{item['sk']['S']}".split("#")
    return [word for word in words if word.isupper() and word.isalpha()][-1]


def test_logs_name_no_secret_no_person_and_nothing_of_an_invoice(traces: Traces) -> None:
    assert "refused" in traces.logs
    for told in (*traces.secrets, ADDRESS, GUEST, FILENAME, NUMBER, "quarrelsome"):
        assert told not in traces.logs
