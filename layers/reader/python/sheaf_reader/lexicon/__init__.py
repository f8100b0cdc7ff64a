"""The words invoices use, per language, in JSON files beside this module.

``labels`` name a value (keys are AnalyzeExpense types, and a few of our own that become OTHER),
``columns`` head the columns of line items, ``titles`` are what a document calls itself, ``exclusive`` and
``inclusive`` say whether an amount is before or after tax.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sheaf_reader.lexicon.common import squash

LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt")


@dataclass(frozen=True)
class Lexicon:
    """Phrases are squashed (see ``squash``); a phrase can have several meanings."""

    labels: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    titles: frozenset[str]
    exclusive: frozenset[str]
    inclusive: frozenset[str]


@cache
def lexicon() -> Lexicon:
    here = files(__package__)
    parts = [json.loads((here / f"{language}.json").read_text("utf-8")) for language in LANGUAGES]
    return Lexicon(
        labels=_meanings(part["labels"] for part in parts),
        columns=_meanings(part["columns"] for part in parts),
        titles=_phrases(parts, "titles"),
        exclusive=_phrases(parts, "exclusive"),
        inclusive=_phrases(parts, "inclusive"),
    )


def _meanings(parts: Iterable[dict[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    meanings: dict[str, dict[str, None]] = {}
    for part in parts:
        for kind, phrases in part.items():
            for phrase in phrases:
                if squashed := squash(phrase):
                    meanings.setdefault(squashed, {})[kind] = None
    return {phrase: tuple(kinds) for phrase, kinds in meanings.items()}


def _phrases(parts: list[dict[str, list[str]]], key: str) -> frozenset[str]:
    return frozenset(squash(phrase) for part in parts for phrase in part[key])
