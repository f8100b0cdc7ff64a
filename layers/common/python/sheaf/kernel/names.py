"""Names that people give to things, and read in lists, mails and the audit log."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError


def _printable(name: str) -> str:
    if not name.isprintable():
        raise PydanticCustomError(
            "name", "A name has no line breaks, control characters or invisible characters"
        )
    return name


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_printable),
]
"""One line that looks like what it is: nothing in it turns the text around or hides in it."""
