"""What can be bought at the doubles of payment providers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """Cents of a euro: a month, or for each unit that a meter counts."""

    name: str
    cents: int
    metered: bool = False
