"""Records held against labels, and what the verdicts add up to."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sheaf.capture.checks import REQUIRED_FIELDS
from sheaf_cli.evaluation.calibration import Calibration, calibration
from sheaf_cli.evaluation.labels import Labelled
from sheaf_cli.evaluation.scoring import FIELDS, Lines, is_right, match_lines
from sheaf_cli.reading import Record

# What must not be wrong in a document that nobody looks at.
GRAVE = ("total", "invoice_date", "invoice_number")
EVERY_SET = "all"
WHOLE = "whole"
"""A document as a whole: whether all of its required fields that are labelled are right."""


@dataclass(frozen=True)
class Verdict:
    """About one labelled field. ``given`` and ``confidence`` are None when there was no answer."""

    field: str
    right: bool
    accepted: tuple[str, ...]
    given: str | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Judged:
    """``half`` is "" when the halves of a set are not told apart; ``risk`` None: it was not read."""

    document: Labelled
    half: str
    status: str
    risk: float | None
    verdicts: tuple[Verdict, ...]
    lines: Lines
    cost: Mapping[str, float]


@dataclass(frozen=True)
class Tally:
    right: int
    asked: int

    @property
    def share(self) -> float:
        return self.right / self.asked


@dataclass(frozen=True)
class Untouched:
    """Documents that pass with nobody looking: ``ready``, and which of these ``wrong`` in a grave field.

    ``checked`` of them label at least one grave field; ``documents_wrong`` has at least one of them wrong.
    """

    ready: int
    checked: int
    documents_wrong: int
    wrong: Mapping[str, int]


@dataclass(frozen=True)
class Cost:
    """Seconds are a page's, of wall clock and of all cores; ``peak`` is a process's memory in bytes."""

    pages: int
    seconds: float
    cpu_seconds: float
    slowest: float
    peak: float
    highest_peak: float


@dataclass(frozen=True)
class SetScore:
    name: str
    half: str
    documents: int
    failed: int
    fields: Mapping[str, Tally]
    lines: Lines
    untouched: Untouched
    cost: Cost | None


@dataclass(frozen=True)
class Evaluation:
    """``sets`` end with all documents; ``calibration`` is by field and half, ``EVERY_SET`` for all fields."""

    sets: tuple[SetScore, ...]
    calibration: Mapping[tuple[str, str], Calibration]
    misses: tuple[tuple[Judged, Verdict], ...]


def judge(document: Labelled, record: Record, *, half: str = "") -> Judged:
    return Judged(
        document=document,
        half=half,
        status=record["status"],
        risk=record.get("risk"),
        verdicts=tuple(_verdicts(document, record)),
        lines=match_lines(document.line_amounts, record.get("line_items", ()))
        if document.has_lines
        else Lines(),
        cost=record.get("cost", {}),
    )


def _verdicts(document: Labelled, record: Record) -> Iterable[Verdict]:
    confidences = record.get("confidence", {})
    for field, accepted in document.accepted.items():
        given = record.get(field) or None
        if given is None:
            yield Verdict(field, right=False, accepted=accepted)
        else:
            right = is_right(field, given, accepted)
            yield Verdict(field, right, accepted, given, confidences[field])


def evaluation(judged: Sequence[Judged]) -> Evaluation:
    names = dict.fromkeys(one.document.set_name for one in judged)
    halves = sorted({one.half for one in judged})
    scores = [_score(name, half, judged) for name in names for half in halves]
    if len(names) > 1:
        scores += [_score(EVERY_SET, half, judged) for half in halves]
    confidence = {(field, ""): _calibration(judged, field, halves) for field in FIELDS}
    confidence |= {(WHOLE, half): _calibration_of_risk(judged, half) for half in halves}
    confidence |= {(EVERY_SET, half): _calibration(judged, EVERY_SET, [half]) for half in halves}
    return Evaluation(
        sets=tuple(score for score in scores if score.documents),
        calibration={key: found for key, found in confidence.items() if found},
        misses=tuple((one, verdict) for one in judged for verdict in one.verdicts if not verdict.right),
    )


def _score(name: str, half: str, everything: Sequence[Judged]) -> SetScore:
    judged = [one for one in everything if name in (EVERY_SET, one.document.set_name) and one.half == half]
    asked, right = Counter[str](), Counter[str]()
    for one in judged:
        asked.update(verdict.field for verdict in one.verdicts)
        right.update(verdict.field for verdict in one.verdicts if verdict.right)
    return SetScore(
        name=name,
        half=half,
        documents=len(judged),
        failed=sum(one.status == "failed" for one in judged),
        fields={field: Tally(right[field], asked[field]) for field in FIELDS if asked[field]},
        lines=sum((one.lines for one in judged), Lines()),
        untouched=_untouched([one for one in judged if one.status == "ready"]),
        cost=_cost([one.cost for one in judged if one.cost]),
    )


def _untouched(ready: Sequence[Judged]) -> Untouched:
    grave = [[verdict for verdict in one.verdicts if verdict.field in GRAVE] for one in ready]
    wrong = Counter(verdict.field for verdicts in grave for verdict in verdicts if not verdict.right)
    return Untouched(
        ready=len(ready),
        checked=sum(bool(verdicts) for verdicts in grave),
        documents_wrong=sum(any(not verdict.right for verdict in verdicts) for verdicts in grave),
        wrong={field: wrong[field] for field in GRAVE},
    )


def _cost(costs: Sequence[Mapping[str, float]]) -> Cost | None:
    pages = sum(int(cost["pages"]) for cost in costs)
    if not pages:
        return None
    return Cost(
        pages=pages,
        seconds=math.fsum(cost["seconds"] for cost in costs) / pages,
        cpu_seconds=math.fsum(cost["cpu_seconds"] for cost in costs) / pages,
        slowest=max(cost["seconds"] / max(cost["pages"], 1) for cost in costs),
        peak=statistics.median(cost["peak"] for cost in costs),
        highest_peak=max(cost["peak"] for cost in costs),
    )


def _calibration(judged: Iterable[Judged], field: str, halves: Sequence[str]) -> Calibration | None:
    verdicts = [verdict for one in judged if one.half in halves for verdict in one.verdicts]
    answered = [
        (verdict.confidence, verdict.right)
        for verdict in verdicts
        if verdict.confidence is not None and field in (EVERY_SET, verdict.field)
    ]
    return calibration([confidence for confidence, _ in answered], [right for _, right in answered])


def _calibration_of_risk(judged: Iterable[Judged], half: str) -> Calibration | None:
    """Of documents that label more than one of the required fields: what the queue's order is worth."""
    known = [
        (one.risk, [verdict.right for verdict in one.verdicts if verdict.field in REQUIRED_FIELDS])
        for one in judged
        if one.half == half
    ]
    told = [(1 - risk, all(right)) for risk, right in known if risk is not None and len(right) > 1]
    return calibration([confidence for confidence, _ in told], [right for _, right in told])
