"""What was read, as a file: a line for the answer without its pages, then a line for each page.

GetExpenseAnalysis asks for some pages at a time, and the whole of 500 dense ones is hundreds of megabytes.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

_PAGES = "ExpenseDocuments"


def write(path: Path, analysis: dict[str, Any]) -> None:
    head = {name: value for name, value in analysis.items() if name != _PAGES}
    with path.open("w") as file:
        for part in (head, *analysis[_PAGES]):
            file.write(json.dumps(part) + "\n")


def read(path: Path, begin: int = 0, count: int | None = None) -> tuple[dict[str, Any], bool]:
    """The answer with ``count`` pages from ``begin`` on, all by default; whether more follow."""
    with path.open("rb") as lines:
        head: dict[str, Any] = json.loads(next(lines))
        end = None if count is None else begin + count
        documents = [json.loads(line) for line in islice(lines, begin, end)]
        return {**head, _PAGES: documents}, next(lines, None) is not None
