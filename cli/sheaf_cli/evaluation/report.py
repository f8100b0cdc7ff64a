"""An evaluation as files: numbers for programs, a page for people, two plots."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sheaf_cli.evaluation.judging import Evaluation, Judged, Verdict
from sheaf_cli.evaluation.tables import as_markdown, sheets

# The misses of this half stay unseen: whoever looks at them tunes on them.
UNSEEN = "untouched"


def write(found: Evaluation, folder: Path) -> list[str]:
    """The names of the files it wrote into ``folder``, which it makes."""
    from sheaf_cli.evaluation.plots import accuracy_plot, reliability_plot, save

    folder.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps(as_json(found), ensure_ascii=False, indent=1)
    texts = {"report.json": numbers + "\n", "report.md": _page(found)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    plots = {"reliability": reliability_plot(found), "accuracy": accuracy_plot(found)}
    return [*texts, *(file for name, figure in plots.items() for file in save(figure, folder / name))]


def as_json(found: Evaluation) -> dict[str, Any]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "sets": [
            {**asdict(score), "lines": _lines(score.lines.recall, score.lines.precision)}
            for score in found.sets
        ],
        "confidence": [
            {"field": field, "half": half, **asdict(value)}
            for (field, half), value in found.calibration.items()
        ],
        "misses": [_miss(one, verdict) for one, verdict in found.misses if one.half != UNSEEN],
    }


def _lines(recall: float | None, precision: float | None) -> dict[str, float | None]:
    return {"recall": recall, "precision": precision}


def _miss(one: Judged, verdict: Verdict) -> dict[str, Any]:
    return {
        "set": one.document.set_name,
        "file": Path(one.document.path).name,
        "status": one.status,
        **asdict(verdict),
    }


def _page(found: Evaluation) -> str:
    made = (
        f"Made on {datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} processors, {platform.system()}, "
        f"Python {platform.python_version()}."
    )
    plots = (
        "![Accuracy by set and field](accuracy.svg)\n\n"
        "![Confidence and accuracy, in ten bins of equal mass](reliability.svg)\n"
    )
    return "\n".join(("# Evaluation of the reader\n", made + "\n", *map(as_markdown, sheets(found)), plots))
