"""The randomness of generated documents."""

from __future__ import annotations

import random


class Chance(random.Random):
    """Repeats itself for the same seed; nothing secret hangs on it."""

    def happens(self, share: float) -> bool:
        """True in that share of the cases (0 to 1)."""
        return self.random() < share
