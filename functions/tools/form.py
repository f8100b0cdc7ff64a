"""The form of the invoice generator: it works without script, and says what is missing beside the fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from functions.tools.invoice import MOST_LINES, Typed, TypedLine, TypedParty
from sheaf.billing.rendering.wording import LANGUAGES, countries

_LANGUAGES = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "nl": "Nederlands",
}  # fmt: skip
_CURRENCIES = (
    "EUR", "GBP", "USD", "CHF", "AUD", "CAD", "CZK", "DKK", "HUF", "JPY", "NOK", "NZD", "PLN", "RON", "SEK",
)  # fmt: skip
_COLUMNS = {"description": "Description", "quantity": "Quantity", "price": "Unit price", "tax": "VAT %"}

type Problems = Mapping[str, str]


def page(typed: Typed, errors: Sequence[Mapping[str, str]] = ()) -> str:
    problems = {error["field"]: error["message"] for error in reversed(errors)}
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Invoice generator</title><link rel="stylesheet" href="/tools.css"></head><body>'
        "<h1>Invoice generator</h1><p>Type it in, get a PDF with the e-invoice (Factur-X) inside. "
        'Nothing of it is kept. <a href="/tools/vat-calculator">VAT calculator</a></p>'
        f"{_alert(problems)}"
        '<form method="post" action="/tools/invoice">'
        f'<div class="pair">{_party("seller", "From", typed.seller, problems)}'
        f"{_party('buyer', 'To', typed.buyer, problems)}</div>"
        f"{_facts(typed, problems)}{_lines(typed.lines, problems)}{_rest(typed, problems)}"
        '<p class="row"><button class="first">Make the PDF</button></p></form></body></html>'
    )


def _alert(problems: Problems) -> str:
    if not problems:
        return ""
    said = problems.get("") or "Something is missing, or does not look right: see below."
    return f'<p class="note" role="alert">{escape(said)}.</p>'.replace("..</p>", ".</p>")


def _party(name: str, title: str, party: TypedParty, problems: Problems) -> str:
    fields = (
        _input(f"{name}-name", "Name", party.name, problems, required=True)
        + _field(
            f"{name}-address",
            "Street and number",
            f'<textarea name="{name}-address" id="{name}-address" rows="2" maxlength="600">'
            f"{escape(party.address)}</textarea>",
            problems,
        )
        + '<div class="pair tight">'
        + _input(f"{name}-postcode", "Postcode", party.postcode, problems)
        + _input(f"{name}-city", "City", party.city, problems)
        + "</div>"
        + _select(f"{name}-country", "Country", party.country, {"": "", **countries("en")}, problems)
        + _input(f"{name}-tax_id", "VAT number", party.tax_id, problems)
    )
    return f"<fieldset><legend>{title}</legend>{fields}</fieldset>"


def _facts(typed: Typed, problems: Problems) -> str:
    return (
        '<fieldset><legend>Invoice</legend><div class="pair tight">'
        + _input("number", "Number", typed.number, problems, required=True)
        + _input("issue_date", "Date", typed.issue_date, problems, kind="date", required=True)
        + _input("due_date", "Due date", typed.due_date, problems, kind="date")
        + _select("currency", "Currency", typed.currency, {code: code for code in _CURRENCIES}, problems)
        + _select(
            "locale", "Language", typed.locale, {code: _LANGUAGES[code] for code in LANGUAGES}, problems
        )
        + "</div></fieldset>"
    )


def _lines(lines: Sequence[TypedLine], problems: Problems) -> str:
    heads = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS.values())
    rows = "".join(f"<tr>{_row(number, line, problems)}</tr>" for number, line in enumerate(lines))
    more = (
        '<button name="more" value="1" formnovalidate class="small">More lines</button>'
        if len(lines) < MOST_LINES
        else ""
    )
    return (
        f'<fieldset><legend>Lines</legend><div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}</fieldset>"
    )


def _row(number: int, line: TypedLine, problems: Problems) -> str:
    cells = []
    for name, title in _COLUMNS.items():
        field, value = f"line-{number}-{name}", escape(getattr(line, name))
        kind = "" if name == "description" else ' inputmode="decimal"'
        cells.append(
            f'<td class="{name}"><input name="{field}" value="{value}" '
            f'aria-label="{title}, line {number + 1}"'
            f"{kind}{_marked(field, problems)}>{_told(field, problems)}</td>"
        )
    return "".join(cells)


def _rest(typed: Typed, problems: Problems) -> str:
    notes = f'<textarea name="notes" id="notes" rows="3" maxlength="2000">{escape(typed.notes)}</textarea>'
    return (
        "<fieldset><legend>Payment</legend>"
        + _input("iban", "IBAN, for a transfer by its code", typed.iban, problems)
        + _field("notes", "Notes", notes, problems)
        + "</fieldset>"
    )


def _input(
    name: str, title: str, value: str, problems: Problems, *, kind: str = "text", required: bool = False
) -> str:
    needed = " required" if required else ""
    typed = (
        f'<input type="{kind}" name="{name}" id="{name}" value="{escape(value)}" maxlength="200"{needed}'
        f"{_marked(name, problems)}>"
    )
    return _field(name, title, typed, problems)


def _select(name: str, title: str, chosen: str, known: Mapping[str, str], problems: Problems) -> str:
    options = "".join(
        f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(label)}</option>'
        for code, label in known.items()
    )
    return _field(
        name,
        title,
        f'<select name="{name}" id="{name}"{_marked(name, problems)}>{options}</select>',
        problems,
    )


def _field(name: str, title: str, control: str, problems: Problems) -> str:
    return f'<div><label for="{name}">{title}</label>{control}{_told(name, problems)}</div>'


def _marked(name: str, problems: Problems) -> str:
    return f' aria-invalid="true" aria-describedby="{name}-problem"' if name in problems else ""


def _told(name: str, problems: Problems) -> str:
    said = problems.get(name)
    return f'<small class="problem" id="{name}-problem">{escape(said)}</small>' if said else ""
