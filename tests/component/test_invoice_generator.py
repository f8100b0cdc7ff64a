"""The invoice generator: a form without script that answers with a PDF, and keeps nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from functions.tools import handler
from sheaf.capture.einvoice import read_einvoice
from sheaf.edge.buckets import Buckets
from tests.builders import events
from tests.builders.world import Reply, World

FORM, MAKE = "GET /tools/invoice", "POST /tools/invoice"
FILLED = {
    "seller-name": "Acme GmbH",
    "seller-address": "Ringstr. 1",
    "seller-postcode": "10115",
    "seller-city": "Berlin",
    "seller-country": "DE",
    "seller-tax_id": "DE136695976",
    "buyer-name": "Bakery <Ltd>",
    "buyer-address": "High Street 2\nSecond floor",
    "buyer-city": "London",
    "buyer-country": "GB",
    "number": "2026/001",
    "issue_date": "2026-11-20",
    "due_date": "2026-12-04",
    "currency": "EUR",
    "locale": "de",
    "iban": "DE89 3704 0044 0532 0130 00",
    "notes": "Thank you",
    "line-0-description": "Consulting",
    "line-0-quantity": "2",
    "line-0-price": "100,00",
    "line-0-tax": "19",
    "line-1-description": "",
    "line-1-quantity": "",
    "line-1-price": "",
    "line-1-tax": "",
    "line-2-description": "Books",
    "line-2-quantity": "",
    "line-2-price": "10",
    "line-2-tax": "7",
}


@pytest.fixture(autouse=True)
def _nobody_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "_buckets", Buckets(handler.LIMIT))


def posted(world: World, form: dict[str, str]) -> Reply:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return world.call(None, MAKE, body=urlencode(form), headers=headers)


def send(world: World, **said: str) -> Reply:
    form = FILLED | {name.replace("__", "-"): value for name, value in said.items()}
    return posted(world, form)


class Inputs(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "input":
            self.values[known["name"] or ""] = known.get("value") or ""


def test_the_form_runs_no_script_and_may_be_sent_here_only(world: World) -> None:
    reply = world.call(None, FORM)
    assert reply.status == 200
    assert "<script" not in reply.text
    assert "form-action 'self'" in reply.headers["content-security-policy"]
    assert "script" not in reply.headers["content-security-policy"]
    assert Inputs(reply.text).values["number"].endswith("-001")


def test_it_answers_with_a_pdf_whose_e_invoice_says_the_same(world: World) -> None:
    reply = send(world)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/pdf")
    assert reply.headers["content-disposition"] == 'attachment; filename="2026-001.pdf"'
    assert reply.headers["cache-control"] == "no-store"
    assert reply.file.startswith(b"%PDF-")
    [xml] = PdfReader(BytesIO(reply.file)).attachments["factur-x.xml"]
    found = read_einvoice(xml)
    read = {name: field.value for name, field in found.fields.items()}
    assert (read["invoice_number"], read["vendor"], read["buyer"]) == (
        "2026/001",
        "Acme GmbH",
        "Bakery <Ltd>",
    )
    assert (read["subtotal"], read["tax"], read["total"]) == ("210.00", "38.70", "248.70")


def test_nothing_of_it_is_kept_and_no_service_is_asked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with world.network.recording() as calls:
        assert send(world).status == 200
        assert send(world, number="").status == 422
        assert calls == []
    assert "Acme" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"seller__name": ""}, "seller-name"),
        ({"buyer__country": ""}, "buyer-country"),
        ({"issue_date": ""}, "issue_date"),
        ({"issue_date": "soon"}, "issue_date"),
        ({"line__0__price": "a lot"}, "line-0-price"),
        ({"line__2__tax": "101"}, "line-2-tax"),
        ({"line__2__price": "-1"}, "line-2-price"),
        ({"iban": "DE00"}, "iban"),
        ({"currency": "XXX"}, "currency"),
        ({"number": ""}, "number"),
        ({"line__0__description": ""}, "line-0-description"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(world: World, said: dict[str, str], field: str) -> None:
    reply = send(world, **said)
    assert (reply.status, reply.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', reply.text)
    assert f'id="{field}-problem"' in reply.text
    kept = Inputs(reply.text).values
    assert kept["buyer-name"] == "Bakery <Ltd>"
    assert {name: kept[name] for name in kept if name.startswith("line-")} == {
        name: value
        for name, value in (FILLED | {k.replace("__", "-"): v for k, v in said.items()}).items()
        if name.startswith("line-")
    }


def test_nothing_on_it_is_said_as_well(world: World) -> None:
    blank = {name: "" for name in FILLED if name.startswith("line-")}
    reply = posted(world, FILLED | blank)
    assert reply.status == 422
    assert "Nothing is on it yet." in reply.text


def test_more_lines_keep_what_was_typed(world: World) -> None:
    reply = send(world, more="1")
    assert reply.status == 200
    values = Inputs(reply.text).values
    assert values["line-2-description"] == "Books"
    assert "line-6-description" in values
    for _ in range(12):
        reply = posted(world, FILLED | Inputs(reply.text).values | {"more": "1"})
    assert sum(name.endswith("-description") for name in Inputs(reply.text).values) == 40


def test_a_place_makes_so_many_and_another_is_not_touched(world: World) -> None:
    replies = [send(world, number="") for _ in range(21)]
    assert [reply.status for reply in replies] == [422] * 20 + [429]
    assert int(replies[-1].headers["retry-after"]) > 0
    event = events.http("POST", "/tools/invoice", body={"number": "1"})
    event["requestContext"]["http"]["sourceIp"] = "198.51.100.9"
    assert world.serve(event).status == 422


def test_too_long_a_text_is_refused_before_anything_is_made(world: World) -> None:
    reply = send(world, notes="x" * 2001)
    assert (reply.status, reply.json["code"]) == (422, "invalid_request")
