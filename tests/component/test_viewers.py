"""Behind CloudFront, limits by place and the audit log see the viewer, and nobody can say to be another."""

from __future__ import annotations

from hashlib import sha256

import pytest

from sheaf.access.limits import SIGN_IN_FROM_PLACE
from sheaf.edge.viewer import PROOF, VIEWER
from tests.builders.sign_in import configured
from tests.builders.world import Reply, World

SECRET = "s" * 40
GATEWAY_SAW = "203.0.113.7"


@pytest.fixture(autouse=True)
def _behind_cloudfront(world: World) -> None:
    configured(world, edge_digests=sha256(SECRET.encode()).hexdigest())


def through_cloudfront(viewer: str, **more: str) -> dict[str, str]:
    return {PROOF: SECRET, VIEWER: viewer, **more}


def begin(world: World, headers: dict[str, str]) -> Reply:
    return world.browse(None, "POST /v1/sign-in/passkey/options", headers=headers)


def test_the_audit_log_names_the_viewer(world: World) -> None:
    ws = world.workspace()
    body = {"filename": "a.pdf", "content_type": "application/pdf", "size": 1000}
    for headers, seen in (
        (through_cloudfront("2001:db8::7"), "2001:db8::7"),
        ({VIEWER: "198.51.100.10", PROOF: "guessed"}, GATEWAY_SAW),
        (
            {"x-forwarded-for": "198.51.100.10", "cloudfront-viewer-address": "198.51.100.10:4711"},
            GATEWAY_SAW,
        ),
    ):
        made = world.call(ws.api_key, "POST /v1/uploads", body=body, headers=headers)
        assert made.status == 201
        [entry] = world.audit(ws, subject=made.json["document_id"])
        assert entry["origin"]["ip"] == seen


def test_each_viewer_has_a_place_of_their_own(world: World) -> None:
    for _ in range(SIGN_IN_FROM_PLACE.tries):
        world.app.throttles.take(SIGN_IN_FROM_PLACE, "2001:db8:1:2::/64")
    assert begin(world, through_cloudfront("2001:db8:1:2::9")).status == 429
    assert begin(world, through_cloudfront("2001:db8:1:2:ffff::1")).status == 429, "one network is one place"
    assert begin(world, through_cloudfront("2001:db8:1:3::9")).status < 300
    assert begin(world, through_cloudfront("198.51.100.10")).status < 300


def test_who_has_no_tries_left_cannot_be_somebody_else(world: World) -> None:
    for _ in range(SIGN_IN_FROM_PLACE.tries):
        world.app.throttles.take(SIGN_IN_FROM_PLACE, GATEWAY_SAW)
    for forged in (
        {},
        {VIEWER: "198.51.100.1"},
        {VIEWER: "198.51.100.1", PROOF: ""},
        {VIEWER: "198.51.100.1", PROOF: SECRET[::-1] + "x"},
        {"x-forwarded-for": "198.51.100.1"},
        {"cloudfront-viewer-address": "198.51.100.1:4711", "true-client-ip": "198.51.100.1"},
    ):
        assert begin(world, forged).status == 429
