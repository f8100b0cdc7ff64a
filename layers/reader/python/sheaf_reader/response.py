"""Fields and line items in the shape of Amazon Textract's AnalyzeExpense.

https://docs.aws.amazon.com/textract/latest/dg/expensedocuments.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sheaf_reader.expense import Expense, Field
from sheaf_reader.layout import Layout, Span
from sheaf_reader.page import Affine, Box
from sheaf_reader.table import Item, Table

Json = dict[str, Any]


def response(expenses: Sequence[Expense]) -> Json:
    return {
        "DocumentMetadata": {"Pages": len(expenses)},
        "ExpenseDocuments": [_document(index, expense) for index, expense in enumerate(expenses, 1)],
    }


def _document(index: int, expense: Expense) -> Json:
    shown = expense.layout.page.shown
    return {
        "ExpenseIndex": index,
        "SummaryFields": [_summary(field, shown) for field in expense.fields],
        "LineItemGroups": [_group(number, table, shown) for number, table in enumerate(expense.tables, 1)],
        "Blocks": list(_blocks(expense.layout)),
    }


def _summary(field: Field, shown: Affine) -> Json:
    json = _typed(field.type, field.score, field.value, field.label, shown)
    if field.currency is not None:
        json["Currency"] = {"Code": field.currency.code, "Confidence": _percent(field.currency.confidence)}
    return json


def _typed(kind: str, score: float, value: Span, label: Span | None, shown: Affine) -> Json:
    json: Json = {"Type": {"Text": kind, "Confidence": _percent(score)}}
    if label is not None:
        json["LabelDetection"] = _detection(label, shown)
    json["ValueDetection"] = _detection(value, shown)
    json["PageNumber"] = value.page
    return json


def _detection(span: Span, shown: Affine) -> Json:
    return {
        "Text": span.text,
        "Geometry": _geometry(span.box, shown),
        "Confidence": _percent(span.confidence),
    }


def _geometry(box: Box, shown: Affine) -> Json:
    """Shares of the page; the polygon starts at the text's own top left."""
    left, top, right, bottom = box
    a, b, c, d, e, f = shown
    if b or d:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        points = [(_share(a * x + b * y + c), _share(d * x + e * y + f)) for x, y in corners]
        xs, ys = zip(*points, strict=True)
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    else:  # most pages are upright, and hold thousands of words
        x, y, other_x, other_y = (
            _share(a * left + c), _share(e * top + f), _share(a * right + c), _share(e * bottom + f),
        )  # fmt: skip
        points = [(x, y), (other_x, y), (other_x, other_y), (x, other_y)]
        left, top, right, bottom = min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)
    return {
        "BoundingBox": {"Width": right - left, "Height": bottom - top, "Left": left, "Top": top},
        "Polygon": [{"X": x, "Y": y} for x, y in points],
    }


def _share(value: float) -> float:
    return 0.0 if value < 0 else 1.0 if value > 1 else value


def _percent(share: float) -> float:
    return round(100 * min(1.0, max(0.0, share)), 4)


def _group(number: int, table: Table, shown: Affine) -> Json:
    return {
        "LineItemGroupIndex": number,
        "LineItems": [{"LineItemExpenseFields": list(_item(item, shown))} for item in table.items],
    }


def _item(item: Item, shown: Affine) -> Iterator[Json]:
    for cell in item.cells:
        yield _typed(cell.kind, 0.9 * cell.span.confidence, cell.span, cell.heading, shown)
    words = tuple(word for line in item.lines for word in line.words)
    row = Span("\n".join(line.text for line in item.lines), words, item.lines[0].page)
    yield _typed("EXPENSE_ROW", 0.9, row, None, shown)


def _blocks(layout: Layout) -> Iterator[Json]:
    page = layout.page
    identifiers = (f"{page.number:08x}-0000-0000-0000-{index:012x}" for index in range(1 << 32))
    page_id = next(identifiers)
    lines: list[Json] = []
    words: list[Json] = []
    for line in layout.lines:
        line_id = next(identifiers)
        children = []
        for word in line.words:
            children.append(next(identifiers))
            words.append(_block("WORD", children[-1], word.box, page.shown, word.text, word.confidence))
        lines.append(_block("LINE", line_id, line.box, page.shown, line.text, line.confidence))
        lines[-1]["Relationships"] = [{"Type": "CHILD", "Ids": children}]
    whole = Affine(1, 0, 0, 0, 1, 0)
    sheet: Json = {
        "BlockType": "PAGE",
        "Id": page_id,
        "Geometry": _geometry(Box(0, 0, 1, 1), whole),
        "Page": page.number,
    }
    if lines:
        sheet["Relationships"] = [{"Type": "CHILD", "Ids": [line["Id"] for line in lines]}]
    yield sheet
    for block in (*lines, *words):
        yield {**block, "Page": page.number}


def _block(kind: str, identifier: str, box: Box, shown: Affine, text: str, confidence: float) -> Json:
    block: Json = {
        "BlockType": kind,
        "Id": identifier,
        "Text": text,
        "Confidence": _percent(confidence),
        "Geometry": _geometry(box, shown),
    }
    if kind == "WORD":
        block["TextType"] = "PRINTED"
    return block
