"""Documents for people: many in a table, one with everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sheaf_client.models import Check, DocumentItemView, DocumentView, EventView, FieldView, LineItem

WIDEST = 120
ID_WIDTH = 30
WIDE = 100
_STATES = 24
_STATES_WHERE_NARROW = 15
_STYLES = {
    "ready": "green",
    "approved": "bold green",
    "needs_review": "yellow",
    "awaiting_second_approval": "yellow",
    "failed": "red",
    "rejected": "red",
    "reading": "cyan",
    "awaiting_upload": "cyan",
    "sent": "cyan",
}
_WORDS = {"awaiting_second_approval": "second approval", "awaiting_upload": "awaited"}
_RISKY = 50
_UNSURE = 0.6
FIELDS = (
    "vendor", "vendor_address", "vendor_tax_id", "buyer", "buyer_address", "buyer_tax_id", "invoice_number",
    "purchase_order", "invoice_date", "due_date", "payment_terms", "currency", "subtotal", "discount",
    "charges", "tax", "total", "prepaid", "amount_due", "iban", "bic",
    "account_number", "routing_number",
)  # fmt: skip
"""In the order in which people look for them; what else there is comes after them."""


def status_of(word: str) -> Text:
    return Text(_WORDS.get(word, word.replace("_", " ")), _STYLES.get(word, ""))


def amount_of(amount: str | None, currency: str | None = None) -> str:
    """``7,801.53 EUR``"""
    if amount is None:
        return ""
    try:
        grouped = f"{Decimal(amount):,f}"
    except InvalidOperation:
        grouped = amount
    return " ".join(filter(None, (grouped, currency)))


def table_of_documents(items: Iterable[DocumentItemView], width: int = WIDEST) -> Table:
    """Two lines each, so that 80 columns are enough for what one looks for and what one copies."""
    states = _STATES_WHERE_NARROW if width < WIDE else _STATES
    table = plain_table()
    table.add_column("Document", no_wrap=True, overflow="ellipsis", min_width=ID_WIDTH, max_width=ID_WIDTH)
    table.add_column("Supplier", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("Amount", justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True, overflow="ellipsis", max_width=states)
    for item in items:
        said = item.summary
        table.add_row(
            _lines(Text(item.filename), Text(item.id, "dim")),
            _lines(Text(said.vendor or ""), Text(said.invoice_number or "", "dim")),
            _lines(Text(amount_of(said.total, said.currency)), Text(said.invoice_date or "", "dim")),
            _lines(status_of(item.status), _risk_and_checks(item)),
        )
    return table


def document(
    view: DocumentView, history: Sequence[EventView] = (), *, most_lines: int | None = None
) -> RenderableType:
    parts: list[RenderableType] = [
        Text.assemble((view.filename, "bold"), "  ", status_of(view.status), " ", _risk(view.risk))
    ]
    parts += [Text(line, "dim") for line in _about(view)]
    if view.failure:
        parts.append(Text(view.failure.message, "red"))
    if view.reading:
        parts += ["", fields(view)]
        if view.reading.line_items:
            parts += ["", *_some_lines(view.reading.line_items, most_lines)]
        if view.reading.checks:
            parts += ["", *checks(view.reading.checks)]
    if history:
        parts += ["", events(history)]
    return Group(*parts)


def fields(view: DocumentView) -> Table:
    """Each value with how sure the machine was, and where it is from."""
    reading = view.reading
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    if reading is None:
        return table
    known = [name for name in FIELDS if name in reading.fields]
    for name in known + sorted(reading.fields.keys() - set(FIELDS)):
        field = reading.fields[name]
        value = Text(" ".join(field.value.split()))
        if field.correction and field.correction.machine:
            value.append(f"  was {' '.join(field.correction.machine.value.split())}", "dim")
        table.add_row(name.replace("_", " "), value, _confidence(field), _origin(field))
    for name in sorted(reading.removed):
        table.add_row(name.replace("_", " "), Text("taken away", "dim"), "", "person")
    return table


def lines(items: Sequence[LineItem]) -> Table:
    table = plain_table()
    table.add_column("Line", overflow="fold", ratio=1)
    for heading in ("Quantity", "Unit price", "Tax", "Amount"):
        table.add_column(heading, justify="right", no_wrap=True)
    for item in items:
        table.add_row(
            Text(" ".join((item.description or "").split())),
            " ".join(filter(None, (item.quantity, item.unit))),
            amount_of(item.unit_price),
            f"{item.tax_rate} %" if item.tax_rate else "",
            amount_of(item.amount),
        )
    return table


def _some_lines(items: Sequence[LineItem], most: int | None) -> Iterator[RenderableType]:
    shown = items[:most]
    if shown:
        yield lines(shown)
    if left := len(items) - len(shown):
        yield Text(f"{left} more lines" if shown else f"{left} lines", "dim")


def checks(found: Sequence[Check]) -> Iterator[Text]:
    for check in found:
        is_error = check.severity == "error"
        style = "bold yellow" if is_error else "dim"
        yield Text.assemble(("! " if is_error else "· ", style), f"{check.message} ", (check.code, "dim"))


def events(history: Sequence[EventView]) -> Table:
    table = plain_table()
    table.add_column("When", no_wrap=True)
    table.add_column("Who", no_wrap=True, overflow="ellipsis", max_width=18)
    table.add_column("What", overflow="fold", ratio=1)
    for event in history:
        changes = "; ".join(
            f"{each.field}: {each.before or 'nothing'} → {each.after or 'nothing'}" for each in event.values
        )
        what = event.action.partition(".")[2].replace("_", " ")
        said = ": ".join(filter(None, (what, changes or None, event.text)))
        table.add_row(time_of(event.at), Text(event.actor.id or event.actor.kind), Text(said))
    return table


def time_of(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def plain_table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, padding=(0, 1, 0, 0))


def _lines(first: Text, second: Text) -> Text:
    return Text.assemble(first, "\n", second)


def _risk(percent: int) -> Text:
    return Text(f"{percent}%", "yellow" if percent >= _RISKY else "dim") if percent else Text("")


def _risk_and_checks(item: DocumentItemView) -> Text:
    if item.failure:
        return Text(item.failure.code, "dim red")
    more = f"+{len(item.checks) - 1}" if len(item.checks) > 1 else ""
    found = " ".join(filter(None, (*item.checks[:1], more)))
    return Text(" ").join(each for each in (_risk(item.risk), Text(found, "dim")) if each)


def _about(view: DocumentView) -> Iterator[str]:
    yield view.id
    file = view.file
    if file:
        pages = "1 page" if file.pages == 1 else f"{file.pages} pages"
        kept = f", deleted {time_of(file.deleted_at)}" if file.deleted_at else ""
        until = f", kept until {file.expires_on}" if file.expires_on else ""
        yield f"{file.content_type}, {pages}, {file.size:,} bytes{kept or until}"
    if view.part_of:
        yield f"pages {view.part_of.first_page} to {view.part_of.last_page} of {view.part_of.document_id}"
    if view.parts:
        yield f"its parts: {', '.join(view.parts)}"
    if view.duplicate_of:
        yield f"the same bytes as {view.duplicate_of}"
    if view.review.claim:
        yield f"claimed by {view.review.claim.by} until {time_of(view.review.claim.until)}"
    if view.review.rejection:
        yield f"rejected: {view.review.rejection.reason}"


def _confidence(field: FieldView) -> Text:
    return Text(f"{field.confidence:.0%}", "yellow" if field.confidence < _UNSURE else "dim")


def _origin(field: FieldView) -> str:
    page = f", p. {field.page}" if field.page else ""
    return f"{field.source}{page}"
