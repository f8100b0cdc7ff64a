"""The words invoices use, per language, in JSON files beside this module.

``labels`` name a value (keys are AnalyzeExpense types, and a few of our own that become OTHER),
``columns`` head the columns of line items, ``titles`` are what a document calls itself, ``exclusive`` and
``inclusive`` say whether an amount is before or after tax. ``{tax}`` in a phrase stands for each of
``taxes``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sheaf_reader.lexicon.common import squash

LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt", "pl")
_TAX = "{tax}"


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
        labels=_meanings(parts, "labels"),
        columns=_meanings(parts, "columns"),
        titles=_phrases(parts, "titles"),
        exclusive=_phrases(parts, "exclusive"),
        inclusive=_phrases(parts, "inclusive"),
    )


def _meanings(parts: Iterable[dict[str, Any]], section: str) -> dict[str, tuple[str, ...]]:
    meanings: dict[str, dict[str, None]] = {}
    for part in parts:
        for kind, phrases in part[section].items():
            for phrase in phrases:
                for squashed in _spelled_out(phrase, part["taxes"]):
                    meanings.setdefault(squashed, {})[kind] = None
    return {phrase: tuple(kinds) for phrase, kinds in meanings.items()}


def _spelled_out(phrase: str, taxes: list[str]) -> Iterator[str]:
    for tax in taxes if _TAX in phrase else ("",):
        if squashed := squash(phrase.replace(_TAX, tax)):
            yield squashed


def _phrases(parts: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(squash(phrase) for part in parts for phrase in part[key])
