"""The codes that EN 16931 takes for units, countries and currencies.

``codes.json`` is made from the code lists that Factur-X is released with; the tests compare them.
https://ec.europa.eu/digital-building-blocks/sites/display/DIGITAL/Registry+of+supporting+artefacts+to+implement+EN16931
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from stdnum.eu import vat

from sheaf.billing.parties import Party

_GREECE, _NORTHERN_IRELAND = "EL", "XI"


def is_unit(code: str) -> bool:
    return code in _codes()["units"]


def is_country(code: str) -> bool:
    return code in _codes()["countries"]


def is_currency(code: str) -> bool:
    return code in _codes()["currencies"]


def vat_id(party: Party) -> str | None:
    """The VAT number without blanks, if the tax number is one: it begins with its country, or with a member
    state of the European Union where the party is registered as well.
    """
    compact = "".join(filter(str.isalnum, party.tax_id or "")).upper()
    states = {state.upper() for state in vat.MEMBER_STATES} | {_GREECE, _NORTHERN_IRELAND}
    prefixes = states | {party.address.country}
    return compact if compact[:2] in prefixes and any(map(str.isdigit, compact[2:])) else None


@cache
def _codes() -> dict[str, frozenset[str]]:
    lists: dict[str, list[str]] = json.loads((files(__package__) / "codes.json").read_text("utf-8"))
    return {name: frozenset(codes) for name, codes in lists.items()}
