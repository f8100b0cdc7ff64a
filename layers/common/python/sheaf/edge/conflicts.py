"""Two writers at once: the second looks at the thing again, and does its work on what it finds then."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import count

from sheaf.kernel.errors import Conflict

_TRIES = 3
_PATIENCE = 24
"""Seconds, of the 29 that a function has."""

_LONGEST_PAUSE = 4


def again_on_conflict[Result](step: Callable[[], Result]) -> Result:
    """``step`` must load what it changes: it is run anew, up to three times in all."""
    for _ in range(_TRIES - 1):
        try:
            return step()
        except Conflict:
            continue
    return step()


def in_turn[Result](step: Callable[[], Result]) -> Result:
    """The same for what many want at once, such as the next number of a series: whoever is overtaken waits
    for a random while, longer each time, as long as a request may. How long follows from how long a try
    takes: the more are at it, or the slower the table is, the more room they leave each other.

    A conflict with a code of its own is no race but a refusal, and final.
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    began = time.monotonic()
    for tries in count(1):
        tried = time.monotonic()
        try:
            return step()
        except Conflict as conflict:
            if conflict.code != Conflict.code or time.monotonic() - began > _PATIENCE - _LONGEST_PAUSE:
                raise
        took = time.monotonic() - tried
        pause = min(took * 2**tries, _LONGEST_PAUSE)
        time.sleep(random.uniform(0, pause))  # noqa: S311  # nothing is secret about it
    raise AssertionError("the tries have no end")
