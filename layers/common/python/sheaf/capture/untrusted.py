"""What parses strangers' bytes, in a process of its own: a file that would end it ends in a refusal."""

from __future__ import annotations

from collections.abc import Callable

from sheaf.kernel.confined import Bounds, OutOfTime, Stopped, confined
from sheaf.kernel.errors import UnreadableFile


def parsed[**P, T](bounds: Bounds, parse: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``parse`` returns, or ``UnreadableFile``: its own, ``file_timed_out`` or ``file_too_complex``."""
    try:
        return confined(bounds, parse, *args, **kwargs)
    except OutOfTime as error:
        raise UnreadableFile(
            f"Looking into this file took {error}: print it to a new PDF, or scan it, and upload that.",
            code="file_timed_out",
        ) from error
    except Stopped as error:
        raise UnreadableFile(
            "This file takes more memory to open than any invoice needs, or stops what reads it: "
            "print it to a new PDF, or scan it at a lower resolution, and upload that.",
            code="file_too_complex",
        ) from error
