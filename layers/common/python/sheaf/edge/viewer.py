"""Whose request it is that CloudFront sends on: the gateway sees CloudFront's address.

A function at the edge writes the viewer's address into a header, over whatever the viewer has put there,
and CloudFront adds a secret to all it sends to the API. The API answers whoever calls it directly as well:
without the secret, what a header says of its sender counts for nothing. Here only the secret's SHA-256 is
known, which opens nothing.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address, ip_network

PROOF = "x-sheaf-edge"
VIEWER = "x-sheaf-viewer"

_NETWORK = 64
"""Bits that a network of one household or machine has in common: the other half is theirs to choose."""


def address_of(headers: Mapping[str, str], source: str, digests: Iterable[str]) -> str:
    """``source`` is who has called the gateway; ``digests`` are those of the secrets that count: two while
    one is exchanged, none where nothing stands before the API.
    """
    if VIEWER not in headers or not _is_proven(headers.get(PROOF, ""), digests):
        return source
    try:
        return str(ip_address(headers[VIEWER]))
    except ValueError:
        return source


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or an IPv6 network, of whose addresses there is no end."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((int(parsed), _NETWORK), strict=False))
    return address


def _is_proven(secret: str, digests: Iterable[str]) -> bool:
    found = sha256(secret.encode(errors="replace")).hexdigest()
    return any(compare_digest(found, digest) for digest in digests)
