"""What a generated document says: parties, lines, taxes and sums that add up, all fictional."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from training.chance import Chance
from training.printing import filled

type Kind = Literal["invoice", "credit_note", "receipt"]
type Words = dict[str, Any]

CENT = Decimal("0.01")
_SPELLED_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_TERMS = (7, 10, 14, 15, 21, 30, 30, 30, 45, 60)
_NUMBERS = (
    "{y}-{n:04}", "INV-{n:05}", "{n:06}", "RE{y}{n:04}", "{yy}/{n:04}", "{n:05}/{y}", "F{yy}{n:05}", "{n:08}",
    "{y}{m:02}{n:03}", "A-{n:04}", "SI-{n:06}", "{c}{n:04}", "{y}/{m:02}/{n:03}", "{c}-{y}-{n:03}",
)  # fmt: skip


@dataclass(frozen=True)
class Party:
    name: str
    street: str
    city: str
    country: str
    phone: str
    email: str
    website: str
    tax_ids: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """``amount`` is net, or gross where the document prints gross prices."""

    code: str
    description: str
    detail: str | None
    quantity: Decimal
    unit: str
    unit_price: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Tax:
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Trouble:
    """``labels`` replace the language's; decoys bring their own; ``banner`` is another's name on top.

    ``name_is_drawn``: the letterhead shows the seller's name in a logo, not in letters. ``dates``: the
    format of another country, where it is not the document's own.
    """

    labels: dict[str, str] = field(default_factory=dict)
    numbers: tuple[tuple[str, str], ...] = ()
    days: tuple[tuple[str, date], ...] = ()
    banner: str = ""
    name_is_drawn: bool = False
    dates: str = ""


@dataclass(frozen=True)
class Facts:
    """``goods`` is what the lines make, ``subtotal`` what is taxed."""

    kind: Kind
    country: str
    place: dict[str, Any]
    language: str
    seller: Party
    buyer: Party
    number: str
    invoice_date: date
    days: int
    lines: tuple[Line, ...]
    is_gross: bool
    discount: Decimal
    discount_rate: Decimal
    shipping: Decimal
    taxes: tuple[Tax, ...]
    tax_name: str
    subtotal: Decimal
    total: Decimal
    prepaid: Decimal
    iban: str
    references: dict[str, str] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)

    @property
    def due_date(self) -> date:
        return self.invoice_date + timedelta(days=self.days)

    @property
    def goods(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def words(self) -> Words:
        return vocabulary(self.language)

    @property
    def currency(self) -> str:
        return str(self.place["currency"])


@cache
def vocabulary(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text("utf-8"))


def invented(chance: Chance, kind: Kind) -> Facts:
    countries = vocabulary("countries")
    country = chance.choice(list(countries))
    place = countries[country]
    language = chance.choice((place["language"], *place.get("also", ())))
    words = vocabulary(language)
    tax_name = chance.choice(place["tax"]) if language == place["language"] else "TVA"
    is_gross = kind == "receipt" and country != "US"
    lines = _lines(chance, kind, place, words)
    goods = sum((line.amount for line in lines), Decimal(0))
    discount_rate = Decimal(chance.choice((2, 3, 5, 10, 15)))
    has_extras = kind == "invoice"
    discount = _cents(goods * discount_rate / 100) if has_extras and chance.happens(0.12) else Decimal(0)
    shipping = (
        _cents(Decimal(chance.randrange(350, 4900)) / 100)
        if has_extras and chance.happens(0.15)
        else Decimal(0)
    )
    taxes = _taxes(lines, discount, shipping, is_gross=is_gross)
    tax = sum((part.amount for part in taxes), Decimal(0))
    subtotal = goods - tax if is_gross else goods - discount + shipping
    total = subtotal + tax
    if kind == "credit_note" and chance.happens(0.5):
        lines = tuple(_negative(line) for line in lines)
        taxes = tuple(Tax(part.rate, -part.base, -part.amount) for part in taxes)
        subtotal, total = -subtotal, -total
    issued = date(2021, 1, 1) + timedelta(days=chance.randrange(2100))
    number = chance.choice((*_NUMBERS, *place.get("numbering", ()))).format(
        y=issued.year, yy=issued.year % 100, m=issued.month, n=chance.randrange(1, 9999),
        c=filled("@@", chance),
    )  # fmt: skip
    seller, buyer = (_party(chance, country, place, words, part) for part in (0, 1))
    prepaid = _cents(total * chance.choice((20, 30, 50)) / 100)
    return Facts(
        kind=kind, country=country, place=place, language=language,
        seller=seller, buyer=buyer,
        number=number, invoice_date=issued, days=chance.choice(_TERMS), lines=lines, is_gross=is_gross,
        discount=discount, discount_rate=discount_rate, shipping=shipping, taxes=taxes, tax_name=tax_name,
        subtotal=subtotal, total=total,
        prepaid=prepaid if has_extras and chance.happens(0.12) else Decimal(0),
        iban=filled(place["iban"], chance), references=_references(chance),
    )  # fmt: skip


def _party(chance: Chance, country: str, place: dict[str, Any], words: Words, half: int) -> Party:
    """``half`` of the names keeps the two parties of a document apart."""
    company = words["company"]
    first, second = chance.sample(company["first"][half::2], 2)
    form = chance.choice(place["forms"])
    name = chance.choice(company["pattern"]).format(
        first=first, second=second, trade=chance.choice(company["trade"]), form=form
    )
    host = "".join(c for c in _without_accents(first) if c.isalnum()) + "." + _domain(country)
    mailbox = chance.choice(("info", "office", "accounts", "hello", "contact"))
    ids = chance.sample(place["tax_ids"], chance.randint(1, min(2, len(place["tax_ids"]))))
    return Party(
        name=name,
        street=chance.choice(company["streets"]).format(n=chance.randint(1, 180)),
        city=filled(chance.choice(place["cities"]), chance),
        country=chance.choice(place["names"]),
        phone=filled(chance.choice(place["phone"]), chance),
        email=f"{mailbox}@{host}",
        website=f"www.{host}",
        tax_ids=tuple((label, filled(pattern, chance)) for label, pattern in ids),
    )


def _without_accents(name: str) -> str:
    spelled = name.lower().translate(_SPELLED_OUT)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()


def _domain(country: str) -> str:
    return {"US": "com", "GB": "co.uk", "AU": "com.au"}.get(country, country.lower())


def _lines(chance: Chance, kind: Kind, place: dict[str, Any], words: Words) -> tuple[Line, ...]:
    goods = words["goods"]
    names = goods["groceries"] if kind == "receipt" and chance.happens(0.8) else goods["items"]
    count = chance.choice((1, 2, 3, 3, 4, 5, 6, 8)) if chance.happens(0.93) else chance.randint(25, 55)
    count = min(count, 8) if kind == "receipt" else count
    rates = [Decimal(rate) for rate in place["rates"]]
    several = chance.happens(0.2 if kind != "receipt" else 0.3)
    dear = kind != "receipt"
    drawn = chance.sample(names, count) if count <= len(names) else chance.choices(names, k=count)
    lines = []
    for name in drawn:
        quantity = Decimal(
            chance.choice((1, 1, 1, 2, 3, 4, 5, 10, 12, 25)) if dear else chance.choice((1, 1, 1, 2, 3))
        )
        if dear and chance.happens(0.15):
            quantity += chance.choice((Decimal("0.5"), Decimal("0.25"), Decimal("0.75")))
        cents = chance.choice(
            (chance.randrange(90, 9999), chance.randrange(2500, 95000), chance.randrange(1, 40) * 500)
        )
        if place["currency"] == "INR":
            cents *= 40
        price = _cents(Decimal(cents if dear else chance.randrange(60, 1900)) / 100)
        lines.append(
            Line(
                code=filled(chance.choice(("@@-####", "######", "@###")), chance),
                description=name,
                detail=chance.choice(goods["details"]) if dear and chance.happens(0.15) else None,
                quantity=quantity,
                unit=chance.choice(goods["units"]),
                unit_price=price,
                rate=chance.choice(rates) if several else rates[0],
                amount=_cents(quantity * price),
            )
        )  # fmt: skip
    return tuple(lines)


def _taxes(
    lines: tuple[Line, ...], discount: Decimal, shipping: Decimal, *, is_gross: bool
) -> tuple[Tax, ...]:
    """By rate; discount and shipping follow the first line's."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.rate] = bases.get(line.rate, Decimal(0)) + line.amount
    bases[lines[0].rate] += shipping - discount
    taxes = []
    for rate, base in sorted(bases.items(), reverse=True):
        if is_gross:
            net = _cents(base / (1 + rate / 100))
            taxes.append(Tax(rate, net, base - net))
        else:
            taxes.append(Tax(rate, base, _cents(base * rate / 100)))
    return tuple(taxes)


def _negative(line: Line) -> Line:
    return Line(
        line.code,
        line.description,
        line.detail,
        -line.quantity,
        line.unit,
        line.unit_price,
        line.rate,
        -line.amount,
    )


def _references(chance: Chance) -> dict[str, str]:
    """Numbers and days a reader must not take for the invoice's own."""
    made = {
        "order": filled(chance.choice(("PO-#####", "45########", "####/##")), chance),
        "customer": filled(chance.choice(("#####", "K-####", "C######")), chance),
        "delivery_note": filled(chance.choice(("LS-####", "######")), chance),
    }
    return {name: made[name] for name in sorted(chance.sample(list(made), chance.randint(0, 3)))}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
