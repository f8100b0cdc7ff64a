"""How many devices may speak for somebody is a promise, written out here once more."""

from __future__ import annotations

from sheaf.access.passkeys import MOST


def test_ten() -> None:
    assert MOST == 10
