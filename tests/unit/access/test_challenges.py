"""What follows from a browser's token, and the cookies it is kept in."""

from __future__ import annotations

import re
from datetime import timedelta

from sheaf.access import challenges
from sheaf.access.challenges import derived

TOKEN = "A" * 43


def test_what_follows_is_always_the_same_and_different_for_each_purpose() -> None:
    assert derived(TOKEN, "state") == "QvuANZlKAXxokvtCvT6OhsJmK6US_Glz8hOf104DW7U"
    assert derived(TOKEN, "verifier") == "GK_rXiwLzIpfZnN0mp5EFSHsFzXN8AnoxVpf0hOZNyo"
    assert derived(TOKEN[:-1] + "B", "state") != derived(TOKEN, "state")


def test_it_can_be_a_code_verifier() -> None:
    """RFC 7636, section 4.1: 43 to 128 of these characters, and no padding."""
    for number in range(50):
        assert re.fullmatch(r"[A-Za-z0-9._~-]{43}", derived(TOKEN, f"purpose {number}"))


def test_cookies_of_this_host_alone_and_ten_minutes() -> None:
    assert challenges.COOKIE == "__Host-challenge"
    assert challenges.OPENID_COOKIE == "__Host-openid"
    assert challenges.CROSS_SITE_COOKIE == "__Host-openid-cross-site"
    assert timedelta(minutes=10) == challenges.LIFETIME
