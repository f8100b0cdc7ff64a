"""How far a confidence may be believed.

*AUROC*: how likely a right answer has a higher confidence than a wrong one; 0.5 is chance. *ECE*, the
expected calibration error: by how much confidence and accuracy differ, weighed over bins of equal mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 10

type _Vector = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Bin:
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """``auroc`` is None when all answers are right, or all wrong: there is nothing to tell apart."""

    count: int
    accuracy: float
    confidence: float
    auroc: float | None
    ece: float
    bins: tuple[Bin, ...]


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    if not confidences:
        return None
    scores = np.asarray(confidences, dtype=np.float64)
    hits = np.asarray(right, dtype=np.float64)
    bins = reliability(scores, hits)
    return Calibration(
        count=len(scores),
        accuracy=float(hits.mean()),
        confidence=float(scores.mean()),
        auroc=auroc(scores, hits),
        ece=sum(bin_.count * abs(bin_.confidence - bin_.accuracy) for bin_ in bins) / len(scores),
        bins=bins,
    )


def auroc(scores: _Vector, hits: _Vector) -> float | None:
    """The Mann-Whitney statistic over all pairs of a hit and a miss; a tie counts one half."""
    positives = int(hits.sum())
    negatives = len(hits) - positives
    if not positives or not negatives:
        return None
    rank_sum = float(_midranks(scores)[hits > 0].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def reliability(scores: _Vector, hits: _Vector, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal mass, lowest confidence first. Equal confidences share a bin, so some may be empty.

    Splitting ties would make the result hang on the order in which the answers come.
    """
    place = ((_midranks(scores) - 0.5) * bins / len(scores)).astype(int)
    members = (place == index for index in range(bins))
    return tuple(
        Bin(int(member.sum()), float(scores[member].mean()), float(hits[member].mean()))
        for member in members
        if member.any()
    )


def _midranks(scores: _Vector) -> _Vector:
    """Ranks from 1; equal scores share the mean of the ranks they take up."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last: _Vector = np.cumsum(counts).astype(np.float64)
    middle: _Vector = last - (counts - 1) / 2
    return middle[inverse]
