"""A generated invoice or credit note as typst markup, with what a reader should find in it."""

from __future__ import annotations

from training.chance import Chance
from training.facts import Facts
from training.goods import goods, sums, tax_summary
from training.head import head
from training.markup import lines, text
from training.wording import Wording, worded

FONTS = (
    "Hanken Grotesk",
    "Manrope",
    "Source Sans Pro",
    "Libertinus Serif",
    "New Computer Modern",
    "DejaVu Sans Mono",
)


def invoice(facts: Facts, chance: Chance) -> tuple[str, dict[str, object]]:
    wording = worded(facts, chance)
    top, foot, shown = head(wording, chance)
    rows, shown_sums = sums(wording, chance)
    subtotals = {shown_sums["subtotal"], f"{facts.goods}"} if "subtotal" in shown_sums else set[str]()
    parts = [top, goods(wording, chance, rows)]
    if chance.happens(0.25):
        parts.append(tax_summary(wording))
        if "subtotal" in shown_sums and len(facts.taxes) == 1:
            subtotals.add(f"{facts.subtotal}")
    parts.append(lines(text(line, size="0.9em") for line in _closing(wording, chance, shown)))
    labels: dict[str, object] = {
        "vendor": facts.seller.name,
        "buyer": facts.buyer.name,
        **shown,
        "currency": facts.currency,
        **shown_sums,
        **({"subtotal_candidates": sorted(subtotals)} if len(subtotals) > 1 else {}),
        "line_items": [
            {
                "description": line.description,
                "quantity": f"{line.quantity}",
                "unit_price": f"{line.unit_price}",
                "amount": f"{line.amount}",
            }
            for line in facts.lines
        ],
    }
    return _page(facts, foot, chance) + "\n\n".join(parts), labels


def _closing(wording: Wording, chance: Chance, shown: dict[str, str]) -> list[str]:
    facts, labels = wording.facts, wording.labels
    said = []
    if facts.kind == "invoice" and chance.happens(0.15 if "due_date" in shown else 0.4):
        said.append(labels["due_sentence"].format(date=wording.day(facts.due_date)))
        shown["due_date"] = facts.due_date.isoformat()
    if facts.iban and chance.happens(0.6):
        said.append(f"{labels['bank']}: IBAN {facts.iban}")
    if chance.happens(0.5):
        said.append(labels["conditions"])
    if chance.happens(0.5):
        said.append(labels["thanks"])
    return said


def _page(facts: Facts, foot: str, chance: Chance) -> str:
    counter = facts.words["labels"]["page"].format(
        page="#counter(page).display()", pages="#counter(page).final().first()"
    )
    below = f"#text(size: 7pt)[{foot}]"
    if chance.happens(0.5):
        below = f"#context [{below} #h(1fr) #text(size: 7pt)[{counter}]]"
    margin = f"(x: {chance.choice((14, 18, 24))}mm, y: 20mm)"
    return (
        f'#set page("{facts.place["paper"]}", margin: {margin}, footer: [{below}])\n'
        f'#set text(font: "{chance.choice(FONTS)}", size: {chance.choice((8.5, 9, 10, 11))}pt)\n'
        f"#set par(leading: {chance.choice((0.5, 0.65, 0.8))}em)\n"
    )
