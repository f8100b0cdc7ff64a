"""Words as people look for them, and which of them tell documents apart."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 24
"""Letters of a word that count."""

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_WORD = 2
_LEGAL_FORMS = frozenset((
    "ab", "ag", "aps", "as", "bv", "co", "company", "corp", "corporation", "doo", "gbr", "gmbh", "inc", "kft",
    "kg", "lda", "limited", "llc", "llp", "ltd", "ltda", "mbh", "nv", "ohg", "oy", "plc", "pte", "pty", "sa",
    "sarl", "sas", "sl", "spa", "srl", "sro", "ug",
))  # fmt: skip
"""Of companies, as ``words`` splits them."""

_PART_OF_A_DATE = re.compile(r"\d\d?|(?:19|20)\d\d")


def words(text: str) -> list[str]:
    """Letters and digits without case and accents: ``Müller & Söhne`` is ``muller``, ``sohne``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    found = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return [word[:LONGEST] for word in found if len(word) >= _SHORTEST_WORD or word.isdigit()]


def without_forms(called: list[str]) -> list[str]:
    """All, where there are only such."""
    return [word for word in called if word not in _LEGAL_FORMS] or called


def tells(word: str) -> bool:
    """Legal forms, days and years do not: somebody who types one types more."""
    return word not in _LEGAL_FORMS and not _PART_OF_A_DATE.fullmatch(word)


def telling(found: list[str]) -> list[str]:
    """All, where none does."""
    return list(filter(tells, found)) or found
