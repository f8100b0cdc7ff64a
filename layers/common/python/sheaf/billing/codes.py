"""The codes that EN 16931 takes for units, countries and currencies.

``codes.json`` is made from the code lists that Factur-X is released with; the tests compare them.
https://ec.europa.eu/digital-building-blocks/sites/display/DIGITAL/Registry+of+supporting+artefacts+to+implement+EN16931
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


def is_unit(code: str) -> bool:
    return code in _codes()["units"]


def is_country(code: str) -> bool:
    return code in _codes()["countries"]


def is_currency(code: str) -> bool:
    return code in _codes()["currencies"]


@cache
def _codes() -> dict[str, frozenset[str]]:
    lists: dict[str, list[str]] = json.loads((files(__package__) / "codes.json").read_text("utf-8"))
    return {name: frozenset(codes) for name, codes in lists.items()}
