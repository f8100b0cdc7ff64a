"""Who the viewer is: what a header says counts with CloudFront's secret, and with nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.edge.request import Request
from sheaf.edge.viewer import PROOF, VIEWER, address_of, place_of
from tests.builders import events

SECRET, OLD = "s" * 40, "o" * 40
DIGESTS = tuple(sha256(secret.encode()).hexdigest() for secret in (SECRET, OLD))
GATEWAY_SAW, SAID = "130.176.0.9", "198.51.100.10"
FORGED = {
    "x-forwarded-for": f"{SAID}, 10.0.0.1",
    "x-real-ip": SAID,
    "true-client-ip": SAID,
    "forwarded": f"for={SAID}",
    "cloudfront-viewer-address": f"{SAID}:46532",
}


@pytest.mark.parametrize("secret", [SECRET, OLD])
@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("198.51.100.10", "198.51.100.10"),
        ("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ("2001:0DB8:0000:0000:0000:8A2E:0370:7334", "2001:db8::8a2e:370:7334"),
        ("::1", "::1"),
    ],
)
def test_with_the_secret_the_header_says_who_it_is(secret: str, said: str, address: str) -> None:
    assert address_of({PROOF: secret, VIEWER: said}, GATEWAY_SAW, DIGESTS) == address


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("proof", [{}, {PROOF: SECRET}])
def test_other_headers_say_nothing_at_all(name: str, proof: dict[str, str]) -> None:
    assert address_of({name: FORGED[name], **proof}, GATEWAY_SAW, DIGESTS) == GATEWAY_SAW


@pytest.mark.parametrize(
    "secret",
    [None, "", " ", SECRET[:-1], SECRET + "s", SECRET.upper(), f"{SECRET},{SECRET}", *DIGESTS, "\ud800"],
)
def test_without_the_secret_the_header_says_nothing(secret: str | None) -> None:
    headers = {**FORGED, VIEWER: SAID} | ({} if secret is None else {PROOF: secret})
    assert address_of(headers, GATEWAY_SAW, DIGESTS) == GATEWAY_SAW


@pytest.mark.parametrize("secret", ["", SECRET])
def test_where_nothing_stands_before_the_api_nothing_is_believed(secret: str) -> None:
    assert address_of({PROOF: secret, VIEWER: SAID}, GATEWAY_SAW, ()) == GATEWAY_SAW


@pytest.mark.parametrize(
    "said", ["", "unknown", f"{SAID}, {SAID}", f"{SAID}:46532", "1.2.3", "[::1]:80", "a\x00"]
)
def test_what_is_no_address_is_not_taken_for_one(said: str) -> None:
    assert address_of({PROOF: SECRET, VIEWER: said}, GATEWAY_SAW, DIGESTS) == GATEWAY_SAW


@given(st.ip_addresses(), st.text())
def test_it_is_always_an_address(viewer: object, secret: str) -> None:
    headers = {PROOF: secret, VIEWER: str(viewer)}
    assert address_of(headers, GATEWAY_SAW, DIGESTS) in {GATEWAY_SAW, str(viewer)}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("198.51.100.10", "198.51.100.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:198.51.100.10", "198.51.100.10"),
        ("", ""),
        ("test-invoke-source-ip", "test-invoke-source-ip"),
    ],
)
def test_a_place_is_an_address_or_a_network(address: str, place: str) -> None:
    assert place_of(address) == place


def test_a_request_knows_its_place() -> None:
    event = events.http("GET", "/v1/things", headers={PROOF: SECRET, VIEWER: "2001:db8:1:2::9"})
    for digests, address, place in (
        (DIGESTS, "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ((), "203.0.113.7", "203.0.113.7"),
    ):
        request = Request(event, digests)
        assert (request.origin.ip, request.place) == (address, place)
