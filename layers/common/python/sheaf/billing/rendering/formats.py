"""Dates, numbers and amounts as each locale writes them.

The few patterns an invoice needs, after CLDR (the tests compare them with it); CLDR whole weighs more than
the rest of the application. English is British unless it is American; a Spanish thousand is grouped, as
invoices do it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sheaf.kernel.money import exponent

_NBSP = "\N{NO-BREAK SPACE}"
_NARROW = "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "US$"}
_LETTER = frozenset(("US", "CA", "MX", "CL", "CO", "PH", "PR", "VE"))

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de-AT": "Jänner Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}


@dataclass(frozen=True)
class Formats:
    """``day`` is a pattern of a date. ``gap`` stands between a number and the currency's symbol, which comes
    ``first`` in some languages; ``sign_inside`` is where a minus then stands behind it.
    """

    language: str
    decimal: str
    group: str
    percent: str
    day: str
    gap: str = _NBSP
    first: bool = False
    sign_inside: bool = False
    dollar: str = "US$"

    def number(self, value: Decimal, decimals: int | None = None) -> str:
        """With as many decimals as asked for, or as it has."""
        places = _decimals(value) if decimals is None else decimals
        written = f"{abs(value):,.{places}f}".translate({ord(","): self.group, ord("."): self.decimal})
        return f"{_MINUS}{written}" if value < 0 else written

    def price(self, value: Decimal, currency: str) -> str:
        """At least the decimals of the currency, and all that the price has."""
        return self.number(value, max(_decimals(value), exponent(currency)))

    def amount(self, value: Decimal, currency: str) -> str:
        return self.number(value, exponent(currency))

    def with_currency(self, value: Decimal, currency: str) -> str:
        symbol = self.dollar if currency == "USD" else _SYMBOLS.get(currency, currency)
        number, sign = self.amount(abs(value), currency), _MINUS if value < 0 else ""
        if not self.first:
            return f"{sign}{number}{self.gap}{symbol}"
        gap = self.gap or (_NBSP if symbol[-1].isalpha() else "")
        return f"{symbol}{gap}{sign}{number}" if self.sign_inside else f"{sign}{symbol}{gap}{number}"

    def share(self, value: Decimal) -> str:
        """``value`` in percent."""
        return f"{self.number(value)}{self.percent}"

    def month(self, value: date) -> str:
        return _MONTHS[self.language].split()[value.month - 1]

    def date(self, value: date) -> str:
        return self.day.format(day=value.day, month=self.month(value), year=value.year)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


_ENGLISH = Formats("en", ".", ",", "%", "{day} {month} {year}", gap="", first=True)
_GERMAN = Formats("de", ",", ".", f"{_NBSP}%", "{day}. {month} {year}", dollar="$")
_FRENCH = Formats("fr", ",", _NARROW, f"{_NBSP}%", "{day} {month} {year}", dollar="$US")
_SPANISH = Formats("es", ",", ".", f"{_NBSP}%", "{day} de {month} de {year}")
_ITALIAN = Formats("it", ",", ".", "%", "{day} {month} {year}", dollar="USD")
_DUTCH = Formats("nl", ",", ".", "%", "{day} {month} {year}", first=True, sign_inside=True)
_SWISS = "\N{RIGHT SINGLE QUOTATION MARK}"
_FORMATS = {
    "en": _ENGLISH,
    "en-US": replace(_ENGLISH, day="{month} {day}, {year}", dollar="$"),
    "de": _GERMAN,
    "de-AT": replace(_GERMAN, language="de-AT", first=True),
    "de-CH": replace(_GERMAN, decimal=".", group=_SWISS, percent="%", first=True, sign_inside=True),
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "nl": _DUTCH,
}


def formats(locale: str) -> Formats:
    """Of a BCP 47 tag; where the region has none of its own the language's, else English."""
    language, _, region = locale.partition("-")
    exact = f"{language.lower()}-{region.upper()}"
    return _FORMATS.get(exact) or _FORMATS.get(language.lower(), _ENGLISH)


def paper(locale: str, country: str) -> str:
    """The sheet that is in the printers of whoever receives it, as typst names it."""
    region = locale.partition("-")[2].upper() or country
    return "us-letter" if region in _LETTER else "a4"
