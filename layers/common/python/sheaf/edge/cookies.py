"""Cookies: sent over TLS alone, out of scripts' reach, and for this host only (the ``__Host-`` prefix).

https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sheaf.access.sessions import Session
from sheaf.access.tokens import SESSION_COOKIE


def host_cookie(
    name: str, value: str, *, lifetime: timedelta, same_site: Literal["Lax", "Strict", "None"] = "Lax"
) -> str:
    if not name.startswith("__Host-"):
        raise ValueError(name)
    seconds = int(lifetime.total_seconds())
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite={same_site}"


def expired_cookie(name: str, *, same_site: Literal["Lax", "Strict", "None"] = "Lax") -> str:
    return host_cookie(name, "", lifetime=timedelta(0), same_site=same_site)


def session_cookie(token: str, session: Session, now: datetime) -> str:
    return host_cookie(SESSION_COOKIE, token, lifetime=session.ends_at - now)
