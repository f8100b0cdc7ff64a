"""Finding documents: what each is filed under, and which filing answers a question.

The index is a table of its own entries, made from the documents by the table's stream: a moment behind them,
and wherever it is read, one query, however many documents there are. Every entry holds what a list shows.

    w  a word of the supplier's name, the number or the filename      s  the supplier's id
    d  the invoice date, and the total      a  the total      c  the code of a check
    q  its place in the review queue: the riskiest first, of equals the largest
    g  the client, and then all of the above once more, and e, where every document of it is

So what is asked of one client, or by somebody who sees some clients only, is read from entries of theirs and
no others. Each entry is paid for whenever the document changes, so there is none for what another one finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel

from sheaf.capture.documents import Status
from sheaf.capture.words import LONGEST, telling, tells, without_forms, words

if TYPE_CHECKING:
    from sheaf.capture.documents import Document
    from sheaf.capture.views import DocumentItemView

_MOST_WORDS = 10
_MOST_OF_NAME = 4
_MOST_OF_NUMBER = 2
_TELLING = 3
"""Letters of a part of a number that somebody would look for alone."""

_MIDDLE = 10**17
_SCALE = 10_000
"""Amounts are filed as ten-thousandths above 10^17, so that negative ones sort below."""

_EVERY = "e"
LAST = "~"
"""Sorts after every value and every id."""


def searchable(item: Document | DocumentItemView) -> list[str]:
    """The words it is filed under: of the number, the supplier's name and the filename. The number is always
    one; of others that begin alike it is the longest, which is found by the beginning, too.
    """
    number = _number(item)[:LONGEST]
    parts = [word for word in words(item.summary.invoice_number or "") if len(word) >= _TELLING]
    found = [
        number,
        *without_forms(words(item.summary.vendor or ""))[:_MOST_OF_NAME],
        *sorted(filter(tells, parts), key=len, reverse=True)[:_MOST_OF_NUMBER],
        *telling(words(_stem(item))),
    ]
    found = [word for word in dict.fromkeys(found) if word][:_MOST_WORDS]
    return [
        word
        for word in found
        if word == number or not any(other != word and other.startswith(word) for other in found)
    ]


def _stem(item: Document | DocumentItemView) -> str:
    return item.filename.rpartition(".")[0] or item.filename


def _number(item: Document | DocumentItemView) -> str:
    return "".join(words(item.summary.invoice_number or ""))


def name_key(name: str) -> str:
    return "".join(words(name))[:64]


def filed_under(document: Document) -> frozenset[str]:
    """The keys of its entries, without its id. While the machine is not done with it, it is among the
    documents of its client and nowhere else.
    """
    is_done = document.status.is_final and document.status is not Status.SPLIT
    found = set(_keys(document)) if is_done else set()
    if document.client_id:
        found |= {of_client(document.client_id, key) for key in (_EVERY, *found)}
    return frozenset(found)


def of_client(client_id: str, key: str = "") -> str:
    """The key among the entries of a client."""
    return f"g#{client_id}#{key}"


def _keys(document: Document) -> Iterator[str]:
    said = document.summary
    yield from (f"w#{word}" for word in searchable(document))
    yield from (f"c#{code}" for code in document.checks)
    if document.supplier_id:
        yield f"s#{document.supplier_id}"
    if said.invoice_date:
        yield f"d#{said.invoice_date}#{sortable(Decimal(said.total)) if said.total else ''}"
    if said.total:
        yield f"a#{sortable(Decimal(said.total))}"
    if document.status.is_open:
        yield f"q#{priority(document)}"


def twins(item: Document | DocumentItemView) -> list[str]:
    """Another document is a duplicate of this one when it has one of these as well: what the supplier is
    called, or which one it is, with the number, or with date and total. Clients have books of their own: what
    two of them have is no duplicate.
    """
    said, book = item.summary, (item.client_id,) if item.client_id else ()
    number = _number(item)
    found = []
    for supplier in filter(None, (name_key(said.vendor or ""), item.supplier_id)):
        if number:
            found.append(f"n#{_digest(supplier, number, *book)}")
        if said.invoice_date and said.total:
            total = str(Decimal(said.total).normalize())
            found.append(f"t#{_digest(supplier, said.invoice_date, total, said.currency or '', *book)}")
    return found


def beside_twins(document: Document) -> list[str]:
    """The keys that all its twins are filed under, and few others: those of its number, and of its date and
    total.
    """
    if not twins(document):
        return []
    said, number = document.summary, _number(document)[:LONGEST]
    found = [f"w#{number}"] if number else []
    if said.invoice_date and said.total:
        found.append(f"d#{said.invoice_date}#{sortable(Decimal(said.total))}")
    return [of_client(document.client_id, key) for key in found] if document.client_id else found


def is_by_number(twin: str) -> bool:
    return twin.startswith("n#")


def priority(document: Document) -> str:
    """The likelier something is wrong, and of equals the more there is at stake, the smaller."""
    value = abs(Decimal(document.summary.total or 0))
    return f"{99 - min(document.risk, 99):02d}{_MIDDLE - min(int(value * _SCALE), _MIDDLE):018d}"


def sortable(amount: Decimal) -> str:
    return f"{_MIDDLE + max(min(int(amount * _SCALE), _MIDDLE), -_MIDDLE):018d}"


def _digest(*facts: str) -> str:
    return hashlib.sha256("\x00".join(facts).encode()).hexdigest()[:24]


class Question(BaseModel):
    """``text`` is looked for word by word, each at the beginning of one. Dates and amounts are inclusive;
    ``currency`` is the total's.
    """

    status: Status | None = None
    text: str | None = None
    supplier: str | None = None
    client: str | None = None
    check: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    currency: str | None = None

    @property
    def is_about_content(self) -> bool:
        """Whether it asks for more than a status."""
        return self.model_copy(update={"status": None}) != Question()

    def fits(self, item: DocumentItemView) -> bool:
        said = item.summary
        return (
            (self.status is None or item.status is self.status)
            and (not self.text or self._says(item))
            and (self.supplier is None or self.supplier == item.supplier_id or self._names(said.vendor))
            and (self.client is None or item.client_id == self.client)
            and (self.check is None or self.check in item.checks)
            and _within(self.date_from, _day(said.invoice_date), self.date_to)
            and _within(self.amount_from, _amount(said.total), self.amount_to)
            and (self.currency is None or (said.currency == self.currency and said.total is not None))
        )

    def _says(self, item: DocumentItemView) -> bool:
        """One word is what it is looked up by. The others need not be filed; those of a number typed as
        printed are somewhere in it.
        """
        looked_for = words(self.text or "")
        key, number = _most_telling(looked_for), _number(item)
        said = [*words(item.summary.vendor or ""), *words(_stem(item)), number]
        return any(one.startswith(key) for one in searchable(item)) and all(
            word in number or any(one.startswith(word) for one in said) for word in looked_for if word != key
        )

    def _names(self, vendor: str | None) -> bool:
        return bool(vendor) and name_key(self.supplier or "") == name_key(vendor or "")


def _most_telling(looked_for: list[str]) -> str:
    return max(telling(without_forms(looked_for)), key=len, default="")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _within[Value: (date, Decimal)](low: Value | None, value: Value | None, high: Value | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or low <= value) and (high is None or value <= high)


@dataclass(frozen=True)
class Shelf:
    """Where to look: the keys from ``low`` to ``high``, or under all words that begin with ``word``."""

    low: str = ""
    high: str = ""
    newest_first: bool = True
    word: str | None = None

    def holds(self, key: str) -> bool:
        if self.word is not None:
            return key.startswith(f"w#{self.word}")
        return self.low <= key <= self.high

    def shows(self, key: str, item: DocumentItemView) -> bool:
        """A document with two words that begin alike is found under both, and shown once."""
        if self.word is None:
            return True
        first = next((word for word in searchable(item) if word.startswith(self.word)), None)
        return key.split("#")[1] == first


QUEUE = Shelf("q#", f"q#{LAST}", newest_first=False)
EVERY = Shelf(f"{_EVERY}#", f"{_EVERY}#{LAST}")
"""All documents of a client, the newest first; there is none of the whole workspace."""


def every_document_of(client_id: str) -> str:
    """What all of them are filed under."""
    return of_client(client_id, _EVERY)


def shelf_of(question: Question) -> Shelf | None:
    """The shelf with the fewest entries for this question; None: no shelf helps."""
    return next(_shelves(question), None)


def _shelves(question: Question) -> Iterator[Shelf]:
    """Those that hold every answer, the likeliest to hold little else first."""
    if looked_for := words(question.text or ""):
        yield Shelf(word=_most_telling(looked_for))
    if question.supplier and question.supplier.startswith("sup_"):
        yield _exactly(f"s#{question.supplier}")
    elif called := words(question.supplier or ""):
        yield Shelf(word=without_forms(called)[0])
    if question.check:
        yield _exactly(f"c#{question.check}")
    if question.date_from or question.date_to:
        low = question.date_from.isoformat() if question.date_from else ""
        high = question.date_to.isoformat() if question.date_to else LAST
        yield Shelf(f"d#{low}", f"d#{high}{LAST}")
    if question.amount_from is not None or question.amount_to is not None or question.currency:
        low = "" if question.amount_from is None else sortable(question.amount_from)
        high = LAST if question.amount_to is None else sortable(question.amount_to)
        yield Shelf(f"a#{low}", f"a#{high}{LAST}")
    if question.client:
        yield EVERY


def _exactly(key: str) -> Shelf:
    return Shelf(f"{key}#", f"{key}#{LAST}")
