"""The logo and the colour of a workspace stand on what it issues."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sheaf.edge.provisioning import Provisioned
from tests.builders.billing import LOGO, act, billing, draft, issued, settings
from tests.builders.world import SETTINGS, Reply, World

ROUTE = "/v1/settings/billing/logo"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return billing(world)


def put(world: World, ws: Provisioned, logo: str = LOGO) -> Reply:
    return world.call(ws.api_key, f"PUT {ROUTE}", body={"logo": logo})


def another(colour: str) -> str:
    svg = base64.b64decode(LOGO).replace(b"<rect ", f'<rect fill="{colour}" '.encode())
    return base64.b64encode(svg).decode()


def page(world: World, ws: Provisioned, document: Any) -> bytes:
    reply = world.call(
        ws.api_key, "GET /v1/issued-documents/{issued_id}/pdf", path={"issued_id": document["id"]}
    )
    assert reply.status == 200, reply.text
    key, _, query = (
        reply.json["url"].partition(f"{SETTINGS.bucket}.s3.us-east-1.amazonaws.com/")[2].partition("?")
    )
    [version] = [each.partition("=")[2] for each in query.split("&") if each.startswith("versionId=")]
    data: bytes = world.s3.get_object(Bucket=SETTINGS.bucket, Key=key, VersionId=version)["Body"].read()
    return data


def shown(world: World, ws: Provisioned) -> Any:
    return world.call(ws.api_key, "GET /v1/settings/billing").json


def test_it_stands_on_drafts_and_on_what_is_issued_from_now_on(world: World, ws: Provisioned) -> None:
    document = draft(world, ws)
    plain = page(world, ws, document)
    assert put(world, ws).status == 200
    with_logo = page(world, ws, document)
    assert with_logo != plain
    settings(world, ws, accent="#aa3311")
    assert page(world, ws, document) not in (plain, with_logo)
    assert page(world, ws, issued(world, ws))


def test_what_was_issued_keeps_what_stood_on_it(world: World, ws: Provisioned) -> None:
    put(world, ws)
    invoice = issued(world, ws)
    before = page(world, ws, invoice)
    void = page(world, ws, act(world, ws, "void", invoice))
    put(world, ws, another("#00ff00"))
    settings(world, ws, accent="#aa3311")
    assert page(world, ws, invoice) == void
    other = issued(world, ws)
    world.call(ws.api_key, f"DELETE {ROUTE}")
    assert before not in (void, page(world, ws, other))


def test_the_settings_tell_which_it_is(world: World, ws: Provisioned) -> None:
    assert shown(world, ws)["logo"] is None
    said = put(world, ws).json
    assert said["size"] == len(base64.b64decode(LOGO))
    settings(world, ws, due_days=7)
    assert shown(world, ws)["logo"] == said
    assert world.call(ws.api_key, f"DELETE {ROUTE}").status == 204
    assert shown(world, ws)["logo"] is None


def test_the_same_logo_again_is_no_change(world: World, ws: Provisioned) -> None:
    put(world, ws)
    before = world.items("AUDIT")
    assert put(world, ws).status == 200
    assert world.items("AUDIT") == before


@pytest.mark.parametrize(
    "logo", ["!", "", base64.b64encode(b"%PDF-1.7").decode(), base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()]
)
def test_what_cannot_be_printed_is_refused(world: World, ws: Provisioned, logo: str) -> None:
    reply = put(world, ws, logo)
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "logo"
    assert shown(world, ws)["logo"] is None


def test_another_workspace_has_its_own(world: World, ws: Provisioned) -> None:
    put(world, ws)
    assert shown(world, billing(world, "Other"))["logo"] is None
