"""Where a page says what a value is: labels and headings, in any of the lexicon's languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sheaf_reader.layout import Layout, Line, Span
from sheaf_reader.lexicon import lexicon
from sheaf_reader.lexicon.common import squash

MONEY = frozenset(
    ("SUBTOTAL", "TAX", "TOTAL", "AMOUNT_DUE", "AMOUNT_PAID", "DISCOUNT", "SHIPPING_HANDLING_CHARGE",
     "SERVICE_CHARGE", "GRATUITY", "ROUNDING", "TENDER", "CHANGE")
)  # fmt: skip
DATES = frozenset(("INVOICE_RECEIPT_DATE", "DUE_DATE", "DELIVERY_DATE", "ORDER_DATE", "OTHER_DATE", "DATE"))
NUMBERS = frozenset(
    ("INVOICE_RECEIPT_ID", "PO_NUMBER", "ORDER_NUMBER", "CUSTOMER_NUMBER", "ACCOUNT_NUMBER", "TAX_PAYER_ID",
     "VENDOR_VAT_NUMBER", "NUMBER")
)  # fmt: skip
PARTIES = frozenset(("VENDOR", "RECEIVER", "SHIP_TO"))

_ASIDE = re.compile(r"\([^)]*\)")
_RATE = re.compile(r"@?\d+(?:[.,]\d+)?%")
_LONGEST = 9  # words
_SHORT = 3  # letters
_CURRENCY = 4  # letters: what may stand between a label and its amount
_SENTENCE = 9  # words without a colon: prose, where a label is only a word


@dataclass(frozen=True)
class Label:
    """``start`` and ``end`` are characters of the line's text; ``stacked`` labels run over two lines."""

    kinds: tuple[str, ...]
    phrase: str
    line: Line
    start: int
    end: int
    span: Span
    stacked: Line | None = None

    @property
    def at_start(self) -> bool:
        before = _ASIDE.sub("", self.line.text[: self.start])
        return not any(map(str.isalnum, before))

    def printed(self, value: Span) -> Span:
        """With what is said beside it: ``TVA 20% :``, ``(excl. GST) Sub Total``."""
        if self.stacked is not None or self.in_prose:
            return self.span
        start = 0 if self.at_start else self.start
        shared = value.words[0] in self.line.words and value.offset > self.end
        end = value.offset if shared else len(self.line.text)
        text = self.line.text[start:end].rstrip()
        return self.line.between(start, start + len(text))

    @property
    def is_part_of_a_name(self) -> bool:
        """``Delivery of gravel`` is goods: words follow, with no colon between."""
        rest = _ASIDE.sub("", self.line.text[self.end :])
        if self.span.text.endswith(":") or rest.lstrip().startswith(":"):
            return False
        return sum(map(str.isalpha, rest)) > _CURRENCY

    @property
    def in_prose(self) -> bool:
        return len(self.line.words) > _SENTENCE and ":" not in self.line.text[self.end - 1 : self.end + 3]


def find_labels(layout: Layout) -> dict[int, list[Label]]:
    """By ``id`` of the line, from left to right."""
    found = {id(line): list(_in_line(line)) for line in layout.lines}
    for upper in layout.lines:
        for label in _stacked(layout, upper):
            if label.stacked is not None:
                found[id(upper)] = [label]
                found[id(label.stacked)] = []
    return found


def _in_line(line: Line) -> Iterator[Label]:
    squashed = [squash(_RATE.sub("", word.text)) for word in line.words]
    labels = lexicon().labels
    index = 0
    before: Label | None = None
    aside = named = False  # ``(excl. VAT)`` belongs to the label before it
    while index < len(squashed):
        aside = aside or line.words[index].text.startswith("(")
        phrase, longest = "", 0
        text = ""
        for count, part in enumerate(squashed[index : index + _LONGEST], 1):
            text += part
            bare = line.words[index + count - 1].text
            if text in labels and (part or not any(map(str.isalnum, bare))):
                phrase, longest = text, count
        if longest and not (aside and named):
            label = _label(line, phrase, index, index + longest)
            if label.kinds and not _completes(label, before):
                named, before = True, label
                yield label
        last = line.words[index + max(longest, 1) - 1].text
        aside = aside and ")" not in last
        index += max(longest, 1)


def _completes(label: Label, before: Label | None) -> bool:
    """The tax in ``Total RM incl. of GST`` is what the total includes; ``Total (rounded)`` is a total."""
    if before is None or not {"TOTAL", "SUBTOTAL"} & set(before.kinds):
        return False
    between = {squash(word) for word in label.line.text[before.end : label.end].split()}
    if "ROUNDING" in label.kinds:
        return not any(map(str.isdigit, "".join(between)))
    if "TAX" not in label.kinds:
        return False
    return bool(between & (lexicon().inclusive | lexicon().exclusive))


def _label(line: Line, phrase: str, first: int, last: int) -> Label:
    """Without a colon, two or three letters need not be an abbreviation, nor ``Supplier Ltd`` a heading."""
    start = line.start_of(first)
    end = line.end_of(last - 1)
    span = line.between(start, end)
    kinds = lexicon().labels[phrase]
    alone = first == 0 and last == len(line.words)
    colon = span.text.endswith(":") or line.text[end:].lstrip()[:1] in (":", "#")
    if not alone and not colon:
        if len(phrase) <= _SHORT and not phrase.endswith("#") and not span.text.isupper():
            kinds = tuple(kind for kind in kinds if kind not in NUMBERS | PARTIES)
        if last - first == 1 or len(phrase) <= _SHORT:
            kinds = tuple(kind for kind in kinds if kind not in PARTIES)
    return Label(kinds, phrase, line, start, end, span)


def _stacked(layout: Layout, upper: Line) -> Iterator[Label]:
    """``Date`` over ``d'échéance`` is one label, when the lower line holds nothing else.

    What stands beside the upper line may be its value.
    """
    head = squash(upper.text)
    if not head or len(upper.words) > _LONGEST:
        return
    has_value = any(line.has_digits for line in layout.rightwards(upper))
    for lower in layout.below(upper.box, 0.8):
        phrase = head + squash(lower.text)
        if has_value and layout.rightwards(lower):
            return
        if phrase in lexicon().labels and abs(lower.box.left - upper.box.left) < 4 * upper.box.height:
            words = upper.words + lower.words
            span = Span(f"{upper.text} {lower.text}", words, upper.page)
            yield Label(lexicon().labels[phrase], phrase, upper, 0, len(upper.text), span, lower)
        return
