"""An invoice of what somebody typed into a form: summed up and typeset like any other, and given away."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from sheaf.billing.document import Content, IssuedDocument, Kind
from sheaf.billing.rendering.pdf import render_pdf
from sheaf.billing.sums import totals
from sheaf.kernel.errors import InvalidRequest
from sheaf.kernel.ids import new_id
from sheaf.kernel.names import Name
from sheaf.kernel.problems import not_accepted

FIRST_LINES, MORE_LINES, MOST_LINES = 4, 4, 40
DUE_DAYS = 14
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_AMOUNT = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?")
_LINE = re.compile(r"line-(\d{1,2})-(description|quantity|price|tax)")

_WANTED = {
    "name": "Say a name",
    "country": "Choose a country",
    "number": "Say its number",
    "issue_date": "A date such as 2026-11-20 is wanted",
    "due_date": "A date such as 2026-11-20 is wanted",
    "description": "Say what it is",
    "quantity": "A number such as 1.5 is wanted",
    "price": "An amount such as 100.00 is wanted",
    "tax": "A rate from 0 to 100 is wanted",
}
"""In the words of the form, by the last part of a field's name."""

Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=2000)]


class TypedLine(BaseModel):
    description: Long = ""
    quantity: Short = ""
    price: Short = ""
    tax: Short = ""

    @property
    def is_blank(self) -> bool:
        return not (self.description.strip() or self.price.strip())


class TypedParty(BaseModel):
    name: Short = ""
    address: Long = ""
    postcode: Short = ""
    city: Short = ""
    country: Short = ""
    tax_id: Short = ""


class Typed(BaseModel):
    """As it was typed: what is wrong with it is told on the page. Lines are ``line-0-description`` and so on;
    the parties ``seller-name`` and so on.
    """

    seller: TypedParty = TypedParty()
    buyer: TypedParty = TypedParty()
    number: Short = ""
    issue_date: Short = ""
    due_date: Short = ""
    currency: Short = "EUR"
    locale: Short = "en"
    iban: Short = ""
    notes: Long = ""
    lines: Annotated[list[TypedLine], Field(max_length=MOST_LINES)] = []
    more: Short = ""

    @model_validator(mode="before")
    @classmethod
    def _from_fields(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        found: dict[str, Any] = {name: value for name, value in fields.items() if name in cls.model_fields}
        for party in ("seller", "buyer"):
            start = f"{party}-"
            said = {name.removeprefix(start): fields[name] for name in fields if name.startswith(start)}
            found.setdefault(party, said)
        lines: dict[int, dict[str, Any]] = {}
        for name, value in fields.items():
            if place := _LINE.fullmatch(name):
                lines.setdefault(int(place[1]), {})[place[2]] = value
        found.setdefault("lines", [lines[number] for number in sorted(lines)])
        return found

    def with_more_lines(self) -> Self:
        room = min(len(self.lines) + MORE_LINES, MOST_LINES) - len(self.lines)
        return self.model_copy(update={"lines": [*self.lines, *(TypedLine() for _ in range(room))]})


class _Said(Content):
    """With what a draft may leave open, and an invoice may not."""

    number: Name
    issue_date: date


def blank(today: date) -> Typed:
    return Typed(
        number=f"{today.year}-001",
        issue_date=today.isoformat(),
        due_date=(today + timedelta(days=DUE_DAYS)).isoformat(),
        lines=[TypedLine(quantity="1", tax="20"), *(TypedLine() for _ in range(FIRST_LINES - 1))],
    )


def made(typed: Typed, now: datetime) -> bytes:
    """A PDF. Raises InvalidRequest, with the field of each error as the form names it."""
    content = _content(typed)
    sums = totals(content)
    document = IssuedDocument(
        id=new_id(Kind.INVOICE.prefix, now),
        kind=Kind.INVOICE,
        number=content.number,
        total=sums.total,
        payable=sums.payable,
        created_by="tools",
        issued_at=now,
        content=Content(**{name: getattr(content, name) for name in Content.model_fields}),
    )
    return render_pdf(document, sums)


def filename(typed: Typed) -> str:
    return f"{_UNSAFE.sub('-', typed.number).strip('.-')[:80] or 'invoice'}.pdf"


def _content(typed: Typed) -> _Said:
    lines = [(number, line) for number, line in enumerate(typed.lines) if not line.is_blank]
    if not lines:
        raise InvalidRequest("Nothing is on it.", errors=[{"field": "", "message": "Nothing is on it yet"}])
    said: dict[str, Any] = {
        "number": typed.number,
        "seller": _party(typed.seller),
        "buyer": _party(typed.buyer),
        "currency": typed.currency.strip(),
        "locale": typed.locale.strip(),
        "issue_date": typed.issue_date.strip(),
        "due_date": typed.due_date.strip() or None,
        "account": {"iban": typed.iban} if typed.iban.strip() else None,
        "notes": typed.notes.strip() or None,
        "lines": [_line(line) for _, line in lines],
    }
    try:
        return _Said.model_validate(said)
    except ValidationError as error:
        raise _placed(not_accepted(error), [number for number, _ in lines]) from error


def _party(typed: TypedParty) -> dict[str, Any]:
    optional = {name: getattr(typed, name).strip() or None for name in ("postcode", "city")}
    lines = [line.strip() for line in typed.address.splitlines() if line.strip()]
    return {
        "name": typed.name,
        "tax_id": typed.tax_id.strip() or None,
        "address": {"lines": lines, "country": typed.country.strip(), **optional},
    }


def _line(line: TypedLine) -> dict[str, Any]:
    rate = _plain(line.tax) or "0"
    category = "Z" if not rate.strip("0.") else "S"
    return {
        "description": line.description,
        "quantity": _plain(line.quantity) or "1",
        "unit_price": _plain(line.price),
        "tax": {"category": category, "rate": rate},
    }


def _plain(text: str) -> str:
    """With a point, where somebody typed a comma; what is no number stays as it is, and is refused."""
    compact = "".join(text.split())
    return compact.replace(",", ".") if _AMOUNT.fullmatch(compact) and compact.isascii() else compact


def _placed(refusal: InvalidRequest, numbers: list[int]) -> InvalidRequest:
    """With the number of the row for that of the line: rows may have been left blank."""
    errors = []
    for error in refusal.errors:
        field = error["field"]
        head, _, rest = field.partition(".")
        at, _, name = rest.partition(".")
        if head == "lines" and at.isdigit():
            name = {"unit_price": "price", "tax.rate": "tax"}.get(name, name)
            field = f"line-{numbers[int(at)]}-{name}"
        elif head in ("seller", "buyer"):
            field = f"{head}-{rest.removeprefix('address.').partition('.')[0]}"
        elif head == "account":
            field = "iban"
        message = _WANTED.get(field.rpartition("-")[2], error["message"])
        errors.append({"field": field, "message": message})
    return InvalidRequest(refusal.message, errors=errors)
