"""Who sends the document and who receives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheaf_reader import names
from sheaf_reader.labels import PARTIES, Label
from sheaf_reader.layout import Layout, Line, Span, whole
from sheaf_reader.lexicon.common import squash

_LONGEST_BLOCK = 7  # lines
_TOP = 0.4  # of the page
_FOOT = 0.82
_OFFICES = frozenset(("NAME", "ADDRESS", "CONTACT"))


@dataclass(frozen=True)
class Party:
    """``kind`` is VENDOR, RECEIVER or SHIP_TO."""

    kind: str
    name: Span
    address: Span | None
    score: float
    label: Label | None = None


Labels = dict[int, list[Label]]


def parties(pages: Sequence[tuple[Layout, Labels]], *, is_receipt: bool) -> list[Party]:
    """At most one of each kind and page, the likeliest."""
    labelled = [party for layout, labels in pages for party in _labelled(layout, labels)]
    receivers = [party for party in labelled if party.kind == "RECEIVER"]
    strangers = {id(word) for p in labelled if p.kind != "VENDOR" for word in _words(p)}
    vendors = [party for party in labelled if party.kind == "VENDOR"]
    vendors += _unlabelled(pages, strangers, {squash(p.name.text) for p in receivers}, is_receipt=is_receipt)
    vendor = max(vendors, key=lambda party: party.score, default=None)
    if not receivers and vendor is not None and not is_receipt:
        receivers = list(_other_address(pages[0][0], vendor))
    receiver = max(receivers, key=lambda party: party.score, default=None)
    ship_to = next((party for party in labelled if party.kind == "SHIP_TO"), None)
    return [party for party in (vendor, receiver, ship_to) if party is not None]


def _words(party: Party) -> tuple[object, ...]:
    return party.name.words + (party.address.words if party.address else ())


def _labelled(layout: Layout, labels: Labels) -> Iterator[Party]:
    for line in layout.lines:
        for label in labels[id(line)]:
            kind = next((kind for kind in label.kinds if kind in PARTIES), None)
            if kind is None or label.in_prose or not label.at_start:
                continue
            lines = _beside(label, layout, labels) or _under(label, layout, labels)
            party = _party(kind, label, lines, labels) if lines != [line] else None
            if party is not None:
                yield party


def _beside(label: Label, layout: Layout, labels: Labels) -> list[Line]:
    """Text right of the label, and the lines stacked under that text."""
    after = [other for other in labels[id(label.line)] if other.start >= label.end]
    rest = Line(label.line.words[_word_at(label.line, label.end) :], label.line.page)
    if rest.words and any(c.isalpha() for c in rest.text):
        said = label.span.text.endswith(":") or rest.text.startswith(":") or len(label.span.words) > 1
        return [rest, *_stack(rest, layout, labels, extra=label.line)] if said and not after else [label.line]
    following = layout.rightwards(label.line)
    if not following or after or labels[id(following[0])]:
        return []
    gap = following[0].box.left - label.line.box.right
    if gap > 12 * label.line.box.height or not names.is_namelike(following[0]):
        return []
    colon = label.span.text.endswith(":") or following[0].text.startswith(":")
    return [following[0], *_stack(following[0], layout, labels)] if colon else []


def _word_at(line: Line, offset: int) -> int:
    return next((i for i in range(len(line.words)) if line.start_of(i) >= offset), len(line.words))


def _under(label: Label, layout: Layout, labels: Labels) -> list[Line]:
    lower = label.stacked or label.line
    first = next(layout.below(lower.box, 2.6), None)
    if first is None:
        return []
    return [first, *_stack(first, layout, labels)]


def _stack(first: Line, layout: Layout, labels: Labels, extra: Line | None = None) -> list[Line]:
    stacked: list[Line] = []
    above = extra or first
    left = first.box.left if extra is None else extra.box.left
    for _ in range(_LONGEST_BLOCK):
        line = next(
            (
                line
                for line in layout.below(above.box, 1.6)
                if abs(line.box.left - left) < 2.5 * first.box.height
                or abs(line.box.left - first.box.left) < 2.5 * first.box.height
            ),
            None,
        )
        if line is None or any(
            not set(label.kinds) & _OFFICES for label in labels[id(line)] if label.at_start
        ):
            break
        stacked.append(line)
        above = line
    return stacked


def _party(kind: str, label: Label, lines: list[Line], labels: Labels) -> Party | None:
    for place, line in enumerate(lines):
        office = next((other for other in labels.get(id(line), ()) if other.at_start), None)
        named = line
        if office is not None and "NAME" in office.kinds:
            named = Line(line.words[_word_at(line, office.end) :], line.page)
        elif office is not None:
            if set(office.kinds) & _OFFICES:
                continue
            return None
        if not named.words or not names.is_namelike(named) or names.has_postcode(named.text):
            continue
        address = [
            other
            for other in lines[place + 1 :]
            if not names.is_contact(other.text) and not labels.get(id(other))
        ]
        score = 0.92 if len(label.phrase) > 3 else 0.8
        score -= 0.1 * place
        if label.phrase in _PAYEES:
            score -= 0.25
        name = _first_company(named) or names.without_title(named)
        return Party(kind, name, whole(address[:5]) if address else None, max(score, 0.3), label)
    return None


_PAYEES = frozenset(
    map(squash, ("payable to", "remit to", "beneficiary", "payee", "kontoinhaber", "company"))
)


def _first_company(line: Line) -> Span | None:
    if len(line.words) < 5 and "," not in line.text:
        return None
    return next(names.company_parts(line), None)


def _unlabelled(
    pages: Sequence[tuple[Layout, Labels]], strangers: set[int], receivers: set[str], *, is_receipt: bool
) -> Iterator[Party]:
    """Heads and feet of the pages, scored by what a sender's name looks like."""
    everything = [line for layout, _ in pages for line in layout.lines]
    said = Counter(squash(line.text) for line in everything)
    hosts = {host for line in everything for host in names.domains(line.text)}
    for number, (layout, labels) in enumerate(pages):
        order = 0
        for line in layout.lines:
            height = _height(layout, line)
            if strangers & {id(word) for word in line.words}:
                continue
            if not _FOOT < height and (number or height > _TOP):
                continue
            if any(label.at_start and not set(label.kinds) <= {"VENDOR"} for label in labels[id(line)]):
                continue
            parts = list(names.company_parts(line))
            if not parts and not (
                names.is_namelike(line) and height < _TOP and not names.is_address(line.text)
            ):
                continue
            for span in parts or [names.without_title(line)]:
                if squash(span.text) in receivers:
                    continue
                score = _sender_score(span, line, layout, order, said, hosts, is_receipt=is_receipt)
                yield Party("VENDOR", span, _address_after(line, layout), score)
            order += 1


def _height(layout: Layout, line: Line) -> float:
    box = layout.box
    return (line.box.middle - box.top) / max(box.height, 1e-6)


def _sender_score(
    span: Span,
    line: Line,
    layout: Layout,
    order: int,
    said: Counter[str],
    hosts: set[str],
    *,
    is_receipt: bool,
) -> float:
    """0.1 to 0.9, from points: legal form, place, size, an address below, its own web address."""
    name = squash(span.text)
    points = 2.2 if names.has_legal_form(span.text) else 0.0
    if _height(layout, line) < _TOP:
        points += max(0.0, (2.6 if is_receipt else 1.6) - 0.4 * order)
        points += min(1.2, max(0.0, line.box.height / layout.text_height - 1.2))
        if _address_after(line, layout) is not None:
            points += 1.0
    if any(host in name or (len(name) > 4 and name in host) for host in hosts):
        points += 1.6
    if said[squash(line.text)] > 1 or sum(name in other for other in said) > 1:
        points += 0.5
    if len(span.words) == 1 and len(name) < 4:
        points -= 1.5
    if names.is_address(span.text):
        points -= 2.0
    return min(0.9, max(0.1, 0.1 + points * 0.14)) * (0.5 + 0.5 * span.confidence)


def _address_after(line: Line, layout: Layout) -> Span | None:
    lines: list[Line] = []
    above = line
    while len(lines) < 5:
        below = next(layout.below(above.box, 1.3), None)
        if below is None or names.is_contact(below.text):
            break
        lines.append(below)
        above = below
    last = max((i for i, below in enumerate(lines) if names.is_address(below.text)), default=-1)
    return whole(lines[: last + 1]) if last >= 0 else None


def _other_address(layout: Layout, vendor: Party) -> Iterator[Party]:
    """The other address at the top of the page, if there is one."""
    taken = {id(word) for word in _words(vendor)}
    for block in layout.blocks:
        if _height(layout, block[0]) > 0.55 or len(block) < 2:
            continue
        if taken & {id(word) for line in block for word in line.words}:
            continue
        named = next((i for i, line in enumerate(block) if names.is_namelike(line)), None)
        if named is None or squash(block[named].text) == squash(vendor.name.text):
            continue
        rest = [line for line in block[named + 1 :] if not names.is_contact(line.text)]
        if any(names.has_postcode(line.text) for line in rest):
            yield Party("RECEIVER", names.without_title(block[named]), whole(rest[:5]), 0.6)
