"""How well generated documents are read: ``python -m training.measure FOLDER [--misses FILE]``.

Reads what a ``manifest.json`` lists, in this process, and prints the share of right answers for each field,
the share of lines whose amount was found, and the CPU time a document took. No answer counts as wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sheaf_cli.reading import read_file

FIELDS = (
    "vendor", "buyer", "invoice_number", "invoice_date", "due_date", "currency", "subtotal", "tax", "total",
    "amount_due",
)  # fmt: skip
_MONEY = ("subtotal", "tax", "total", "amount_due")
_SHORTEST_PART = 4  # characters


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=Path, help="write what was wrong, one JSON a line")
    arguments = parser.parse_args()
    items = json.loads((arguments.folder / "manifest.json").read_text("utf-8"))["items"]
    right, asked = Counter[str](), Counter[str]()
    misses: list[dict[str, Any]] = []
    seconds = 0.0
    for item in items:
        began = time.process_time()
        answer = read_file(str(arguments.folder / item["file"]))
        seconds += time.process_time() - began
        for field, wanted, got, is_right in compared(item["labels"], answer):
            asked[field] += 1
            right[field] += is_right
            if not is_right:
                misses.append({"file": item["file"], "field": field, "wanted": wanted, "got": got})
    for field in (*FIELDS, "lines"):
        if asked[field]:
            sys.stdout.write(f"{field:15} {100 * right[field] / asked[field]:6.1f}  of {asked[field]}\n")
    sys.stdout.write(f"{'CPU':15} {1000 * seconds / len(items):6.1f}  ms a document\n")
    if arguments.misses:
        arguments.misses.write_text(
            "".join(json.dumps(m, ensure_ascii=False) + "\n" for m in misses), "utf-8"
        )


def compared(labels: dict[str, Any], answer: dict[str, Any]) -> list[tuple[str, Any, Any, bool]]:
    """Field, wanted, got, right: one for each labelled field and each labelled line."""
    found = []
    for field in FIELDS:
        if field in labels:
            got = answer.get(field)
            wanted = [labels[field], *labels.get(f"{field}_candidates", ())]
            found.append((field, labels[field], got, any(agrees(field, one, got) for one in wanted)))
    left = Counter(_amount(line.get("amount")) for line in answer.get("line_items") or ())
    for line in labels.get("line_items", ()):
        amount = _amount(line["amount"])
        found.append(("lines", line["amount"], None, left[amount] > 0))
        left[amount] -= 1
    return found


def agrees(field: str, wanted: str, got: str | None) -> bool:
    """A party may be a part of its name or hold more than it; amounts agree to the cent."""
    if not got:
        return False
    if field in _MONEY:
        return _amount(got) == _amount(wanted)
    one, other = _squashed(wanted), _squashed(got)
    if field in ("vendor", "buyer") and min(len(one), len(other)) >= _SHORTEST_PART:
        return one in other or other in one
    return one == other


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).upper()


def _amount(text: str | None) -> Decimal | None:
    try:
        return Decimal(str(text)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


if __name__ == "__main__":
    main()
