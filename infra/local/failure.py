"""The one error the host stops with: a sentence, and what to do about it."""

from __future__ import annotations


class LocalError(Exception):
    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
