"""How one document words and prints its facts: its labels, its money, its dates, drawn once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from training.chance import Chance
from training.facts import Facts
from training.printing import day, number

_MARK_PLACES = ("before", "before", "after", "after", "spaced", "bare", "bare")


@dataclass(frozen=True)
class Wording:
    facts: Facts
    labels: dict[str, str]
    columns: dict[str, str]
    number_style: str
    date_style: str
    mark: str
    mark_place: str

    def money(self, value: Decimal, *, marked: bool = True) -> str:
        printed = number(value, self.number_style)
        if not marked or self.mark_place == "bare":
            return printed
        return self.with_mark(printed)

    def with_mark(self, printed: str) -> str:
        if self.mark_place in ("after", "bare"):
            return f"{printed} {self.mark}"
        sign, digits = ("-", printed[1:]) if printed.startswith("-") else ("", printed)
        space = "" if self.mark_place == "before" and not self.mark.isalpha() else " "
        return f"{sign}{self.mark}{space}{digits}"

    def quantity(self, value: Decimal) -> str:
        return number(value, self.number_style)

    def rate(self, value: Decimal) -> str:
        return f"{value:f}".replace(".", number(Decimal("0.1"), self.number_style)[1])

    def day(self, value: date) -> str:
        return day(value, self.date_style, self.facts.language)

    def said(self, label: str, **values: str) -> str:
        defaults = {"tax": self.facts.tax_name, "currency": self.facts.currency, "rate": ""}
        return label.format(**{**defaults, **values}).strip()

    def of_tax(self, rate: Decimal, *, several: bool) -> str:
        label = self.labels["tax"]
        if several and "{rate}" not in label:
            label += " {rate}%"
        return self.said(label, rate=self.rate(rate))


def worded(facts: Facts, chance: Chance) -> Wording:
    place = facts.place
    marks = place["marks"]
    mark_place = chance.choice(_MARK_PLACES)
    mark = chance.choice(marks)
    if mark_place in ("after", "spaced") and mark in ("$", "£", "₹"):
        mark_place = "before"
    labels = _drawn(facts.words["labels"], chance)
    if facts.kind == "receipt":
        labels |= _drawn(facts.words["receipt"], chance) | {"number": labels["receipt_number"]}
    if facts.kind == "credit_note":
        labels["number"] = labels["credit_number"]
    if facts.prepaid and labels["total"] in facts.words["labels"]["amount_due"]:
        labels["total"] = facts.words["labels"]["total"][0]
    return Wording(
        facts=facts,
        labels=labels | facts.trouble.labels,
        columns=_drawn(facts.words["columns"], chance),
        number_style=chance.choice(place["numbers"]),
        date_style=facts.trouble.dates or chance.choice(place["dates"]),
        mark=mark,
        mark_place=mark_place,
    )


def _drawn(choices: dict[str, Any], chance: Chance) -> dict[str, str]:
    return {name: chance.choice(said) for name, said in choices.items() if isinstance(said, list)} | {
        name: said for name, said in choices.items() if isinstance(said, str)
    }
