"""Words of the API that may become more: one that this client does not know yet is no error."""

from __future__ import annotations

import enum


class StrEnum(enum.StrEnum):
    @classmethod
    def _missing_(cls, value: object) -> StrEnum | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = word._value_ = value
        return word
