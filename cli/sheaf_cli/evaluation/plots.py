"""The two pictures of an evaluation: where it is right, and whether it knows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from sheaf_cli.evaluation.calibration import Bin, Calibration
from sheaf_cli.evaluation.judging import EVERY_SET, Evaluation, SetScore
from sheaf_cli.evaluation.scoring import FIELDS
from sheaf_cli.evaluation.tables import NAMES

type _Shares = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]

_INK, _GREY, _PALE = "#22313f", "#7b8794", "#e4e7eb"
_HALVES = {"": "#0b7285", "tuned": "#7b8794", "untouched": "#0b7285"}
_SCALE = LinearSegmentedColormap.from_list("accuracy", ["#d9730d", "#fbe3c8", "#f4f8f8", "#8cc7c3"])
_LOWEST = 0.5  # where the colours of accuracy begin
_STYLE: dict[Any, Any] = {
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.size": 9,
    "text.color": _INK,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
    "svg.hashsalt": "sheaf",
}
_LEAST_ERROR = 0.005  # keeps 100 percent on the page
_TICKS, _FEW_TICKS = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 1), (0, 0.5, 0.9, 1)
_END = 1.0008  # room for half a mark
_Z = 1.96  # standard normal, 95 %


def save(figure: Figure, stem: Path) -> list[str]:
    names = []
    for suffix, metadata in ((".png", {}), (".svg", {"Date": None})):
        path = stem.with_suffix(suffix)
        with mpl.rc_context(_STYLE):
            figure.savefig(path, dpi=160, metadata=metadata)
        names.append(path.name)
    return names


def reliability_plot(found: Evaluation) -> Figure:
    """Bins of confidence against their accuracy: all fields large, each field small."""
    fields = [field for field in FIELDS if (field, "") in found.calibration]
    columns = math.ceil(len(fields) / 2)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(4.4 + 1.6 * columns, 4.4), layout="constrained")
        grid = figure.add_gridspec(2, 1 + columns, width_ratios=[3] + [1] * columns)
        large = figure.add_subplot(grid[:, 0])
        for (field, half), value in found.calibration.items():
            if field == EVERY_SET:
                _draw(large, value, _HALVES[half], label=_legend(half, value))
        large.set(xlabel="confidence, percent", ylabel="right, percent")
        large.legend(loc="lower right", frameon=False)
        for place, field in enumerate(fields):
            row, column = divmod(place, columns)
            small = figure.add_subplot(grid[row, 1 + column])
            _small(small, NAMES[field], found.calibration[field, ""])
            small.tick_params(labelbottom=row == 1 or place + columns >= len(fields), labelleft=column == 0)
    return figure


def _legend(half: str, value: Calibration) -> str:
    order = "" if value.auroc is None else f"AUROC {value.auroc:.3f}, "
    return f"{half or 'all fields'} ({value.count:,}): {order}ECE {value.ece:.3f}"


def _draw(axes: Axes, value: Calibration, colour: str, *, label: str | None = None) -> None:
    """The bars are 95 % intervals after Wilson."""
    axes.plot([0, 1], [0, 1], color=_PALE, linewidth=1, zorder=0)
    confidence = [bin_.confidence for bin_ in value.bins]
    accuracy = [bin_.accuracy for bin_ in value.bins]
    low, high = zip(*map(_interval, value.bins), strict=True)
    axes.vlines(confidence, low, high, color=colour, linewidth=1, alpha=0.5)
    axes.plot(confidence, accuracy, color=colour, linewidth=0.8, alpha=0.35)
    axes.plot(confidence, accuracy, "o", color=colour, markersize=4, label=label, clip_on=False, zorder=3)
    axes.set_xscale("function", functions=(_stretched, _unstretched))
    axes.set_yscale("function", functions=(_stretched, _unstretched))
    axes.set(xlim=(0, _END), ylim=(0, _END))
    axes.set_xticks(_TICKS, [f"{100 * tick:g}" for tick in _TICKS])
    axes.set_yticks(_TICKS, [f"{100 * tick:g}" for tick in _TICKS])


def _small(axes: Axes, name: str, value: Calibration) -> None:
    _draw(axes, value, _HALVES[""])
    axes.set_title(f"{name}\n", fontsize=9, loc="left")
    order = "" if value.auroc is None else f"AUROC {value.auroc:.2f}, "
    axes.text(0, 1.02, f"{order}ECE {value.ece:.2f}", transform=axes.transAxes, fontsize=7, color=_GREY)
    axes.set_xticks(_FEW_TICKS, [f"{100 * tick:g}" for tick in _FEW_TICKS])
    axes.set_yticks(_FEW_TICKS, [f"{100 * tick:g}" for tick in _FEW_TICKS])


def _stretched(share: _Shares) -> _Shares:
    """By the share of errors, on a logarithmic scale: 90 and 99 percent are as far apart as 0 and 90."""
    return -np.log10((1 + _LEAST_ERROR - np.minimum(share, 1)) / (1 + _LEAST_ERROR))


def _unstretched(place: _Shares) -> _Shares:
    return 1 + _LEAST_ERROR - (1 + _LEAST_ERROR) * 10 ** (-place)


def _interval(bin_: Bin) -> tuple[float, float]:
    weight = _Z**2 / bin_.count
    centre = (bin_.accuracy + weight / 2) / (1 + weight)
    spread = bin_.accuracy * (1 - bin_.accuracy) / bin_.count + weight / (4 * bin_.count)
    reach = _Z * math.sqrt(spread) / (1 + weight)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def accuracy_plot(found: Evaluation) -> Figure:
    """Sets by fields, the share of right answers as number and colour."""
    fields = [field for field in FIELDS if any(field in score.fields for score in found.sets)]
    height = 1.1 + 0.42 * len(found.sets)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(2.2 + 0.85 * (len(fields) + 1), height), layout="constrained")
        axes = figure.add_subplot()
        shares = [_shares(score, fields) for score in found.sets]
        axes.imshow(shares, cmap=_SCALE, vmin=_LOWEST, vmax=1, aspect="auto")
        for row, score in enumerate(shares):
            for column, share in enumerate(score):
                text = "·" if math.isnan(share) else f"{100 * share:.1f}"
                axes.text(column, row, text, ha="center", va="center", fontsize=8.5)
        axes.set_xticks(range(len(fields) + 1), [*(NAMES[field] for field in fields), "Lines"])
        axes.set_yticks(range(len(found.sets)), [_row(score) for score in found.sets])
        axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0, colors=_INK)
        axes.spines[:].set_visible(False)
        axes.set_xticks([column - 0.5 for column in range(1, len(fields) + 1)], minor=True)
        axes.set_yticks([row - 0.5 for row in range(1, len(shares))], minor=True)
        axes.grid(which="minor", color="white", linewidth=1.5)
        axes.tick_params(which="minor", length=0)
        axes.set_xlabel("percent right; no answer counts as wrong", color=_GREY, fontsize=8)
    return figure


def _shares(score: SetScore, fields: Sequence[str]) -> list[float]:
    tallies = (score.fields.get(field) for field in fields)
    recall = score.lines.recall
    return [
        *(tally.share if tally else math.nan for tally in tallies),
        math.nan if recall is None else recall,
    ]


def _row(score: SetScore) -> str:
    return f"{score.name} {score.half}".rstrip() + f" ({score.documents})"
