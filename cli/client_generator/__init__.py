"""Makes ``sheaf_client``'s models and operations from the API's description."""

from __future__ import annotations

from client_generator.generate import GENERATED

__all__ = ["GENERATED"]
