"""Who sends the document and who receives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sheaf_reader import names
from sheaf_reader.labels import PARTIES, Label
from sheaf_reader.layout import Layout, Line, Span, whole
from sheaf_reader.lexicon.common import squash
from sheaf_reader.sheet import Sheet

_LONGEST_BLOCK = 7  # lines
_LONGEST_ADDRESS = 5
_FAR = 12.0  # heights between a heading and the name beside it
_TOP = 0.4  # of the page
_FOOT = 0.82
_ADDRESSEE = 0.55
_OFFICES = frozenset(("NAME", "ADDRESS", "CONTACT"))
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
    vendors += _unlabelled(laid, strangers, {squash(p.name.text) for p in receivers}, is_receipt=is_receipt)
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
            if party is not None:
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
    if rest is not None and any(character.isalpha() for character in rest.text):
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
        score = (0.92 if len(label.phrase) > 3 else 0.8) - 0.1 * place
        if label.phrase in _PAYEES:
            score -= 0.25
        name = _first_company(named) or names.without_title(named)
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
    if len(line.words) < 5 and "," not in line.text:
        return None
    return next(names.company_parts(line), None)


def _unlabelled(
    laid: Sequence[Sheet], strangers: set[int], receivers: set[str], *, is_receipt: bool
) -> Iterator[Party]:
    """Heads and feet of the pages, scored by what a sender's name looks like."""
    everything = [line for sheet in laid for line in sheet.layout.lines]
    evidence = _Evidence(
        said=Counter(squash(line.text) for line in everything),
        hosts={host for line in everything for host in names.domains(line.text)},
        is_receipt=is_receipt,
    )
    for sheet in laid:
        order = 0
        for line in sheet.layout.lines:
            if not _may_name_sender(line, sheet, strangers):
                continue
            spans = list(names.company_parts(line))
            if not spans and names.is_namelike(line) and not names.is_address(line.text):
                spans = [names.without_title(line)]
            for span in spans:
                if squash(span.text) not in receivers:
                    score = _sender_score(span, line, sheet, order, evidence)
                    address = _address_beside(span, line) or _address_after(line, sheet.layout)
                    yield Party("VENDOR", span, address, score)
            order += bool(spans)


def _may_name_sender(line: Line, sheet: Sheet, strangers: set[int]) -> bool:
    if any(id(word) in strangers or id(word) in sheet.listed for word in line.words):
        return False
    if any(label.at_start and set(label.kinds) != {"VENDOR"} for label in sheet.labels[id(line)]):
        return False
    height = sheet.height_of(line)
    if height > _FOOT:
        return True
    return sheet.number == 1 and (height < _TOP or _address_after(line, sheet.layout) is not None)


@dataclass(frozen=True)
class _Evidence:
    said: Counter[str]
    hosts: set[str]
    is_receipt: bool


def _sender_score(span: Span, line: Line, sheet: Sheet, order: int, evidence: _Evidence) -> float:
    """0.1 to 0.9, from points: legal form, place, size, an address below, its own web address."""
    name = squash(span.text)
    receipt = evidence.is_receipt
    points = (1.4 if receipt else 1.5) if names.has_legal_form(span.text) else 0.0
    if sheet.height_of(line) < _TOP:
        points += max(0.0, (3.0 - 0.6 * order) if receipt else (2.4 - 0.5 * order))
        points += min(1.2, max(0.0, line.box.height / sheet.layout.text_height - 1.2))
    if _address_beside(span, line) or _address_after(line, sheet.layout):
        points += 1.0 if receipt else 1.4
    if any(host in name or (len(name) > 4 and name in host) for host in evidence.hosts):
        points += 1.6
    if evidence.said[squash(line.text)] > 1 or sum(name in other for other in evidence.said) > 1:
        points += 0.5
    if len(span.words) == 1 and len(name) < 4:
        points -= 1.5
    if names.is_address(span.text):
        points -= 2.0
    if _is_inside_address(line, sheet.layout):
        points -= 1.0
    return min(0.9, max(0.1, 0.1 + points * 0.14)) * (0.5 + 0.5 * span.confidence)


def _is_inside_address(line: Line, layout: Layout) -> bool:
    """An address line above it in its block: the name stands further up."""
    block = next((block for block in layout.blocks if line in block), ())
    return any(names.is_address(other.text) for other in block[: block.index(line)]) if block else False


def _address_beside(name: Span, line: Line) -> Span | None:
    """``Acme Ltd · 1 High Street · Leeds LS1 1AA``: a letterhead in one line."""
    rest = line.text[name.offset + len(name.text) :]
    if not names.has_postcode(rest):
        return None
    text = rest.strip(" ·•|,-–—")
    start = line.text.index(text, name.offset)
    return line.between(start, start + len(text))


def _address_after(line: Line, layout: Layout) -> Span | None:
    lines: list[Line] = []
    above = line
    while len(lines) < _LONGEST_ADDRESS:
        below = next(layout.below(above.box, 1.3), None)
        if below is None or names.is_contact(below.text):
            break
        lines.append(below)
        above = below
    last = max((i for i, below in enumerate(lines) if names.is_address(below.text)), default=-1)
    return whole(lines[: last + 1]) if last >= 0 else None


def _other_address(sheet: Sheet, vendor: Party) -> Iterator[Party]:
    """The other address at the top of the page, if there is one."""
    taken = vendor.words
    for block in sheet.layout.blocks:
        if sheet.height_of(block[0]) > _ADDRESSEE or len(block) < 2:
            continue
        lines = [line for line in block if not any(id(word) in taken for word in line.words)]
        named = [
            i for i, line in enumerate(lines) if names.is_namelike(line) and not names.is_address(line.text)
        ]
        if not named or squash(lines[named[0]].text) == squash(vendor.name.text):
            continue
        first = next((i for i in named if names.has_legal_form(lines[i].text)), named[0])
        rest = [line for line in lines[first + 1 :] if not names.is_contact(line.text)]
        if any(names.has_postcode(line.text) for line in rest):
            yield Party("RECEIVER", names.without_title(lines[first]), whole(rest[:_LONGEST_ADDRESS]), 0.6)
