"""The head of a page: who sends, who receives, what the document is called, its numbers and dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from training.chance import Chance
from training.facts import Party
from training.markup import aligned, grid, lines, table, text, unbroken
from training.wording import Wording

_PLACES = (
    "left", "left", "right", "center", "split", "split", "window", "foot", "labelled", "buyer_first",
    "banner", "corner", "sidebar",
)  # fmt: skip
type Pair = tuple[str, str]


def head(wording: Wording, chance: Chance) -> tuple[str, str, dict[str, str]]:
    """The head, what the page's foot says, and the labelled values shown."""
    facts = wording.facts
    place = chance.choice(_PLACES)
    pairs, shown = _pairs(wording, chance)
    title = _title(wording, chance)
    buyer = _buyer(wording, chance)
    details = _details(facts.seller, chance, in_full=place not in ("window", "foot"))
    size = f"{chance.choice((9, 11, 14, 18, 22))}pt"
    name = "#v(12mm)" if facts.trouble.name_is_drawn else text(facts.seller.name, weight='"bold"', size=size)
    meta = _meta(pairs, chance)
    gap = f"#v({chance.choice((4, 8, 14))}mm)"
    foot = ""
    if place in ("left", "right", "center"):
        parts = [aligned(place, lines([name, *details])), gap, title, _beside(buyer, meta, chance)]
    elif place == "split":
        parts = [
            _columns(name, aligned("right", lines(details))),
            gap,
            _beside(buyer, meta, chance),
            gap,
            title,
        ]
    elif place == "window":
        logo = text(facts.seller.name.split()[0].strip(",").upper(), size="20pt", weight='"bold"')
        sender = text(f"{facts.seller.name} · {facts.seller.street} · {facts.seller.city}", size="7pt")
        parts = [aligned("right", logo), gap, sender, "", _beside(buyer, meta, chance), gap, title]
        foot = _foot(facts.seller, chance)
    elif place == "foot":
        parts = [title, gap, _beside(buyer, meta, chance)]
        foot = _foot(facts.seller, chance)
    elif place == "labelled":
        said = text(
            chance.choice(facts.words["labels"]["supplier"]) + chance.choice(("", ":")), weight='"bold"'
        )
        parts = [title, gap, _columns(lines([said, text(facts.seller.name), *details]), buyer), gap, meta]
    elif place == "banner":
        cut = (len(details) + 1) // 2
        cells = [name, lines(details[:cut]), lines(details[cut:])]
        parts = [
            grid("(1.4fr, 1fr, 1fr)", cells, column_gutter="14pt"),
            gap,
            title,
            _beside(buyer, meta, chance),
        ]
    elif place == "corner":
        parts = [_columns(lines([name, *details]), aligned("right", title) + "\n\n" + meta), gap, buyer]
    elif place == "sidebar":
        parts = [_columns(buyer, lines([name, *details]) + "\n\n#v(4mm)\n\n" + meta), gap, title]
    else:
        parts = [_columns(buyer, aligned("right", lines([name, *details]))), gap, title, meta]
    banner = [text(facts.trouble.banner, size="13pt")] if facts.trouble.banner else []
    return "\n\n".join([*banner, *parts, gap]), foot, shown


def _title(wording: Wording, chance: Chance) -> str:
    said = chance.choice(wording.facts.words["titles"][wording.facts.kind])
    return text(said, size=f"{chance.choice((12, 16, 20, 26))}pt", weight='"bold"')


def _buyer(wording: Wording, chance: Chance) -> str:
    facts = wording.facts
    buyer = facts.buyer
    person = [text(chance.choice(facts.words["company"]["people"]))] if chance.happens(0.25) else []
    block = [text(buyer.name), *person, text(buyer.street), text(buyer.city)]
    if chance.happens(0.3):
        block.append(text(buyer.country))
    if chance.happens(0.2):
        label, value = buyer.tax_ids[0]
        block.append(text(f"{label}: {value}"))
    if chance.happens(0.7):
        label = wording.labels["bill_to"]
        block.insert(0, text(label, size="0.9em", weight=chance.choice(('"bold"', '"regular"'))))
    return lines(block)


def _details(seller: Party, chance: Chance, *, in_full: bool) -> list[str]:
    told = [seller.street, seller.city]
    if chance.happens(0.3):
        told.append(seller.country)
    if in_full:
        contacts = [f"{chance.choice(('Tel.', 'T', 'Tel:'))} {seller.phone}", seller.email, seller.website]
        told += contacts[: chance.randint(0, 3)]
        told += [f"{label}{chance.choice((' ', ': '))}{value}" for label, value in seller.tax_ids]
    return [text(line, size="0.9em") for line in told]


def _foot(seller: Party, chance: Chance) -> str:
    columns = [
        [seller.name, seller.street, seller.city],
        [f"Tel. {seller.phone}", seller.email, seller.website],
        [f"{label}: {value}" for label, value in seller.tax_ids],
    ]
    if chance.happens(0.4):
        return text(" · ".join(part for column in columns for part in column))
    cells = [lines(text(line) for line in column) for column in columns]
    return grid("(1fr, 1fr, 1fr)", cells, column_gutter="8pt")


def _pairs(wording: Wording, chance: Chance) -> tuple[list[Pair], dict[str, str]]:
    facts, labels = wording.facts, wording.labels
    shown = {"invoice_number": facts.number, "invoice_date": facts.invoice_date.isoformat()}
    pairs = [
        (labels["number"], facts.number),
        (wording.said(labels["date"]), wording.day(facts.invoice_date)),
    ]
    how = chance.choices(("dated", "both", "terms", ""), (40, 10, 20, 30))[0]
    if facts.kind == "invoice" and how:
        shown["due_date"] = facts.due_date.isoformat()
        if how != "terms":
            pairs.append((labels["due"], wording.day(facts.due_date)))
        if how != "dated":
            pairs.append((labels["terms_label"], labels["terms"].format(days=facts.days)))
    if facts.kind == "credit_note":
        before = wording.day(facts.invoice_date - timedelta(days=chance.randint(3, 60)))
        pairs.append((labels["original"], f"{chance.randint(10000, 99999)}"))
        if chance.happens(0.5):
            pairs.append((labels["original_date"], before))
    pairs += [(labels[name], value) for name, value in facts.references.items()]
    if chance.happens(0.15):
        other = facts.invoice_date - timedelta(days=chance.randint(0, 12))
        pairs.append((labels["delivery_date"], wording.day(other)))
    if chance.happens(0.15):
        pairs.append((labels["contact"], chance.choice(facts.words["company"]["people"])))
    pairs += facts.trouble.numbers
    pairs += [(label, wording.day(other)) for label, other in facts.trouble.days]
    if chance.happens(0.4):
        chance.shuffle(pairs)
    return pairs, shown


def _meta(pairs: list[Pair], chance: Chance) -> str:
    shapes = ("grid", "inline", "above", "fours", "pill", "boxed", "broken", "flush")
    shape = chance.choices(shapes, (5, 3, 2, 1, 2, 1, 1, 2))[0]
    mark = chance.choice(("", ":"))
    bold = chance.choice(('"bold"', '"regular"'))
    if shape == "inline":
        return lines(text(f"{label}: {value}") for label, value in pairs)
    if shape == "above":
        return grid(f"{min(4, len(pairs))}", list(_stacked(pairs)), column_gutter="16pt", row_gutter="6pt")
    if shape == "boxed":
        cells = [text(label, size="0.85em") for label, _ in pairs] + [unbroken(value) for _, value in pairs]
        return table(f"{len(pairs)}", cells, stroke="0.4pt", inset="4pt")
    if shape == "flush":
        return aligned("right", lines(text(f"{label}{mark} {value}") for label, value in pairs))
    if shape == "broken":
        pairs = [(label.replace(" ", "\n", 1), value) for label, value in pairs]
    cells = [cell for label, value in pairs for cell in (_label(label + mark, bold), unbroken(value))]
    columns = "4" if shape == "fours" else "2"
    style = {"column_gutter": chance.choice(("8pt", "16pt", "30pt")), "row_gutter": "5pt"}
    if shape == "pill":
        style["align"] = "(left, right)"
    return grid(columns, cells, **style)


def _label(printed: str, weight: str) -> str:
    return lines(text(line, weight=weight) for line in printed.splitlines())


def _stacked(pairs: list[Pair]) -> Iterator[str]:
    for label, value in pairs:
        yield lines([text(label, size="0.8em"), unbroken(value)])


def _beside(buyer: str, meta: str, chance: Chance) -> str:
    order = chance.choices(("buyer first", "buyer last", "over"), (50, 20, 30))[0]
    if order == "buyer first":
        return _columns(buyer, meta)
    if order == "buyer last":
        return _columns(meta, buyer)
    return buyer + "\n\n#v(5mm)\n\n" + meta


def _columns(left: str, right: str) -> str:
    return grid("(1fr, auto)", [left, right], column_gutter="20pt")
