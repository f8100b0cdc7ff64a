"""Requests that a browser was talked into: a cookie counts only when our own page sent the request.

A browser names the page's origin in ``Origin``, or at least in ``Referer``; both are out of a page's reach.
https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sheaf.kernel.errors import Forbidden


def require_same_origin(headers: Mapping[str, str], own: str) -> None:
    """For requests that a cookie speaks for: neither header is as good as the wrong one."""
    if _sender(headers) != own:
        raise Forbidden(
            f"This request does not come from Sheaf's own pages: it must say `Origin: {own}`.",
            code="cross_site_request",
        )


def refuse_other_origins(headers: Mapping[str, str], own: str) -> None:
    """For requests anybody may send, a program without an origin among them; but no other site's page."""
    sender = _sender(headers)
    if sender is not None and sender != own:
        raise Forbidden("This request does not come from Sheaf's own pages.", code="cross_site_request")


def _sender(headers: Mapping[str, str]) -> str | None:
    origin = headers.get("origin")
    if origin is not None:
        return origin
    referer = headers.get("referer")
    if referer is None:
        return None
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
