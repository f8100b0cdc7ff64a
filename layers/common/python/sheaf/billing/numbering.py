"""Numbers of issued documents: a series for each kind, without a gap, in the order in which they are issued.

A pattern is text with ``{number}`` in it (``{number:05}``: with leading zeros), and ``{year}`` and
``{month}`` if it is to begin anew with each. These two have a fixed width, so that no two numbers of a
pattern look the same.
"""

from __future__ import annotations

import re
from datetime import date
from string import Formatter

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from sheaf.billing.document import Kind

_LITERAL = re.compile(r"[A-Za-z0-9 ._/#-]*")
_WIDTH = re.compile(r"(0[1-9])?")
_ALLOWED = frozenset({"number", "year", "month"})
NUMBERED = (Kind.INVOICE, Kind.ESTIMATE, Kind.CREDIT_NOTE)
"""Bills keep their supplier's number."""


class Series(BaseModel):
    """``next`` is the number that nobody has yet; ``last_date`` the issue date of the one before."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    period: str
    next: int
    last_date: date | None = None
    is_new: bool = False


def checked(pattern: str) -> str:
    """For validators. A month needs its year: else the numbers of one January were those of the next."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise _refused() from error
    names = [name for _, name, _, _ in parts if name is not None]
    fits = all(
        _LITERAL.fullmatch(literal) and not conversion and _has_width(name, spec)
        for literal, name, spec, conversion in parts
    )
    if (
        not fits
        or names.count("number") != 1
        or len(names) != len(set(names))
        or not _ALLOWED.issuperset(names)
    ):
        raise _refused()
    if "month" in names and "year" not in names:
        raise PydanticCustomError("pattern", "With {month} in it, {year} is wanted as well")
    return pattern


def period(pattern: str, day: date) -> str:
    """What the series of a day is counted in: ``""``, ``2026`` or ``2026-11``."""
    if "{month" in pattern:
        return f"{day:%Y-%m}"
    return f"{day:%Y}" if "{year" in pattern else ""


def numbered(pattern: str, number: int, day: date) -> str:
    return pattern.format(number=number, year=f"{day.year:04}", month=f"{day.month:02}")


def _has_width(name: str | None, spec: str | None) -> bool:
    return not spec or (name == "number" and _WIDTH.fullmatch(spec) is not None)


def _refused() -> PydanticCustomError:
    return PydanticCustomError(
        "pattern",
        "A pattern such as INV-{year}-{number:05} is wanted: letters, digits, spaces and . _ / # - around "
        "one {number}, and {year} and {month} at most once each",
    )
