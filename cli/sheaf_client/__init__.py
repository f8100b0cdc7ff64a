"""Sheaf's API for Python. See docs/client.md."""

from __future__ import annotations

from sheaf_client.client import Client
from sheaf_client.errors import Refused, SheafError

__all__ = ["Client", "Refused", "SheafError"]
