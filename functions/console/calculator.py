"""The VAT calculator: a form that works without script, and keeps nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from sheaf.billing.vat import Taxed, with_tax, without_tax

_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_HIGHEST = 100
_RATES = ("5", "5.5", "7", "10", "19", "20", "21", "22", "23", "25")
_CHOICES = {"net": "without VAT", "gross": "with VAT"}


class Asked(BaseModel):
    """Texts as they were typed: what is no number is told on the page."""

    amount: Annotated[str, Field(max_length=30)] = ""
    rate: Annotated[str, Field(max_length=10)] = ""
    amount_is: Literal["net", "gross"] = "net"


def page(asked: Asked) -> str:
    amount, rate = _number(asked.amount), _number(asked.rate)
    if not asked.amount and not asked.rate:
        result = ""
    elif amount is None or rate is None or rate > _HIGHEST:
        result = (
            '<p role="alert">An amount such as <code>1234.50</code> and a rate from 0 to 100 percent are '
            "wanted, without separators of thousands.</p>"
        )
    else:
        result = _table(
            without_tax(amount, rate) if asked.amount_is == "gross" else with_tax(amount, rate), rate
        )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>VAT calculator</title><link rel="stylesheet" href="/docs.css"></head><body>'
        "<h1>VAT calculator</h1><p>Puts the tax on an amount, or takes it out of one. Nothing is kept.</p>"
        f"{_form(asked)}{result}</body></html>"
    )


def _form(asked: Asked) -> str:
    choices = "".join(
        f'<label><input type="radio" name="amount_is" value="{value}"'
        f"{' checked' if asked.amount_is == value else ''}> {label}</label> "
        for value, label in _CHOICES.items()
    )
    rates = "".join(f'<option value="{rate}">' for rate in _RATES)
    return (
        '<form method="get" action="/tools/vat-calculator">'
        f'<p><label>Amount <input name="amount" inputmode="decimal" required value="{escape(asked.amount)}">'
        f"</label> {choices}</p>"
        '<p><label>VAT rate in percent <input name="rate" inputmode="decimal" required list="rates" '
        f'value="{escape(asked.rate)}"></label><datalist id="rates">{rates}</datalist></p>'
        '<p><button type="submit">Calculate</button></p></form>'
    )


def _table(taxed: Taxed, rate: Decimal) -> str:
    rows = (("Without VAT", taxed.net), (f"VAT {rate:f}%", taxed.tax), ("With VAT", taxed.gross))
    cells = "".join(f'<tr><th scope="row">{name}</th><td>{amount:,.2f}</td></tr>' for name, amount in rows)
    return f"<h2>Result</h2><table>{cells}</table>"


def _number(text: str) -> Decimal | None:
    compact = "".join(text.split())
    return Decimal(compact.replace(",", ".")) if _AMOUNT.fullmatch(compact) and compact.isascii() else None
