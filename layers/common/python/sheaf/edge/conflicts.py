"""Two writers at once: the second looks at the thing again, and does its work on what it finds then."""

from __future__ import annotations

from collections.abc import Callable

from sheaf.kernel.errors import Conflict

_TRIES = 3


def again_on_conflict[Result](step: Callable[[], Result]) -> Result:
    """``step`` must load what it changes: it is run anew, up to three times in all."""
    for _ in range(_TRIES - 1):
        try:
            return step()
        except Conflict:
            continue
    return step()
