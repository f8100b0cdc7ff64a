"""Learns how far a value may be believed: ``python -m training.calibrate``, see ``docs/reader.md``.

    --generated FOLDER...   labelled sets that ``training.generate`` made; all of their documents
    --labelled FOLDER...    other labelled sets (``sheaf evaluate`` describes them); their tuned half only
    --answers FOLDER        keep what the reader answers there, and do not read again what is in it
    --out FILE              write the weights; without it they are only measured, on the untouched halves

Each field has an intercept and a weight for each piece of evidence. Fields of one kind (amounts, dates …)
share their weights as far as the answers allow: a difference from the shared weight is penalised too.
Evidence that speaks for a value never lowers its probability, evidence against it never raises it.
Generated documents are made to be hard, so they get an intercept of their own, which is thrown away:
they teach what matters, the others how often it goes wrong. There are few of those: each counts ``_REAL``
times.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sheaf.capture.normalise.answer import joined, read_answer
from sheaf.capture.normalise.confidence import Weights
from sheaf.capture.normalise.invoice import weighed
from sheaf.capture.normalise.parts import divide
from sheaf.capture.reading import Source
from sheaf_cli.evaluation.calibration import calibration
from sheaf_cli.evaluation.labels import Labelled, load
from sheaf_cli.evaluation.scoring import is_right
from training.logistic import Problem, fit

KINDS = {
    "party": ("vendor", "buyer"),
    "number": ("invoice_number",),
    "date": ("invoice_date", "due_date"),
    "currency": ("currency",),
    "amount": ("subtotal", "tax", "total", "amount_due"),
}
FOR = frozenset(
    (
        "typed", "letters", "page", "labelled", "agreeing", "margin", "printed", "balanced", "lines_agree",
        "usual_rate", "largest", "legal_form", "in_host", "tax_id", "votes", "near", "usual_term",
    )
)  # fmt: skip
AGAINST = frozenset(
    (
        "mislabelled", "rivals", "inferred", "disputed", "mismatch", "lines_off", "missing", "zero",
        "no_cents",
        "unbalanced", "alone", "ambiguous", "either_order", "unlikely", "in_text", "long_term", "other_dates",
        "from_address", "from_host", "label_like",
        "short", "same", "no_digits", "date_like", "claimed", "by_place",
    )
)  # fmt: skip
_REAL = 4.0
_WEIGHT, _INTERCEPT = 30.0, 0.5  # ridge penalties
_DIGITS = 3


@dataclass(frozen=True)
class Example:
    """An answer the reader gave for a labelled field.

    ``origin`` is the name of the set, ``half`` the half of it that the document is in.
    """

    origin: str
    field: str
    evidence: dict[str, float]
    right: bool
    generated: bool
    half: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generated", type=Path, nargs="*", default=[])
    parser.add_argument("--labelled", type=Path, nargs="*", default=[])
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    generated = [(one, True) for folder in arguments.generated for one in load(folder)]
    labelled = [(one, False) for folder in arguments.labelled for one in load(folder)]
    found = list(examples([*generated, *labelled], arguments.answers))
    lesson = [one for one in found if one.generated or one.half != "untouched"]
    learnt = learn(lesson)
    for name, some in (
        ("learnt from", lesson),
        ("untouched", [one for one in found if not one.generated and one.half == "untouched"]),
    ):
        sys.stdout.write(f"{name:12} {_measured(some, learnt)}\n")
    if arguments.out:
        sources = sorted({one.origin for one in lesson})
        arguments.out.write_text(stored(learnt, lesson, sources), "utf-8")


def examples(documents: Iterable[tuple[Labelled, bool]], answers: Path | None) -> Iterator[Example]:
    for document, generated in documents:
        answer = _answer(document.path, answers)
        if answer is None:
            continue
        source = Source.TEXTRACT if document.path.endswith(".json") else Source.EMBEDDED
        reading, evidence = weighed(joined(divide(read_answer(answer))[0].sheets), source)
        for name, accepted in document.accepted.items():
            value = reading.value(name)
            if value is not None:
                right = is_right(name, value, accepted)
                yield Example(document.set_name, name, evidence[name], right, generated, document.half)


def _answer(path: str, kept: Path | None) -> dict[str, Any] | None:
    """None for an e-invoice without pages."""
    from sheaf_cli.reading import page_answer

    place = kept / f"{hashlib.sha256(path.encode()).hexdigest()}.json" if kept else None
    if place is not None and place.exists():
        known: dict[str, Any] | None = json.loads(place.read_text("utf-8"))
        return known
    answer = page_answer(Path(path))
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(answer), "utf-8")
    return answer


def learn(found: Sequence[Example]) -> dict[str, dict[str, Any]]:
    """Field → ``intercept`` and ``weights``."""
    learnt: dict[str, dict[str, Any]] = {}
    for fields in KINDS.values():
        of_kind = [one for one in found if one.field in fields]
        if not of_kind:
            continue
        names = sorted({name for one in of_kind for name in one.evidence})
        coefficients = fit(_problem(of_kind, fields, names))
        shared, *own = np.split(coefficients[: (1 + len(fields)) * len(names)], 1 + len(fields))
        intercepts = coefficients[(1 + len(fields)) * len(names) :]
        for field, weights, intercept in zip(fields, own, intercepts, strict=False):
            rounded = zip(names, np.round(shared + weights, _DIGITS).tolist(), strict=True)
            learnt[field] = {
                "intercept": round(float(intercept), _DIGITS),
                "weights": {name: weight for name, weight in rounded if weight},
            }
    return learnt


def _problem(found: Sequence[Example], fields: Sequence[str], names: Sequence[str]) -> Problem:
    """Columns: shared weights, each field's own, its intercept, and what being generated adds to that."""
    evidence = np.array([[one.evidence.get(name, 0.0) for name in names] for one in found])
    is_field = np.array([[one.field == field for field in fields] for one in found], dtype=np.float64)
    own = [evidence * is_field[:, [place]] for place in range(len(fields))]
    generated = is_field * np.array([[one.generated] for one in found], dtype=np.float64)
    sign = np.array([(name in FOR) - (name in AGAINST) for name in names], dtype=np.float64)
    free = 2 * len(fields)
    weights = np.array([1.0 if one.generated else _REAL for one in found])
    return Problem(
        inputs=np.hstack([evidence, *own, is_field, generated]),
        right=np.array([one.right for one in found], dtype=np.float64),
        weight=weights,
        penalty=np.concatenate([np.full(len(names) * (1 + len(fields)), _WEIGHT), np.full(free, _INTERCEPT)]),
        sign=np.concatenate([np.tile(sign, 1 + len(fields)), np.zeros(free)]),
    )


def probability(one: Example, learnt: dict[str, dict[str, Any]]) -> float:
    own = learnt[one.field]
    return Weights(own["intercept"], own["weights"]).probability(one.evidence)


def _measured(found: Sequence[Example], learnt: dict[str, dict[str, Any]]) -> str:
    measured = calibration([probability(one, learnt) for one in found], [one.right for one in found])
    if measured is None:
        return "no answers"
    order = "·" if measured.auroc is None else f"{measured.auroc:.3f}"
    return f"{measured.count} answers, {measured.accuracy:.3f} right, AUROC {order}, ECE {measured.ece:.3f}"


def stored(learnt: dict[str, dict[str, Any]], lesson: Sequence[Example], sources: Sequence[str]) -> str:
    """The text of ``confidence.json``: what was learnt, and from what."""
    content = {
        "about": "Written by training.calibrate; sheaf.capture.normalise.confidence says how it is used.",
        "learnt_from": {
            "sets": list(sources),
            "generated_answers": sum(one.generated for one in lesson),
            "labelled_answers": sum(not one.generated for one in lesson),
        },
        "fields": learnt,
    }
    return json.dumps(content, indent=1) + "\n"


if __name__ == "__main__":
    main()
