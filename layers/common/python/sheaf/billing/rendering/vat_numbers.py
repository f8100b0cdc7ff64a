"""Which tax numbers are VAT numbers, as e-invoices tell them apart."""

from __future__ import annotations

from stdnum.eu import vat

from sheaf.billing.parties import Party

_GREECE, _NORTHERN_IRELAND = "EL", "XI"


def vat_id(party: Party) -> str | None:
    """The VAT number without blanks, if the tax number is one: it begins with its country, or with a member
    state of the European Union where the party is registered as well.
    """
    compact = "".join(filter(str.isalnum, party.tax_id or "")).upper()
    states = {state.upper() for state in vat.MEMBER_STATES} | {_GREECE, _NORTHERN_IRELAND}
    prefixes = states | {party.address.country}
    return compact if compact[:2] in prefixes and any(map(str.isdigit, compact[2:])) else None
