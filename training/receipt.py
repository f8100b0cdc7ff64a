"""A generated till receipt: a narrow slip of prices, a total, what was handed over."""

from __future__ import annotations

from decimal import Decimal

from training.chance import Chance
from training.facts import Facts
from training.markup import aligned, grid, lines, text
from training.wording import Wording, worded

_FONTS = ("DejaVu Sans Mono", "DejaVu Sans Mono", "Source Sans Pro", "Hanken Grotesk")
_RULES = ("#line(length: 100%, stroke: 0.5pt)", '#line(length: 100%, stroke: (dash: "dashed"))', "")


def receipt(facts: Facts, chance: Chance) -> tuple[str, dict[str, object]]:
    wording = worded(facts, chance)
    rule = chance.choice(_RULES)
    rows, labels = _sums(wording, chance)
    parts = [
        _shop(facts, chance),
        rule,
        _when(wording, chance),
        rule,
        _items(wording, chance),
        rule,
        rows,
        rule,
    ]
    parts += [_taxes(wording)] if wording.facts.is_gross and chance.happens(0.5) else []
    parts.append(aligned("center", text(wording.labels["thanks"])))
    page = (
        f"#set page(width: {chance.choice((70, 80, 90))}mm, height: auto, margin: 5mm)\n"
        f'#set text(font: "{chance.choice(_FONTS)}", size: {chance.choice((8, 9))}pt)\n'
    )
    return page + "\n\n".join(parts), labels


def _shop(facts: Facts, chance: Chance) -> str:
    seller = facts.seller
    told = [text(seller.name, weight='"bold"', size="1.2em"), text(seller.street), text(seller.city)]
    if chance.happens(0.6):
        told.append(text(f"Tel {seller.phone}"))
    told += [text(f"{label}: {value}") for label, value in seller.tax_ids]
    title = chance.choice(facts.words["titles"]["receipt"])
    return aligned(chance.choice(("center", "center", "left")), lines([*told, text(title)]))


def _when(wording: Wording, chance: Chance) -> str:
    facts = wording.facts
    day = f"{wording.day(facts.invoice_date)} {chance.randint(8, 21):02}:{chance.randint(0, 59):02}"
    told = [f"{facts.words['labels']['date'][1]}: {day}" if chance.happens(0.4) else day]
    told.append(f"{wording.labels['number']}: {facts.number}")
    if chance.happens(0.5):
        told.append(f"{wording.labels['cashier']}: {chance.randint(1, 40):02}")
    chance.shuffle(told)
    return lines(text(line) for line in told)


def _items(wording: Wording, chance: Chance) -> str:
    counted = chance.happens(0.5)
    cells = []
    for line in wording.facts.lines:
        name = f"{wording.quantity(line.quantity)} {line.description}" if counted else line.description
        amount = wording.money(line.amount, marked=False)
        if line.quantity > 1 and not counted:
            each = f"  {wording.quantity(line.quantity)} x {wording.money(line.unit_price, marked=False)}"
            cells += [text(name), "", text(each), text(amount)]
        else:
            cells += [text(name), text(amount)]
    return _priced(cells)


def _sums(wording: Wording, chance: Chance) -> tuple[str, dict[str, object]]:
    facts = wording.facts
    said = wording.said
    labels: dict[str, object] = {
        "vendor": facts.seller.name,
        "invoice_date": facts.invoice_date.isoformat(),
        "currency": facts.currency,
        "total": f"{facts.total}",
        "line_items": [{"description": line.description, "amount": f"{line.amount}"} for line in facts.lines],
    }
    rows: list[tuple[str, Decimal]] = []
    if not facts.is_gross:
        rows.append((said(wording.labels["subtotal"]), facts.subtotal))
        rows += [(wording.of_tax(tax.rate, several=len(facts.taxes) > 1), tax.amount) for tax in facts.taxes]
        labels |= {"subtotal": f"{facts.subtotal}", "tax": f"{facts.tax}"}
    cells = [
        part for label, value in rows for part in (text(label), text(wording.money(value, marked=False)))
    ]
    printed = wording.with_mark(wording.money(facts.total, marked=False))
    cells += [
        text(said(wording.labels["total"]), weight='"bold"', size="1.2em"),
        text(printed, weight='"bold"'),
    ]
    handed = facts.total
    if chance.happens(0.5):
        handed = facts.total.quantize(Decimal(1)) + chance.choice((1, 5, 10))
        cells += [text(wording.labels["cash"]), text(wording.money(handed, marked=False))]
        cells += [text(wording.labels["change"]), text(wording.money(handed - facts.total, marked=False))]
    else:
        cells += [text(wording.labels["card"]), text(wording.money(facts.total, marked=False))]
    return _priced(cells), labels


def _taxes(wording: Wording) -> str:
    """Rate, net, tax and gross: the sums of a receipt whose prices hold the tax."""
    heads = [text(wording.said(head)) for head in wording.facts.words["labels"]["summary"]]
    cells = list(heads)
    for tax in wording.facts.taxes:
        amounts = (tax.base, tax.amount, tax.base + tax.amount)
        cells += [
            text(f"{wording.rate(tax.rate)}%"),
            *(text(wording.money(a, marked=False)) for a in amounts),
        ]
    return grid("(1fr, 1fr, 1fr, 1fr)", cells, align="right", row_gutter="4pt")


def _priced(cells: list[str]) -> str:
    return grid("(1fr, auto)", cells, align="(left, right)", row_gutter="4pt", column_gutter="6pt")
