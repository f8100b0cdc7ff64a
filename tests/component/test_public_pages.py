"""What anybody may read: where to report a vulnerability, what is promised, who else touches the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.builders.world import World
from tests.drift import ROOT, security


def test_security_txt_is_what_rfc_9116_asks_for(world: World) -> None:
    reply = world.call(None, "GET /.well-known/security.txt")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in reply.text.splitlines())
    assert fields["Contact"].startswith(("mailto:", "https:", "tel:"))
    expires = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < expires < timedelta(days=365), "a year at most, as the RFC recommends"
    assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_the_security_page_names_every_promise_and_every_subprocessor(world: World) -> None:
    page = world.call(None, "GET /security").text
    assert "<script" not in page
    for name in ("Amazon Web Services", "Resend", "Every workspace is separate", "sheaf audit verify"):
        assert name in page


def test_the_document_of_promises_is_up_to_date() -> None:
    assert (ROOT / "docs" / "security.md").read_text(encoding="utf-8") == security()
