"""Where to pay: IBAN and BIC; without an IBAN, the account and what routes to its bank.

Routing numbers are American ABA numbers, British sort codes and Australian BSBs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheaf.capture.identifiers import Verdict, compact, iban
from sheaf.capture.normalise.answer import field_of
from sheaf.capture.normalise.rows import text_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheaf.capture.normalise.answer import Answer, Entry
    from sheaf.capture.reading import Field

_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}")
_SAYS_IBAN = re.compile(r"\bIBAN\b.{0,12}?\b([A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{1,4}){3,8})(?![0-9A-Z])")
_IBAN_LENGTHS = range(34, 14, -1)
_BIC = re.compile(
    r"\b(?:BIC|SWIFT)\b(?:[ /-]*(?:BIC|SWIFT|[Cc]ode|CODE))*[^A-Za-z0-9]{0,5}"
    r"([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"
)
_SORT_CODE = re.compile(r"\b(?:sort\s?code|s/c)\b\W{0,5}(\d{2}[- ]?\d{2}[- ]?\d{2})(?!\d)", re.IGNORECASE)
_BSB = re.compile(r"\bBSB\b(?:\s*(?:no|number|code))?\W{0,5}(\d{3}[- ]?\d{3})(?!\d)", re.IGNORECASE)
_ABA = re.compile(
    r"\b(?:routing|ABA|RTN)\b(?:\W{0,3}(?:transit|routing|ABA|RTN|no|number|num|code))*\W{0,5}(\d{9})(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:account|acct|acc|a/c)\b\.?(?:\s*(?:number|num|no|nr|#))*\W{0,5}(\d(?:[ -]?\d){4,16})(?!\d)",
    re.IGNORECASE,
)
_ROWS_APART = 4
_FOUND_IN_TEXT, _CHECK_FAILED = 0.8, 0.3


def find_accounts(answer: Answer) -> dict[str, Field | None]:
    rows = list(text_rows(answer))
    found_iban = _iban((*answer.entries, *answer.lines)) or _said_iban(rows)
    routing, account = (None, None) if found_iban else _account(rows)
    return {
        "iban": found_iban,
        "bic": _bic(answer, rows),
        "account_number": account,
        "routing_number": routing,
    }


def _iban(texts: Sequence[Entry]) -> Field | None:
    for line in texts:
        for found in _IBAN.findall(line.text.upper()):
            text = found.replace(" ", "")
            for length in _IBAN_LENGTHS:
                if len(text) >= length and iban(text[:length]) is Verdict.VALID:
                    return field_of(line, text[:length], _FOUND_IN_TEXT)
    return None


def _said_iban(rows: Sequence[tuple[Entry, ...]]) -> Field | None:
    """What calls itself an IBAN, though its check digits do not agree."""
    for row in rows:
        found = _SAYS_IBAN.search(_joined(row))
        if found and iban(found[1]) is Verdict.INVALID:
            return field_of(_where(row, found[1]), compact(found[1]), _CHECK_FAILED)
    return None


def _bic(answer: Answer, rows: Sequence[tuple[Entry, ...]]) -> Field | None:
    from stdnum import bic

    texts = [(entry, f"{entry.label} {entry.text}") for entry in (*answer.entries, *answer.lines)]
    texts += [(row[-1], _joined(row)) for row in rows if len(row) > 1]
    for entry, text in texts:
        for found in _BIC.findall(text):
            if bic.is_valid(found):
                return field_of(entry, found, _FOUND_IN_TEXT)
    return None


def _account(rows: Sequence[tuple[Entry, ...]]) -> tuple[Field | None, Field | None]:
    """A routing number, and an account number near it: alone, that may be a customer's account with us."""
    for index, row in enumerate(rows):
        for number in _routing_numbers(_joined(row)):
            near = sorted(range(len(rows)), key=lambda other: abs(other - index))[: 2 * _ROWS_APART + 1]
            for other in near:
                found = _ACCOUNT.search(_without(_joined(rows[other]), number))
                if found and rows[other][0].page == row[0].page:
                    account = field_of(_where(rows[other], found[1]), compact(found[1]), _FOUND_IN_TEXT)
                    return field_of(_where(row, number), compact(number), _FOUND_IN_TEXT), account
    return None, None


def _routing_numbers(text: str) -> Iterator[str]:
    from stdnum.us import rtn

    yield from _SORT_CODE.findall(text)
    yield from _BSB.findall(text)
    yield from (number for number in _ABA.findall(text) if rtn.is_valid(number))


def _joined(row: Sequence[Entry]) -> str:
    return " ".join(line.text for line in row)


def _without(text: str, number: str) -> str:
    return text.replace(number, "")


def _where(row: Sequence[Entry], number: str) -> Entry:
    return next((line for line in row if number in line.text), row[-1])
