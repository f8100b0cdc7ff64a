"""Telling names, addresses and contacts apart from everything else a line can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sheaf_reader import patterns
from sheaf_reader.layout import Line, Span
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import COUNTRIES, DASHES, LEGAL_FORMS, squash

_SEPARATORS = re.compile(rf"\s[{DASHES}·•|*]+\s|,\s|\s?[|•·]\s?|[;:]\s")
_STRONG_SEPARATORS = re.compile(r"\s?[|•·]\s?|\s\*\s|[;:]\s")
_POSTCODE = re.compile(
    r"""\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b
      | (?<![\d.,/-])(?:[A-Z]{1,3}-)?\d{4,6}\s+(?:[A-Z]{2}\s+|[A-Z][a-z]{1,2}\.\s?)?[^\W\d]{3,}
      | (?<![\d.,/-])\d{4}-\d{3}\s+[^\W\d]{3,}
      | \b[A-Z][a-z]{2,}\s(?:-\s)?\d{6}$
      | \b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),?\s+\d{4}\b
      | \b[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}\b
      | \b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b
      | \b\d{4}\s?[A-Z]{2}\b""",
    re.VERBOSE,
)
_STREET = re.compile(
    r"""\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|blvd|boulevard|highway|hwy|suite|ste|floor|unit|lot
        |no\.?\s?\d|jalan|jln|p\.?\s?o\.?\s?box|postfach
        |rue|chemin|place|quai|allée|calle|via|viale|corso|piazza|rua|avenida|plaza)\b
      | (?:str|straße|strasse|weg|platz|allee|gasse|straat|laan|plein|gracht)(?:\.|\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?:https?://|www\.)\S+|\b(?:tel|phone|fax|mobile|telefon|tél|tlf|tfno)\b"
    r"|^[TFM][.:]?\s?(?=[+(\d][\d ()./+-]{6,}$)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w-]+(?:\.[\w-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_NO_NAMES = frozenset(
    {
        *("gmail", "googlemail", "hotmail", "outlook", "yahoo", "icloud", "gmx", "web", "tonline", "orange"),
        *("free", "wanadoo", "live", "msn", "aol", "example"),
        *("com", "org", "net", "info", "mail", "www", "shop", "billing", "support"),
    }
)
_SALUTATIONS = frozenset(
    {
        *("herr", "herrn", "frau", "herrnfrau", "familie", "firma", "fa", "an", "andie", "zuhanden"),
        *("mr", "mrs", "ms", "miss", "dr", "messrs", "sir", "madam", "to", "for"),
        *("m", "mme", "mlle", "monsieur", "madame", "mademoiselle", "mmemr", "messieurs", "alattentionde"),
        *("dhr", "mevr", "mevrouw", "deheer", "tav", "aan", "sr", "sra", "senor", "senora", "sres"),
        *("sig", "sigra", "sigr", "spettle", "spettabile", "egregio", "gentile", "exmosr", "exmosenhor"),
        *("exmossrs", "exmossenhores", "visa", "mastercard", "paypal"),
    }
)
_FORM = re.compile(r"(?:[A-Za-z]\.\s?){2,4}|[^\s,()]+")
_SHORT_FORM = 2  # letters: also an ordinary word, so it must look like an abbreviation
_SHORTEST_NAME = 2  # letters
_LONGEST_NAME = 8  # words
_LONGEST_TITLE = 6
_SENTENCE = 3  # words without a capital
_KEY_VALUE = re.compile(r"^[^:]{2,28}:\s*(?:\S*\d{3,}.*)?$")
_REGISTRATION = re.compile(r"\s*\((?=[^)]*\d)[^)]*\)?\s*$")
_NOT_NAMES = re.compile(
    r"""^(?:\W*\(|\W*\d+\W*$|page|seite|thank|welcome|original|copy|http|www|attn|c/o|your\b|n/a|total
        |\d+\s(?:days|tage|jours|giorni|gg|dagen|días|dias)\b|bonjour|hello|dear|sehr\ geehrte)""",
    re.IGNORECASE | re.VERBOSE,
)


def has_legal_form(text: str) -> bool:
    return _end_of_legal_form(_REGISTRATION.sub("", text)) > 0


def _end_of_legal_form(text: str) -> int:
    """Where the last legal form ends that is not the first word, or 0: ``Acme Pty Ltd``, ``Foo e. V.``"""
    end = 0
    for match in _FORM.finditer(text):
        form = squash(match[0])
        abbreviated = len(form) > _SHORT_FORM or match[0].isupper() or "." in match[0][:-1]
        if match.start() and form in LEGAL_FORMS and abbreviated:
            end = match.end()
    return end


def is_address(text: str) -> bool:
    return bool(_POSTCODE.search(text) or (_STREET.search(text) and any(map(str.isdigit, text))))


def has_postcode(text: str) -> bool:
    return _POSTCODE.search(text) is not None


def is_contact(text: str) -> bool:
    return _CONTACT.search(text) is not None


def is_title(text: str) -> bool:
    """What the document calls itself, also with its number behind: ``Invoice 4711``."""
    words = [squash(word) for word in text.split()]
    unnumbered = (word for word in words if not any(map(str.isdigit, word)))
    return "".join(words) in lexicon().titles or "".join(unnumbered) in lexicon().titles


def title_words(text: str) -> int:
    """How many words at the start of a line say what the document is: 2 in ``Tax invoice 4711``."""
    words, longest = "", 0
    for count, word in enumerate(text.split()[:_LONGEST_TITLE], 1):
        words += squash(word)
        if words in lexicon().titles:
            longest = count
    return longest


def is_namelike(line: Line) -> bool:
    text = line.text
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    if letters < _SHORTEST_NAME or digits > letters or len(line.words) > _LONGEST_NAME + 1:
        return False
    if _NOT_NAMES.match(text) or _KEY_VALUE.match(text) or text.endswith(("!", "?")):
        return False
    if text.endswith(".") and sum(word.text.islower() for word in line.words) >= _SENTENCE:
        return False
    if squash(text) in COUNTRIES or squash(text) in _SALUTATIONS:
        return False
    if any(True for _ in patterns.dates(line)) or is_title(text) or is_contact(text):
        return False
    return not any(amount.exact for amount in patterns.amounts(line))


def without_title(line: Line) -> Span:
    """``Amazon Web Services Invoice`` without what it calls the document."""
    last = len(line.words)
    for count in range(min(3, last - 1), 0, -1):
        if squash("".join(word.text for word in line.words[last - count :])) in lexicon().titles:
            last -= count
            break
    end = line.end_of(last - 1)
    registered = _REGISTRATION.search(line.text, 0, end)
    return line.between(0, registered.start() if registered and registered.start() else end)


def company_parts(line: Line) -> Iterator[Span]:
    """The companies named in a line of several facts: ``Acme Ltd, 1 High Street - VAT 123``.

    A form apart belongs to what stands before it: ``Cerâmicas do Norte, Unipessoal Lda.``
    """
    text = _REGISTRATION.sub("", line.text)
    if not any(map(str.isdigit, text)) and _end_of_legal_form(text) == len(text):
        yield line.between(0, len(text))
        return
    separators = _STRONG_SEPARATORS if _STRONG_SEPARATORS.search(line.text) else _SEPARATORS
    start = named_from = 0
    for match in (*separators.finditer(line.text), None):
        end = match.start() if match else len(line.text)
        part = line.text[start:end]
        if not is_all_form(part):
            named_from = start
        closed = _end_of_legal_form(_REGISTRATION.sub("", line.text[named_from:end]))
        if closed and len(line.text[named_from : named_from + closed].split()) <= _LONGEST_NAME:
            yield line.between(named_from, named_from + closed)
        start = match.end() if match else end


def first_part(line: Line) -> Span:
    """``Acme Tools`` of ``Acme Tools · 1 High Street · Leeds``."""
    match = _STRONG_SEPARATORS.search(line.text) or _SEPARATORS.search(line.text)
    return line.between(0, match.start() if match else len(line.text))


def is_all_form(text: str) -> bool:
    forms = [squash(match[0]) for match in _FORM.finditer(text)]
    return bool(forms) and all(form in LEGAL_FORMS for form in forms)


def domains(text: str) -> Iterator[str]:
    for match in _DOMAIN.finditer(text):
        for part in match[1].lower().split("."):
            name = squash(part)
            if len(name) > _SHORTEST_NAME and name not in _NO_NAMES:
                yield name
