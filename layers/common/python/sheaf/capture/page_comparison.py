"""An e-invoice inside a PDF says the same twice, to programs and to people: do both say the same?

Who approves an invoice looks at the page, what is paid is what the XML says: an account or a total that
differ are how fraud is hidden. The page's text is searched for what the XML says, in whatever way that may
be printed. A page without text to search, a picture for example, proves nothing and raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.capture.dates import month_of
from sheaf.capture.reading import Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdfium2 import PdfDocument

    from sheaf.capture.reading import Reading

_FIRST_PAGES, _LAST_PAGES = 8, 4
_MOST_CHARACTERS = 60_000
_ENOUGH = 40  # letters and digits
_READABLE_SHARE = 0.5
_HYPHENATION = dict.fromkeys((0x02, 0xAD, 0xFFFE))
_SHORTEST_WORD = 3
_TELLING = 3
_KNOWN_CURRENCIES = frozenset(
    ("EUR", "USD", "GBP", "CHF", "PLN", "CZK", "DKK", "SEK", "NOK", "HUF", "RON", "CAD", "AUD", "JPY", "CNY")
)
_SIGNS = {"€": "EUR", "£": "GBP"}
_MONEY = re.compile(r"\d[.,]\d{2}(?!\d)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\W{1,3}[^\W\d_]{3,12}\W{1,3}\d{4}")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}")
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_SEPARATOR = re.compile(r"[\W_]+")
_LONG_ENOUGH = 6
_WORD = re.compile(r"[^\W_]+")
_NAMES = {
    "invoice_number": "number",
    "invoice_date": "date",
    "amount_due": "amount due",
    "iban": "IBAN",
}


def page_text(pdf: PdfDocument) -> str:
    """The text of the first and the last pages, as it would be copied."""
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FORMTYPE_NONE

    is_form = pdf.get_formtype() != FORMTYPE_NONE
    if is_form:
        pdf.init_forms()
    count = len(pdf)
    wanted = sorted({*range(min(count, _FIRST_PAGES)), *range(max(0, count - _LAST_PAGES), count)})
    texts, left = [], _MOST_CHARACTERS
    for index in wanted:
        try:
            page = pdf[index]
            if is_form:
                page.flatten()  # what is filled in becomes text
            text = page.get_textpage().get_text_range(0, -1, errors="replace")[:left]
        except PdfiumError:
            continue
        texts.append(text)
        left -= len(text)
        if not left:
            break
    return "\n".join(texts)


def compare(reading: Reading, text: str) -> Check | None:
    """A check that names the fields whose value the page does not show, though it shows others like it."""
    printed = unicodedata.normalize("NFKC", text.translate(_HYPHENATION))
    if not _is_readable(printed):
        return None
    differing = tuple(name for name, is_missing in _COMPARED.items() if is_missing(reading, printed))
    if not differing:
        return None
    said = ", ".join(f"{_NAMES.get(name, name)} {reading.value(name)}" for name in differing)
    return Check(
        code="page_differs",
        message=f"The e-invoice in this PDF says {said}; its page does not: compare them before you pay.",
        fields=differing,
    )


def _is_readable(text: str) -> bool:
    """Fonts without a table of their characters give signs without meaning."""
    meaningful = sum(map(str.isalnum, text))
    return meaningful >= max(_ENOUGH, _READABLE_SHARE * len("".join(text.split())))


def _number(reading: Reading, text: str) -> bool:
    number, shown = (reading.value("invoice_number") or "").casefold(), text.casefold()
    tried = [letters for part in _as_printed(number) if (letters := "".join(_WORD.findall(part)))]
    return bool(tried) and not any(_spaced(letters).search(shown) for letters in tried)


def _as_printed(number: str) -> Iterator[str]:
    """Programs add a period or a version behind the number that people know; it is long enough to stand."""
    yield number
    for end in (found.start() for found in _SEPARATOR.finditer(number)):
        if sum(map(str.isalnum, number[:end])) >= _LONG_ENOUGH:
            yield number[:end]


def _spaced(letters: str) -> re.Pattern[str]:
    """The letters with anything but letters between; none of the same kind before or behind."""
    kind = {True: r"\d", False: r"[^\W\d_]"}
    before, after = kind[letters[0].isdigit()], kind[letters[-1].isdigit()]
    return re.compile(rf"(?<!{before}){r'[\W_]*'.join(map(re.escape, letters))}(?!{after})")


def _date(reading: Reading, text: str) -> bool:
    value = reading.value("invoice_date")
    if value is None or _DATE.search(text) is None:
        return False
    return not _shows_date(date.fromisoformat(value), text)


def _shows_date(day: date, text: str) -> bool:
    d, m, y = f"0?{day.day}", f"0?{day.month}", f"(?:{day.year}|{day.year % 100:02})"
    gap = r"\D{1,3}"
    orders = (f"{d}{gap}{m}{gap}{y}", f"{m}{gap}{d}{gap}{y}", f"{day.year}{gap}{m}{gap}{d}", f"{day:%Y%m%d}")
    if re.search(rf"(?<!\d)(?:{'|'.join(orders)})(?!\d)", text):
        return True
    name = r"([^\W\d_]{3,12})"
    named = rf"(?<!\d){d}\D{{0,8}}?\b{name}\D{{0,6}}?{y}(?!\d)|\b{name}\W{{0,3}}{d}\D{{1,4}}{y}(?!\d)"
    return any(month_of(found[1] or found[2]) == day.month for found in re.finditer(named, text))


def _amount(name: str) -> Callable[[Reading, str], bool]:
    def is_missing(reading: Reading, text: str) -> bool:
        value = reading.value(name)
        if value is None or Decimal(value) == 0 or _MONEY.search(text) is None:
            return False
        return _amount_pattern(abs(Decimal(value))).search(text) is None

    return is_missing


def _amount_pattern(amount: Decimal) -> re.Pattern[str]:
    """Any mark between groups and before the decimals; no digit may be beside it."""
    whole, _, decimals = f"{amount:.2f}".partition(".")
    grouped = r"[.,'\u2019 \n]?".join(whole)
    cents = rf"\s?[.,]\s?{decimals}0*"
    if decimals == "00":
        cents = rf"(?:{cents}|\s?[.,]\s?[-\u2013\u2014]{{1,2}})"
        if len(whole) >= _TELLING:  # fewer digits stand for a day, a quantity, a page, too
            cents += r"?(?![.,]\d)"
    return re.compile(rf"(?<!\d)(?<!\d[.,']){grouped}{cents}(?!\d)")


def _currency(reading: Reading, text: str) -> bool:
    """Only another currency's sign or code speaks against it."""
    value = reading.value("currency")
    shown = {_SIGNS[sign] for sign in _SIGNS if sign in text}
    shown |= _KNOWN_CURRENCIES.intersection(_CODE.findall(text))
    return value in _KNOWN_CURRENCIES and bool(shown) and value not in shown and "$" not in text


def _iban(reading: Reading, text: str) -> bool:
    """Only another account speaks against it: many pages show none."""
    value = _squashed(reading.value("iban") or "")
    if not value or value in _squashed(text):
        return False
    return any(_is_iban(candidate) for candidate in _ibans(text))


def _ibans(text: str) -> Iterator[str]:
    for found in _IBAN.finditer(text):
        squashed = _squashed(found.group())
        yield from (squashed[:length] for length in range(15, len(squashed) + 1))


def _is_iban(candidate: str) -> bool:
    """ISO 13616: the check digits make the remainder 1."""
    turned = candidate[4:] + candidate[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _squashed(text: str) -> str:
    return "".join(_WORD.findall(text)).upper()


def _vendor(reading: Reading, text: str) -> bool:
    """A logo is a picture: then its tax id or a word of its name is what is left of it."""
    words = _words(reading.value("vendor") or "")
    tax_id = _squashed(reading.value("vendor_tax_id") or "")
    if not words or (tax_id and tax_id in _squashed(text)):
        return False
    return words.isdisjoint(_words(text))


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) >= _SHORTEST_WORD}


_COMPARED: dict[str, Callable[[Reading, str], bool]] = {
    "vendor": _vendor,
    "invoice_number": _number,
    "invoice_date": _date,
    "currency": _currency,
    "total": _amount("total"),
    "amount_due": _amount("amount_due"),
    "iban": _iban,
}
