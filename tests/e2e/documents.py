"""Ten documents and the totals they show: real ones where they are at hand, else the samples.

``SHEAF_LABELLED_DOCUMENTS`` names a folder of labelled sets, each with a ``manifest.json``:
``{"items": [{"file": "a.pdf", "labels": {"total": "12.00"}}]}``.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
_WANTED = {"facturx": 4, "einvoice_xml": 3, "invoice2data": 3}


@dataclass(frozen=True)
class Labelled:
    path: Path
    total: Decimal


def ten() -> list[Labelled]:
    folder = os.environ.get("SHEAF_LABELLED_DOCUMENTS")
    return _from_sets(Path(folder)) if folder else _from_samples()


def _from_sets(folder: Path) -> list[Labelled]:
    found: list[Labelled] = []
    for name, count in _WANTED.items():
        items = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))["items"]
        totals = [item for item in items if item["labels"].get("total") not in (None, "")]
        found += [
            Labelled(folder / name / item["file"], Decimal(str(item["labels"]["total"])))
            for item in totals[:count]
        ]
    return found


def _from_samples() -> list[Labelled]:
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    return [Labelled(SAMPLES / entry["path"], Decimal(entry["total"])) for entry in expected][:10]
