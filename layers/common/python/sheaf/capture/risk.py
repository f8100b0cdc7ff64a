"""How likely something is wrong with a reading: what a queue of readings is ordered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.checks import required_fields

if TYPE_CHECKING:
    from sheaf.capture.reading import Reading

_AS_LIKELY_AS_NOT = 0.5
_SAID_BY_CONFIDENCE = frozenset(("field_missing", "low_confidence"))


def risk(reading: Reading) -> float:
    """The probability, from 0 to 1, that a required field is wrong, as if fields failed independently.

    A required field that is not there, and each kind of error found, is as likely wrong as not.
    """
    right = 1.0
    for name in required_fields(reading):
        field = reading.fields.get(name)
        right *= field.confidence if field else _AS_LIKELY_AS_NOT
    errors = {check.code for check in reading.checks if check.severity == "error"}
    return 1 - right * _AS_LIKELY_AS_NOT ** len(errors - _SAID_BY_CONFIDENCE)
