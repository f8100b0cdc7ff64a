"""An evaluation as tables, printed to a terminal or written as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from sheaf_cli.evaluation.calibration import Calibration
from sheaf_cli.evaluation.judging import EVERY_SET, GRAVE, WHOLE, Evaluation, SetScore, Tally
from sheaf_cli.evaluation.scoring import FIELDS

NAMES = {
    "vendor": "Vendor",
    "buyer": "Buyer",
    "invoice_number": "Number",
    "invoice_date": "Date",
    "due_date": "Due",
    "currency": "Currency",
    "subtotal": "Net",
    "tax": "Tax",
    "total": "Total",
    "amount_due": "Owed",
    WHOLE: "Whole documents",
    EVERY_SET: "All fields",
}
_SHORT = {**NAMES, "invoice_number": "No.", "currency": "Curr."}
_GOOD, _FAIR, _POOR = 0.95, 0.8, 0.6
_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Cell:
    """``note`` stands below the text, or beside it where there is one line only."""

    text: str = ""
    note: str = ""
    style: str = ""


@dataclass(frozen=True)
class Sheet:
    """The first column is of names; as many of the last rows as ``sums`` says add up the others."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    sums: int
    caption: str = ""


def sheets(found: Evaluation) -> tuple[Sheet, ...]:
    return _accuracy(found.sets), _untouched(found.sets), _confidence(found), _cost(found.sets)


def _accuracy(sets: Sequence[SetScore]) -> Sheet:
    asked = [field for field in FIELDS if any(field in score.fields for score in sets)]
    rows = [
        [
            Cell(score.name, _documents(score)),
            *(_tally(score.fields.get(field)) for field in asked),
            _lines(score),
        ]
        for score in sets
    ]
    headings = ["Set", *(_SHORT[field] for field in asked), "Lines"]
    return Sheet(
        "Right answers, percent",
        headings,
        rows,
        _sums(sets),
        "No answer counts as wrong. Lines: how many of the labelled ones were found (recall), "
        "below it how many of those given are labelled (precision).",
    )


def _documents(score: SetScore) -> str:
    count = f"{score.documents} files" if score.documents != 1 else "1 file"
    failed = f"{score.failed} failed" if score.failed else ""
    return ", ".join(filter(None, (score.half, count, failed)))


def _name(score: SetScore) -> str:
    return f"{score.name} {score.half}".rstrip()


def _tally(tally: Tally | None) -> Cell:
    if tally is None:
        return Cell("·", style="dim")
    return Cell(_percent(tally.share), f"{tally.right}/{tally.asked}", _style(tally.share))


def _lines(score: SetScore) -> Cell:
    lines = score.lines
    if lines.recall is None:
        return Cell("·", style="dim")
    return Cell(_percent(lines.recall), _percent(lines.precision), _style(lines.recall))


def _untouched(sets: Sequence[SetScore]) -> Sheet:
    rows = []
    for score in sets:
        passed = score.untouched
        wrong = (Cell(str(passed.wrong[field]) if passed.ready else "·") for field in GRAVE)
        share = passed.documents_wrong / passed.checked if passed.checked else None
        rows.append(
            [
                Cell(_name(score)),
                Cell(str(score.documents)),
                Cell(str(passed.ready)),
                Cell(_percent(passed.ready / score.documents)),
                *wrong,
                Cell(f"{passed.documents_wrong}/{passed.checked}" if passed.checked else "·"),
                Cell(_percent(share) or "·", style="" if not share else "red"),
            ]
        )
    headings = [
        "Set",
        "Files",
        "Ready",
        "%",
        *(f"Wrong {NAMES[field].lower()}" for field in GRAVE),
        "Any",
        "%",
    ]
    return Sheet(
        "Documents that pass untouched",
        headings,
        rows,
        _sums(sets),
        "Ready: no check asks for a person. Any: ready files with a wrong total, date or number, of those "
        "that label one of them.",
    )


def _confidence(found: Evaluation) -> Sheet:
    rows = [
        [Cell(f"{NAMES[field]} {half}".rstrip()), *_calibration(value)]
        for (field, half), value in found.calibration.items()
    ]
    return Sheet(
        "Confidence as the probability of being right",
        ["Field", "Answers", "Right", "Mean confidence", "AUROC", "ECE"],
        rows,
        sums=sum(field == EVERY_SET for field, _ in found.calibration),
        caption="Of labelled fields that got an answer. AUROC: 0.5 is chance, 1 is a perfect order. "
        "ECE: mean distance of confidence and accuracy, ten bins of equal mass.",
    )


def _calibration(value: Calibration) -> Iterator[Cell]:
    yield Cell(str(value.count))
    yield Cell(_percent(value.accuracy))
    yield Cell(_percent(value.confidence))
    yield Cell("·" if value.auroc is None else f"{value.auroc:.3f}")
    yield Cell(f"{value.ece:.3f}")


def _cost(sets: Sequence[SetScore]) -> Sheet:
    rows = [
        [
            Cell(_name(score)),
            Cell(str(cost.pages)),
            Cell(f"{cost.seconds:.3f}"),
            Cell(f"{cost.cpu_seconds:.3f}"),
            Cell(f"{cost.slowest:.3f}"),
            Cell(f"{cost.peak / _MEBIBYTE:.0f}"),
            Cell(f"{cost.highest_peak / _MEBIBYTE:.0f}"),
        ]
        for score in sets
        if (cost := score.cost)
    ]
    headings = ["Set", "Pages", "Seconds a page", "CPU s a page", "Slowest", "Peak MiB, median", "Highest"]
    return Sheet(
        "Cost",
        headings,
        rows,
        _sums(sets),
        "Peak: resident memory of the process that reads, while it reads one file.",
    )


def on_screen(sheet: Sheet) -> Table:
    table = Table(
        title=sheet.title,
        title_style="bold",
        title_justify="left",
        caption=sheet.caption,
        caption_style="dim",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for place, heading in enumerate(sheet.headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=not place)
    first_sum = len(sheet.rows) - sheet.sums
    for place, row in enumerate(sheet.rows):
        if place == first_sum:
            table.add_section()
        table.add_row(*map(_text, row), style="bold" if place >= first_sum else "")
    return table


def _text(cell: Cell) -> Text:
    text = Text(cell.text, cell.style)
    return text.append(f"\n{cell.note}", "not bold dim") if cell.note else text


def as_markdown(sheet: Sheet) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    rule = ["---", *("---:" for _ in sheet.headings[1:])]
    rows = (
        line(f"{cell.text} ({cell.note})" if cell.note else cell.text for cell in row) for row in sheet.rows
    )
    table = "\n".join((line(sheet.headings), line(rule), *rows))
    return f"## {sheet.title}\n\n{table}\n\n{sheet.caption}\n"


def _sums(sets: Sequence[SetScore]) -> int:
    return sum(score.name == EVERY_SET for score in sets)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


def _style(share: float) -> str:
    if share >= _GOOD:
        return "green"
    if share >= _FAIR:
        return ""
    return "yellow" if share >= _POOR else "red"
