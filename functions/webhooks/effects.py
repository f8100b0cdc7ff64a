"""What follows from which event."""

from __future__ import annotations

from sheaf.access.webhooks import Source
from sheaf.edge.webhooks import Reaction

REACTIONS: dict[tuple[Source, str], Reaction] = {}
"""An event of any other type is kept, and nothing follows from it."""
