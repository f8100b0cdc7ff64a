"""The table of goods, the sums under it and the summary of taxes, in many shapes."""

from __future__ import annotations

from decimal import Decimal

from training.chance import Chance
from training.facts import Line
from training.markup import aligned, grid, lines, table, text
from training.wording import Wording

_STROKES = (
    "none",
    "0.5pt",
    "(x, y) => (bottom: 0.4pt)",
    "(x, y) => if y == 0 { (bottom: 1pt) }",
    "0.3pt + gray",
)
_FILLS = ("none", "(x, y) => if y == 0 { luma(225) }", "(x, y) => if calc.odd(y) { luma(243) }")
_ORDERS = (
    ("description", "quantity", "unit_price", "amount"),
    ("description", "unit_price", "quantity", "amount"),
    ("quantity", "description", "unit_price", "amount"),
    ("position", "description", "quantity", "unit", "unit_price", "amount"),
    ("code", "description", "quantity", "unit_price", "amount"),
    ("position", "code", "description", "quantity", "unit_price", "amount"),
    ("quantity", "unit", "description", "unit_price", "amount"),
    ("quantity", "code", "description", "unit_price", "amount"),
)
_WIDE = "description"
_WORDS = ("description", "code", "unit", "position")

type Row = tuple[str, str, bool]


def goods(wording: Wording, chance: Chance, rows: list[Row]) -> str:
    """``rows`` (label, amount, strong) are the sums; they end the table in some documents."""
    order = list(chance.choice(_ORDERS))
    if chance.happens(0.45):
        order.insert(-1, "tax")
    marked = chance.happens(0.35)
    bold = chance.happens(0.7)
    heads = [
        text(wording.said(wording.columns[column]), weight='"bold"' if bold else '"regular"')
        for column in order
    ]
    right = chance.choice(("right", "right", "right", "center", "left"))
    cells = [f"table.header({', '.join(f'[{head}]' for head in heads)})"]
    for position, line in enumerate(wording.facts.lines, 1):
        cells += [_cell(column, line, position, wording, marked=marked) for column in order]
    inside = chance.happens(0.12)
    for label, amount, strong in rows if inside else ():
        weight = '"bold"' if strong else '"regular"'
        cells.append(f"table.cell(colspan: {len(order) - 1}, align: right)[{text(label, weight=weight)}]")
        cells.append(text(amount, weight=weight))
    made = table(
        f"({', '.join('1fr' if column == _WIDE else 'auto' for column in order)})",
        cells,
        align=f"({', '.join('left' if column in _WORDS else right for column in order)})",
        stroke=chance.choice(_STROKES),
        fill=chance.choice(_FILLS),
        inset=chance.choice(("5pt", "(x: 5pt, y: 3.5pt)", "(x: 4pt, y: 7pt)")),
    )
    return made if inside else made + "\n\n" + totals(rows, chance)


def _cell(column: str, line: Line, position: int, wording: Wording, *, marked: bool) -> str:
    if column == "description" and line.detail:
        return lines([text(line.description), text(line.detail, size="0.85em")])
    return text(
        {
            "position": str(position),
            "code": line.code,
            "description": line.description,
            "quantity": wording.quantity(line.quantity),
            "unit": line.unit,
            "unit_price": wording.money(line.unit_price, marked=marked),
            "tax": f"{wording.rate(line.rate)}%",
            "amount": wording.money(line.amount, marked=marked),
        }[column]
    )


def sums(wording: Wording, chance: Chance) -> tuple[list[Row], dict[str, str]]:
    """The rows of the sums, and which labelled values they show."""
    facts, said = wording.facts, wording.said
    several = len(facts.taxes) > 1
    shown = {"total": f"{facts.total}", "tax": f"{facts.tax}"}
    rows: list[Row] = []
    if several or facts.discount or facts.shipping or chance.happens(0.92):
        extras = facts.discount or facts.shipping
        net_too = bool(extras) and chance.happens(0.5)
        label = facts.words["labels"]["subtotal"][0] if net_too else wording.labels["subtotal"]
        rows.append((said(label), wording.money(facts.goods), False))
        shown["subtotal"] = f"{facts.goods}"
        if facts.discount:
            label = said(wording.labels["discount"], rate=f"{facts.discount_rate}")
            rows.append((label, wording.money(-facts.discount), False))
        if facts.shipping:
            rows.append((wording.labels["shipping"], wording.money(facts.shipping), False))
        if net_too:
            rows.append((said(wording.labels["net"]), wording.money(facts.subtotal), False))
            shown["subtotal"] = f"{facts.subtotal}"
    if several and chance.happens(0.3):
        rows.append(
            (said(facts.words["labels"]["tax"][0].replace("{rate}%", "")), wording.money(facts.tax), False)
        )
    else:
        rows += [
            (wording.of_tax(tax.rate, several=several), wording.money(tax.amount), False)
            for tax in facts.taxes
        ]
    printed = wording.money(facts.total)
    if wording.mark_place == "bare" and "{currency}" not in wording.labels["total"]:
        printed = wording.with_mark(printed)
    rows.append((said(wording.labels["total"]), printed, True))
    if facts.prepaid:
        sign = chance.choice((Decimal(1), Decimal(-1)))
        rows.append((wording.labels["paid"], wording.money(sign * facts.prepaid), False))
        rows.append((wording.labels["amount_due"], wording.money(facts.total - facts.prepaid), True))
        shown["amount_due"] = f"{facts.total - facts.prepaid}"
    return rows, shown


def totals(rows: list[Row], chance: Chance) -> str:
    shapes = ("lined", "boxed", "across", "inline", "wide", "left", "leader")
    shape = chance.choices(shapes, (5, 3, 1, 1, 2, 1, 1))[0]
    colon = ":" if chance.happens(0.3) else ""
    if shape == "across":
        count = len(rows)
        cells = [text(label) for label, _, _ in rows] + [text(amount) for _, amount, _ in rows]
        return table(f"{count}", cells, align="right", stroke="0.5pt")
    if shape == "inline":
        return aligned("right", lines(text(f"{label}: {amount}") for label, amount, _ in rows))
    if shape == "left":
        return lines(text(f"{label}{colon} {amount}") for label, amount, _ in rows)
    if shape == "leader":
        dotted = (f"{text(label)} #box(width: 1fr, repeat[.]) {text(amount)}" for label, amount, _ in rows)
        return aligned("right", f"#block(width: 55%)[{aligned('left', lines(dotted))}]")
    cells = []
    for label, amount, strong in rows:
        style = {"weight": '"bold"' if strong else '"regular"'}
        if strong and shape == "wide":
            style["size"] = "1.25em"
        cells += [text(label + colon, **style), text(amount, **style)]
    stroke = {"lined": "(x, y) => (top: 0.4pt)", "boxed": "0.6pt", "wide": "none"}[shape]
    columns = "(1fr, auto)" if shape == "wide" else "(auto, auto)"
    width = chance.choice(("45%", "55%", "100%")) if shape == "wide" else "auto"
    made = table(
        columns, cells, align=f"({chance.choice(('left', 'right'))}, right)", stroke=stroke, inset="5pt"
    )
    return aligned("right", f"#block(width: {width})[{made}]")


def tax_summary(wording: Wording) -> str:
    heads = [text(wording.said(head), weight='"bold"') for head in wording.facts.words["labels"]["summary"]]
    cells = list(heads)
    for tax in wording.facts.taxes:
        amounts = (tax.base, tax.amount, tax.base + tax.amount)
        cells += [
            text(f"{wording.rate(tax.rate)}%"),
            *(text(wording.money(a, marked=False)) for a in amounts),
        ]
    return grid("4", cells, align="right", column_gutter="14pt", row_gutter="5pt")
