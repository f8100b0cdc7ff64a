"""Cookies, to the letter: every attribute is a guard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sheaf.access.sessions import Session
from sheaf.edge.cookies import expired_cookie, host_cookie, session_cookie

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_a_cookie_is_for_this_host_over_tls_and_out_of_scripts_reach() -> None:
    cookie = host_cookie("__Host-a", "value", lifetime=timedelta(minutes=10))
    assert cookie == "__Host-a=value; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"
    strict = host_cookie("__Host-a", "value", lifetime=timedelta(minutes=10), same_site="Strict")
    assert strict.endswith("; SameSite=Strict")


@pytest.mark.parametrize("name", ["session", "__Secure-session", "__host-session", "_Host-session"])
def test_a_name_that_browsers_do_not_guard_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        host_cookie(name, "value", lifetime=timedelta(minutes=10))


def test_taking_a_cookie_away() -> None:
    assert expired_cookie("__Host-a") == "__Host-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
    assert expired_cookie("__Host-a", same_site="None").endswith("; SameSite=None")


def test_the_cookie_of_a_session_ends_with_it() -> None:
    session = Session(
        id="ses_1", digest="d", user_id="usr_1", created_at=NOW, proved_at=NOW, seen_at=NOW,
        ends_at=NOW + timedelta(days=14),
    )  # fmt: skip
    cookie = session_cookie("token", session, NOW + timedelta(days=13))
    assert cookie == "__Host-session=token; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax"
