"""Who sends the document and who receives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sheaf_reader import names
from sheaf_reader.labels import PARTIES, Label
from sheaf_reader.layout import Line, Span, whole
from sheaf_reader.lexicon.common import squash
from sheaf_reader.senders import senders
from sheaf_reader.sheet import Sheet

_LONGEST_BLOCK = 7  # lines
_LONGEST_ADDRESS = 5
_FAR = 12.0  # heights between a heading and the name beside it
_ADDRESSEE = 0.55  # of the page
_SHORT = 3  # letters of a heading
_COMPANY_ALONE = 5  # words
_MAY_BE_A_PERSON = 0.4  # "Seller: R. Jones" can be who served the customer
_OFFICES = frozenset(("NAME", "ADDRESS", "CONTACT", "NUMBER", "TAX_PAYER_ID", "VENDOR_VAT_NUMBER"))
_PAYEES = frozenset(
    map(
        squash,
        (
            "payable to",
            "remit to",
            "beneficiary",
            "payee",
            "company",
            "account name",
            "kontoinhaber",
            "zahlungsempfänger",
            "titulaire du compte",
        ),
    )
)


@dataclass(frozen=True)
class Party:
    """``kind`` is VENDOR, RECEIVER or SHIP_TO."""

    kind: str
    name: Span
    address: Span | None
    score: float
    label: Label | None = None

    @property
    def words(self) -> set[int]:
        """By ``id``."""
        spans = (self.name, self.address) if self.address else (self.name,)
        return {id(word) for span in spans for word in span.words}


def parties(laid: Sequence[Sheet], *, is_receipt: bool) -> list[Party]:
    """At most one of each kind, the likeliest."""
    labelled = [party for sheet in laid for party in _labelled(sheet)]
    receivers = [party for party in labelled if party.kind == "RECEIVER"]
    strangers = {word for party in labelled if party.kind != "VENDOR" for word in party.words}
    vendors = [party for party in labelled if party.kind == "VENDOR"]
    known = {
        squash(line)
        for party in labelled
        if party.kind != "VENDOR"
        for span in (party.name, party.address)
        if span is not None
        for line in span.text.splitlines()
    }
    vendors += [
        Party("VENDOR", sender.name, sender.address, sender.score)
        for sender in senders(laid, strangers, known, is_receipt=is_receipt)
    ]
    vendor = _in_full(max(vendors, key=lambda party: party.score, default=None), vendors)
    if not receivers and vendor is not None and not is_receipt:
        receivers = list(_other_address(laid[0], vendor))
    receiver = max(receivers, key=lambda party: party.score, default=None)
    ship_to = next((party for party in labelled if party.kind == "SHIP_TO"), None)
    return [party for party in (vendor, receiver, ship_to) if party is not None]


def _in_full(vendor: Party | None, vendors: Sequence[Party]) -> Party | None:
    """The name in the letterhead, as the company's legal name says it elsewhere."""
    if vendor is None or names.has_legal_form(vendor.name.text):
        return vendor
    short = squash(vendor.name.text)
    legal = (
        party.name
        for party in vendors
        if squash(party.name.text).startswith(short) and names.has_legal_form(party.name.text)
    )
    return replace(vendor, name=next(legal, vendor.name))


def _labelled(sheet: Sheet) -> Iterator[Party]:
    for line in sheet.layout.lines:
        for label in sheet.labels[id(line)]:
            kind = next((kind for kind in label.kinds if kind in PARTIES), None)
            if kind is None or label.in_prose or not (label.at_start or label.span.text.endswith(":")):
                continue
            lines = _beside(label, sheet)
            if lines is None:
                lines = _under(label, sheet)
            party = _party(kind, label, lines, sheet)
            if party is not None and not any(id(word) in sheet.listed for word in party.name.words):
                yield party


def _after(line: Line, offset: int) -> Line | None:
    """The words of a line from a character on."""
    words = tuple(word for index, word in enumerate(line.words) if line.start_of(index) >= offset)
    return Line(words, line.page) if words else None


def _beside(label: Label, sheet: Sheet) -> list[Line] | None:
    """Text right of a label and the lines under that text; None when nothing is there."""
    others = (other for other in sheet.labels[id(label.line)] if other.start >= label.end)
    if any(other.span.text.endswith(":") or set(other.kinds) & PARTIES for other in others):
        return None
    rest = _after(label.line, label.end)
    if rest is not None and any(map(str.isalpha, rest.text)):
        said = label.span.text.endswith(":") or rest.text.startswith(":") or len(label.span.words) > 1
        return [rest, *_stack(rest, sheet, label.line)] if said else []
    following = next(iter(sheet.layout.rightwards(label.line)), None)
    if following is None or sheet.labels[id(following)] or not names.is_namelike(following):
        return None
    near = following.box.left - label.line.box.right < _FAR * label.line.box.height
    said = label.span.text.endswith(":") or following.text.startswith(":")
    return [following, *_stack(following, sheet)] if near and said else None


def _under(label: Label, sheet: Sheet) -> list[Line]:
    first = next(sheet.layout.below((label.stacked or label.line).box, 2.6), None)
    return [first, *_stack(first, sheet)] if first is not None else []


def _stack(first: Line, sheet: Sheet, heading: Line | None = None) -> list[Line]:
    """The lines under ``first`` (or under the heading it stands in) that line up with it."""
    edges = {first.box.left, (heading or first).box.left}
    stacked: list[Line] = []
    above = heading or first
    while len(stacked) < _LONGEST_BLOCK:
        aligned = (
            line
            for line in sheet.layout.below(above.box, 1.6)
            if any(abs(line.box.left - edge) < 2.5 * first.box.height for edge in edges)
        )
        line = next(aligned, None)
        if line is None or _is_other_label(line, sheet):
            break
        stacked.append(line)
        above = line
    return stacked


def _is_other_label(line: Line, sheet: Sheet) -> bool:
    return any(label.at_start and not set(label.kinds) & _OFFICES for label in sheet.labels[id(line)])


def _office(line: Line, sheet: Sheet) -> Label | None:
    return next((label for label in sheet.labels.get(id(line), ()) if label.at_start), None)


def _party(kind: str, label: Label, lines: list[Line], sheet: Sheet) -> Party | None:
    for place, line in enumerate(lines):
        office = _office(line, sheet)
        named: Line | None = line
        if office is not None and "NAME" in office.kinds:
            named = _after(line, office.end) or next(iter(sheet.layout.rightwards(line)), None)
        elif office is not None:
            if set(office.kinds) & _OFFICES:
                continue
            return None
        if named is None or not names.is_namelike(named) or names.has_postcode(named.text):
            continue
        address = _address_lines(lines[place + 1 :], sheet)[:_LONGEST_ADDRESS]
        score = (0.92 if len(label.phrase) > _SHORT else 0.8) - 0.1 * place
        if label.phrase in _PAYEES:
            score -= 0.25
        name = _first_company(named) or names.without_title(named)
        if kind == "VENDOR" and not address and not names.has_legal_form(name.text):
            score -= _MAY_BE_A_PERSON
        return Party(kind, name, whole(address) if address else None, max(score, 0.3), label)
    return None


def _address_lines(lines: list[Line], sheet: Sheet) -> list[Line]:
    """Without contacts; what stands beside ``Address:`` and under it."""
    address: list[Line] = []
    for line in lines:
        office = _office(line, sheet)
        if office is None:
            if not names.is_contact(line.text) and not line.text.endswith(":"):
                address.append(line)
        elif "ADDRESS" in office.kinds:
            rest = _after(line, office.end)
            beside = next(iter(sheet.layout.rightwards(line)), None)
            if rest is not None:
                address.append(rest)
            elif beside is not None:
                address += [beside, *_stack(beside, sheet)][:3]
    return address


def _first_company(line: Line) -> Span | None:
    if len(line.words) < _COMPANY_ALONE and "," not in line.text:
        return None
    return next(names.company_parts(line), None)


def _is_heading(line: Line, sheet: Sheet) -> bool:
    """Nothing but the name of a party."""
    return any(
        PARTIES & set(label.kinds) and label.span.text == line.text for label in sheet.labels[id(line)]
    )


def _other_address(sheet: Sheet, vendor: Party) -> Iterator[Party]:
    """The other address at the top of the page, if there is one."""
    taken = vendor.words
    for block in sheet.layout.blocks:
        if sheet.height_of(block[0]) > _ADDRESSEE or len(block) == 1:
            continue
        lines = [
            line
            for line in block
            if not any(id(word) in taken for word in line.words) and not _is_heading(line, sheet)
        ]
        town = next((i for i, line in enumerate(lines) if names.has_postcode(line.text)), 0)
        named = [
            i
            for i, line in enumerate(lines[:town])
            if names.is_namelike(line) and not names.is_address(line.text)
        ]
        if not named or squash(lines[named[0]].text) == squash(vendor.name.text):
            continue
        first = next((i for i in named if names.has_legal_form(lines[i].text)), named[0])
        rest = [line for line in lines[first + 1 :] if not names.is_contact(line.text)]
        if any(names.has_postcode(line.text) for line in rest):
            yield Party("RECEIVER", names.without_title(lines[first]), whole(rest[:_LONGEST_ADDRESS]), 0.6)
